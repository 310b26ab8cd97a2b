-- Nodes are made of something else one by one. Before this every node was made of what its cluster was.
ALTER TABLE node ADD COLUMN engine TEXT NOT NULL DEFAULT '';
UPDATE node SET engine = (SELECT engine FROM cluster WHERE uid = node.cluster);
ALTER TABLE node ADD COLUMN renewal INTEGER NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN renewed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN renewed_start INTEGER NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN readers_away INTEGER NOT NULL DEFAULT 0;

-- What waits for the maintenance window; empty: nothing.
ALTER TABLE cluster ADD COLUMN pending_json TEXT NOT NULL DEFAULT '';

-- before_json: empty when the operation makes nodes of nothing else.
ALTER TABLE operation ADD COLUMN before_json TEXT NOT NULL DEFAULT '';
ALTER TABLE operation ADD COLUMN before_replicas INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operation ADD COLUMN removals_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE operation ADD COLUMN failure TEXT NOT NULL DEFAULT '';
ALTER TABLE operation ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operation ADD COLUMN retry_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operation ADD COLUMN handover_epoch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operation ADD COLUMN write_pause_us INTEGER NOT NULL DEFAULT 0;
