-- The full-text index gathers what a transaction adds in up to 4 MiB of memory instead
-- of one: what is imported thousands at a time is written as one piece and not as
-- several, which would have to be merged.
INSERT INTO passages_fts (passages_fts, rank) VALUES ('hashsize', 4194304);
