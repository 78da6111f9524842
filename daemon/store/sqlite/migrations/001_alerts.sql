-- Alerts, what each destination still has to get, and how far each source was read.
-- Times are UTC nanoseconds since 1970. Columns beside `json` repeat what is searched for.
CREATE TABLE alerts (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    severity   INTEGER NOT NULL CHECK (severity BETWEEN 0 AND 4),
    ruleset    TEXT NOT NULL,
    rule_id    TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    agencies   TEXT NOT NULL,  -- names, a line each; alert_agencies is the searchable form
    json       TEXT NOT NULL
) STRICT;
-- An index entry ends in the row's sequence, so equality on its column comes in sequence order.
CREATE INDEX alerts_by_rule ON alerts (rule_id);
CREATE INDEX alerts_by_ruleset ON alerts (ruleset);
CREATE INDEX alerts_by_first_seen ON alerts (first_seen);
CREATE INDEX alerts_by_last_seen ON alerts (last_seen);
CREATE INDEX alerts_high ON alerts (sequence) WHERE severity >= 3;
CREATE INDEX alerts_critical ON alerts (sequence) WHERE severity >= 4;

CREATE TABLE alert_agencies (
    agency TEXT NOT NULL,
    alert  INTEGER NOT NULL REFERENCES alerts (sequence),
    PRIMARY KEY (agency, alert)
) STRICT, WITHOUT ROWID;

-- The totals are kept up to date in the same transactions that change the outbox.
CREATE TABLE destinations (
    id             INTEGER PRIMARY KEY,
    name           TEXT NOT NULL UNIQUE,
    delivered      INTEGER NOT NULL DEFAULT 0,
    pending        INTEGER NOT NULL DEFAULT 0,
    dead           INTEGER NOT NULL DEFAULT 0,
    last_delivered INTEGER,
    last_error     TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE outbox (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    destination INTEGER NOT NULL REFERENCES destinations (id),
    alert       INTEGER NOT NULL REFERENCES alerts (sequence),
    state       INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 2),  -- waiting, delivered, dead
    attempts    INTEGER NOT NULL DEFAULT 0,
    created     INTEGER NOT NULL,
    settled     INTEGER,                   -- time of the newest attempt
    detail      TEXT NOT NULL DEFAULT '',  -- the receipt, or why the newest attempt failed
    type        TEXT NOT NULL,
    body        TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_waiting ON outbox (destination) WHERE state = 0;
CREATE INDEX outbox_dead ON outbox (destination) WHERE state = 2;

CREATE TABLE bookmarks (
    source TEXT PRIMARY KEY,
    state  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
