-- Objections. Who objected is in another table.
CREATE TABLE objections (
    id           TEXT NOT NULL PRIMARY KEY,
    programme    TEXT NOT NULL,
    publicity    TEXT NOT NULL REFERENCES publicities (id),
    candidate    TEXT NOT NULL REFERENCES candidates (id),
    application  TEXT NOT NULL,
    organisation TEXT NOT NULL,
    name         TEXT NOT NULL,
    number       BIGINT NOT NULL CHECK (number > 0),
    channel      TEXT NOT NULL CHECK (channel IN ('web', 'letter', 'phone', 'visit')),
    anonymous    BOOLEAN NOT NULL,
    body         TEXT NOT NULL,
    arrived_at   BIGINT NOT NULL,
    withdrawn_at BIGINT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('received', 'admitted', 'investigating', 'unfounded', 'founded', 'upheld', 'overruled', 'answered', 'transferred')),
    why          TEXT NOT NULL CHECK (why IN ('', 'late', 'unsigned')),
    admitted_at  BIGINT NOT NULL,
    handler      TEXT NOT NULL,
    answer_due   BIGINT NOT NULL,
    answer_on    TEXT NOT NULL,
    question     TEXT NOT NULL,
    asked_at     BIGINT NOT NULL,
    reply_due    BIGINT NOT NULL,
    reply_on     TEXT NOT NULL,
    reply        TEXT NOT NULL,
    replied_at   BIGINT NOT NULL,
    summary      TEXT NOT NULL,
    finding      TEXT NOT NULL,
    found_at     BIGINT NOT NULL,
    sent         TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    decision     TEXT NOT NULL,
    answer       TEXT NOT NULL,
    answered_at  BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (publicity, number)
);
CREATE INDEX objections_candidate ON objections (candidate, number);
CREATE INDEX objections_organisation ON objections (organisation, arrived_at);
CREATE INDEX objections_application ON objections (application);
CREATE INDEX objections_latest ON objections (arrived_at, id);

-- Who objected: for those who handle the case, and for nobody else. A code is
-- kept as its hash only.
CREATE TABLE objectors (
    objection   TEXT NOT NULL PRIMARY KEY REFERENCES objections (id),
    unit        BOOLEAN NOT NULL,
    name        TEXT NOT NULL,
    contact     TEXT NOT NULL,
    code_hash   TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL UNIQUE
);
