-- Programmes: how each stands, and every version of its file, as it was loaded.
CREATE TABLE programmes (
    name     TEXT NOT NULL PRIMARY KEY,
    state    TEXT NOT NULL CHECK (state IN ('active', 'suspended', 'merged', 'abolished')),
    current  BIGINT NOT NULL CHECK (current > 0),
    merged   TEXT NOT NULL,
    document TEXT NOT NULL,
    reason   TEXT NOT NULL,
    since    BIGINT NOT NULL,
    version  BIGINT NOT NULL
);
-- The key is name@number, so that a number is loaded once.
CREATE TABLE programme_versions (
    id        TEXT NOT NULL PRIMARY KEY,
    programme TEXT NOT NULL REFERENCES programmes (name),
    number    BIGINT NOT NULL CHECK (number > 0),
    file      TEXT NOT NULL,
    digest    TEXT NOT NULL,
    loaded_at BIGINT NOT NULL,
    loaded_by TEXT NOT NULL
);
CREATE INDEX programme_versions_programme ON programme_versions (programme, number);
