CREATE VIEW latency_hour WITH (security_barrier) AS
SELECT l.tenant_id, l.slot, o.service, o.version, o.operation, l.sketch
FROM ledger.latency_hour l
JOIN ledger.operation o ON o.no = l.operation
WHERE current_setting('gatehouse.tenant', true) IN ('*', l.tenant_id);

CREATE VIEW latency_hours_since AS SELECT at FROM ledger.latency_hours_since;
