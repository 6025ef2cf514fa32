-- how many homes lie in a box: the planner does not know it of "location <@ box"
CREATE STATISTICS listing_longitude ON (location[0]) FROM listing;
CREATE STATISTICS listing_latitude ON (location[1]) FROM listing;

-- a city's newest, the commonest order
CREATE INDEX listing_by_city_and_modification ON listing (lower(city), modified_at, listing_key);

-- prices and sizes have long tails: with the usual hundred steps a filter for the dearest looks as if it left ten times as many,
-- and all homes are gone through for a page
ALTER INDEX listing_by_price ALTER COLUMN 1 SET STATISTICS 1000;
ALTER INDEX listing_by_list_price ALTER COLUMN 1 SET STATISTICS 1000;
ALTER INDEX listing_by_close_price ALTER COLUMN 1 SET STATISTICS 1000;
ALTER INDEX listing_by_living_area ALTER COLUMN 1 SET STATISTICS 1000;
ALTER INDEX listing_by_lot_size ALTER COLUMN 1 SET STATISTICS 1000;
