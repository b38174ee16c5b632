CREATE TABLE users (
    id          TEXT PRIMARY KEY,
    email       TEXT NOT NULL COLLATE NOCASE UNIQUE,
    first_name  TEXT NOT NULL,
    last_name   TEXT NOT NULL,
    timezone    TEXT NOT NULL,
    external_id TEXT NOT NULL,
    metadata    TEXT,
    addresses   TEXT NOT NULL, -- JSON list: every address that is the user's own
    is_local    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
, said INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE UNIQUE INDEX users_local ON users (is_local) WHERE is_local = 1;
CREATE TABLE api_keys (
    hash       BLOB PRIMARY KEY, -- SHA-256 of the key
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE integrations (
    id             TEXT PRIMARY KEY,
    user_id        TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind           TEXT NOT NULL, -- message, meeting, event or note
    provider       TEXT NOT NULL,
    name           TEXT NOT NULL,
    items          INTEGER NOT NULL DEFAULT 0, -- how many of its items are in sight
    created_at     INTEGER NOT NULL,
    last_synced_at INTEGER, disconnected_at INTEGER, -- when one was last indexed
    UNIQUE (user_id, kind, provider)
) STRICT;
CREATE TABLE conversations (
    id             TEXT PRIMARY KEY,
    user_id        TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    integration_id TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    key            TEXT NOT NULL, -- what makes it one: its name, or the thread it is
    name           TEXT, sync_enabled INTEGER NOT NULL DEFAULT 1, messages INTEGER NOT NULL DEFAULT 0,
    UNIQUE (integration_id, key)
) STRICT;
CREATE TABLE threads (
    id              TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    key             TEXT NOT NULL, -- external_thread_id, or the message's own id
    UNIQUE (conversation_id, key)
) STRICT;
CREATE TABLE items (
    id             TEXT PRIMARY KEY,
    user_id        TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    integration_id TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    kind           TEXT NOT NULL,
    external_id    TEXT,
    status         TEXT NOT NULL, -- queued, indexed or failed; processing is queued with a leased job
    error          TEXT,
    pushed_at      INTEGER NOT NULL,
    indexed_at     INTEGER
) STRICT;
CREATE UNIQUE INDEX items_external ON items (user_id, kind, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX items_open ON items (user_id, integration_id, status) WHERE status <> 'indexed';
CREATE TABLE jobs (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    queue       TEXT NOT NULL,
    lane        TEXT NOT NULL,
    user_id     TEXT REFERENCES users (id) ON DELETE CASCADE,
    attempts    INTEGER NOT NULL DEFAULT 0,
    run_at      INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX jobs_lane ON jobs (queue, lane, seq);
CREATE INDEX jobs_user ON jobs (user_id);
CREATE TABLE job_payloads (
    seq     INTEGER PRIMARY KEY REFERENCES jobs (seq) ON DELETE CASCADE,
    payload BLOB NOT NULL
) STRICT;
CREATE TABLE messages (
    id              TEXT PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
    user_id         TEXT NOT NULL,
    integration_id  TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    thread_id       TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
    sent_at         INTEGER NOT NULL,
    sender_email    TEXT NOT NULL, -- lower case
    sender_domain   TEXT NOT NULL,
    sender_name     TEXT NOT NULL,
    subject         TEXT NOT NULL,
    recipients      TEXT NOT NULL, -- JSON list of {email, name}
    metadata        TEXT,          -- without the quoted text
    quoted_text     TEXT NOT NULL,
    body_text       TEXT NOT NULL
) STRICT;
CREATE INDEX messages_time ON messages (user_id, sent_at, id, sender_domain);
CREATE INDEX messages_thread ON messages (thread_id, sent_at, id);
CREATE INDEX messages_conversation ON messages (conversation_id, sent_at, id);
CREATE INDEX messages_integration ON messages (integration_id, sent_at);
CREATE INDEX messages_sender ON messages (user_id, sender_domain, sent_at, id);
CREATE TABLE meetings (
    id             TEXT PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
    user_id        TEXT NOT NULL,
    integration_id TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    start_at       INTEGER NOT NULL,
    end_at         INTEGER, -- null when unknown
    title          TEXT NOT NULL,
    provider       TEXT NOT NULL,
    attendees      TEXT NOT NULL, -- JSON list of {email, name}
    action_items   TEXT NOT NULL, -- JSON list of {description, assignee}
    metadata       TEXT,
    archived_at    INTEGER,
    short_summary  TEXT NOT NULL,
    summary        TEXT NOT NULL,
    transcript     TEXT NOT NULL
) STRICT;
CREATE INDEX meetings_time ON meetings (user_id, start_at, id);
CREATE INDEX meetings_integration ON meetings (integration_id, start_at);
CREATE TABLE events (
    id             TEXT PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
    user_id        TEXT NOT NULL,
    integration_id TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    start_at       INTEGER NOT NULL,
    end_at         INTEGER NOT NULL,
    all_day        INTEGER NOT NULL,
    title          TEXT NOT NULL,
    location       TEXT NOT NULL,
    attendees      TEXT NOT NULL, -- JSON list of {email, name, status}
    description    TEXT NOT NULL
, was_start_at INTEGER) STRICT;
CREATE INDEX events_time ON events (user_id, start_at, id);
CREATE INDEX events_integration ON events (integration_id, start_at);
CREATE TABLE notes (
    id             TEXT PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
    user_id        TEXT NOT NULL,
    integration_id TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    ref_type       TEXT NOT NULL,
    ref_id         TEXT NOT NULL,
    title          TEXT NOT NULL,
    metadata       TEXT,
    archived_at    INTEGER,
    body           TEXT NOT NULL
) STRICT;
CREATE INDEX notes_time ON notes (user_id, created_at, id);
CREATE INDEX notes_ref ON notes (user_id, ref_type, ref_id);
CREATE INDEX notes_integration ON notes (integration_id, created_at);
CREATE TABLE entities (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    handle        TEXT NOT NULL, -- lower case
    name         TEXT NOT NULL,
    named_at     INTEGER NOT NULL, -- time of the item that gave the name
    entity_type  TEXT NOT NULL,
    last_seen_at INTEGER NOT NULL, same_as INTEGER REFERENCES entities (seq) ON DELETE SET NULL, organization TEXT,
    UNIQUE (user_id, handle)
) STRICT;
CREATE TABLE passages (
    id              INTEGER PRIMARY KEY,
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind            TEXT NOT NULL,
    item_id         TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    seq             INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    domain          TEXT NOT NULL,
    source          TEXT NOT NULL,
    integration_id  TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    thread_id       TEXT NOT NULL,
    title           TEXT NOT NULL,
    people          TEXT NOT NULL,
    body            TEXT NOT NULL,
    UNIQUE (item_id, seq)
) STRICT;
CREATE INDEX passages_time ON passages (user_id, at, id);
CREATE VIRTUAL TABLE passages_fts USING fts5 (
    title, body, people,
    content = 'passages', content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN
    INSERT INTO passages_fts (passages_fts, rowid, title, body, people) VALUES ('delete', old.id, old.title, old.body, old.people);
END;
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
CREATE TABLE goal_commands (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key     TEXT NOT NULL,
    request BLOB NOT NULL, -- SHA-256 of what was asked
    outcome TEXT NOT NULL, -- JSON, as answered
    at      INTEGER NOT NULL,
    PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX goal_commands_time ON goal_commands (at);
CREATE TABLE goal_looks (
    user_id  TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    began_at INTEGER NOT NULL,
    seen     INTEGER NOT NULL, -- goal_events.seq
    shown    INTEGER NOT NULL  -- goal_events.seq
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_queue ON jobs (queue);
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
CREATE TABLE settings (
    id                        INTEGER PRIMARY KEY CHECK (id = 1),
    history_days              INTEGER NOT NULL, -- 0 is no limit
    default_conversation_sync TEXT NOT NULL,    -- all or none
    excluded_domains          TEXT NOT NULL,    -- JSON list, lower case
    updated_at                INTEGER NOT NULL
) STRICT;
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
CREATE INDEX conversations_user ON conversations (user_id, id);
CREATE TABLE calendars (
    id             TEXT PRIMARY KEY,
    user_id        TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    integration_id TEXT NOT NULL UNIQUE REFERENCES integrations (id) ON DELETE CASCADE,
    is_active      INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX calendars_user ON calendars (user_id, id);
CREATE TABLE forgotten (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash    TEXT NOT NULL, -- HMAC-SHA256 of the address, under the salt
    PRIMARY KEY (user_id, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE forgotten_salt (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    salt BLOB NOT NULL
) STRICT;
CREATE INDEX entities_same ON entities (same_as) WHERE same_as IS NOT NULL;
CREATE INDEX entities_organization ON entities (user_id, organization) WHERE organization <> '';
CREATE INDEX entities_own ON entities (user_id) WHERE entity_type = 'user';
CREATE TABLE entity_signs (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    entity INTEGER NOT NULL REFERENCES entities (seq) ON DELETE CASCADE,
    kind   TEXT NOT NULL, -- name or id
    sign   TEXT NOT NULL,
    UNIQUE (entity, kind, sign)
) STRICT;
CREATE TABLE person_decisions (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    same    INTEGER NOT NULL, -- 1: these are one person; 0: these are nobody of the others
    these   TEXT NOT NULL,    -- JSON list of hashes of handles
    others  TEXT NOT NULL,    -- JSON list of hashes of handles
    at      INTEGER NOT NULL
) STRICT;
CREATE TABLE persons_resolved (
    user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    entity  INTEGER NOT NULL, -- entities.seq
    sign    INTEGER NOT NULL, -- entity_signs.seq
    waits   INTEGER           -- items.rowid, where what comes next may vouch for somebody
) STRICT, WITHOUT ROWID;
CREATE TABLE vectors (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which they were made
    passage_id INTEGER NOT NULL UNIQUE REFERENCES passages (id) ON DELETE CASCADE,
    model      TEXT NOT NULL,
    vector     BLOB NOT NULL -- a signed byte for each dimension; empty where the model takes no such text
) STRICT;
CREATE VIRTUAL TABLE passages_words USING fts5vocab (passages_fts, row);
CREATE TRIGGER messages_left AFTER DELETE ON messages BEGIN
    UPDATE conversations SET messages = messages - 1 WHERE id = old.conversation_id;
END;
CREATE TRIGGER messages_moved AFTER UPDATE OF conversation_id ON messages WHEN old.conversation_id <> new.conversation_id BEGIN
    UPDATE conversations SET messages = messages - 1 WHERE id = old.conversation_id;
    UPDATE conversations SET messages = messages + 1 WHERE id = new.conversation_id;
END;
CREATE INDEX entities_persons ON entities (user_id) WHERE same_as IS NULL;
INSERT INTO users VALUES ('user_1','sam@acme.example','Sam','Lee','Europe/Berlin','',NULL,'["sam@acme.example"]',1,1762160000000,1762160000000,0);
INSERT INTO api_keys VALUES (X'00FF','user_1',1762160000000);
INSERT INTO integrations VALUES ('int_mail','user_1','message','email','Pushed: email',1,1762160000000,1762160000000,NULL);
INSERT INTO integrations VALUES ('int_meet','user_1','meeting','meeting','Pushed: meeting',1,1762160000000,1762160000000,NULL);
INSERT INTO integrations VALUES ('int_cal','user_1','event','calendar','Pushed: calendar',1,1762160000000,1762160000000,NULL);
INSERT INTO integrations VALUES ('int_note','user_1','note','note','Pushed: note',1,1762160000000,1762160000000,NULL);
INSERT INTO conversations VALUES ('cnv_1','user_1','int_mail','thread:t',NULL,1,1);
INSERT INTO threads VALUES ('thr_1','cnv_1','t');
INSERT INTO items VALUES ('msg_1','user_1','int_mail','message','a@mail','indexed',NULL,1762160000000,1762160000000);
INSERT INTO items VALUES ('mtg_1','user_1','int_meet','meeting',NULL,'indexed',NULL,1762160000000,1762160000000);
INSERT INTO items VALUES ('evt_1','user_1','int_cal','event',NULL,'indexed',NULL,1762160000000,1762160000000);
INSERT INTO items VALUES ('note_1','user_1','int_note','note',NULL,'indexed',NULL,1762160000000,1762160000000);
INSERT INTO items VALUES ('note_2','user_1','int_note','note',NULL,'queued',NULL,1762160000000,NULL);
INSERT INTO jobs VALUES (1,'ingest','note_2','user_1',0,0,NULL,0);
INSERT INTO jobs VALUES (2,'summaries','mtg_1','user_1',0,0,NULL,0);
INSERT INTO job_payloads VALUES (1,X'7B22626F6479223A227761697473227D');
INSERT INTO job_payloads VALUES (2,X'7B22637574223A747275657D');
INSERT INTO messages VALUES ('msg_1','user_1','int_mail','cnv_1','thr_1',1762160000000,'dana@globex.example','globex.example','Dana','About the renewal','[{"email":"sam@acme.example","name":"Sam"}]','{"x":"y"}','','Can you send the form by Friday?');
INSERT INTO meetings VALUES ('mtg_1','user_1','int_meet',1762160000000,NULL,'Kickoff','zoom','[{"email":"dana@globex.example","name":"Dana"},{"email":"sam@acme.example"}]','[]',NULL,NULL,'','','Dana: We begin.');
INSERT INTO events VALUES ('evt_1','user_1','int_cal',1762160000000,1762163600000,0,'Review','Room 1','[{"email":"dana@globex.example"}]','',NULL);
INSERT INTO notes VALUES ('note_1','user_1','int_note',1762160000000,1762160000000,'entity','ent_dana','On Dana',NULL,NULL,'Likes tea.');
INSERT INTO entities VALUES (1,'ent_dana','user_1','dana@globex.example','Dana',1762160000000,'person',1762160000000,NULL,NULL);
INSERT INTO entities VALUES (2,'ent_sam','user_1','sam@acme.example','Sam',1762160000000,'user',1762160000000,NULL,NULL);
INSERT INTO passages VALUES (1,'user_1','message','msg_1',0,1762160000000,'globex.example','email','int_mail','cnv_1','thr_1','About the renewal','Dana dana@globex.example','Can you send the form by Friday?');
INSERT INTO passages VALUES (2,'user_1','meeting','mtg_1',0,1762160000000,'','meeting','int_meet','','','Kickoff','Dana','Dana: We begin.');
INSERT INTO goals VALUES ('gol_1','user_1','Renew Globex','','','','{"keywords":["renewal"]}',NULL,'active',1,'on_track',NULL,NULL,NULL,'snp_1',1762160000000,1762160000000,1762160000000,1793696000000);
INSERT INTO goal_snapshots VALUES ('snp_1','gol_1',1762160000000,X'01','{"id":"snp_1","goal_id":"gol_1","lifecycle":"active","health":"on_track","summary":"Dana asks for the form.","cited_evidence_refs":[{"type":"message","id":"msg_1","snippet":"Can you send the form by Friday?"}],"risk_signals":[],"next_actions":[],"confidence":0.5,"suggested_lifecycle":null,"next_move":null,"created_at":"2025-11-03T08:53:20Z"}');
INSERT INTO goal_runs VALUES (1,'run_1','gol_1',2,0,'completed',NULL,1762160000000,1762160000000);
INSERT INTO goal_events VALUES (1,'gev_1','user_1','gol_1','goals.created',1762160000000,'{"goal_id":"gol_1"}','');
INSERT INTO goal_commands VALUES ('user_1','key',X'02','{}',1762160000000);
INSERT INTO goal_looks VALUES ('user_1',1762160000000,0,1);
INSERT INTO webhooks VALUES ('whe_1','https://hooks.example/a','Ours','["*"]',1,NULL,NULL,NULL,'whsec_AAAA',NULL,NULL,1762160000000,1762160000000);
INSERT INTO webhook_deliveries VALUES ('whd_1','whe_1','gev_1','goals.created',1,'succeeded',200,NULL,12,1762160000000,1762160000000,NULL);
INSERT INTO settings VALUES (1,365,'all','["bank.example"]',1762160000000);
INSERT INTO connects VALUES ('cns_1',X'03','user_1','email','',1762160000000,1762764800000,'connected','','','{}','{"messages":1,"imported":1,"left_out":0,"failed":0}',1762160000000);
INSERT INTO participants VALUES (1,'event',1762160000000,'evt_1','attendee',1);
INSERT INTO participants VALUES (1,'meeting',1762160000000,'mtg_1','attendee',2);
INSERT INTO participants VALUES (1,'message',1762160000000,'msg_1','sender',2);
INSERT INTO participants VALUES (2,'meeting',1762160000000,'mtg_1','attendee',2);
INSERT INTO participants VALUES (2,'message',1762160000000,'msg_1','recipient',2);
INSERT INTO calendars VALUES ('cal_cal','user_1','int_cal',1);
INSERT INTO forgotten VALUES ('user_1','04');
INSERT INTO forgotten_salt VALUES (1,X'05');
INSERT INTO entity_signs VALUES (1,1,'name','Dana');
INSERT INTO entity_signs VALUES (2,2,'name','Sam');
INSERT INTO person_decisions VALUES (1,'user_1',1,'["06","07"]','[]',1762160000000);
INSERT INTO persons_resolved VALUES ('user_1',1,1,NULL);
INSERT INTO vectors VALUES (1,1,'small',X'0102');
INSERT INTO passages_fts (passages_fts) VALUES ('rebuild');
PRAGMA user_version = 15;
PRAGMA application_id = 1635021942;
