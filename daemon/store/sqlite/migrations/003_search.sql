-- What questions are answered from: a narrow row for each alert, written in the transaction that
-- writes the alert. Times are nanoseconds; addresses 16 bytes; lists a line each after a line feed.
CREATE TABLE search_rules (
    rule       INTEGER PRIMARY KEY,
    rule_id    TEXT NOT NULL,
    name       TEXT NOT NULL,
    ruleset    TEXT NOT NULL,
    category   TEXT NOT NULL,
    techniques TEXT NOT NULL,
    UNIQUE (rule_id, name, ruleset, category, techniques)
) STRICT;

CREATE TABLE search (
    sequence         INTEGER PRIMARY KEY REFERENCES alerts (sequence),
    first_seen       INTEGER NOT NULL,
    rule             INTEGER NOT NULL,
    severity         INTEGER NOT NULL,
    last_seen        INTEGER NOT NULL,
    events           INTEGER NOT NULL,
    exercise         INTEGER NOT NULL,
    source_port      INTEGER NOT NULL,  -- -1: none
    destination_port INTEGER NOT NULL,
    state            TEXT NOT NULL,
    tlp              TEXT NOT NULL,
    agencies         TEXT NOT NULL,
    source_ip        BLOB NOT NULL,
    destination_ip   BLOB NOT NULL,
    account          TEXT NOT NULL,
    host             TEXT NOT NULL,
    sensor           TEXT NOT NULL,
    area             TEXT NOT NULL,
    tps              TEXT NOT NULL,
    entity           TEXT NOT NULL,
    reason           TEXT NOT NULL,
    assignee         TEXT NOT NULL,
    case_id          TEXT NOT NULL,
    suppressed       TEXT NOT NULL,
    file_path        TEXT NOT NULL,
    file_hash        TEXT NOT NULL,
    url              TEXT NOT NULL,
    related_ip       BLOB NOT NULL,
    related_user     TEXT NOT NULL,
    related_hosts    TEXT NOT NULL,
    related_hash     TEXT NOT NULL
) STRICT;
CREATE INDEX search_by_rule ON search (rule);
CREATE INDEX search_by_severity ON search (severity);
CREATE INDEX search_by_state ON search (state) WHERE state <> 'new';
CREATE INDEX search_by_reason ON search (reason) WHERE reason <> '';
CREATE INDEX search_by_assignee ON search (lower(assignee)) WHERE assignee <> '';
CREATE INDEX search_by_case ON search (lower(case_id)) WHERE case_id <> '';
CREATE INDEX search_by_suppressed ON search (lower(suppressed)) WHERE suppressed <> '';

-- Triage writes its columns of alerts; they are found at once.
CREATE TRIGGER search_follows_triage
AFTER UPDATE OF state, reason, assignee, case_id, suppressed ON alerts
WHEN old.state <> new.state OR old.reason <> new.reason OR old.assignee <> new.assignee
     OR old.case_id <> new.case_id OR old.suppressed <> new.suppressed
BEGIN
    UPDATE search
    SET state = new.state, reason = new.reason, assignee = new.assignee,
        case_id = new.case_id, suppressed = new.suppressed
    WHERE sequence = new.sequence;
END;

-- Words in order, a blank around each: what a word or a phrase is compared with. `keys` are words
-- such as user=root, for looking up equality.
CREATE TABLE search_words (
    sequence INTEGER PRIMARY KEY REFERENCES alerts (sequence),
    message  TEXT NOT NULL,
    words    TEXT NOT NULL,
    keys     TEXT NOT NULL
) STRICT;
-- Which alerts have a word. It holds no text and no positions; search_words has them.
CREATE VIRTUAL TABLE search_index USING fts5 (
    words, content = '', detail = none, columnsize = 0,
    tokenize = "ascii tokenchars '.-_:@='"
);

CREATE TABLE search_addresses (
    address BLOB NOT NULL,
    alert   INTEGER NOT NULL,
    PRIMARY KEY (address, alert)
) STRICT, WITHOUT ROWID;

-- Five minutes of first_seen each: between which sequences they lie, and how many alerts of each
-- rule and severity began in them.
CREATE TABLE search_spans (
    span    INTEGER PRIMARY KEY,
    lowest  INTEGER NOT NULL,
    highest INTEGER NOT NULL
) STRICT;
CREATE TABLE search_tallies (
    span     INTEGER NOT NULL,
    rule     INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    alerts   INTEGER NOT NULL,
    PRIMARY KEY (span, rule, severity)
) STRICT, WITHOUT ROWID;

CREATE TABLE saved_searches (
    name    TEXT PRIMARY KEY,
    owner   TEXT NOT NULL,
    query   TEXT NOT NULL,
    updated INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Ways into the history that search replaces.
DROP INDEX alerts_by_rule;
DROP INDEX alerts_by_ruleset;
DROP INDEX alerts_high;
DROP INDEX alerts_critical;
DROP TABLE alert_agencies;
