-- Reports of misuse of a title or a plaque. Who reported is in another table.
CREATE TABLE misuses (
    id           TEXT NOT NULL PRIMARY KEY,
    programme    TEXT NOT NULL,
    designation  TEXT NOT NULL REFERENCES designations (id),
    organisation TEXT NOT NULL,
    name         TEXT NOT NULL,
    code         TEXT NOT NULL,
    year         BIGINT NOT NULL,
    number       BIGINT NOT NULL CHECK (number > 0),
    about        TEXT NOT NULL CHECK (about IN ('forged', 'elsewhere', 'profit', 'ended', 'other')),
    place        TEXT NOT NULL,
    body         TEXT NOT NULL,
    arrived_at   BIGINT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('received', 'investigating', 'founded', 'unfounded', 'referred')),
    handler      TEXT NOT NULL,
    notes        TEXT NOT NULL,
    by_holder    BOOLEAN NOT NULL,
    finding      TEXT NOT NULL,
    referred_to  TEXT NOT NULL,
    answer       TEXT NOT NULL,
    ended_at     BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (programme, year, number)
);
CREATE INDEX misuses_latest ON misuses (arrived_at, id);

-- Who reported: for the handler of the case, and for nobody else. A code is kept as its
-- hash only.
CREATE TABLE misuse_reporters (
    misuse      TEXT NOT NULL PRIMARY KEY REFERENCES misuses (id),
    name        TEXT NOT NULL,
    contact     TEXT NOT NULL,
    code_hash   TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL UNIQUE
);
