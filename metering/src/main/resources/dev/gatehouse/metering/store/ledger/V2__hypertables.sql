-- Where the database has TimescaleDB when the ledger is made, single calls and refusals are kept in hypertables, a chunk per
-- UTC day, instead of native partitions. A ledger that holds rows already, or that views stand on, stays as it is.
CREATE FUNCTION has_hypertables() RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = ledger, pg_temp AS $$
BEGIN
    RETURN (SELECT relkind FROM pg_class WHERE oid = to_regclass('usage_event')) = 'r';
END $$;

DO $$
DECLARE
    ext text;
    parent text;
    instant text;
BEGIN
    SELECT n.nspname INTO ext FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'timescaledb';
    IF ext IS NULL
        OR EXISTS (SELECT FROM pg_inherits WHERE inhparent IN ('ledger.usage_event'::regclass, 'ledger.refusal'::regclass))
        OR EXISTS (SELECT FROM pg_depend WHERE refobjid IN ('ledger.usage_event'::regclass, 'ledger.refusal'::regclass)
            AND classid = 'pg_rewrite'::regclass)
    THEN
        RETURN;
    END IF;
    FOR parent, instant IN VALUES ('usage_event', 'at'), ('refusal', 'second') LOOP
        EXECUTE format('CREATE TABLE ledger.plain (LIKE ledger.%I INCLUDING DEFAULTS)', parent);
        EXECUTE format('DROP TABLE ledger.%I', parent);
        EXECUTE format('ALTER TABLE ledger.plain RENAME TO %I', parent);
        EXECUTE format('CREATE INDEX %I ON ledger.%I (tenant, %I)', parent || '_of_tenant', parent, instant);
        EXECUTE format('SELECT %I.create_hypertable(%L, %L, chunk_time_interval => interval ''1 day'','
            ' create_default_indexes => false)', ext, 'ledger.' || parent, instant);
        BEGIN
            EXECUTE format('ALTER TABLE ledger.%I SET (timescaledb.compress, timescaledb.compress_segmentby = ''tenant'','
                ' timescaledb.compress_orderby = %L)', parent, instant);
        EXCEPTION WHEN feature_not_supported OR invalid_parameter_value THEN
            RAISE NOTICE 'this TimescaleDB does not compress: %', SQLERRM;
        END;
    END LOOP;
END $$;

-- CREATE TABLE ... PARTITION OF locks its parent against every reader and waits for each of them; ATTACH PARTITION of an
-- empty table takes SHARE UPDATE EXCLUSIVE only (PostgreSQL manual, 5.12.2.2), so that days are made beside a running
-- writer.
CREATE OR REPLACE FUNCTION make_partition(parent text, day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE part text := parent || '_' || to_char(day, 'YYYYMMDD');
BEGIN
    IF parent NOT IN ('usage_event', 'refusal') THEN
        RAISE EXCEPTION 'no partitions for %', parent;
    END IF;
    IF has_hypertables() THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ledger partitions'));
    IF to_regclass(part) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            parent, part, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    END IF;
END $$;

-- The days that have a partition or a chunk.
CREATE OR REPLACE FUNCTION partitions(parent text) RETURNS SETOF date
    LANGUAGE plpgsql STABLE SET search_path = ledger, pg_temp AS $$
BEGIN
    IF has_hypertables() THEN
        RETURN QUERY EXECUTE 'SELECT (range_start AT TIME ZONE ''UTC'')::date FROM timescaledb_information.chunks'
            ' WHERE hypertable_schema = ''ledger'' AND hypertable_name = $1 ORDER BY 1' USING parent;
    ELSE
        RETURN QUERY SELECT to_date(right(c.relname, 8), 'YYYYMMDD')
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = to_regclass(parent)
            ORDER BY 1;
    END IF;
END $$;

-- A drop needs the parent alone: it gives up soon, and the job tries again.
CREATE OR REPLACE FUNCTION drop_partition(parent text, day date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    part text := parent || '_' || to_char(day, 'YYYYMMDD');
    ext text;
    dropped bigint;
BEGIN
    IF parent NOT IN ('usage_event', 'refusal') THEN
        RAISE EXCEPTION 'no partitions for %', parent;
    END IF;
    IF has_hypertables() THEN
        SELECT n.nspname INTO ext FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname = 'timescaledb';
        EXECUTE format('SELECT count(*) FROM %I.drop_chunks(%L, older_than => %L::timestamptz,'
                ' newer_than => %L::timestamptz)', ext, 'ledger.' || parent,
            (day + 1)::timestamp AT TIME ZONE 'UTC', day::timestamp AT TIME ZONE 'UTC') INTO dropped;
        RETURN dropped > 0;
    END IF;
    IF to_regclass(part) IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('DROP TABLE %I', part);
    RETURN true;
END $$;

-- Makes a day's rows small where the store can, and says whether it did now. Rows that come later still find their place.
CREATE FUNCTION compress_partition(parent text, day date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    ext text;
    chunk regclass;
BEGIN
    IF NOT has_hypertables() THEN
        RETURN false;
    END IF;
    SELECT n.nspname INTO ext FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'timescaledb';
    EXECUTE 'SELECT format(''%I.%I'', chunk_schema, chunk_name)::regclass FROM timescaledb_information.chunks'
        ' WHERE hypertable_schema = ''ledger'' AND hypertable_name = $1 AND NOT is_compressed'
        ' AND (range_start AT TIME ZONE ''UTC'')::date = $2' INTO chunk USING parent, day;
    IF chunk IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('SELECT %I.compress_chunk(%L)', ext, chunk);
    RETURN true;
EXCEPTION WHEN feature_not_supported THEN
    RETURN false;
END $$;

REVOKE ALL ON FUNCTION has_hypertables(), compress_partition(text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION has_hypertables(), compress_partition(text, date) TO gatehouse_ledger;
