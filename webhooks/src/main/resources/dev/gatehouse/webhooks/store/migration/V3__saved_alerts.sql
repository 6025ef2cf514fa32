-- A copy of the alerts that the signals service keeps: endpoints can want the signals that an alert asks for.
CREATE TABLE saved_alert (
    id        text    PRIMARY KEY,
    tenant_id text    NOT NULL,
    version   bigint  NOT NULL,
    deleted   boolean NOT NULL,
    filter    jsonb   NOT NULL
);
CREATE INDEX saved_alert_version ON saved_alert (version);
ALTER TABLE saved_alert ENABLE ROW LEVEL SECURITY;
ALTER TABLE saved_alert FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON saved_alert USING (current_setting('gatehouse.tenant', true) IN ('*', tenant_id));
