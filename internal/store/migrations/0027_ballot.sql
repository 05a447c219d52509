-- Secret ballots of meetings. A ceremony is the making of a meeting's key by its
-- trustees; nothing in it is secret, shares are encrypted to their owners.
CREATE TABLE ceremonies (
    id        TEXT NOT NULL PRIMARY KEY,
    meeting   TEXT NOT NULL REFERENCES meetings (id),
    programme TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('making', 'ready', 'cancelled')),
    threshold BIGINT NOT NULL CHECK (threshold > 1),
    trustees  TEXT NOT NULL,
    registrar TEXT NOT NULL,
    version   BIGINT NOT NULL
);
-- One key a meeting, but for those given up.
CREATE UNIQUE INDEX ceremonies_meeting ON ceremonies (meeting) WHERE state <> 'cancelled';

-- An election is a set of voters and what they vote on. The pepper ties voters to
-- ballots while voting runs and is empty afterwards.
CREATE TABLE elections (
    id          TEXT NOT NULL PRIMARY KEY,
    meeting     TEXT NOT NULL REFERENCES meetings (id),
    programme   TEXT NOT NULL,
    ceremony    TEXT NOT NULL REFERENCES ceremonies (id),
    state       TEXT NOT NULL CHECK (state IN ('prepared', 'registered', 'voting', 'closed', 'tallied', 'resolved', 'void')),
    rehearsal   BOOLEAN NOT NULL,
    items       TEXT NOT NULL,
    voters      TEXT NOT NULL,
    object      TEXT NOT NULL,
    credentials TEXT NOT NULL,
    ballots     BIGINT NOT NULL CHECK (ballots >= 0),
    voted       BIGINT NOT NULL CHECK (voted >= 0),
    pepper      TEXT NOT NULL CHECK (pepper = '' OR state = 'voting'),
    tally       TEXT NOT NULL,
    size        TEXT NOT NULL,
    parts       TEXT NOT NULL,
    result      TEXT NOT NULL,
    began       BIGINT NOT NULL,
    reason      TEXT NOT NULL,
    version     BIGINT NOT NULL
);
CREATE INDEX elections_meeting ON elections (meeting, began, id);

-- Encrypted ballots, in the order of the archive. They hold the hour, no finer time
-- and no address.
CREATE TABLE ballots (
    id         TEXT NOT NULL PRIMARY KEY,
    election   TEXT NOT NULL REFERENCES elections (id),
    number     BIGINT NOT NULL CHECK (number > 0),
    tracker    TEXT NOT NULL,
    credential TEXT NOT NULL,
    voter      TEXT NOT NULL,
    body       TEXT NOT NULL,
    at         BIGINT NOT NULL,
    UNIQUE (election, number),
    UNIQUE (election, tracker)
);

-- One vote at a time in a meeting; items of one secret ballot are one vote.
DROP INDEX items_voting;
CREATE UNIQUE INDEX items_voting ON items (meeting) WHERE state = 'voting' AND replace(tally, 'secret', '') = tally;
