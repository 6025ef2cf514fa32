-- Ports of this machine that an operator opened to one tenant's deliveries for a while: what "gatehouse listen" receives on.
CREATE TABLE open_receiver (
    tenant_id  text        NOT NULL,
    port       integer     NOT NULL CHECK (port BETWEEN 1 AND 65535),
    open_until timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, port)
);
ALTER TABLE open_receiver ENABLE ROW LEVEL SECURITY;
ALTER TABLE open_receiver FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON open_receiver USING (current_setting('gatehouse.tenant', true) IN ('*', tenant_id));
