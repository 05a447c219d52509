-- Applications: one applicant's file in one round. What was first submitted is
-- kept beside what holds after a correction.
CREATE TABLE applications (
    id           TEXT NOT NULL PRIMARY KEY,
    programme    TEXT NOT NULL,
    round        TEXT NOT NULL REFERENCES rounds (id),
    organisation TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'correcting', 'underway', 'selected', 'named', 'not_chosen', 'withdrawn', 'forfeited', 'declined', 'disqualified')),
    stage        TEXT NOT NULL,
    category     TEXT NOT NULL,
    number       TEXT NOT NULL,
    name         TEXT NOT NULL CHECK (name <> ''),
    body         TEXT NOT NULL,
    party_body   TEXT NOT NULL,
    answers      TEXT NOT NULL,
    carried      TEXT NOT NULL,
    committed    BOOLEAN NOT NULL,
    signatory    TEXT NOT NULL,
    started_at   BIGINT NOT NULL,
    saved_at     BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL,
    digest       TEXT NOT NULL,
    submission   TEXT NOT NULL,
    original     TEXT NOT NULL,
    correction   TEXT NOT NULL,
    due          BIGINT NOT NULL, -- of the correction; 0: none
    reason       TEXT NOT NULL,
    history      TEXT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE INDEX applications_round ON applications (round, submitted_at, id);
CREATE INDEX applications_stage ON applications (round, state, stage);
CREATE INDEX applications_order ON applications (submitted_at, id);
CREATE INDEX applications_due ON applications (state, due);
CREATE INDEX applications_organisation ON applications (organisation, started_at, id);
-- One application an organisation and round (S44), whatever two tabs do at once.
CREATE UNIQUE INDEX applications_once ON applications (round, organisation) WHERE state <> 'withdrawn';
CREATE UNIQUE INDEX applications_number ON applications (round, number) WHERE number <> '';
