-- A session goes on under another token now and then; the one before holds for a minute more.
ALTER TABLE session ADD COLUMN rotated_at timestamptz;
UPDATE session SET rotated_at = created_at;
ALTER TABLE session ALTER COLUMN rotated_at SET NOT NULL;
ALTER TABLE session ADD COLUMN previous bytea;
CREATE INDEX session_by_previous ON session (previous) WHERE previous IS NOT NULL;

-- The test key with which an organisation's members try calls in the portal, encrypted under the installation's secret.
CREATE TABLE trial_key (
    tenant_id text PRIMARY KEY,
    key_id    text  NOT NULL,
    sealed    bytea NOT NULL
);
ALTER TABLE trial_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE trial_key FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON trial_key USING (current_setting('gatehouse.tenant', true) IN ('*', tenant_id));
