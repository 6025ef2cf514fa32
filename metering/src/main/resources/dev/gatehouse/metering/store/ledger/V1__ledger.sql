-- The ledger: what was used, once each, and what was counted from it. Only the writer and the operator's commands work
-- in this schema; tenants read the views of schema metering, whose role has no right here.

-- Who may write a shard, since when (epoch) and until when. Each batch of the shard moves next_batch by one under the
-- epoch it was begun with: a writer that lost its lease cannot commit.
CREATE TABLE shard (
    shard      smallint PRIMARY KEY,
    holder     text,
    epoch      bigint      NOT NULL DEFAULT 0,
    held_until timestamptz NOT NULL DEFAULT '-infinity',
    next_batch bigint      NOT NULL DEFAULT 1,
    chain      bytea       NOT NULL DEFAULT '\x0000000000000000000000000000000000000000000000000000000000000000'
);

-- Texts that recur are numbered, so that a row of the ledger stays small.
CREATE TABLE tenant (
    no        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id text NOT NULL UNIQUE
);
ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON tenant
    USING (current_setting('gatehouse.tenant', true) IN ('*', tenant_id));

CREATE TABLE name (
    no   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    text text NOT NULL,
    UNIQUE (kind, text)
);

CREATE TABLE operation (
    no        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    service   text NOT NULL,
    version   text NOT NULL,
    operation text NOT NULL,
    UNIQUE (service, version, operation)
);

