-- A count sheet may be of a ranking of a meeting, which is on no one item.
ALTER TABLE countsheets DROP CONSTRAINT countsheets_item_fkey;
ALTER TABLE countsheets DROP CONSTRAINT countsheets_ballot_check;
ALTER TABLE countsheets ADD CONSTRAINT countsheets_ballot_check CHECK (ballot >= 0); -- 0: a ranking
ALTER TABLE countsheets ADD COLUMN ranking BIGINT NOT NULL DEFAULT 0; -- its number in the meeting; 0: a vote on an item
ALTER TABLE countsheets ADD COLUMN points TEXT NOT NULL DEFAULT ''; -- what the ranking gave each candidate
DROP INDEX countsheets_meeting;
CREATE INDEX countsheets_meeting ON countsheets (meeting, item, ranking, uploaded_at, id);
