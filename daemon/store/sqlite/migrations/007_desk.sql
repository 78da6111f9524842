-- What the alert desk goes on with after a restart: the count that agencies were last told of, and
-- until when (UTC nanoseconds) an alert stays open that does so longer than the merge window.
ALTER TABLE alerts ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN open_until INTEGER NOT NULL DEFAULT 0;
CREATE INDEX alerts_by_open_until ON alerts (open_until) WHERE open_until > 0;
CREATE INDEX alerts_suppressed ON alerts (rule_id) WHERE suppressed <> '';
