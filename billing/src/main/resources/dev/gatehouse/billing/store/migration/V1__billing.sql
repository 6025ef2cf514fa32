-- Versions of prices. A row is never changed: other prices are another version.
CREATE TABLE price_list (
    plan       text        NOT NULL,
    currency   text        NOT NULL,
    version    int         NOT NULL CHECK (version > 0),
    starts_at  timestamptz NOT NULL,
    content    jsonb       NOT NULL,
    origin     text        NOT NULL CHECK (origin IN ('plan', 'file', 'operator')),
    created_at timestamptz NOT NULL,
    created_by text        NOT NULL,
    PRIMARY KEY (plan, currency, version)
);

-- In which currency a tenant pays; a tenant that is not here pays in that of its plan's first price list.
CREATE TABLE account (
    tenant_id text PRIMARY KEY,
    currency  text NOT NULL
);

-- A tenant's own prices for a time. Only its end is ever changed.
CREATE TABLE price_override (
    override_id text PRIMARY KEY,
    tenant_id   text        NOT NULL,
    content     jsonb       NOT NULL,
    until_at    timestamptz,
    place       bigint GENERATED ALWAYS AS IDENTITY,
    created_at  timestamptz NOT NULL,
    created_by  text        NOT NULL,
    reason      text
);
CREATE INDEX price_override_tenant ON price_override (tenant_id);

-- One invoice for a tenant and period. The running draft has a row from its first rating on.
CREATE TABLE invoice (
    invoice_id   text PRIMARY KEY,
    tenant_id    text        NOT NULL,
    period_from  timestamptz NOT NULL,
    period_to    timestamptz NOT NULL,
    state        text        NOT NULL CHECK (state IN ('GRACE', 'HELD', 'PARKED', 'FINAL')),
    number       text UNIQUE,
    currency     text        NOT NULL,
    total        numeric     NOT NULL,
    units        bigint      NOT NULL,
    calls        bigint      NOT NULL,
    run_id       text        NOT NULL,
    grace_until  timestamptz NOT NULL,
    approved_by  text,
    waits_for    text,
    final_at     timestamptz,
    UNIQUE (tenant_id, period_from),
    CHECK ((state = 'FINAL') = (number IS NOT NULL AND final_at IS NOT NULL))
);
CREATE INDEX invoice_state ON invoice (state, period_from);

-- What a rating saw and made. Rows are only ever added.
CREATE TABLE rating_run (
    run_id     text PRIMARY KEY,
    tenant_id  text        NOT NULL,
    invoice_id text        NOT NULL,
    at         timestamptz NOT NULL,
    algorithm  int         NOT NULL,
    prices     text        NOT NULL,
    cut        jsonb       NOT NULL,
    input      bytea       NOT NULL,
    output     bytea       NOT NULL,
    input_hash text        NOT NULL,
    output_hash text       NOT NULL,
    second     jsonb
);
COMMENT ON COLUMN rating_run.input IS 'terms and hours, JSON packed by gzip; hash is of the JSON';
COMMENT ON COLUMN rating_run.output IS 'lines with their derivation, JSON packed by gzip; hash is of the JSON';
COMMENT ON COLUMN rating_run.second IS 'what the second calculator came to; null where it was not asked';
CREATE INDEX rating_run_invoice ON rating_run (invoice_id, at);

-- The lines of an invoice's current run, for sums; the derivation is in the run.
CREATE TABLE invoice_line (
    tenant_id  text    NOT NULL,
    invoice_id text    NOT NULL REFERENCES invoice,
    line       int     NOT NULL,
    kind       text    NOT NULL,
    amount     numeric NOT NULL,
    calls      bigint  NOT NULL,
    units      bigint  NOT NULL,
    corrects_invoice text,
    corrects_line    int,
    PRIMARY KEY (invoice_id, line)
);
CREATE INDEX invoice_line_corrects ON invoice_line (corrects_invoice) WHERE corrects_invoice IS NOT NULL;
CREATE INDEX invoice_line_tenant ON invoice_line (tenant_id);

-- Every change of a state, and who brought it about. Rows are only ever added.
CREATE TABLE invoice_change (
    change_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id  text        NOT NULL,
    invoice_id text        NOT NULL,
    at         timestamptz NOT NULL,
    from_state text,
    to_state   text        NOT NULL,
    by_whom    text        NOT NULL,
    reason     text
);
CREATE INDEX invoice_change_invoice ON invoice_change (invoice_id, change_id);

-- What an operator puts on a tenant's next invoice. It is taken by the invoice that becomes final with it.
CREATE TABLE extra_line (
    extra_id    text PRIMARY KEY,
    tenant_id   text        NOT NULL,
    period_from timestamptz NOT NULL,
    currency    text        NOT NULL,
    amount      numeric     NOT NULL CHECK (amount <> 0),
    text        text        NOT NULL,
    reason      text        NOT NULL,
    created_by  text        NOT NULL,
    created_at  timestamptz NOT NULL,
    request_key text UNIQUE,
    invoice_id  text REFERENCES invoice
);
CREATE INDEX extra_line_tenant ON extra_line (tenant_id, period_from);

CREATE TABLE credit_note (
    credit_note_id text PRIMARY KEY,
    tenant_id      text        NOT NULL,
    invoice_id     text        NOT NULL REFERENCES invoice,
    number         text        NOT NULL UNIQUE,
    currency       text        NOT NULL,
    amount         numeric     NOT NULL CHECK (amount > 0),
    reason         text        NOT NULL,
    created_by     text        NOT NULL,
    created_at     timestamptz NOT NULL,
    request_key    text UNIQUE
);
CREATE INDEX credit_note_invoice ON credit_note (invoice_id);

-- Numbers without gaps: taken in the transaction that uses them, under the row's lock.
CREATE TABLE series (
    prefix text PRIMARY KEY,
    next   bigint NOT NULL
);
INSERT INTO series (prefix, next) VALUES ('INV', 1), ('CRN', 1);

CREATE TABLE budget (
    tenant_id text PRIMARY KEY,
    currency  text    NOT NULL,
    amount    numeric NOT NULL CHECK (amount > 0),
    at_limit  text    NOT NULL CHECK (at_limit IN ('TELL', 'REFUSE_CALLS'))
);

CREATE TABLE budget_alert (
    tenant_id   text        NOT NULL,
    period_from timestamptz NOT NULL,
    percent     int         NOT NULL,
    amount      numeric     NOT NULL,
    currency    text        NOT NULL,
    spent       numeric     NOT NULL,
    at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, period_from, amount, percent)
);

CREATE TABLE budget_change (
    change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id text        NOT NULL,
    at        timestamptz NOT NULL,
    by_whom   text        NOT NULL,
    amount    numeric,
    currency  text,
    at_limit  text
);
CREATE INDEX budget_change_tenant ON budget_change (tenant_id);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['account', 'price_override', 'invoice', 'rating_run', 'invoice_line', 'invoice_change',
                                'extra_line', 'credit_note', 'budget', 'budget_alert', 'budget_change'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_rows ON %I USING (tenant_id = current_setting(''gatehouse.tenant'', true)'
            || ' OR current_setting(''gatehouse.tenant'', true) = ''*'')', name);
    END LOOP;
END $$;

-- The schedule of jobs, as db-scheduler wants it.
CREATE TABLE scheduled_tasks (
    task_name            text        NOT NULL,
    task_instance        text        NOT NULL,
    task_data            bytea,
    execution_time       timestamptz NOT NULL,
    picked               boolean     NOT NULL,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures int,
    last_heartbeat       timestamptz,
    version              bigint      NOT NULL,
    priority             smallint,
    PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_time ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat);
