-- Webhooks belong to the partner and their jobs to no user. The column loses its
-- NOT NULL in place (SQLite 3.53): making the table anew would take along the
-- payloads that hang on it.
ALTER TABLE jobs ALTER COLUMN user_id DROP NOT NULL;

-- A queue is walked in its own order, however long the others are: the rowid,
-- seq, is the index's last column.
CREATE INDEX jobs_queue ON jobs (queue);

-- Secrets stand as they are, because signing needs them: nobody but the file's
-- owner can read it (mode 0600).
CREATE TABLE webhooks (
    id              TEXT PRIMARY KEY,
    url             TEXT NOT NULL,
    description     TEXT,
    events          TEXT NOT NULL, -- JSON list; '*' stands for all
    enabled         INTEGER NOT NULL,
    disabled_reason TEXT,    -- why the engine disabled it
    failing_since   INTEGER, -- of the first failure after the last success
    rest_until      INTEGER, -- nothing is sent before: it is down or asked for a rest
    secret          TEXT NOT NULL,
    previous_secret TEXT,    -- signs too
    previous_until  INTEGER, -- until then
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;

-- One row for each attempt to deliver an event to an endpoint. The one to come is
-- pending, and its job's lane is its id; the job's payload is the body.
CREATE TABLE webhook_deliveries (
    id              TEXT PRIMARY KEY,
    webhook_id      TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event_id        TEXT NOT NULL,
    event_type      TEXT NOT NULL,
    attempt         INTEGER NOT NULL, -- from 1
    status          TEXT NOT NULL,    -- pending, succeeded or failed
    response_status INTEGER,
    error           TEXT,
    duration_ms     INTEGER,
    queued_at       INTEGER NOT NULL,
    attempted_at    INTEGER,
    next_attempt_at INTEGER, -- of a pending one, and of a failed one that is tried again
    UNIQUE (webhook_id, event_id, attempt)
) STRICT;

CREATE INDEX webhook_deliveries_time ON webhook_deliveries (webhook_id, queued_at, id);
