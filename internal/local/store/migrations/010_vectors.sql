-- What a model of meanings makes of passages. A vector leaves with its passage.
CREATE TABLE vectors (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which they were made
    passage_id INTEGER NOT NULL UNIQUE REFERENCES passages (id) ON DELETE CASCADE,
    model      TEXT NOT NULL,
    vector     BLOB NOT NULL -- a signed byte for each dimension; empty where the model takes no such text
) STRICT;

-- The words of the full-text index. It has no content of its own.
CREATE VIRTUAL TABLE passages_words USING fts5vocab (passages_fts, row);
