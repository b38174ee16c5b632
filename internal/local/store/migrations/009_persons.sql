-- One person, several addresses. An entity is one address, or another sign by which
-- somebody is known; persons are entities that are linked, so that a link can be
-- taken back.

-- An address, an id where somebody writes ("slack:U1"), or a name of somebody
-- without either; "@" and a domain for a company. In lower case, apart from ids.
ALTER TABLE entities RENAME COLUMN email TO handle;

-- The entity that stands for the person; NULL for that one itself.
ALTER TABLE entities ADD COLUMN same_as INTEGER REFERENCES entities (seq) ON DELETE SET NULL;
CREATE INDEX entities_same ON entities (same_as) WHERE same_as IS NOT NULL;

-- The registrable domain of an address: whose company they are of. NULL until
-- people are resolved, and "" for no company's.
ALTER TABLE entities ADD COLUMN organization TEXT;
CREATE INDEX entities_organization ON entities (user_id, organization) WHERE organization <> '';

CREATE INDEX entities_own ON entities (user_id) WHERE entity_type = 'user';

-- What persons are told by: every name that somebody was given, and their ids where
-- they write under an address as well.
CREATE TABLE entity_signs (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    entity INTEGER NOT NULL REFERENCES entities (seq) ON DELETE CASCADE,
    kind   TEXT NOT NULL, -- name or id
    sign   TEXT NOT NULL,
    UNIQUE (entity, kind, sign)
) STRICT;

WITH named (user_id, handle, name) AS (
    SELECT user_id, sender_email, sender_name FROM messages
    UNION
    SELECT m.user_id, p.value ->> 'email', p.value ->> 'name' FROM messages m, json_each(m.recipients) p
    UNION
    SELECT m.user_id, p.value ->> 'email', p.value ->> 'name' FROM meetings m, json_each(m.attendees) p
    UNION
    SELECT e.user_id, p.value ->> 'email', p.value ->> 'name' FROM events e, json_each(e.attendees) p
)
INSERT INTO entity_signs (entity, kind, sign)
SELECT e.seq, 'name', n.name FROM named n JOIN entities e ON e.user_id = n.user_id AND e.handle = n.handle
WHERE n.name <> '' ORDER BY e.seq, n.name;

-- What the user said of who is one person, in the order in which they said it.
-- It is kept by hashes (see forgotten), so that it holds for mail that is removed
-- and imported again.
CREATE TABLE person_decisions (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    same    INTEGER NOT NULL, -- 1: these are one person; 0: these are nobody of the others
    these   TEXT NOT NULL,    -- JSON list of hashes of handles
    others  TEXT NOT NULL,    -- JSON list of hashes of handles
    at      INTEGER NOT NULL
) STRICT;

-- Up to where persons were last told apart. No row: all of it is to be done.
CREATE TABLE persons_resolved (
    user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    entity  INTEGER NOT NULL, -- entities.seq
    sign    INTEGER NOT NULL, -- entity_signs.seq
    waits   INTEGER           -- items.rowid, where what comes next may vouch for somebody
) STRICT, WITHOUT ROWID;
