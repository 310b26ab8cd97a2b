-- Of a change of where nodes are: their port and subnet group until then; 0 and empty: it is none.
ALTER TABLE operation ADD COLUMN before_port INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operation ADD COLUMN before_subnet_group TEXT NOT NULL DEFAULT '';
