-- One dense counter gives every entity the version of its last change. Who changes something locks the row, so that
-- versions become visible in their order.
CREATE TABLE version (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    n bigint NOT NULL
);
INSERT INTO version (n) VALUES (1);

-- The plans as the directory last saw them, to tell whose tenants a changed plans file touches.
CREATE TABLE plan_seen (
    slug text PRIMARY KEY,
    content jsonb NOT NULL
);

CREATE TABLE tenant (
    tenant_id text PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    name text NOT NULL,
    status text NOT NULL CHECK (status IN ('ACTIVE', 'SUSPENDED')),
    plan text NOT NULL,
    daily bigint,
    refill_per_minute bigint,
    burst bigint,
    override_until timestamptz,
    pools jsonb NOT NULL DEFAULT '{}',
    spend_capped boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX tenant_version ON tenant (version);
CREATE INDEX tenant_plan ON tenant (plan);

CREATE TABLE api_key (
    key_id text PRIMARY KEY,
    tenant_id text NOT NULL REFERENCES tenant,
    hash text NOT NULL UNIQUE CHECK (length(hash) = 64),
    prefix text NOT NULL,
    name text NOT NULL,
    mode text NOT NULL CHECK (mode IN ('LIVE', 'TEST')),
    scopes text[] NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    allowed_addresses text[] NOT NULL,
    quota_percent int CHECK (quota_percent BETWEEN 1 AND 100),
    created_at timestamptz NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX api_key_version ON api_key (version);
CREATE INDEX api_key_tenant ON api_key (tenant_id);

CREATE TABLE member (
    member_id text PRIMARY KEY,
    tenant_id text NOT NULL REFERENCES tenant,
    mail text NOT NULL UNIQUE CHECK (mail = lower(mail)),
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('OWNER', 'DEVELOPER', 'BILLING', 'READ_ONLY')),
    password_hash text,
    verified_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX member_tenant ON member (tenant_id);

CREATE TABLE route (
    name text PRIMARY KEY,
    declaration jsonb NOT NULL,
    entry jsonb NOT NULL,
    removed boolean NOT NULL DEFAULT false,
    version bigint NOT NULL
);
CREATE INDEX route_version ON route (version);

CREATE TABLE operator_token (
    token_id text PRIMARY KEY,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('VIEWER', 'SUPPORT', 'BILLING', 'ADMIN')),
    hash text NOT NULL UNIQUE CHECK (length(hash) = 64),
    prefix text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz
);

CREATE TABLE audit (
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    operation text NOT NULL,
    subject text NOT NULL,
    tenant_id text,
    reason text,
    request_id text,
    before jsonb,
    after jsonb
);
CREATE INDEX audit_tenant ON audit (tenant_id, audit_id);

-- The answers given are sealed by a key that only the sender of the idempotency key makes possible: some hold a new secret.
CREATE TABLE idempotency (
    key_hash text PRIMARY KEY,
    request_hash text NOT NULL,
    status int NOT NULL,
    answer bytea NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX idempotency_at ON idempotency (at);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['tenant', 'api_key', 'member', 'audit'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_rows ON %I USING (tenant_id = current_setting(''gatehouse.tenant'', true)'
            || ' OR current_setting(''gatehouse.tenant'', true) = ''*'')', name);
    END LOOP;
END $$;
