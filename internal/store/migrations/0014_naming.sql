-- Namings. The list is frozen in the naming itself, as JSON.
CREATE TABLE namings (
    id          TEXT NOT NULL PRIMARY KEY,
    programme   TEXT NOT NULL,
    round       TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('drafted', 'released', 'issued', 'cancelled')),
    title       TEXT NOT NULL CHECK (title <> ''),
    addressees  TEXT NOT NULL,
    closing     TEXT NOT NULL,
    dated_on    TEXT NOT NULL,
    doc_number  TEXT NOT NULL,
    entries     TEXT NOT NULL,
    prepared_by TEXT NOT NULL,
    releases    TEXT NOT NULL,
    issued_by   TEXT NOT NULL,
    issued_at   BIGINT NOT NULL,
    reason      TEXT NOT NULL,
    version     BIGINT NOT NULL
);
CREATE INDEX namings_list ON namings (issued_at, id);
CREATE INDEX namings_round ON namings (round, id);
CREATE INDEX namings_state ON namings (state, id);
CREATE UNIQUE INDEX namings_number ON namings (doc_number) WHERE doc_number <> '';

-- The register of document numbers. One line a number, whatever two offices do
-- at once; lines are never removed.
CREATE TABLE numbers (
    id       TEXT NOT NULL PRIMARY KEY,
    word     TEXT NOT NULL CHECK (word <> ''),
    year     BIGINT NOT NULL,
    seq      BIGINT NOT NULL CHECK (seq > 0),
    used_for TEXT NOT NULL CHECK (used_for IN ('naming', 'outside')),
    thing    TEXT NOT NULL,
    title    TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('taken', 'void')),
    why      TEXT NOT NULL,
    by_id    TEXT NOT NULL,
    at       BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    UNIQUE (word, year, seq)
);
