-- Changes that wait for what is under way: operations with status "queued", in the order in which their cluster lists
-- them. begun: when the turn came of one that had waited.
ALTER TABLE cluster ADD COLUMN queue_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE operation ADD COLUMN asked_json TEXT NOT NULL DEFAULT '';
ALTER TABLE operation ADD COLUMN begun INTEGER;
