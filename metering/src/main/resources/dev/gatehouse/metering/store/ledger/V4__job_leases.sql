-- Who does a job of the ledger now that is no shard's: see runtime/lease.
CREATE TABLE job_lease (
    job        text PRIMARY KEY,
    holder     text        NOT NULL,
    epoch      bigint      NOT NULL,
    held_until timestamptz NOT NULL
);
