CREATE TABLE feed_cursor (consumer text PRIMARY KEY, sequence bigint NOT NULL);
