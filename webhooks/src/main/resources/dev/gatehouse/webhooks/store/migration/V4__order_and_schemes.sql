-- Endpoints that want what is about one property one after another, and those that verify with a public key.
ALTER TABLE endpoint
    ADD COLUMN signature  text    NOT NULL DEFAULT 'v1' CHECK (signature IN ('v1', 'v1a')),
    ADD COLUMN public_key text,
    ADD COLUMN ordered    boolean NOT NULL DEFAULT false;

-- A delivery with an order key waits for those of the same key and endpoint that have a smaller sequence.
ALTER TABLE delivery
    ADD COLUMN order_key text,
    ADD COLUMN sequence  bigint NOT NULL DEFAULT 0;
CREATE INDEX delivery_order ON delivery (endpoint_id, order_key, sequence) WHERE status = 'pending' AND order_key IS NOT NULL;

ALTER TABLE attempt ADD COLUMN tls_micros bigint NOT NULL DEFAULT 0;
