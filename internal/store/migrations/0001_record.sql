-- The record. One text for SQLite and PostgreSQL.
CREATE TABLE IF NOT EXISTS entries (
    at     BIGINT NOT NULL,
    by_id  TEXT NOT NULL,
    role   TEXT NOT NULL,
    act    TEXT NOT NULL,
    thing  TEXT NOT NULL,
    was    TEXT NOT NULL,
    became TEXT NOT NULL,
    basis  TEXT NOT NULL
);
