-- Under load each batch adds to the same sums and sketches as the one before. A page with room takes the new row beside the
-- old one without a new entry in any index (a HOT update), and is cleaned when it is next read.
ALTER TABLE rollup_minute SET (fillfactor = 50);
ALTER TABLE rollup_hour SET (fillfactor = 50);
ALTER TABLE rollup_day SET (fillfactor = 50);
ALTER TABLE latency SET (fillfactor = 50);
