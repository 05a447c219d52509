-- Meetings of the committee. The roster is that of the day, as JSON: a meeting
-- and its seats are one thing.
CREATE TABLE meetings (
    id            TEXT NOT NULL PRIMARY KEY,
    programme     TEXT NOT NULL,
    round         TEXT NOT NULL,
    title         TEXT NOT NULL CHECK (title <> ''),
    at            BIGINT NOT NULL,
    place         TEXT NOT NULL,
    roster        TEXT NOT NULL,
    presiding     TEXT NOT NULL,
    rules         TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('convened', 'sitting', 'closed', 'adjourned', 'cancelled')),
    circulated_on TEXT NOT NULL,
    opened_at     BIGINT NOT NULL,
    ended_at      BIGINT NOT NULL,
    notes         TEXT NOT NULL,
    reason        TEXT NOT NULL,
    version       BIGINT NOT NULL
);
CREATE INDEX meetings_at ON meetings (at, id);
CREATE INDEX meetings_state ON meetings (state, at);

-- What the committee decides, item by item.
CREATE TABLE items (
    id             TEXT NOT NULL PRIMARY KEY,
    meeting        TEXT NOT NULL REFERENCES meetings (id),
    programme      TEXT NOT NULL,
    round          TEXT NOT NULL,
    organisation   TEXT NOT NULL,
    subject_kind   TEXT NOT NULL,
    subject_id     TEXT NOT NULL,
    position       BIGINT NOT NULL,
    title          TEXT NOT NULL CHECK (title <> ''),
    category       TEXT NOT NULL,
    recommendation TEXT NOT NULL,
    opinion        TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('listed', 'voting', 'counting', 'carried', 'lost', 'deferred', 'withdrawn')),
    ballot         BIGINT NOT NULL CHECK (ballot >= 0),
    recusals       TEXT NOT NULL,
    written        TEXT NOT NULL,
    votes_cast     BIGINT NOT NULL CHECK (votes_cast >= 0),
    counts         TEXT NOT NULL,
    tally          TEXT NOT NULL,
    base           TEXT NOT NULL,
    ayes           TEXT NOT NULL,
    reason         TEXT NOT NULL,
    listed_at      BIGINT NOT NULL,
    opened_at      BIGINT NOT NULL,
    closed_at      BIGINT NOT NULL,
    decided_at     BIGINT NOT NULL,
    version        BIGINT NOT NULL
);
CREATE INDEX items_meeting ON items (meeting, position);
CREATE INDEX items_subject ON items (subject_id, subject_kind, listed_at);
CREATE INDEX items_round ON items (round, listed_at);
-- One vote at a time in a meeting, whatever two chairs do at once.
CREATE UNIQUE INDEX items_voting ON items (meeting) WHERE state = 'voting';

-- Who voted what in a named ballot. A row is written once and never changed;
-- the key is made of item, ballot and account, so that nobody votes twice.
CREATE TABLE votes (
    id      TEXT NOT NULL PRIMARY KEY,
    item    TEXT NOT NULL REFERENCES items (id),
    ballot  BIGINT NOT NULL,
    account TEXT NOT NULL,
    choice  TEXT NOT NULL CHECK (choice IN ('aye', 'no', 'abstain')),
    at      BIGINT NOT NULL,
    UNIQUE (item, ballot, account)
);
