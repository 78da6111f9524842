-- How many alerts nobody has closed, kept by the database itself as they come and change.
CREATE TABLE open_alerts (
    severity INTEGER NOT NULL,
    state    TEXT NOT NULL,
    alerts   INTEGER NOT NULL,
    PRIMARY KEY (severity, state)
) STRICT, WITHOUT ROWID;
INSERT INTO open_alerts
    SELECT severity, state, count(*) FROM alerts WHERE state <> 'closed' GROUP BY severity, state;

CREATE TRIGGER open_alerts_new AFTER INSERT ON alerts WHEN NEW.state <> 'closed' BEGIN
    INSERT INTO open_alerts VALUES (NEW.severity, NEW.state, 1)
        ON CONFLICT DO UPDATE SET alerts = alerts + 1;
END;
CREATE TRIGGER open_alerts_changed AFTER UPDATE OF severity, state ON alerts
    WHEN NEW.severity <> OLD.severity OR NEW.state <> OLD.state BEGIN
    UPDATE open_alerts SET alerts = alerts - 1
        WHERE severity = OLD.severity AND state = OLD.state;
    INSERT INTO open_alerts SELECT NEW.severity, NEW.state, 1 WHERE NEW.state <> 'closed'
        ON CONFLICT DO UPDATE SET alerts = alerts + 1;
END;
