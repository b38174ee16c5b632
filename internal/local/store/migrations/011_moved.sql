-- When an event was to begin before its source moved it; NULL of one that never moved.
ALTER TABLE events ADD COLUMN was_start_at INTEGER;
