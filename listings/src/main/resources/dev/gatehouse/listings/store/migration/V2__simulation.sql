-- of a listing that the market simulator made: times the home's last sale price is its first list price
ALTER TABLE listing ADD COLUMN simulated_price_factor numeric(8, 4);

-- how far the simulator has come; its row is locked while it acts, so that of several processes one does
CREATE TABLE simulation (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    seed bigint NOT NULL,
    began_at timestamptz NOT NULL,
    -- arrivals on the market so far
    arrivals bigint NOT NULL
);

-- what becomes of each simulated listing is a function of seed and key; here stands how far it has come
CREATE TABLE simulated_listing (
    listing_key text PRIMARY KEY REFERENCES listing,
    property_key text NOT NULL REFERENCES property,
    last_sale_price numeric(14, 2) NOT NULL,
    arrived_at timestamptz NOT NULL,
    steps_done integer NOT NULL,
    -- null when its life is over
    next_at timestamptz
);
CREATE INDEX simulated_listing_due ON simulated_listing (next_at, listing_key) WHERE next_at IS NOT NULL;
CREATE INDEX simulated_listing_by_property ON simulated_listing (property_key) WHERE next_at IS NOT NULL;
