-- The nearest sales of one market, whatever other market shares its ground: with the place alone, a small market within a large one
-- is found only behind all of the large one's sales. (btree_gist comes with PostgreSQL; who owns the database may create it.)
CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;
CREATE INDEX sale_by_market_and_place ON sale USING gist (market, location) WHERE comparable;
DROP INDEX sale_by_place;

-- a year's figures of an area, from the index alone
CREATE INDEX sale_by_area_with_prices ON sale (area, close_date) INCLUDE (close_price, living_area);
DROP INDEX sale_by_area;
