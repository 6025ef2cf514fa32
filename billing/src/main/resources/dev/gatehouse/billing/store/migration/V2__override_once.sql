-- A tenant's own prices are made once for an idempotency key, also when the answer was lost before it was kept.
ALTER TABLE price_override ADD COLUMN request_key text UNIQUE;
