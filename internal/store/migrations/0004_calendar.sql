-- Arrangements of days off that were imported beside those the program is
-- shipped with. They are never changed or removed; later ones override.
CREATE TABLE arrangements (
    id          TEXT NOT NULL PRIMARY KEY,
    sequence    BIGINT NOT NULL UNIQUE,
    year        BIGINT NOT NULL,
    document    TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    imported_by TEXT NOT NULL
);
