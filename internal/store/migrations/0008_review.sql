-- Who has an interest in which organisation, as they declared it: they neither
-- work on its applications nor see them. The key is made of account and
-- organisation.
CREATE TABLE interests (
    id           TEXT NOT NULL PRIMARY KEY,
    account      TEXT NOT NULL,
    organisation TEXT NOT NULL,
    reason       TEXT NOT NULL CHECK (reason <> ''),
    declared_at  BIGINT NOT NULL
);
CREATE INDEX interests_account ON interests (account, organisation);
CREATE INDEX interests_organisation ON interests (organisation, account);

-- The office's examination of applications, one each.
CREATE TABLE reviews (
    id               TEXT NOT NULL PRIMARY KEY,
    programme        TEXT NOT NULL,
    round            TEXT NOT NULL,
    application      TEXT NOT NULL UNIQUE,
    organisation     TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('open', 'drafted', 'confirmed', 'ended')),
    reviewer         TEXT NOT NULL,
    due_on           TEXT NOT NULL,
    provisional      BOOLEAN NOT NULL,
    calendar_version TEXT NOT NULL,
    findings         TEXT NOT NULL,
    recommendation   TEXT NOT NULL CHECK (recommendation IN ('', 'recommend', 'not_recommend', 'doubtful')),
    opinion          TEXT NOT NULL,
    remark           TEXT NOT NULL,
    returned         BIGINT NOT NULL CHECK (returned >= 0),
    confirmer        TEXT NOT NULL,
    opened_at        BIGINT NOT NULL,
    drafted_at       BIGINT NOT NULL,
    ended_at         BIGINT NOT NULL,
    version          BIGINT NOT NULL,
    CHECK (state <> 'confirmed' OR (recommendation <> '' AND opinion <> '' AND confirmer <> ''))
);
CREATE INDEX reviews_due ON reviews (due_on, id);
CREATE INDEX reviews_round ON reviews (round, due_on, id);
CREATE INDEX reviews_state ON reviews (state, due_on, id);
CREATE INDEX reviews_reviewer ON reviews (reviewer, state);
