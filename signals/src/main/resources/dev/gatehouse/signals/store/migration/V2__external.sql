-- What others publish of markets, month by month, as they publish it. Nothing of ours is made from it.
CREATE TABLE external_series (
    source  text NOT NULL,
    area    text COLLATE "C" NOT NULL,
    measure text NOT NULL,
    -- the area as its source writes it
    region  text NOT NULL,
    unit    text NOT NULL,
    PRIMARY KEY (source, area, measure)
);
CREATE INDEX external_series_by_area ON external_series (area);

CREATE TABLE external_value (
    source  text NOT NULL,
    area    text COLLATE "C" NOT NULL,
    measure text NOT NULL,
    month   date NOT NULL,
    -- null where the source left it blank
    value   numeric,
    PRIMARY KEY (area, source, measure, month),
    FOREIGN KEY (source, area, measure) REFERENCES external_series ON DELETE CASCADE
);
