-- What of a source is kept and shown.

-- Messages pushed to a conversation that does not sync are not stored.
ALTER TABLE conversations ADD COLUMN sync_enabled INTEGER NOT NULL DEFAULT 1;

DROP INDEX conversations_user;
CREATE INDEX conversations_user ON conversations (user_id, id);

-- Set while what came from an integration is removed.
ALTER TABLE integrations ADD COLUMN disconnected_at INTEGER;

-- One for each integration that events come from. The events of a calendar that
-- is not active are out of sight.
CREATE TABLE calendars (
    id             TEXT PRIMARY KEY,
    user_id        TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    integration_id TEXT NOT NULL UNIQUE REFERENCES integrations (id) ON DELETE CASCADE,
    is_active      INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE INDEX calendars_user ON calendars (user_id, id);

INSERT INTO calendars (id, user_id, integration_id)
SELECT 'cal_' || substr(id, 5), user_id, id FROM integrations WHERE kind = 'event';
