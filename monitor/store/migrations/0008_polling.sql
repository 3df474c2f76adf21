-- How often a feed brings news, and why its next poll is when it is.
ALTER TABLE feed ADD COLUMN rhythm TEXT NOT NULL DEFAULT '{}';
ALTER TABLE feed ADD COLUMN next_reason TEXT NOT NULL DEFAULT '';

-- A permanent redirect, until it is believed.
ALTER TABLE feed ADD COLUMN moving TEXT NOT NULL DEFAULT '{}';

-- Which parts of the last document were read.
ALTER TABLE feed ADD COLUMN slices BLOB NOT NULL DEFAULT x'';
