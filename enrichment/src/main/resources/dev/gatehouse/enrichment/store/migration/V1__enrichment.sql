-- How far the feed was applied.
CREATE TABLE feed_cursor (consumer text PRIMARY KEY, sequence bigint NOT NULL);

-- What is known of each home. The address is kept as its source writes it and taken apart, so that it can be found.
CREATE TABLE home (
    property_key text PRIMARY KEY,
    originating_system text NOT NULL,
    modified_at timestamptz,
    property_type text,
    property_sub_type text,
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
    house_number text,
    street text,
    parsed jsonb
);
CREATE INDEX home_by_street ON home (house_number, street);
CREATE INDEX home_by_place ON home USING gist (location);

-- Each spelling of a street's name with at most one letter left out leads to the name, so that a typo finds it.
CREATE TABLE street_spelling (
    spelling text NOT NULL,
    street text NOT NULL,
    PRIMARY KEY (spelling, street)
);

-- What homes were sold for, with the facts of the time, so that comparables need no join. Simulated sales are never here.
CREATE TABLE sale (
    listing_key text PRIMARY KEY,
    property_key text NOT NULL,
    market text NOT NULL,
    area text,
    close_price numeric(14, 2) NOT NULL,
    close_date date NOT NULL,
    location point,
    living_area double precision,
    lot_size double precision NOT NULL,
    year_built integer,
    bedrooms integer NOT NULL,
    bathrooms_full integer NOT NULL,
    bathrooms_half integer NOT NULL,
    stories double precision NOT NULL,
    comparable boolean GENERATED ALWAYS AS
        (location IS NOT NULL AND living_area > 0 AND year_built IS NOT NULL AND close_price >= 1000) STORED
);
CREATE INDEX sale_by_home ON sale (property_key, close_date);
CREATE INDEX sale_by_area ON sale (area, close_date);
CREATE INDEX sale_by_market ON sale (market, close_date) WHERE comparable;
CREATE INDEX sale_by_place ON sale USING gist (location) WHERE comparable;

-- Every model that was ever in use; answers name theirs. The newest version of a market answers.
CREATE TABLE valuation_model (
    market text NOT NULL,
    version integer NOT NULL,
    trained_at timestamptz NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (market, version)
);

-- db-scheduler's, as its documentation gives it
CREATE TABLE scheduled_tasks (
    task_name text NOT NULL,
    task_instance text NOT NULL,
    task_data bytea,
    execution_time timestamptz NOT NULL,
    picked boolean NOT NULL,
    picked_by text,
    last_success timestamptz,
    last_failure timestamptz,
    consecutive_failures integer,
    last_heartbeat timestamptz,
    version bigint NOT NULL,
    priority smallint,
    PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_due ON scheduled_tasks (execution_time);
