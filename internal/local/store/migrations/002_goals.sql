-- Watched outcomes. What evaluation found last is kept beside the goal, so that
-- lists read no snapshot.
CREATE TABLE goals (
    id                   TEXT PRIMARY KEY,
    user_id              TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title                TEXT NOT NULL,
    description          TEXT NOT NULL,
    success_criteria     TEXT NOT NULL,
    completion_condition TEXT NOT NULL,
    scope                TEXT NOT NULL, -- JSON, as on the wire
    deadline             INTEGER,
    lifecycle            TEXT NOT NULL,
    lifecycle_version    INTEGER NOT NULL,
    health               TEXT NOT NULL,
    override             TEXT, -- JSON: what evaluation said when a human said otherwise
    acknowledgment       TEXT, -- JSON: that silence is expected
    next_move            TEXT, -- JSON, as on the wire
    snapshot_id          TEXT, -- of the last evaluation
    created_at           INTEGER NOT NULL,
    updated_at           INTEGER NOT NULL,
    last_evaluated_at    INTEGER,
    next_look_at         INTEGER -- when the outcome may change by itself
) STRICT;

CREATE INDEX goals_user ON goals (user_id, created_at, id);
CREATE INDEX goals_due ON goals (next_look_at) WHERE lifecycle = 'active';

CREATE TABLE goal_snapshots (
    id         TEXT PRIMARY KEY,
    goal_id    TEXT NOT NULL REFERENCES goals (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    finding    BLOB NOT NULL, -- hash of what it says apart from its time
    snapshot   TEXT NOT NULL  -- JSON, as on the wire
) STRICT;

CREATE INDEX goal_snapshots_time ON goal_snapshots (goal_id, created_at, id);

-- Evaluations that were asked for or fell due. One job may serve several.
CREATE TABLE goal_runs (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL UNIQUE,
    goal_id     TEXT NOT NULL REFERENCES goals (id) ON DELETE CASCADE,
    job         INTEGER NOT NULL, -- jobs.seq, also after the job is done
    asked       INTEGER NOT NULL, -- by the user, which is limited
    status      TEXT NOT NULL, -- queued, completed or failed; running is queued with a leased job
    error       TEXT,
    queued_at   INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;

CREATE INDEX goal_runs_goal ON goal_runs (goal_id, seq);
CREATE INDEX goal_runs_job ON goal_runs (job) WHERE status = 'queued';

-- What happened, in the order in which it was committed.
CREATE TABLE goal_events (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    id      TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    goal_id TEXT NOT NULL REFERENCES goals (id) ON DELETE CASCADE,
    type    TEXT NOT NULL,
    at      INTEGER NOT NULL,
    data    TEXT NOT NULL, -- JSON object: ids and values, no content
    reason  TEXT NOT NULL  -- a human's, for a command that needs one
) STRICT;

CREATE INDEX goal_events_user ON goal_events (user_id, seq);
CREATE INDEX goal_events_goal ON goal_events (goal_id, seq);

-- Outcomes of commands by idempotency key (P-08).
CREATE TABLE goal_commands (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key     TEXT NOT NULL,
    request BLOB NOT NULL, -- SHA-256 of what was asked
    outcome TEXT NOT NULL, -- JSON, as answered
    at      INTEGER NOT NULL,
    PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX goal_commands_time ON goal_commands (at);

-- How far a user has seen goal events, before and since the look at the list
-- that began last.
CREATE TABLE goal_looks (
    user_id  TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    began_at INTEGER NOT NULL,
    seen     INTEGER NOT NULL, -- goal_events.seq
    shown    INTEGER NOT NULL  -- goal_events.seq
) STRICT, WITHOUT ROWID;
