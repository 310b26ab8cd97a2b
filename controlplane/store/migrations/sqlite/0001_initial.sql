-- The first schema. STRICT makes SQLite hold columns to their types as PostgreSQL does. Times are milliseconds since
-- 1970; columns named *_json are lists that no statement looks into.

-- Numbers that only rise, and survive the removal of the rows they were given to.
CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;
INSERT INTO counter (name, value) VALUES ('event', 0), ('endpoint_map', 0);

CREATE TABLE subnet (
  name TEXT PRIMARY KEY,
  zone TEXT NOT NULL,
  cidr TEXT NOT NULL
) STRICT;

CREATE TABLE subnet_group (
  name TEXT PRIMARY KEY,
  description TEXT NOT NULL
) STRICT;

CREATE TABLE subnet_group_subnet (
  subnet_group TEXT NOT NULL REFERENCES subnet_group (name) ON DELETE CASCADE,
  subnet TEXT NOT NULL REFERENCES subnet (name),
  PRIMARY KEY (subnet_group, subnet)
) STRICT;
CREATE INDEX subnet_group_subnet_by_subnet ON subnet_group_subnet (subnet);

CREATE TABLE security_group (
  name TEXT PRIMARY KEY,
  description TEXT NOT NULL,
  ingress_json TEXT NOT NULL
) STRICT;

CREATE TABLE cluster (
  uid TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  engine TEXT NOT NULL,
  engine_version TEXT NOT NULL,
  node_type TEXT NOT NULL,
  shard_count INTEGER NOT NULL,
  replicas_per_shard INTEGER NOT NULL,
  multi_az INTEGER NOT NULL,
  automatic_failover INTEGER NOT NULL,
  preferred_zones_json TEXT NOT NULL,
  subnet_group TEXT NOT NULL REFERENCES subnet_group (name),
  parameter_group TEXT NOT NULL,
  port INTEGER NOT NULL,
  maintenance_window TEXT NOT NULL,
  snapshot_window TEXT NOT NULL,
  snapshot_retention_days INTEGER NOT NULL,
  auto_minor_version_upgrade INTEGER NOT NULL,
  description TEXT NOT NULL,
  deletion_protection INTEGER NOT NULL,
  tags_json TEXT NOT NULL,
  generation INTEGER NOT NULL,
  status TEXT NOT NULL,
  status_reason TEXT NOT NULL,
  operation TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
) STRICT;
CREATE INDEX cluster_by_subnet_group ON cluster (subnet_group);

CREATE TABLE cluster_security_group (
  cluster TEXT NOT NULL REFERENCES cluster (uid) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  security_group TEXT NOT NULL REFERENCES security_group (name),
  PRIMARY KEY (cluster, ordinal)
) STRICT;
CREATE INDEX cluster_security_group_by_security_group ON cluster_security_group (security_group);

CREATE TABLE shard (
  cluster TEXT NOT NULL REFERENCES cluster (uid) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  attached INTEGER NOT NULL,
  PRIMARY KEY (cluster, ordinal)
) STRICT;

-- A node's address is in the table address.
CREATE TABLE node (
  incarnation TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  cluster TEXT NOT NULL REFERENCES cluster (uid) ON DELETE CASCADE,
  shard INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  agent TEXT NOT NULL,
  zone TEXT NOT NULL,
  port INTEGER NOT NULL,
  role TEXT NOT NULL,
  boot INTEGER NOT NULL,
  intent TEXT NOT NULL,
  image_version TEXT NOT NULL,
  memory_bytes INTEGER NOT NULL
) STRICT;
-- While an old incarnation is still being erased, the node already runs elsewhere under its name.
CREATE UNIQUE INDEX node_running_name ON node (name) WHERE intent = 'run';
CREATE INDEX node_by_cluster ON node (cluster);
CREATE INDEX node_by_agent ON node (agent);

CREATE TABLE endpoint (
  cluster TEXT NOT NULL REFERENCES cluster (uid) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  port INTEGER NOT NULL,
  version INTEGER NOT NULL,
  targets_json TEXT NOT NULL,
  PRIMARY KEY (cluster, kind)
) STRICT;

-- Every address that is given away, and to whom: one table, so that no node and no endpoint can ever share one.
CREATE TABLE address (
  ip TEXT PRIMARY KEY,
  subnet TEXT NOT NULL REFERENCES subnet (name),
  node TEXT UNIQUE REFERENCES node (incarnation) ON DELETE CASCADE,
  endpoint_cluster TEXT,
  endpoint_kind TEXT,
  FOREIGN KEY (endpoint_cluster, endpoint_kind) REFERENCES endpoint (cluster, kind) ON DELETE CASCADE,
  UNIQUE (endpoint_cluster, endpoint_kind),
  CHECK ((node IS NULL) <> (endpoint_cluster IS NULL)),
  CHECK ((endpoint_cluster IS NULL) = (endpoint_kind IS NULL))
) STRICT;
CREATE INDEX address_by_subnet ON address (subnet);

CREATE TABLE operation (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  cluster TEXT NOT NULL,
  target TEXT NOT NULL,
  status TEXT NOT NULL,
  percent INTEGER NOT NULL,
  steps_json TEXT NOT NULL,
  reason TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created INTEGER NOT NULL,
  ended INTEGER
) STRICT;
CREATE INDEX operation_newest ON operation (created, id);

CREATE TABLE event (
  sequence INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  source_type TEXT NOT NULL,
  source TEXT NOT NULL,
  message TEXT NOT NULL,
  severity TEXT NOT NULL,
  cluster TEXT NOT NULL
) STRICT;
CREATE INDEX event_by_time ON event (time);
CREATE INDEX event_by_cluster ON event (cluster, sequence);

CREATE TABLE remembered_request (
  request_id TEXT PRIMARY KEY,
  method TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  cluster TEXT NOT NULL,
  operation TEXT NOT NULL,
  time INTEGER NOT NULL
) STRICT;
CREATE INDEX remembered_request_by_time ON remembered_request (time);

CREATE TABLE host (
  agent TEXT PRIMARY KEY,
  zone TEXT NOT NULL,
  memory_bytes INTEGER NOT NULL,
  images_json TEXT NOT NULL,
  version TEXT NOT NULL,
  last_heard INTEGER NOT NULL
) STRICT;
