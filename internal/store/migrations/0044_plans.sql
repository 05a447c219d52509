-- The yearly plan of checks. Its checks, the frozen titles and the draw are JSON: a plan
-- and its checks are one thing.
CREATE TABLE plans (
    id         TEXT NOT NULL PRIMARY KEY,
    programme  TEXT NOT NULL,
    year       BIGINT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('draft', 'frozen', 'drawn', 'approved', 'closed', 'lapsed')),
    sample     TEXT NOT NULL,
    due        TEXT NOT NULL,
    pool       TEXT NOT NULL,
    lot        TEXT NOT NULL,
    drawn      TEXT NOT NULL,
    drafted_by TEXT NOT NULL,
    approved   TEXT NOT NULL,
    drafted_at BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    next_on    TEXT NOT NULL,
    ended_at   BIGINT NOT NULL,
    version    BIGINT NOT NULL
);
-- A programme has one plan a year, whatever two nodes do at once.
CREATE UNIQUE INDEX plans_year ON plans (programme, year);
-- The clock asks every minute which plans it has to do with.
CREATE INDEX plans_next ON plans (next_on);

-- Which plan's sample opened a recheck, how deep it looks, and when somebody was there.
ALTER TABLE rechecks ADD COLUMN plan TEXT NOT NULL DEFAULT '';
ALTER TABLE rechecks ADD COLUMN depth TEXT NOT NULL DEFAULT '' CHECK (depth IN ('', 'light', 'desk', 'site'));
ALTER TABLE rechecks ADD COLUMN visited_on TEXT NOT NULL DEFAULT '';
