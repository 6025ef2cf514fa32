-- What tenants, and the modules that serve them, may read of the ledger. Each view shows the rows of the tenant that
-- the setting gatehouse.tenant names, or of all when it is '*'; none can be written through.

CREATE VIEW usage_sum WITH (security_barrier) AS
SELECT r.grain, r.tenant_id, r.slot, o.service, o.version, o.operation, k.text AS key_id, p.text AS plan, r.status, r.live,
       r.calls, r.units, r.billable_calls, r.billable_units, r.request_bytes, r.response_bytes, r.total_micros,
       r.late_calls, r.late_units
FROM ledger.rollup r
JOIN ledger.operation o ON o.no = r.operation
JOIN ledger.name k ON k.no = r.key
JOIN ledger.name p ON p.no = r.plan
WHERE current_setting('gatehouse.tenant', true) IN ('*', r.tenant_id);

CREATE VIEW usage_call WITH (security_barrier) AS
SELECT t.tenant_id, e.at, n.text AS producer, e.epoch, e.seq, o.service, o.version, o.operation, k.text AS key_id,
       p.text AS plan, e.status, e.completion, e.cost, e.charged, e.flags, e.frame
FROM ledger.usage_event e
JOIN ledger.tenant t ON t.no = e.tenant
JOIN ledger.name n ON n.no = e.producer
JOIN ledger.operation o ON o.no = e.operation
JOIN ledger.name k ON k.no = e.key
JOIN ledger.name p ON p.no = e.plan
WHERE current_setting('gatehouse.tenant', true) IN ('*', t.tenant_id);

CREATE VIEW late_call WITH (security_barrier) AS
SELECT t.tenant_id, e.arrived, e.at, n.text AS producer, e.epoch, e.seq, o.service, o.version, o.operation, k.text AS key_id,
       p.text AS plan, e.status, e.completion, e.cost, e.charged, e.flags, e.frame
FROM ledger.late_event e
JOIN ledger.tenant t ON t.no = e.tenant
JOIN ledger.name n ON n.no = e.producer
JOIN ledger.operation o ON o.no = e.operation
JOIN ledger.name k ON k.no = e.key
JOIN ledger.name p ON p.no = e.plan
WHERE current_setting('gatehouse.tenant', true) IN ('*', t.tenant_id);

CREATE VIEW latency WITH (security_barrier) AS
SELECT l.tenant_id, l.slot, o.service, o.version, o.operation, l.sketch
FROM ledger.latency l
JOIN ledger.operation o ON o.no = l.operation
WHERE current_setting('gatehouse.tenant', true) IN ('*', l.tenant_id);

CREATE VIEW refusal_sum WITH (security_barrier) AS
SELECT r.tenant_id, r.slot, c.text AS code, k.text AS key_id, r.count
FROM ledger.refusal_hour r
JOIN ledger.name c ON c.no = r.code
LEFT JOIN ledger.name k ON k.no = r.key
WHERE current_setting('gatehouse.tenant', true) IN ('*', r.tenant_id);

-- The instant up to which each producer's answered calls are in the ledger; producers whose epoch is over are complete.
CREATE VIEW completeness AS
SELECT n.text AS producer, m.epoch, m.complete_to
FROM ledger.mark m
JOIN ledger.name n ON n.no = m.producer
LEFT JOIN ledger.committed c ON c.producer = m.producer AND c.epoch = m.epoch AND c.series = 'u'
WHERE c.last_seq IS NULL;
