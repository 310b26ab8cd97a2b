-- Whether an operator lets nodes be on the host: "open", "cordoned" or "draining".
ALTER TABLE host ADD COLUMN admission TEXT NOT NULL DEFAULT 'open';
