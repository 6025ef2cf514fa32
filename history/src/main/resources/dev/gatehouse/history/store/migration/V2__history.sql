CREATE TABLE property (
    property_key text PRIMARY KEY,
    -- the areas that it is in, as they are written everywhere; null where its source does not say
    county text,
    zip text,
    city text,
    geohash text,
    -- the last that is known, so that the next one is news only when it differs
    assessed_value text
);

CREATE TABLE area (area text PRIMARY KEY);

CREATE TABLE listing (
    listing_key text PRIMARY KEY,
    property_key text NOT NULL
);

-- a home's timeline; the key is also the order in which it is read
CREATE TABLE entry (
    property_key text NOT NULL,
    happened_at timestamptz NOT NULL,
    sequence bigint NOT NULL,
    part smallint NOT NULL,
    kind text NOT NULL,
    listing_key text,
    originating_system text NOT NULL,
    change_type text NOT NULL,
    field_name text NOT NULL,
    previous_value text,
    new_value text,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (property_key, happened_at, sequence, part)
);
CREATE INDEX entry_by_listing ON entry (listing_key);

-- sales with a price that were not simulated
CREATE TABLE sale (
    listing_key text PRIMARY KEY,
    property_key text NOT NULL,
    close_date date NOT NULL,
    price numeric(14, 2) NOT NULL
);
CREATE INDEX sale_by_property ON sale (property_key, close_date, listing_key);

-- two sales of one home, one after the other: what the repeat-sales index is made from; months are counted from year 0
CREATE TABLE sale_pair (
    listing_key text PRIMARY KEY,
    property_key text NOT NULL,
    first_month integer NOT NULL,
    second_month integer NOT NULL,
    log_ratio double precision NOT NULL,
    county text,
    zip text,
    city text,
    geohash text
);
CREATE INDEX sale_pair_by_property ON sale_pair (property_key);
CREATE INDEX sale_pair_by_county ON sale_pair (county);
CREATE INDEX sale_pair_by_zip ON sale_pair (zip);
CREATE INDEX sale_pair_by_city ON sale_pair (city);
CREATE INDEX sale_pair_by_geohash ON sale_pair (geohash text_pattern_ops);

-- moves with every change of the pairs, so that an index that was made can be known to be the present one
CREATE TABLE pairs_version (one boolean PRIMARY KEY DEFAULT true CHECK (one), version bigint NOT NULL);
INSERT INTO pairs_version (version) VALUES (0);
CREATE INDEX property_by_geohash ON property (geohash text_pattern_ops);
