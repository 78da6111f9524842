-- What people did, the cases they opened, what they silenced, and what waits for a second person.
CREATE TABLE actions (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    object   TEXT NOT NULL,  -- alert:ID, case:ID, suppression:ID, approval:ID
    at       INTEGER NOT NULL,
    who      TEXT NOT NULL,
    action   TEXT NOT NULL,
    origin   TEXT NOT NULL,  -- the state before it
    target   TEXT NOT NULL,  -- and after it
    why      TEXT NOT NULL,
    comment  TEXT NOT NULL
) STRICT;
CREATE INDEX actions_by_object ON actions (object);
CREATE INDEX alerts_by_case ON alerts (case_id) WHERE case_id <> '';

CREATE TABLE cases (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id       TEXT NOT NULL UNIQUE,
    open     INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    json     TEXT NOT NULL
) STRICT;
CREATE INDEX cases_open ON cases (sequence) WHERE open = 1;

CREATE TABLE suppressions (
    sequence  INTEGER PRIMARY KEY AUTOINCREMENT,
    id        TEXT NOT NULL UNIQUE,
    rule_id   TEXT NOT NULL,
    entity    TEXT NOT NULL,
    source_ip TEXT NOT NULL,
    reason    TEXT NOT NULL,
    owner     TEXT NOT NULL,
    begins    INTEGER NOT NULL,
    expires   INTEGER NOT NULL
) STRICT;
CREATE INDEX suppressions_by_expiry ON suppressions (expires);

CREATE TABLE approvals (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id       TEXT NOT NULL UNIQUE,
    state    TEXT NOT NULL,
    json     TEXT NOT NULL
) STRICT;
CREATE INDEX approvals_pending ON approvals (sequence) WHERE state = 'pending';

-- Answers to requests with an Idempotency-Key, for a day.
CREATE TABLE kept_answers (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    key      TEXT NOT NULL UNIQUE,
    request  TEXT NOT NULL,  -- its SHA-256
    status   INTEGER NOT NULL,
    body     TEXT NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX kept_answers_by_age ON kept_answers (at);
-- What was sent about an alert, for the timeline of its case.
CREATE INDEX outbox_by_alert ON outbox (alert);
