-- Live and test are two worlds: what a key of one made, a key of the other neither sees nor changes. The version counts the
-- changes of what an endpoint's owner may see, so that no change is made to another state than its author looked at.
ALTER TABLE endpoint
    ADD COLUMN mode    text   NOT NULL DEFAULT 'live' CHECK (mode IN ('live', 'test')),
    ADD COLUMN version bigint NOT NULL DEFAULT 1;

-- Secrets that were replaced, each of which goes on signing beside its successors until its own time is over.
CREATE TABLE retired_secret (
    endpoint_id text        NOT NULL REFERENCES endpoint (id),
    tenant_id   text        NOT NULL,
    retired_at  timestamptz NOT NULL,
    good_until  timestamptz NOT NULL,
    secret      bytea       NOT NULL,
    PRIMARY KEY (endpoint_id, secret)
);
ALTER TABLE retired_secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE retired_secret FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON retired_secret USING (current_setting('gatehouse.tenant', true) IN ('*', tenant_id));

INSERT INTO retired_secret (endpoint_id, tenant_id, retired_at, good_until, secret)
SELECT id, tenant_id, updated_at, previous_until, previous_secret FROM endpoint
WHERE previous_secret IS NOT NULL AND previous_until IS NOT NULL;
