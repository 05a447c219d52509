-- Visits of the clock to the public address of a publicity.
CREATE TABLE probes (
    id        TEXT NOT NULL PRIMARY KEY,
    publicity TEXT NOT NULL REFERENCES publicities (id),
    url       TEXT NOT NULL,
    at        BIGINT NOT NULL,
    reached   BOOLEAN NOT NULL,
    status    BIGINT NOT NULL,
    digest    TEXT NOT NULL,
    took      BIGINT NOT NULL CHECK (took >= 0),
    say       TEXT NOT NULL
);
CREATE INDEX probes_publicity ON probes (publicity, at, id);
