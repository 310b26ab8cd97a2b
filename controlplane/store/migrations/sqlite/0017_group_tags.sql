-- Tags, by key.
ALTER TABLE parameter_group ADD COLUMN tags_json TEXT NOT NULL DEFAULT '{}';
ALTER TABLE subnet_group ADD COLUMN tags_json TEXT NOT NULL DEFAULT '{}';
