-- Who does a job now. A write is fenced by the epoch, which grows with every takeover.
CREATE TABLE job_lease (
    job        text PRIMARY KEY,
    holder     text        NOT NULL,
    epoch      bigint      NOT NULL,
    held_until timestamptz NOT NULL
);
