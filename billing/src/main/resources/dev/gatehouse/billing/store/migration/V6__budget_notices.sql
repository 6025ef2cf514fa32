-- Alerts that are to be told, and whom: a mail that fails is sent again, to whom it did not reach.
SELECT set_config('gatehouse.tenant', '*', true);
ALTER TABLE budget_alert ADD COLUMN at_limit text;
ALTER TABLE budget_alert ADD COLUMN addressed_at timestamptz;
UPDATE budget_alert SET addressed_at = at;

CREATE TABLE budget_notice (
    notice_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id   text        NOT NULL,
    period_from timestamptz NOT NULL,
    percent     int         NOT NULL,
    amount      numeric     NOT NULL,
    recipient   text        NOT NULL,
    attempts    int         NOT NULL DEFAULT 0,
    next_at     timestamptz NOT NULL,
    told_at     timestamptz,
    last_fault  text,
    UNIQUE (tenant_id, period_from, amount, percent, recipient),
    FOREIGN KEY (tenant_id, period_from, amount, percent) REFERENCES budget_alert
);
CREATE INDEX budget_notice_open ON budget_notice (next_at) WHERE told_at IS NULL;
ALTER TABLE budget_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE budget_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON budget_notice USING (tenant_id = current_setting('gatehouse.tenant', true)
    OR current_setting('gatehouse.tenant', true) = '*');
