-- A shard of which nothing lives comes back with what a node saved.
ALTER TABLE node ADD COLUMN restore_data TEXT NOT NULL DEFAULT '';
ALTER TABLE node ADD COLUMN restores INTEGER NOT NULL DEFAULT 0;
