-- Where an endpoint leads as soon as the agent of the former primary says so, while that hands over; epoch 0: nothing.
ALTER TABLE endpoint ADD COLUMN armed_ip TEXT NOT NULL DEFAULT '';
ALTER TABLE endpoint ADD COLUMN armed_port INTEGER NOT NULL DEFAULT 0;
ALTER TABLE endpoint ADD COLUMN armed_epoch INTEGER NOT NULL DEFAULT 0;
