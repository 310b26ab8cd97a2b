-- Of an update to newer patch levels: the newest that a node was to get, and whether somebody asked for it.
ALTER TABLE operation ADD COLUMN update_to TEXT NOT NULL DEFAULT '';
ALTER TABLE operation ADD COLUMN by_call INTEGER NOT NULL DEFAULT 0;
-- The newest of one cluster are looked at often, and all that ever were are kept.
CREATE INDEX operation_of_target ON operation (target, created, id);
