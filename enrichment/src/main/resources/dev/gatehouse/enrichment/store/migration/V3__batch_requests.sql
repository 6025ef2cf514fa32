-- Requests for jobs that carried an idempotency key, for a day.
CREATE TABLE batch_request (
    tenant_id text NOT NULL,
    mode text NOT NULL CHECK (mode IN ('live', 'test')),
    key text NOT NULL,
    digest text NOT NULL,
    job_id text NOT NULL REFERENCES batch_job ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, mode, key)
);
CREATE INDEX batch_request_by_job ON batch_request (job_id);
CREATE INDEX batch_request_age ON batch_request (created_at);
ALTER TABLE batch_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE batch_request FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON batch_request
    USING (tenant_id = current_setting('gatehouse.tenant', true) OR current_setting('gatehouse.tenant', true) = '*');

-- what is over is forgotten after a time
CREATE INDEX batch_job_over ON batch_job (finished_at) WHERE finished_at IS NOT NULL;
-- live and test keys of a tenant have lists of their own
DROP INDEX batch_job_by_tenant;
CREATE INDEX batch_job_by_tenant ON batch_job (tenant_id, mode, id);
