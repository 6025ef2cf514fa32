-- Sums of days, for figures that need no hours.
CREATE VIEW billable_day WITH (security_barrier) AS
SELECT r.tenant_id, r.slot, r.operation AS operation_no, r.plan AS plan_no, r.billable_calls, r.billable_units
FROM ledger.rollup r
WHERE r.grain = 3 AND r.billable_calls > 0 AND current_setting('gatehouse.tenant', true) IN ('*', r.tenant_id);

-- Everyone's single calls by numbers alone, for the platform's own count of a month: no text is looked up or grouped by.
CREATE VIEW billable_number WITH (security_barrier) AS
SELECT e.tenant AS tenant_no, e.at, e.operation AS operation_no, e.plan AS plan_no, e.charged
FROM ledger.usage_event e
WHERE e.flags & 2 <> 0 AND current_setting('gatehouse.tenant', true) = '*';

CREATE VIEW tenant_number WITH (security_barrier) AS
SELECT t.no, t.tenant_id FROM ledger.tenant t
WHERE current_setting('gatehouse.tenant', true) IN ('*', t.tenant_id);

-- A tenant's newest calls. The tenant is one number here, found once, so that the index (tenant, at) gives them in order and
-- a limit ends the search; the frame holds all names but the producer's.
CREATE VIEW own_call WITH (security_barrier) AS
SELECT e.at, e.producer AS producer_no, e.epoch, e.seq, e.flags, e.frame
FROM ledger.usage_event e
WHERE e.tenant = (SELECT t.no FROM ledger.tenant t WHERE t.tenant_id = current_setting('gatehouse.tenant', true));

CREATE VIEW producer_name AS SELECT no, text FROM ledger.name WHERE kind = 'producer';

-- As before, with joins that a question which does not name their columns is spared of: a number always has its name.
CREATE OR REPLACE VIEW usage_sum WITH (security_barrier) AS
SELECT r.grain, r.tenant_id, r.slot, o.service, o.version, o.operation, k.text AS key_id, p.text AS plan, r.status, r.live,
       r.calls, r.units, r.billable_calls, r.billable_units, r.request_bytes, r.response_bytes, r.total_micros,
       r.late_calls, r.late_units
FROM ledger.rollup r
LEFT JOIN ledger.operation o ON o.no = r.operation
LEFT JOIN ledger.name k ON k.no = r.key
LEFT JOIN ledger.name p ON p.no = r.plan
WHERE current_setting('gatehouse.tenant', true) IN ('*', r.tenant_id);
