-- The organization's sync settings (P-16). The organization is whoever owns the
-- database, so there is one row, or none while nobody has set anything.
CREATE TABLE settings (
    id                        INTEGER PRIMARY KEY CHECK (id = 1),
    history_days              INTEGER NOT NULL, -- 0 is no limit
    default_conversation_sync TEXT NOT NULL,    -- all or none
    excluded_domains          TEXT NOT NULL,    -- JSON list, lower case
    updated_at                INTEGER NOT NULL
) STRICT;

-- Links under which a user connects a source in a browser: connect sessions and
-- the older connect tokens (contract sections 3.2 and 3.4).
CREATE TABLE connects (
    id           TEXT PRIMARY KEY, -- opens nothing, and so may be logged
    key_hash     BLOB NOT NULL UNIQUE, -- SHA-256 of the session id or token, which opens the page
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider     TEXT NOT NULL,
    redirect_url TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    state        TEXT NOT NULL, -- open, working or connected
    upload       TEXT NOT NULL, -- the directory that holds what is worked on
    problem      TEXT NOT NULL, -- why the last attempt failed
    progress     TEXT NOT NULL, -- JSON: of the attempt under way
    result       TEXT NOT NULL, -- JSON: of the attempt that succeeded
    ended_at     INTEGER -- when that was
) STRICT;

CREATE INDEX connects_user ON connects (user_id);
