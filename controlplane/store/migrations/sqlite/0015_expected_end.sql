-- When a running operation is expected to end.
ALTER TABLE operation ADD COLUMN expected_end INTEGER;
