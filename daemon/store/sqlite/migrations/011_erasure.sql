-- Alerts of which nothing personal is left: nothing is merged into them and nothing sent of them.
ALTER TABLE alerts ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
