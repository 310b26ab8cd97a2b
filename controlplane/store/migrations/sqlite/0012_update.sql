-- Of an update to newer patch levels: the version that each node had, by incarnation.
ALTER TABLE operation ADD COLUMN images_before_json TEXT NOT NULL DEFAULT '{}';
