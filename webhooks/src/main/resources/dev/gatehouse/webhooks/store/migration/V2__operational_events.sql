-- What webhooks have to say themselves, as when an endpoint was disabled. See dev.gatehouse.runtime.outbox.Outbox.
CREATE TABLE outbox_position (one boolean PRIMARY KEY DEFAULT true CHECK (one), position bigint NOT NULL);
INSERT INTO outbox_position (position) VALUES (0);
CREATE TABLE outbox (position bigint PRIMARY KEY, written_at timestamptz NOT NULL DEFAULT now(), events jsonb NOT NULL);
