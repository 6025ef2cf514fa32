-- how many homes lie in a box: the planner does not know it of "location <@ box"
CREATE STATISTICS listing_longitude ON (location[0]) FROM listing;
CREATE STATISTICS listing_latitude ON (location[1]) FROM listing;

-- a city's newest, the commonest order
CREATE INDEX listing_by_city_and_modification ON listing (lower(city), modified_at, listing_key);
