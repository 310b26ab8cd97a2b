-- What a cluster is to callers: "replication-group", or "cache-cluster", one node on its own.
ALTER TABLE cluster ADD COLUMN form TEXT NOT NULL DEFAULT 'replication-group';
-- The number that the engine's version was asked for by, if not its own: "7.1" for Redis 7.0.
ALTER TABLE cluster ADD COLUMN engine_version_alias TEXT NOT NULL DEFAULT '';
