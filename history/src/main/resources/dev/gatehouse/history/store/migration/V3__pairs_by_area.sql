-- an area's pairs are read from an index alone, in the order in which they are added up
DROP INDEX sale_pair_by_county;
DROP INDEX sale_pair_by_zip;
DROP INDEX sale_pair_by_city;
DROP INDEX sale_pair_by_geohash;
CREATE INDEX sale_pair_by_county ON sale_pair (county, first_month, second_month) INCLUDE (log_ratio);
CREATE INDEX sale_pair_by_zip ON sale_pair (zip, first_month, second_month) INCLUDE (log_ratio);
CREATE INDEX sale_pair_by_city ON sale_pair (city, first_month, second_month) INCLUDE (log_ratio);
CREATE INDEX sale_pair_by_geohash ON sale_pair (geohash text_pattern_ops) INCLUDE (first_month, second_month, log_ratio);

-- moves with every change of an area's pairs, so that an index that was made can be known to be the present one; '*' is all of
-- them, and a square of 4 letters stands for the smaller ones in it
DROP TABLE pairs_version;
CREATE TABLE pairs_version (area text PRIMARY KEY, version bigint NOT NULL);
INSERT INTO pairs_version (area, version) VALUES ('*', 0);
