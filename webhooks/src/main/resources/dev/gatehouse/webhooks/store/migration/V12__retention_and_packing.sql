-- Finished deliveries are kept for a stated time and then forgotten with their attempts; a message goes with its last delivery.
CREATE INDEX delivery_finished ON delivery (tenant_id, finished_at) WHERE status <> 'pending';
CREATE INDEX delivery_message ON delivery (message_id);
CREATE INDEX message_age ON message (created_at);
CREATE POLICY forgotten ON message FOR DELETE USING (current_setting('gatehouse.tenant', true) = '*');

-- What was sent and answered, compressed where that pays. Attempts of before keep it in the text columns.
ALTER TABLE attempt
    ADD COLUMN packed bytea,
    ALTER COLUMN request_headers SET DEFAULT '',
    ALTER COLUMN response_headers SET DEFAULT '',
    ALTER COLUMN response_body SET DEFAULT '';
