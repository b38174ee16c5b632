-- Whom an item names, and how. An archived item names nobody.
CREATE TABLE participants (
    entity  INTEGER NOT NULL REFERENCES entities (seq) ON DELETE CASCADE,
    kind    TEXT NOT NULL,
    at      INTEGER NOT NULL, -- the item's own time
    item_id TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    role    TEXT NOT NULL,    -- sender, recipient or attendee
    party   INTEGER NOT NULL, -- how many the item names
    PRIMARY KEY (entity, kind, at, item_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX participants_item ON participants (item_id, entity);

WITH named (user_id, email, kind, at, item_id, role) AS (
    SELECT user_id, sender_email, 'message', sent_at, id, 'sender' FROM messages
    UNION ALL
    SELECT m.user_id, p.value ->> 'email', 'message', m.sent_at, m.id, 'recipient' FROM messages m, json_each(m.recipients) p
    UNION ALL
    SELECT m.user_id, p.value ->> 'email', 'meeting', m.start_at, m.id, 'attendee' FROM meetings m, json_each(m.attendees) p
        WHERE m.archived_at IS NULL
    UNION ALL
    SELECT e.user_id, p.value ->> 'email', 'event', e.start_at, e.id, 'attendee' FROM events e, json_each(e.attendees) p
), once (entity, kind, at, item_id, role) AS (
    SELECT e.seq, n.kind, n.at, n.item_id, max(n.role) -- who writes to himself is the sender
    FROM named n JOIN entities e ON e.user_id = n.user_id AND e.email = n.email
    GROUP BY n.item_id, e.seq
)
INSERT INTO participants (entity, kind, at, item_id, role, party)
SELECT entity, kind, at, item_id, role, count(*) OVER (PARTITION BY item_id) FROM once;
