-- CREATE TABLE ... PARTITION OF locks its parent against every reader and waits for each of them; ATTACH PARTITION of an
-- empty table takes SHARE UPDATE EXCLUSIVE only (PostgreSQL manual, 5.12.2.2), so that days are made beside a running
-- writer. A drop still needs the parent alone: it gives up soon, and the job tries again.
CREATE OR REPLACE FUNCTION make_partition(parent text, day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE part text := parent || '_' || to_char(day, 'YYYYMMDD');
BEGIN
    IF parent NOT IN ('usage_event', 'refusal') THEN
        RAISE EXCEPTION 'no partitions for %', parent;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ledger partitions'));
    IF to_regclass(part) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            parent, part, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    END IF;
END $$;

ALTER FUNCTION drop_partition(text, date) SET lock_timeout = '2s';
