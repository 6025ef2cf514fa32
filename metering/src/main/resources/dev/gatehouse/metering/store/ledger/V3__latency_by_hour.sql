-- How long answers took, per hour: the minutes' sketches merged, kept for good, so that a day is 24 rows an operation.
CREATE TABLE latency_hour (
    slot      timestamptz NOT NULL,
    operation integer     NOT NULL,
    shard     smallint    NOT NULL,
    tenant_id text        NOT NULL,
    sketch    bytea       NOT NULL,
    PRIMARY KEY (tenant_id, slot, operation, shard)
);
ALTER TABLE latency_hour ENABLE ROW LEVEL SECURITY;
ALTER TABLE latency_hour FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON latency_hour
    USING (current_setting('gatehouse.tenant', true) IN ('*', tenant_id));

-- The first hour that is whole in latency_hour: where there are calls already, hours up to now are told from minutes.
CREATE TABLE latency_hours_since (at timestamptz NOT NULL);
INSERT INTO latency_hours_since
SELECT CASE WHEN EXISTS (SELECT FROM batch) THEN date_trunc('hour', now(), 'UTC') + interval '1 hour' ELSE '-infinity' END;
