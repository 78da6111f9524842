-- The outbox gets lanes, messages of no alert (heartbeats), and a time from which a message's age counts,
-- so that one which is queued again is not dead at once. SQLite cannot take a NOT NULL away: a new table.
CREATE TABLE outbox_with_lanes (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    destination INTEGER NOT NULL REFERENCES destinations (id),
    alert       INTEGER REFERENCES alerts (sequence),  -- NULL: a heartbeat
    lane        INTEGER NOT NULL DEFAULT 1 CHECK (lane BETWEEN 0 AND 2),   -- critical, usual, heartbeat
    state       INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 2),  -- waiting, delivered, dead
    attempts    INTEGER NOT NULL DEFAULT 0,
    created     INTEGER NOT NULL,          -- when it was committed
    queued      INTEGER NOT NULL,          -- when it was last put in the queue
    settled     INTEGER,                   -- time of the newest attempt
    detail      TEXT NOT NULL DEFAULT '',  -- the receipt, or why the newest attempt failed
    type        TEXT NOT NULL,
    body        TEXT NOT NULL
) STRICT;
INSERT INTO outbox_with_lanes (sequence, destination, alert, state, attempts, created, queued, settled,
                               detail, type, body)
    SELECT sequence, destination, alert, state, attempts, created, created, settled, detail, type, body
    FROM outbox ORDER BY sequence;
DROP TABLE outbox;
ALTER TABLE outbox_with_lanes RENAME TO outbox;
CREATE INDEX outbox_waiting ON outbox (destination, lane) WHERE state = 0;
CREATE INDEX outbox_dead ON outbox (destination) WHERE state = 2;
