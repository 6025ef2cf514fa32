-- What invoices are made from: calls with the place of their batch, and how far each shard's chain goes.
CREATE VIEW billable_call WITH (security_barrier) AS
SELECT t.tenant_id, e.at, e.shard, e.batch, n.text AS producer, e.epoch, e.seq, o.operation, p.text AS plan, e.flags,
       e.frame
FROM ledger.usage_event e
JOIN ledger.tenant t ON t.no = e.tenant
JOIN ledger.name n ON n.no = e.producer
JOIN ledger.operation o ON o.no = e.operation
JOIN ledger.name p ON p.no = e.plan
WHERE e.flags & 2 <> 0 AND current_setting('gatehouse.tenant', true) IN ('*', t.tenant_id);

-- Numbers instead of names, so that a month of all tenants is summed in one pass.
CREATE VIEW billable_row WITH (security_barrier) AS
SELECT t.tenant_id, e.at, e.shard, e.batch, e.operation AS operation_no, e.plan AS plan_no, e.charged
FROM ledger.usage_event e
JOIN ledger.tenant t ON t.no = e.tenant
WHERE e.flags & 2 <> 0 AND current_setting('gatehouse.tenant', true) IN ('*', t.tenant_id);

CREATE VIEW billable_hour WITH (security_barrier) AS
SELECT r.tenant_id, r.slot, r.operation AS operation_no, r.plan AS plan_no, r.billable_calls, r.billable_units
FROM ledger.rollup r
WHERE r.grain = 2 AND r.billable_calls > 0 AND current_setting('gatehouse.tenant', true) IN ('*', r.tenant_id);

CREATE VIEW operation_name AS SELECT no, operation AS text FROM ledger.operation;

CREATE VIEW plan_name AS SELECT no, text FROM ledger.name WHERE kind = 'plan';

CREATE VIEW ledger_head AS
SELECT shard, next_batch - 1 AS batch, encode(chain, 'hex') AS hash FROM ledger.shard;

CREATE VIEW ledger_link AS SELECT shard, number, hash FROM ledger.batch;
