-- Which sequence each batch of a service's outbox ended with: a snapshot of the service as of a position has its place here.
CREATE TABLE batch (
    service  text   NOT NULL,
    position bigint NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (service, position)
);

-- the owner of a table under forced row-level security sees nothing of it either
SELECT set_config('gatehouse.tenant', '*', true);

-- of what was taken before, the last position is all that a snapshot of today can be of
INSERT INTO batch (service, position, sequence)
SELECT s.service, s.position, (SELECT coalesce(max(e.sequence), 0) FROM event e WHERE e.service = s.service)
FROM source s WHERE s.position > 0;
