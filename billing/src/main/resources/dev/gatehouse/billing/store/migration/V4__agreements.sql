-- What a tenant agreed to, written when it was agreed, and read from here ever after. Rows are only ever added: one that was
-- made later holds from its start on, whatever was agreed on for then before.
CREATE TABLE agreement (
    tenant_id   text        NOT NULL,
    place       int         NOT NULL CHECK (place > 0),
    since       timestamptz NOT NULL,
    plan        text,
    currency    text,
    version     int,
    trial_until timestamptz,
    cause       text        NOT NULL CHECK (cause IN ('begin', 'plan', 'prices', 'currency', 'end', 'adopted')),
    plan_change int,
    created_at  timestamptz NOT NULL,
    created_by  text        NOT NULL,
    reason      text,
    PRIMARY KEY (tenant_id, place),
    UNIQUE (tenant_id, plan_change),
    FOREIGN KEY (plan, currency, version) REFERENCES price_list,
    CHECK ((plan IS NULL) = (cause = 'end') AND (plan IS NULL) = (version IS NULL) AND (plan IS NULL) = (currency IS NULL))
);
COMMENT ON COLUMN agreement.plan_change IS 'which change of plan in the directory''s history it follows, from 1; null for others';

-- An installation that has prices already has tenants whose agreements are written once, at the next start.
CREATE TABLE agreement_adoption (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    done_at timestamptz
);
INSERT INTO agreement_adoption (done_at) SELECT CASE WHEN EXISTS (SELECT FROM price_list) THEN NULL ELSE now() END;

-- The terms of a period that is over, as they were when it ended.
CREATE TABLE period_terms (
    tenant_id   text        NOT NULL,
    period_from timestamptz NOT NULL,
    terms       jsonb       NOT NULL,
    algorithm   int         NOT NULL,
    frozen_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, period_from)
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['agreement', 'period_terms'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_rows ON %I USING (tenant_id = current_setting(''gatehouse.tenant'', true)'
            || ' OR current_setting(''gatehouse.tenant'', true) = ''*'')', name);
    END LOOP;
END $$;
