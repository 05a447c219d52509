-- A holder that was split up: all the others it went into beside the first, and for each of
-- them what the committee decided about its title (S73).
ALTER TABLE organisations ADD COLUMN others TEXT NOT NULL DEFAULT '';
ALTER TABLE designations ADD COLUMN heirs TEXT NOT NULL DEFAULT '';
