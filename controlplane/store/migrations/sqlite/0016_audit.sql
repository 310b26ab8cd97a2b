-- Calls that were to change something, and what came of them. Rows are added at the end, never change, and go in one way alone: the oldest,
-- while there are more than 100000 of callers who were let in, or more than 10000 of others. place: numbers each of the two from 1.
CREATE TABLE audit_record (
  sequence INTEGER PRIMARY KEY,
  admitted INTEGER NOT NULL,
  place INTEGER NOT NULL,
  time INTEGER NOT NULL,
  caller TEXT NOT NULL,
  caller_name TEXT NOT NULL,
  role TEXT NOT NULL,
  peer TEXT NOT NULL,
  interface TEXT NOT NULL,
  operation TEXT NOT NULL,
  resource_kind TEXT NOT NULL,
  resource TEXT NOT NULL,
  parameters_json TEXT NOT NULL,
  outcome TEXT NOT NULL,
  message TEXT NOT NULL,
  changes_json TEXT NOT NULL,
  request_id TEXT NOT NULL,
  UNIQUE (admitted, place)
) STRICT;
CREATE INDEX audit_record_by_resource ON audit_record (resource, sequence);

CREATE TRIGGER audit_record_never_changes BEFORE UPDATE ON audit_record
BEGIN
  SELECT RAISE(ABORT, 'an audit record never changes');
END;

CREATE TRIGGER audit_record_stays BEFORE DELETE ON audit_record
WHEN OLD.place > (SELECT MAX(place) FROM audit_record WHERE admitted = OLD.admitted) - iif(OLD.admitted, 100000, 10000)
BEGIN
  SELECT RAISE(ABORT, 'an audit record stays');
END;

-- INSERT OR REPLACE would delete without a word.
CREATE TRIGGER audit_record_comes_last BEFORE INSERT ON audit_record
WHEN NEW.sequence <= (SELECT MAX(sequence) FROM audit_record)
  OR NEW.place <= (SELECT MAX(place) FROM audit_record WHERE admitted = NEW.admitted)
BEGIN
  SELECT RAISE(ABORT, 'an audit record comes last');
END;
