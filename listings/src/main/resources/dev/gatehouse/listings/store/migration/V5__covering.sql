-- the plain column behind the expression lets these indexes answer a range alone, without a look at the rows
DROP INDEX listing_by_price, listing_by_living_area, listing_by_lot_size, listing_by_year, listing_by_market_date;
CREATE INDEX listing_by_price ON listing (coalesce(price, -1), listing_key) INCLUDE (price);
CREATE INDEX listing_by_living_area ON listing (coalesce(living_area, -1), listing_key) INCLUDE (living_area);
CREATE INDEX listing_by_lot_size ON listing (coalesce(lot_size, -1), listing_key) INCLUDE (lot_size);
CREATE INDEX listing_by_year ON listing (coalesce(year_built, -1), listing_key) INCLUDE (year_built);
CREATE INDEX listing_by_market_date ON listing (coalesce(market_date, DATE '0001-01-01'), listing_key)
    INCLUDE (market_date);

ALTER INDEX listing_by_price ALTER COLUMN 1 SET STATISTICS 1000;
ALTER INDEX listing_by_living_area ALTER COLUMN 1 SET STATISTICS 1000;
ALTER INDEX listing_by_lot_size ALTER COLUMN 1 SET STATISTICS 1000;

-- for sale in a city, from a price to a price: what is asked most
CREATE INDEX listing_by_city_status_and_price ON listing (lower(city), status, coalesce(price, -1));