-- One admitted call. What is not a column is in the frame, the event's bytes as the gateway wrote them. The table holds no
-- tenant_id and no policy, since COPY does not go together with row-level security; no role that serves tenants sees it.
-- flags: 1 live key, 2 billable, 4 late, 8 admitted without Redis
CREATE TABLE usage_event (
    at         timestamptz NOT NULL,
    batch      bigint      NOT NULL,
    seq        bigint      NOT NULL,
    cost       bigint      NOT NULL,
    charged    bigint      NOT NULL,
    epoch      bigint      NOT NULL,
    producer   integer     NOT NULL,
    tenant     integer     NOT NULL,
    key        integer     NOT NULL,
    plan       integer     NOT NULL,
    operation  integer     NOT NULL,
    shard      smallint    NOT NULL,
    status     smallint    NOT NULL,
    completion smallint    NOT NULL,
    flags      smallint    NOT NULL,
    frame      bytea       NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX usage_event_of_tenant ON usage_event (tenant, at);

-- Events that came after their window: their period may be closed, so no rollup counts them and no invoice bears them.
CREATE TABLE late_event (
    LIKE usage_event INCLUDING DEFAULTS,
    arrived timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX late_event_of_tenant ON late_event (tenant, at);

-- Refused calls: one row per key, code and second.
CREATE TABLE refusal (
    second   timestamptz NOT NULL,
    batch    bigint      NOT NULL,
    seq      bigint      NOT NULL,
    count    bigint      NOT NULL,
    epoch    bigint      NOT NULL,
    producer integer     NOT NULL,
    tenant   integer,
    key      integer,
    code     integer     NOT NULL,
    shard    smallint    NOT NULL
) PARTITION BY RANGE (second);
CREATE INDEX refusal_of_tenant ON refusal (tenant, second);

-- What the ledger holds of each producer's sequence: uniqueness rests on this row, whatever an event's time.
-- series: u usage events, r refusals
CREATE TABLE committed (
    producer integer       NOT NULL,
    epoch    bigint        NOT NULL,
    series   "char"        NOT NULL,
    shard    smallint      NOT NULL,
    held     int8multirange NOT NULL DEFAULT '{}',
    gaps     int8multirange NOT NULL DEFAULT '{}',
    last_seq bigint,
    PRIMARY KEY (producer, epoch, series)
);
COMMENT ON COLUMN committed.gaps IS 'sequence numbers that their producer declared lost';
COMMENT ON COLUMN committed.last_seq IS 'the last number of an epoch that is over';

CREATE TABLE gap (
    producer  integer     NOT NULL,
    epoch     bigint      NOT NULL,
    series    "char"      NOT NULL,
    first_seq bigint      NOT NULL,
    last_seq  bigint      NOT NULL,
    reason    text        NOT NULL,
    declared  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (producer, epoch, series, first_seq)
);

-- Up to when each producer's answered calls are in the ledger.
CREATE TABLE mark (
    producer    integer PRIMARY KEY,
    epoch       bigint      NOT NULL,
    complete_to timestamptz NOT NULL
);

-- The chain: each batch's hash covers its content and the hash before it.
CREATE TABLE batch (
    shard        smallint    NOT NULL,
    number       bigint      NOT NULL,
    writer_epoch bigint      NOT NULL,
    events       integer     NOT NULL,
    refusals     integer     NOT NULL,
    late         integer     NOT NULL,
    content      bytea       NOT NULL,
    hash         bytea       NOT NULL,
    spans        jsonb       NOT NULL,
    committed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (shard, number)
);
COMMENT ON COLUMN batch.spans IS 'first and last sequence number and count of each producer, epoch and series';

-- What could not be taken, with its reason, until an operator has seen to it.
CREATE TABLE dead_letter (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shard       smallint    NOT NULL,
    entry       text        NOT NULL,
    producer    text,
    epoch       bigint,
    seq         bigint,
    reason      text        NOT NULL,
    content     bytea       NOT NULL,
    digest      bytea       NOT NULL UNIQUE,
    seen        timestamptz NOT NULL DEFAULT now(),
    replayed_at timestamptz,
    resolution  text
);

-- Sums of the ledger by minute (grain 1), hour (2) and day (3), kept by the writer in the batch's transaction.
CREATE TABLE rollup (
    slot           timestamptz NOT NULL,
    calls          bigint      NOT NULL,
    units          bigint      NOT NULL,
    billable_calls bigint      NOT NULL,
    billable_units bigint      NOT NULL,
    request_bytes  numeric     NOT NULL,
    response_bytes numeric     NOT NULL,
    total_micros   numeric     NOT NULL,
    late_calls     bigint      NOT NULL,
    late_units     bigint      NOT NULL,
    key            integer     NOT NULL,
    plan           integer     NOT NULL,
    operation      integer     NOT NULL,
    grain          smallint    NOT NULL,
    shard          smallint    NOT NULL,
    status         smallint    NOT NULL,
    live           boolean     NOT NULL,
    tenant_id      text        NOT NULL,
    PRIMARY KEY (grain, tenant_id, slot, operation, key, status, plan, live, shard)
) PARTITION BY LIST (grain);
CREATE TABLE rollup_minute PARTITION OF rollup FOR VALUES IN (1);
CREATE TABLE rollup_hour PARTITION OF rollup FOR VALUES IN (2);
CREATE TABLE rollup_day PARTITION OF rollup FOR VALUES IN (3);
CREATE INDEX rollup_minute_slot ON rollup_minute (slot);

-- How long answers took, per minute: a DDSketch of milliseconds.
CREATE TABLE latency (
    slot      timestamptz NOT NULL,
    operation integer     NOT NULL,
    shard     smallint    NOT NULL,
    tenant_id text        NOT NULL,
    sketch    bytea       NOT NULL,
    PRIMARY KEY (tenant_id, slot, operation, shard)
);
CREATE INDEX latency_slot ON latency (slot);

-- Refusals by hour.
CREATE TABLE refusal_hour (
    slot      timestamptz NOT NULL,
    count     bigint      NOT NULL,
    key       integer     NOT NULL,
    code      integer     NOT NULL,
    shard     smallint    NOT NULL,
    tenant_id text        NOT NULL,
    PRIMARY KEY (tenant_id, slot, code, key, shard)
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['rollup', 'rollup_minute', 'rollup_hour', 'rollup_day', 'latency', 'refusal_hour'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY own_rows ON %I'
            ' USING (current_setting(''gatehouse.tenant'', true) IN (''*'', tenant_id))', t);
    END LOOP;
END $$;

-- The writer's role owns no table, so partitions are made and dropped through these two.
CREATE FUNCTION make_partition(parent text, day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE part text := parent || '_' || to_char(day, 'YYYYMMDD');
BEGIN
    IF parent NOT IN ('usage_event', 'refusal') THEN
        RAISE EXCEPTION 'no partitions for %', parent;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ledger partitions'));
    IF to_regclass(part) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
            part, parent, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    END IF;
END $$;

CREATE FUNCTION drop_partition(parent text, day date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE part text := parent || '_' || to_char(day, 'YYYYMMDD');
BEGIN
    IF parent NOT IN ('usage_event', 'refusal') THEN
        RAISE EXCEPTION 'no partitions for %', parent;
    END IF;
    IF to_regclass(part) IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('DROP TABLE %I', part);
    RETURN true;
END $$;

CREATE FUNCTION partitions(parent text) RETURNS SETOF date
    LANGUAGE sql STABLE SET search_path = ledger, pg_temp AS $$
    SELECT to_date(right(c.relname, 8), 'YYYYMMDD')
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = to_regclass(parent)
    ORDER BY 1
$$;

REVOKE ALL ON FUNCTION make_partition(text, date), drop_partition(text, date), partitions(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_partition(text, date), drop_partition(text, date), partitions(text) TO gatehouse_ledger;
