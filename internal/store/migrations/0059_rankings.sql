-- Votes that tell apart what a meeting carried beyond its places (差额表决), as JSON.
ALTER TABLE meetings ADD COLUMN rankings TEXT NOT NULL DEFAULT '';
