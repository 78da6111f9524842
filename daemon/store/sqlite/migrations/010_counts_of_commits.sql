-- A trigger on each new alert made its statement keep a journal of its own. A commit counts what is
-- new in it once, at its end and in the same transaction; what becomes of it there may come first.
DROP TRIGGER open_alerts_new;
DROP TRIGGER open_alerts_changed;
CREATE TRIGGER open_alerts_changed AFTER UPDATE OF severity, state ON alerts
    WHEN NEW.severity <> OLD.severity OR NEW.state <> OLD.state BEGIN
    INSERT INTO open_alerts SELECT OLD.severity, OLD.state, -1 WHERE OLD.state <> 'closed'
        ON CONFLICT DO UPDATE SET alerts = alerts - 1;
    INSERT INTO open_alerts SELECT NEW.severity, NEW.state, 1 WHERE NEW.state <> 'closed'
        ON CONFLICT DO UPDATE SET alerts = alerts + 1;
END;
