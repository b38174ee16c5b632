-- Who is forgotten: nothing of theirs is taken again. Addresses are kept nowhere,
-- only what tells whether one that comes by is among them.
CREATE TABLE forgotten (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash    TEXT NOT NULL, -- HMAC-SHA256 of the address, under the salt
    PRIMARY KEY (user_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE forgotten_salt (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    salt BLOB NOT NULL
) STRICT;
