-- What people do with an alert: its place in triage, beside what detection says of it in `json`.
ALTER TABLE alerts ADD COLUMN state TEXT NOT NULL DEFAULT 'new';  -- new, acknowledged, assigned, escalated, closed
ALTER TABLE alerts ADD COLUMN reason TEXT NOT NULL DEFAULT '';    -- of a closed one: true, benign, false, duplicate, exercise
ALTER TABLE alerts ADD COLUMN assignee TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN case_id TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;  -- grows with each act of triage
ALTER TABLE alerts ADD COLUMN suppressed TEXT NOT NULL DEFAULT '';  -- by what; empty: not

-- Entries of the tamper-evident history, canonical JSON; the index of an entry is sequence - 1.
CREATE TABLE entries (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    entry    TEXT NOT NULL
) STRICT;
