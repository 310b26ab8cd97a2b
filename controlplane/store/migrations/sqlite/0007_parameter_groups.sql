-- Values that were set, by parameter. Clusters name their group in cluster.parameter_group; default groups have no row.
CREATE TABLE parameter_group (
  name TEXT PRIMARY KEY,
  family TEXT NOT NULL,
  description TEXT NOT NULL,
  values_json TEXT NOT NULL
) STRICT, WITHOUT ROWID;
