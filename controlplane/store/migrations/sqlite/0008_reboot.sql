-- reboots_json: the renewal that each node had whose process gives way to another one, by incarnation.
ALTER TABLE operation ADD COLUMN reboots_json TEXT NOT NULL DEFAULT '{}';
ALTER TABLE operation ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;
