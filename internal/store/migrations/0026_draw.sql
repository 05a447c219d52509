-- Draws of assessors. Pool, parties and what was typed are one thing with their draw,
-- as JSON; the document is kept as it was published. places says who is in which
-- stratum of a programme's pool.
CREATE TABLE draws (
    id        TEXT NOT NULL PRIMARY KEY,
    programme TEXT NOT NULL,
    round     TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('frozen', 'ruled', 'committed', 'revealed', 'concluded', 'failed', 'restarted', 'manual', 'cancelled')),
    attempt   BIGINT NOT NULL CHECK (attempt BETWEEN 1 AND 2),
    earlier   TEXT NOT NULL,
    edition   BIGINT NOT NULL CHECK (edition >= 1),
    pool      TEXT NOT NULL,
    seats     TEXT NOT NULL,
    cases     TEXT NOT NULL,
    rules     TEXT NOT NULL,
    parties   TEXT NOT NULL,
    entered   TEXT NOT NULL,
    document  TEXT NOT NULL,
    reason    TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    ended_at  BIGINT NOT NULL,
    version   BIGINT NOT NULL,
    CHECK (state <> 'concluded' OR document <> '')
);
CREATE INDEX draws_opened ON draws (opened_at, id);
CREATE INDEX draws_round ON draws (round, opened_at, id);
CREATE TABLE places (
    id        TEXT NOT NULL PRIMARY KEY,
    programme TEXT NOT NULL,
    account   TEXT NOT NULL,
    stratum   TEXT NOT NULL,
    placed_at BIGINT NOT NULL
);
CREATE INDEX places_programme ON places (programme, account);
