-- Who may call the AWS API. role: "viewer", "operator" or "admin". Secrets are derived of the id and never stored.
CREATE TABLE access_key (
  id TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  description TEXT NOT NULL,
  created INTEGER NOT NULL,
  revoked INTEGER
) STRICT, WITHOUT ROWID;
