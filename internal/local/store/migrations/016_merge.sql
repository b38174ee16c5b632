-- What is merged on purpose, once an import is through, ends with one piece of each size.
INSERT INTO passages_fts (passages_fts, rank) VALUES ('usermerge', 2);
