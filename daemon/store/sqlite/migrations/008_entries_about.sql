-- Which entries of the history are about an alert, so that proving one needs no look at the others.
CREATE TABLE alert_entries (
    alert INTEGER NOT NULL REFERENCES alerts (sequence),
    entry INTEGER NOT NULL,  -- its sequence
    PRIMARY KEY (alert, entry)
) STRICT, WITHOUT ROWID;
CREATE TEMP VIEW valid_entries AS
    SELECT sequence, CASE WHEN json_valid(entry) THEN entry ELSE '{}' END AS entry FROM main.entries;
INSERT OR IGNORE INTO alert_entries
    SELECT a.sequence, e.sequence
    FROM valid_entries AS e CROSS JOIN alerts AS a
    WHERE a.id = coalesce(json_extract(e.entry, '$.alert'),
                          substr(json_extract(e.entry, '$.object'), length('alert:') + 1));
INSERT OR IGNORE INTO alert_entries
    SELECT a.sequence, e.sequence
    FROM valid_entries AS e CROSS JOIN json_each(e.entry, '$.updated') AS one CROSS JOIN alerts AS a
    WHERE a.id = one.key;
DROP VIEW valid_entries;

-- Words are gathered in memory until they are worth a segment, and segments are merged less often.
INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 16777216);
INSERT INTO search_index (search_index, rank) VALUES ('automerge', 8);
