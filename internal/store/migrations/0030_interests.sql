-- Why somebody is tied (own, former, kin, other), until when a former post counts,
-- when a tie ended and, where the director lifted it, why.
ALTER TABLE interests ADD COLUMN kind TEXT NOT NULL DEFAULT 'other';
ALTER TABLE interests ADD COLUMN until_on TEXT NOT NULL DEFAULT '';
ALTER TABLE interests ADD COLUMN ended_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE interests ADD COLUMN lifted TEXT NOT NULL DEFAULT '';
CREATE INDEX interests_until ON interests (until_on) WHERE until_on <> '' AND ended_at = 0;

-- The yearly statement of each person who examines, visits or decides.
CREATE TABLE interest_statements (
    id          TEXT NOT NULL PRIMARY KEY,
    account     TEXT NOT NULL UNIQUE,
    state       TEXT NOT NULL CHECK (state IN ('lapsed', 'current')),
    employers   TEXT NOT NULL,
    declared_at BIGINT NOT NULL,
    until_on    TEXT NOT NULL,
    version     BIGINT NOT NULL
);
CREATE INDEX interest_statements_until ON interest_statements (state, until_on);

-- Who is asked whether they are tied: those called like a head.
CREATE INDEX organisations_legal_head ON organisations (legal_head);
CREATE INDEX party_bodies_head ON party_bodies (head);
