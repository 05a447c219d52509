-- A number may be a signed document's other than a naming's. SQLite does not change a
-- check: the table is made anew, with the same lines.
CREATE TABLE numbers_anew (
    id       TEXT NOT NULL PRIMARY KEY,
    word     TEXT NOT NULL CHECK (word <> ''),
    year     BIGINT NOT NULL,
    seq      BIGINT NOT NULL CHECK (seq > 0),
    used_for TEXT NOT NULL CHECK (used_for IN ('naming', 'document', 'outside')),
    thing    TEXT NOT NULL,
    title    TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('taken', 'void')),
    why      TEXT NOT NULL,
    by_id    TEXT NOT NULL,
    at       BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    UNIQUE (word, year, seq)
);
INSERT INTO numbers_anew (id, word, year, seq, used_for, thing, title, state, why, by_id, at, version)
    SELECT id, word, year, seq, used_for, thing, title, state, why, by_id, at, version FROM numbers;
DROP TABLE numbers;
ALTER TABLE numbers_anew RENAME TO numbers;
