-- How far the feed was turned into deliveries.
CREATE TABLE feed_cursor (
    consumer text   PRIMARY KEY,
    sequence bigint NOT NULL
);

-- Where a tenant wants its events. Secrets are encrypted; a second one is good until previous_until after a rotation.
-- The columns from failing_since on are the breaker's, the same for every worker.
CREATE TABLE endpoint (
    id              text        PRIMARY KEY,
    tenant_id       text        NOT NULL,
    url             text        NOT NULL,
    description     text        NOT NULL,
    event_types     text[]      NOT NULL,
    filter          jsonb       NOT NULL,
    status          text        NOT NULL CHECK (status IN ('enabled', 'paused', 'disabled', 'deleted')),
    reason          text,
    secret          bytea       NOT NULL,
    previous_secret bytea,
    previous_until  timestamptz,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    offered_until   timestamptz,
    failing_since   timestamptz,
    failures        integer     NOT NULL DEFAULT 0,
    last_failed     text,
    open_until      timestamptz,
    trips           integer     NOT NULL DEFAULT 0
);
CREATE INDEX endpoint_tenant ON endpoint (tenant_id, id);

-- What is sent, once for all endpoints of all tenants that may see it.
CREATE TABLE message (
    id          text        PRIMARY KEY,
    tenant_id   text,
    sequence    bigint      NOT NULL,
    type        text        NOT NULL,
    subject     text        NOT NULL,
    payload     text        NOT NULL,
    created_at  timestamptz NOT NULL
);

-- One message for one endpoint. Whoever changes a claimed one must still hold the claim.
CREATE TABLE delivery (
    id            text        PRIMARY KEY,
    tenant_id     text        NOT NULL,
    endpoint_id   text        NOT NULL REFERENCES endpoint (id),
    message_id    text        NOT NULL REFERENCES message (id),
    origin        text        NOT NULL CHECK (origin IN ('event', 'test', 'replay')),
    status        text        NOT NULL CHECK (status IN ('pending', 'delivered', 'dead', 'cancelled')),
    attempts      integer     NOT NULL DEFAULT 0,
    due_at        timestamptz NOT NULL,
    claim         text,
    claimed_until timestamptz,
    last_status   integer,
    last_error    text,
    created_at    timestamptz NOT NULL,
    finished_at   timestamptz
);
-- the second fan-out of an event finds the first one's rows
CREATE UNIQUE INDEX delivery_once ON delivery (endpoint_id, message_id) WHERE origin = 'event';
CREATE INDEX delivery_due ON delivery (endpoint_id, due_at, id) WHERE status = 'pending';
CREATE INDEX delivery_tenant ON delivery (tenant_id, id);
CREATE INDEX delivery_endpoint ON delivery (endpoint_id, id);

CREATE TABLE attempt (
    delivery_id      text        NOT NULL,
    no               integer     NOT NULL,
    tenant_id        text        NOT NULL,
    endpoint_id      text        NOT NULL,
    at               timestamptz NOT NULL,
    detail           text,
    counted          boolean     NOT NULL,
    status           integer,
    error            text,
    address          text,
    dns_micros       bigint      NOT NULL,
    connect_micros   bigint      NOT NULL,
    first_byte_micros bigint     NOT NULL,
    total_micros     bigint      NOT NULL,
    request_headers  text        NOT NULL,
    response_headers text        NOT NULL,
    response_body    text        NOT NULL
);
CREATE INDEX attempt_delivery ON attempt (delivery_id, at);
CREATE INDEX attempt_endpoint ON attempt (endpoint_id, at);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['endpoint', 'delivery', 'attempt'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY own_rows ON %I'
            ' USING (current_setting(''gatehouse.tenant'', true) IN (''*'', tenant_id))', t);
    END LOOP;
END $$;

-- a message without a tenant is made of an event that everyone may read
ALTER TABLE message ENABLE ROW LEVEL SECURITY;
ALTER TABLE message FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON message FOR SELECT
    USING (current_setting('gatehouse.tenant', true) IN ('*', tenant_id)
           OR (tenant_id IS NULL AND current_setting('gatehouse.tenant', true) <> ''));
CREATE POLICY written ON message FOR INSERT
    WITH CHECK (current_setting('gatehouse.tenant', true) IN ('*', tenant_id));
