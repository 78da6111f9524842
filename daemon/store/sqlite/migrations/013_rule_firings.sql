-- How many alerts each rule has raised since the database began, and when the newest was first seen
-- (UTC nanoseconds): which rules are silent. Alerts that are deleted later stay counted.
CREATE TABLE rule_firings (
    rule_id TEXT PRIMARY KEY,
    alerts INTEGER NOT NULL,
    newest INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO rule_firings SELECT rule_id, count(*), max(first_seen) FROM alerts GROUP BY rule_id;
CREATE TRIGGER alerts_count_firings AFTER INSERT ON alerts BEGIN
    INSERT INTO rule_firings VALUES (new.rule_id, 1, new.first_seen)
        ON CONFLICT (rule_id) DO UPDATE SET alerts = alerts + 1, newest = max(newest, excluded.newest);
END;
