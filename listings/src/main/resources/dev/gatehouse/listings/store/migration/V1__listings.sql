CREATE TABLE property (
    property_key text PRIMARY KEY,
    first_seen timestamptz NOT NULL
);

CREATE TABLE listing (
    listing_key text PRIMARY KEY,
    property_key text NOT NULL REFERENCES property,
    originating_system text NOT NULL,
    status text NOT NULL,
    property_type text NOT NULL,
    property_sub_type text,
    list_price numeric(14, 2),
    close_price numeric(14, 2),
    listing_contract_date date,
    close_date date,
    address text,
    unit text,
    city text,
    postal_code text,
    county text,
    state text,
    location point,
    bedrooms integer,
    bathrooms_full integer,
    bathrooms_half integer,
    living_area numeric(12, 2),
    lot_size numeric(14, 2),
    year_built integer,
    stories numeric(4, 1),
    assessed_value numeric(14, 2),
    entered_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    -- of the mapped source row: an import that brings the same row again changes nothing
    source_digest uuid NOT NULL,
    price numeric(14, 2) GENERATED ALWAYS AS
        (CASE WHEN status = 'Closed' THEN coalesce(close_price, list_price) ELSE list_price END) STORED,
    bathrooms integer GENERATED ALWAYS AS (coalesce(bathrooms_full, 0) + coalesce(bathrooms_half, 0)) STORED,
    market_date date GENERATED ALWAYS AS (coalesce(listing_contract_date, close_date)) STORED
);

-- each search is ordered; the key behind the filter's column lets one index both find and order
CREATE INDEX listing_by_property ON listing (property_key);
CREATE INDEX listing_by_city ON listing (lower(city), listing_key);
CREATE INDEX listing_by_postal_code ON listing (postal_code, listing_key);
CREATE INDEX listing_by_county ON listing (lower(county), listing_key);
CREATE INDEX listing_by_state ON listing (state, listing_key);
CREATE INDEX listing_by_status ON listing (status, listing_key);
CREATE INDEX listing_by_type ON listing (property_type, listing_key);
CREATE INDEX listing_by_price ON listing (coalesce(price, -1), listing_key);
CREATE INDEX listing_by_list_price ON listing (coalesce(list_price, -1), listing_key);
CREATE INDEX listing_by_close_price ON listing (coalesce(close_price, -1), listing_key);
CREATE INDEX listing_by_bedrooms ON listing (coalesce(bedrooms, -1), listing_key);
CREATE INDEX listing_by_bathrooms ON listing (bathrooms, listing_key);
CREATE INDEX listing_by_living_area ON listing (coalesce(living_area, -1), listing_key);
CREATE INDEX listing_by_lot_size ON listing (coalesce(lot_size, -1), listing_key);
CREATE INDEX listing_by_year ON listing (coalesce(year_built, -1), listing_key);
CREATE INDEX listing_by_close_date ON listing (coalesce(close_date, DATE '0001-01-01'), listing_key);
CREATE INDEX listing_by_market_date ON listing (coalesce(market_date, DATE '0001-01-01'), listing_key);
CREATE INDEX listing_by_modification ON listing (modified_at, listing_key);
CREATE INDEX listing_by_place ON listing USING gist (location);

-- the first row of each key in a running import; a second one is a duplicate or a contradiction
CREATE UNLOGGED TABLE import_seen (
    run text NOT NULL,
    listing_key text NOT NULL,
    row_number bigint NOT NULL,
    source_digest uuid NOT NULL,
    PRIMARY KEY (run, listing_key)
);

CREATE TABLE import_done (
    source text PRIMARY KEY,
    done_at timestamptz NOT NULL
);

CREATE TABLE outbox_position (one boolean PRIMARY KEY DEFAULT true CHECK (one), position bigint NOT NULL);
INSERT INTO outbox_position (position) VALUES (0);
CREATE TABLE outbox (position bigint PRIMARY KEY, written_at timestamptz NOT NULL DEFAULT now(), events jsonb NOT NULL);
