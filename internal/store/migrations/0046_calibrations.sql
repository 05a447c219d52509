-- Samples that everybody who assesses marks alone before live visits.
CREATE TABLE calibrations (
    id          TEXT NOT NULL PRIMARY KEY,
    programme   TEXT NOT NULL,
    round       TEXT NOT NULL REFERENCES rounds (id),
    state       TEXT NOT NULL CHECK (state IN ('prepared', 'open', 'withdrawn')),
    title       TEXT NOT NULL CHECK (title <> ''),
    answers     TEXT NOT NULL,
    reference   TEXT NOT NULL,
    prepared_by TEXT NOT NULL,
    prepared_at BIGINT NOT NULL,
    opened_at   BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL,
    reason      TEXT NOT NULL,
    version     BIGINT NOT NULL,
    CHECK (state <> 'withdrawn' OR reason <> '')
);
CREATE INDEX calibrations_round ON calibrations (round, prepared_at, id);
CREATE INDEX calibrations_state ON calibrations (state, prepared_at, id);

-- What an assessor gave to a sample, once. None is ever changed.
CREATE TABLE markings (
    id          TEXT NOT NULL PRIMARY KEY,
    calibration TEXT NOT NULL REFERENCES calibrations (id),
    assessor    TEXT NOT NULL CHECK (assessor <> ''),
    findings    TEXT NOT NULL,
    at          BIGINT NOT NULL
);
CREATE UNIQUE INDEX markings_once ON markings (calibration, assessor);
CREATE INDEX markings_assessor ON markings (assessor);
