-- Notes beside places of an application while it is reviewed.
CREATE TABLE notes (
    id         TEXT NOT NULL PRIMARY KEY,
    review     TEXT NOT NULL REFERENCES reviews (id),
    indicator  TEXT NOT NULL,
    file       TEXT NOT NULL,
    page       BIGINT NOT NULL CHECK (page >= 0),
    text       TEXT NOT NULL,
    author     TEXT NOT NULL,
    at         BIGINT NOT NULL,
    settled_by TEXT NOT NULL,
    settled_at BIGINT NOT NULL
);
CREATE INDEX notes_review ON notes (review, at, id);
