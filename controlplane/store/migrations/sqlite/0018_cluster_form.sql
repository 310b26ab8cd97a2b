-- What a cluster is to callers: "replication-group", or "cache-cluster", one node on its own.
ALTER TABLE cluster ADD COLUMN form TEXT NOT NULL DEFAULT 'replication-group';
