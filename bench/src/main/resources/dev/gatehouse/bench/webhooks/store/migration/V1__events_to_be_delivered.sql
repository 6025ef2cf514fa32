-- A service that has nothing but events to say, and what it said: the truth that deliveries are held against.
CREATE TABLE outbox_position (one boolean PRIMARY KEY DEFAULT true CHECK (one), position bigint NOT NULL);
INSERT INTO outbox_position (position) VALUES (0);
CREATE TABLE outbox (position bigint PRIMARY KEY, written_at timestamptz NOT NULL DEFAULT now(), events jsonb NOT NULL);
CREATE TABLE said (id text PRIMARY KEY, type text NOT NULL, city text NOT NULL);
