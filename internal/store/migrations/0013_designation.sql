-- Titles. naming and round are empty for one imported from before the system.
-- year is that of the naming document, for the public list.
CREATE TABLE designations (
    id           TEXT NOT NULL PRIMARY KEY,
    programme    TEXT NOT NULL,
    round        TEXT NOT NULL,
    application  TEXT NOT NULL,
    organisation TEXT NOT NULL,
    naming       TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('valid', 'rectifying', 'expired', 'revoked', 'returned', 'dissolved', 'succeeded', 'abolished')),
    number       TEXT NOT NULL CHECK (number <> ''),
    name         TEXT NOT NULL CHECK (name <> ''),
    category     TEXT NOT NULL,
    named_on     TEXT NOT NULL CHECK (named_on <> ''),
    valid_from   TEXT NOT NULL,
    valid_to     TEXT NOT NULL,
    recheck_due  TEXT NOT NULL,
    successor    TEXT NOT NULL,
    predecessor  TEXT NOT NULL,
    ended_on     TEXT NOT NULL,
    reason       TEXT NOT NULL,
    note         TEXT NOT NULL,
    renewals     TEXT NOT NULL,
    history      TEXT NOT NULL,
    changed_at   BIGINT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE INDEX designations_list ON designations (named_on, number, id);
CREATE INDEX designations_organisation ON designations (organisation, named_on);
CREATE INDEX designations_round ON designations (round, number);
CREATE INDEX designations_naming ON designations (naming, number);
CREATE INDEX designations_programme ON designations (programme, state);
CREATE INDEX designations_expiry ON designations (state, valid_to);
CREATE INDEX designations_recheck ON designations (state, recheck_due);
-- A number is given once in a programme, and an application is named once,
-- whatever two offices do at once.
CREATE UNIQUE INDEX designations_number ON designations (programme, number);
CREATE UNIQUE INDEX designations_application ON designations (application) WHERE application <> '';
