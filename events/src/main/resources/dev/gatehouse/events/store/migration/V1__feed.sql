-- The one sequence of domain events. The row of place stays locked from the numbering to the commit, so sequences become
-- visible in order and without gaps: who has read up to n never finds a smaller one later.
CREATE TABLE place (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    sequence bigint  NOT NULL
);
INSERT INTO place (sequence) VALUES (0);

-- How far each service's outbox was taken.
CREATE TABLE source (
    service  text   PRIMARY KEY,
    position bigint NOT NULL
);

CREATE TABLE event (
    sequence    bigint      PRIMARY KEY,
    id          text        NOT NULL UNIQUE,
    type        text        NOT NULL,
    service     text        NOT NULL,
    subject     text        NOT NULL,
    occurred_at timestamptz NOT NULL,
    tenant_id   text,
    data        text        NOT NULL,
    taken_at    timestamptz NOT NULL
);

-- An event without a tenant is everyone's to read; only the platform writes.
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
ALTER TABLE event FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON event FOR SELECT
    USING (current_setting('gatehouse.tenant', true) = '*'
           OR (current_setting('gatehouse.tenant', true) <> '' AND tenant_id IS NULL)
           OR tenant_id = current_setting('gatehouse.tenant', true));
CREATE POLICY written_by_platform ON event FOR INSERT
    WITH CHECK (current_setting('gatehouse.tenant', true) = '*');
