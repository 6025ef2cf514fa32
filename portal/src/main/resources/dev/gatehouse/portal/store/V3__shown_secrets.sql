-- Secrets that were made a moment ago, encrypted, so that the page that shows them can be loaded again for a minute.
CREATE TABLE shown_secret (
    session_id text        NOT NULL,
    subject    text        NOT NULL,
    sealed     bytea       NOT NULL,
    times      integer     NOT NULL DEFAULT 0,
    until      timestamptz NOT NULL,
    PRIMARY KEY (session_id, subject)
);
