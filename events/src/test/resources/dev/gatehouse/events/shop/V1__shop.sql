CREATE TABLE outbox_position (one boolean PRIMARY KEY DEFAULT true CHECK (one), position bigint NOT NULL);
INSERT INTO outbox_position (position) VALUES (0);
CREATE TABLE outbox (position bigint PRIMARY KEY, written_at timestamptz NOT NULL DEFAULT now(), events jsonb NOT NULL);
CREATE TABLE feed_cursor (consumer text PRIMARY KEY, sequence bigint NOT NULL);
CREATE TABLE seen (sequence bigint NOT NULL, id text NOT NULL);
