-- People, how they sign in, and what they belong to. Tokens are kept as SHA-256: what is read here opens nothing.

CREATE TABLE person (
    id          text PRIMARY KEY,
    mail        text        NOT NULL UNIQUE CHECK (mail = lower(mail) AND length(mail) <= 254),
    password    text        NOT NULL,
    created_at  timestamptz NOT NULL,
    verified_at timestamptz
);

CREATE TABLE session (
    hash       bytea PRIMARY KEY,
    id         text        NOT NULL UNIQUE,
    person_id  text        NOT NULL REFERENCES person ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    address    text        NOT NULL,
    agent      text        NOT NULL
);
CREATE INDEX session_of_person ON session (person_id);

-- password: hash of the one that the sign-up chose, taken when the link is used; binding: SHA-256 of the cookie of the browser in which the link was asked for
CREATE TABLE mail_link (
    hash       bytea PRIMARY KEY,
    person_id  text        NOT NULL REFERENCES person ON DELETE CASCADE,
    purpose    text        NOT NULL CHECK (purpose IN ('verify', 'reset')),
    password   text,
    binding    bytea       NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX mail_link_of_person ON mail_link (person_id);

CREATE TABLE member (
    tenant_id text        NOT NULL,
    person_id text        NOT NULL REFERENCES person ON DELETE CASCADE,
    role      text        NOT NULL CHECK (role IN ('OWNER', 'DEVELOPER', 'BILLING', 'READER')),
    since     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, person_id)
);
CREATE INDEX member_of_person ON member (person_id);
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
ALTER TABLE member FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON member USING (current_setting('gatehouse.tenant', true) IN ('*', tenant_id));

CREATE TABLE invitation (
    hash       bytea PRIMARY KEY,
    id         text        NOT NULL UNIQUE,
    tenant_id  text        NOT NULL,
    mail       text        NOT NULL,
    role       text        NOT NULL CHECK (role IN ('OWNER', 'DEVELOPER', 'BILLING', 'READER')),
    invited_by text        NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX invitation_of_tenant ON invitation (tenant_id);
ALTER TABLE invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitation FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON invitation USING (current_setting('gatehouse.tenant', true) IN ('*', tenant_id));

CREATE TABLE audit (
    no        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id text        NOT NULL,
    at        timestamptz NOT NULL,
    actor     text        NOT NULL,
    action    text        NOT NULL,
    subject   text        NOT NULL,
    address   text        NOT NULL
);
CREATE INDEX audit_of_tenant ON audit (tenant_id, no DESC);
ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON audit USING (current_setting('gatehouse.tenant', true) IN ('*', tenant_id));
