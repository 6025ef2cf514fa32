-- What an invoice came to below zero, for the next one in its currency to give back. It is taken by the invoice that becomes
-- final with it.
CREATE TABLE carried_credit (
    invoice_id  text PRIMARY KEY REFERENCES invoice,
    tenant_id   text        NOT NULL,
    period_from timestamptz NOT NULL,
    number      text        NOT NULL,
    currency    text        NOT NULL,
    amount      numeric     NOT NULL CHECK (amount > 0),
    taken_by    text REFERENCES invoice
);
CREATE INDEX carried_credit_tenant ON carried_credit (tenant_id, period_from);
ALTER TABLE carried_credit ENABLE ROW LEVEL SECURITY;
ALTER TABLE carried_credit FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON carried_credit USING (tenant_id = current_setting('gatehouse.tenant', true)
    OR current_setting('gatehouse.tenant', true) = '*');
