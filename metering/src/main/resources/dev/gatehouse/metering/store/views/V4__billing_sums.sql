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
