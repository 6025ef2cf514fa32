-- How far the feed was applied. Its row is locked while events become figures: one process at a time writes them.
CREATE TABLE feed_cursor (
    consumer text   PRIMARY KEY,
    sequence bigint NOT NULL
);

CREATE TABLE outbox_position (one boolean PRIMARY KEY DEFAULT true CHECK (one), position bigint NOT NULL);
INSERT INTO outbox_position (position) VALUES (0);
CREATE TABLE outbox (position bigint PRIMARY KEY, written_at timestamptz NOT NULL DEFAULT now(), events jsonb NOT NULL);

-- How a new service was filled. Events up to quiet_until happened before it was there: their signals are kept, and not told.
CREATE TABLE filling (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    arithmetic  integer NOT NULL,
    quiet_until bigint  NOT NULL,
    past_at     bigint  NOT NULL DEFAULT 0
);

-- Every listing with the steps that led it here, as JSON; the columns are what rows are found by.
CREATE TABLE home (
    listing_key   text   PRIMARY KEY,
    property_key  text   NOT NULL,
    version       bigint NOT NULL,
    home          jsonb  NOT NULL,
    neighbourhood text,
    property_type text,
    living_area   numeric(12, 2),
    -- cents for a square foot, of a sold home
    rate          bigint,
    close_date    date,
    -- when its next level of stale_listing is due
    stale_at      timestamptz
);
CREATE INDEX home_sold_nearby ON home (neighbourhood, property_type, close_date DESC) WHERE rate IS NOT NULL;
CREATE INDEX home_stale ON home (stale_at) WHERE stale_at IS NOT NULL;

-- Areas that a home was ever seen in.
CREATE TABLE area (
    area text COLLATE "C" PRIMARY KEY
);

-- The figures of an area and month. Lists are sorted; prices and prices per square foot are cents, ratios millionths.
CREATE TABLE market_month (
    area             text COLLATE "C" NOT NULL,
    month            date    NOT NULL,
    new_listings     integer NOT NULL,
    pending          integer NOT NULL,
    price_cuts       integer NOT NULL,
    inventory_change integer NOT NULL,
    sold             integer NOT NULL,
    price_sum        numeric NOT NULL,
    rates            integer NOT NULL,
    rate_sum         numeric NOT NULL,
    stays            integer NOT NULL,
    day_sum          numeric NOT NULL,
    ratios           integer NOT NULL,
    ratio_sum        bigint  NOT NULL,
    median_price     numeric,
    median_rate      numeric,
    median_days      numeric,
    all_prices       bigint[] NOT NULL,
    all_rates        bigint[] NOT NULL,
    all_days         bigint[] NOT NULL,
    PRIMARY KEY (area, month)
);

-- The medians of longer periods, which no sum of months gives.
CREATE TABLE market_period (
    area         text COLLATE "C" NOT NULL,
    period       text    NOT NULL CHECK (period IN ('quarter', 'year')),
    start        date    NOT NULL,
    median_price numeric,
    median_rate  numeric,
    median_days  numeric,
    PRIMARY KEY (area, period, start)
);

CREATE TABLE signal (
    id           text        PRIMARY KEY,
    type         text        NOT NULL,
    severity     smallint    NOT NULL,
    property_key text        NOT NULL,
    listing_key  text        NOT NULL,
    county       text COLLATE "C",
    city         text COLLATE "C",
    zip          text COLLATE "C",
    geohash      text COLLATE "C",
    raised_at    timestamptz NOT NULL,
    signal       jsonb       NOT NULL
);
-- each list is newest first; the columns behind the filter's let one index both find and order
CREATE INDEX signal_newest ON signal (raised_at DESC, id DESC);
CREATE INDEX signal_by_type ON signal (type, raised_at DESC, id DESC);
CREATE INDEX signal_by_severity ON signal (severity, raised_at DESC, id DESC);
CREATE INDEX signal_by_property ON signal (property_key, raised_at DESC, id DESC);
CREATE INDEX signal_by_listing ON signal (listing_key, raised_at DESC, id DESC);
CREATE INDEX signal_by_county ON signal (county, raised_at DESC, id DESC);
CREATE INDEX signal_by_city ON signal (city, raised_at DESC, id DESC);
CREATE INDEX signal_by_zip ON signal (zip, raised_at DESC, id DESC);
CREATE INDEX signal_by_geohash ON signal (geohash, raised_at DESC, id DESC);

-- Filters that tenants saved. A version is given to each change, dense and in the order of the commits, so that a reader who
-- has one can never find a smaller one later; a deleted alert stays as its own last change.
CREATE TABLE alert_version (one boolean PRIMARY KEY DEFAULT true CHECK (one), version bigint NOT NULL);
INSERT INTO alert_version (version) VALUES (0);

CREATE TABLE alert (
    id         text        PRIMARY KEY,
    tenant_id  text        NOT NULL,
    mode       text        NOT NULL CHECK (mode IN ('live', 'test')),
    name       text        NOT NULL,
    filter     jsonb       NOT NULL,
    version    bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    deleted_at timestamptz
);
CREATE INDEX alert_of_tenant ON alert (tenant_id, mode, id);
CREATE UNIQUE INDEX alert_by_version ON alert (version);

CREATE TABLE alert_request (
    tenant_id  text        NOT NULL,
    mode       text        NOT NULL,
    key        text        NOT NULL,
    digest     text        NOT NULL,
    alert_id   text        NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, mode, key)
);
CREATE INDEX alert_request_age ON alert_request (created_at);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['alert', 'alert_request'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY own_rows ON %I'
            ' USING (current_setting(''gatehouse.tenant'', true) IN (''*'', tenant_id))', t);
    END LOOP;
END $$;
