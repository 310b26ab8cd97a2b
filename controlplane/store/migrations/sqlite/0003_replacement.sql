-- Lost hosts' nodes are replaced elsewhere. Before this, replicas followed only a primary of the present epoch.
ALTER TABLE shard ADD COLUMN detached INTEGER NOT NULL DEFAULT 0;
UPDATE shard SET detached = epoch;

ALTER TABLE node ADD COLUMN joined INTEGER NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN joined_at INTEGER NOT NULL DEFAULT 0;

-- What a lost host still has to erase. No references: it outlives its node, and may outlive its cluster.
CREATE TABLE abandoned (
  incarnation TEXT PRIMARY KEY,
  node TEXT NOT NULL,
  agent TEXT NOT NULL,
  ip TEXT NOT NULL,
  port INTEGER NOT NULL
) STRICT;
CREATE INDEX abandoned_by_agent ON abandoned (agent);
