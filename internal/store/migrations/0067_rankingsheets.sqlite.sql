-- A count sheet may be of a ranking of a meeting, which is on no one item. SQLite takes a
-- constraint away only with its table.
CREATE TABLE was_countsheets AS SELECT * FROM countsheets;
DROP TABLE countsheets;
CREATE TABLE countsheets (
    id          TEXT NOT NULL PRIMARY KEY,
    item        TEXT NOT NULL, -- '': it is of a ranking
    meeting     TEXT NOT NULL REFERENCES meetings (id),
    programme   TEXT NOT NULL,
    ballot      BIGINT NOT NULL CHECK (ballot >= 0), -- which vote on the item; 0: a ranking
    name        TEXT NOT NULL CHECK (name <> ''),
    kind        TEXT NOT NULL CHECK (kind IN ('pdf', 'jpg', 'png')),
    size        BIGINT NOT NULL CHECK (size > 0),
    sha256      TEXT NOT NULL,
    tally       TEXT NOT NULL, -- the figures that it stands for
    uploaded_by TEXT NOT NULL,
    uploaded_at BIGINT NOT NULL,
    ranking     BIGINT NOT NULL DEFAULT 0, -- its number in the meeting; 0: a vote on an item
    points      TEXT NOT NULL DEFAULT '' -- what the ranking gave each candidate
);
INSERT INTO countsheets (id, item, meeting, programme, ballot, name, kind, size, sha256, tally, uploaded_by, uploaded_at)
    SELECT id, item, meeting, programme, ballot, name, kind, size, sha256, tally, uploaded_by, uploaded_at FROM was_countsheets;
DROP TABLE was_countsheets;
CREATE INDEX countsheets_item ON countsheets (item, uploaded_at, id);
CREATE INDEX countsheets_meeting ON countsheets (meeting, item, ranking, uploaded_at, id);
CREATE INDEX countsheets_bytes ON countsheets (sha256);
