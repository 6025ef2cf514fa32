-- Many homes asked for at once. What a worker does to a row, to its job and to the usage is one transaction.
CREATE TABLE batch_job (
    id text PRIMARY KEY,
    tenant_id text NOT NULL,
    key_id text NOT NULL,
    mode text NOT NULL,
    plan text NOT NULL,
    fields text[] NOT NULL,
    request_id text NOT NULL,
    status text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'cancelled')),
    row_count integer NOT NULL,
    done integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    units bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    finished_at timestamptz
);
CREATE INDEX batch_job_by_tenant ON batch_job (tenant_id, id);
CREATE INDEX batch_job_open ON batch_job (id) WHERE status IN ('queued', 'running');

CREATE TABLE batch_row (
    job_id text NOT NULL REFERENCES batch_job ON DELETE CASCADE,
    n integer NOT NULL,
    tenant_id text NOT NULL,
    input jsonb NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'found', 'ambiguous', 'not_found', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    result jsonb,
    PRIMARY KEY (job_id, n)
);
CREATE INDEX batch_row_pending ON batch_row (job_id, n) WHERE status = 'pending';

-- The producer's dense sequence: its row is locked until the commit, so that no number is left out.
CREATE TABLE usage_sequence (one boolean PRIMARY KEY DEFAULT true CHECK (one), epoch bigint NOT NULL, seq bigint NOT NULL);

-- Usage that the ledger has not confirmed yet.
CREATE TABLE usage_event (
    seq bigint PRIMARY KEY,
    tenant_id text NOT NULL,
    job_id text NOT NULL,
    n integer NOT NULL,
    at timestamptz NOT NULL,
    key_id text NOT NULL,
    mode text NOT NULL,
    plan text NOT NULL,
    request_id text NOT NULL,
    status integer NOT NULL,
    units integer NOT NULL,
    bytes integer NOT NULL,
    counted boolean NOT NULL DEFAULT false,
    UNIQUE (job_id, n)
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['batch_job', 'batch_row', 'usage_event'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_rows ON %I USING (tenant_id = current_setting(''gatehouse.tenant'', true)'
            || ' OR current_setting(''gatehouse.tenant'', true) = ''*'')', name);
    END LOOP;
END $$;
