-- Nothing is done to the cluster's nodes that nobody asked for.
ALTER TABLE cluster ADD COLUMN frozen INTEGER NOT NULL DEFAULT 0;
