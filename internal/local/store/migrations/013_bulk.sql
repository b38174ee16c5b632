-- The full-text index gathers what a transaction adds in up to 4 MiB of memory instead
-- of one, so that what is imported thousands at a time is written as one or two pieces,
-- and merges pieces of a size once there are eight of them instead of four: each word
-- is written anew less often, and a search looks into about as many pieces as before.
INSERT INTO passages_fts (passages_fts, rank) VALUES ('hashsize', 4194304);
INSERT INTO passages_fts (passages_fts, rank) VALUES ('automerge', 8);
