-- Scans of the sheets on which paper ballots were counted. None is ever changed or taken
-- away; the bytes are kept apart, by their SHA-256.
CREATE TABLE countsheets (
    id          TEXT NOT NULL PRIMARY KEY,
    item        TEXT NOT NULL REFERENCES items (id),
    meeting     TEXT NOT NULL REFERENCES meetings (id),
    programme   TEXT NOT NULL,
    ballot      BIGINT NOT NULL CHECK (ballot > 0), -- which vote on the item
    name        TEXT NOT NULL CHECK (name <> ''),
    kind        TEXT NOT NULL CHECK (kind IN ('pdf', 'jpg', 'png')),
    size        BIGINT NOT NULL CHECK (size > 0),
    sha256      TEXT NOT NULL,
    tally       TEXT NOT NULL, -- the figures that it stands for
    uploaded_by TEXT NOT NULL,
    uploaded_at BIGINT NOT NULL
);
CREATE INDEX countsheets_item ON countsheets (item, uploaded_at, id);
CREATE INDEX countsheets_meeting ON countsheets (meeting, item, uploaded_at, id);
CREATE INDEX countsheets_bytes ON countsheets (sha256);
