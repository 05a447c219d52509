-- Photographs of plaques. None is ever erased; the bytes, which the program drew, are kept
-- apart by their SHA-256. Of a plaque at most one is shown.
CREATE TABLE photographs (
    id           TEXT NOT NULL PRIMARY KEY,
    plaque       TEXT NOT NULL REFERENCES plaques (id),
    programme    TEXT NOT NULL,
    organisation TEXT NOT NULL,
    description  TEXT NOT NULL CHECK (description <> ''),
    size         BIGINT NOT NULL CHECK (size > 0),
    width        BIGINT NOT NULL CHECK (width > 0),
    height       BIGINT NOT NULL CHECK (height > 0),
    sha256       TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('offered', 'shown', 'declined', 'replaced', 'removed')),
    by_holder    BOOLEAN NOT NULL,
    uploaded_by  TEXT NOT NULL,
    uploaded_at  BIGINT NOT NULL,
    shown_at     BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL,
    reason       TEXT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE UNIQUE INDEX photographs_shown ON photographs (plaque) WHERE state = 'shown';
CREATE INDEX photographs_plaque ON photographs (plaque, uploaded_at, id);
CREATE INDEX photographs_state ON photographs (state, uploaded_at, id);
CREATE INDEX photographs_bytes ON photographs (sha256);
