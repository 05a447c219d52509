-- Visits to applicants, one an application. The team is that of the day, as
-- JSON: a visit and its team are one thing. What was said is kept in counts.
CREATE TABLE visits (
    id           TEXT NOT NULL PRIMARY KEY,
    programme    TEXT NOT NULL,
    round        TEXT NOT NULL,
    application  TEXT NOT NULL UNIQUE,
    organisation TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('planned', 'scheduled', 'reported', 'signed', 'waived', 'ended')),
    team         TEXT NOT NULL,
    replaced     TEXT NOT NULL,
    on_day       TEXT NOT NULL,
    at_time      TEXT NOT NULL,
    place        TEXT NOT NULL,
    noticed_on   TEXT NOT NULL,
    answer       TEXT NOT NULL,
    records      TEXT NOT NULL,
    findings     TEXT NOT NULL,
    opinion      TEXT NOT NULL CHECK (opinion IN ('', 'meets', 'partly', 'fails')),
    words        TEXT NOT NULL,
    edition      BIGINT NOT NULL CHECK (edition >= 0),
    signatures   TEXT NOT NULL,
    reason       TEXT NOT NULL,
    opened_at    BIGINT NOT NULL,
    reported_at  BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    CHECK (state <> 'signed' OR (opinion <> '' AND edition > 0)),
    CHECK (state <> 'waived' OR reason <> '')
);
CREATE INDEX visits_opened ON visits (opened_at, id);
CREATE INDEX visits_round ON visits (round, opened_at, id);
CREATE INDEX visits_state ON visits (state, opened_at, id);
CREATE INDEX visits_organisation ON visits (organisation, opened_at);
