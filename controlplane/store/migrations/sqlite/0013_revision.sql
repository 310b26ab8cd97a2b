-- What made the definition that the cluster has.
ALTER TABLE cluster ADD COLUMN origin_cause TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE cluster ADD COLUMN origin_operation TEXT NOT NULL DEFAULT '';
ALTER TABLE cluster ADD COLUMN origin_restored INTEGER NOT NULL DEFAULT 0;

-- Definitions that clusters had; number: cluster.generation. spec_json: the fields of a definition by name, since the
-- groups that it names may be gone, and since a field that comes later is absent in the rows of before.
CREATE TABLE cluster_revision (
  cluster TEXT NOT NULL REFERENCES cluster (uid) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  time INTEGER NOT NULL,
  origin_cause TEXT NOT NULL,
  origin_operation TEXT NOT NULL,
  origin_restored INTEGER NOT NULL,
  spec_json TEXT NOT NULL,
  pending_json TEXT NOT NULL,
  PRIMARY KEY (cluster, number)
) STRICT, WITHOUT ROWID;

-- The first that is known is the present one.
INSERT INTO cluster_revision
SELECT uid, generation, updated, 'unknown', '', 0,
  json_object(
    'engine', engine,
    'engine_version', engine_version,
    'node_type', node_type,
    'shard_count', shard_count,
    'replicas_per_shard', replicas_per_shard,
    'multi_az', json(iif(multi_az, 'true', 'false')),
    'automatic_failover', json(iif(automatic_failover, 'true', 'false')),
    'preferred_zones', json(preferred_zones_json),
    'subnet_group', subnet_group,
    'security_groups', (
      SELECT json_group_array(security_group)
      FROM (SELECT security_group FROM cluster_security_group WHERE cluster = uid ORDER BY ordinal)),
    'parameter_group', parameter_group,
    'port', port,
    'maintenance_window', maintenance_window,
    'snapshot_window', snapshot_window,
    'snapshot_retention_days', snapshot_retention_days,
    'auto_minor_version_upgrade', json(iif(auto_minor_version_upgrade, 'true', 'false')),
    'description', description,
    'deletion_protection', json(iif(deletion_protection, 'true', 'false')),
    'frozen', json(iif(frozen, 'true', 'false')),
    'tags', json(tags_json)),
  pending_json
FROM cluster;
