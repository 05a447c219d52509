-- Rosters: files of lists that the office brings in. content is the file in
-- base64, and goes when the roster is applied or discarded.
CREATE TABLE rosters (
    id       TEXT NOT NULL PRIMARY KEY,
    list     TEXT NOT NULL,
    file     TEXT NOT NULL,
    sha256   TEXT NOT NULL,
    content  TEXT NOT NULL,
    skipped  BOOLEAN NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('uploaded', 'applied', 'discarded')),
    account  TEXT NOT NULL,
    at       BIGINT NOT NULL,
    done_at  BIGINT NOT NULL,
    tally    TEXT NOT NULL,
    remains  TEXT NOT NULL,
    as_of    TEXT NOT NULL,
    title    TEXT NOT NULL,
    version  BIGINT NOT NULL
);
CREATE INDEX rosters_at ON rosters (at, id);
CREATE INDEX rosters_open ON rosters (at) WHERE state = 'uploaded';
-- How a section of what is known of an organisation was before and after an act.
CREATE TABLE fact_changes (
    id           TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisations (id),
    section      TEXT NOT NULL,
    was          TEXT NOT NULL,
    now          TEXT NOT NULL,
    account      TEXT NOT NULL,
    office       BOOLEAN NOT NULL,
    at           BIGINT NOT NULL
);
CREATE INDEX fact_changes_organisation ON fact_changes (organisation, at, id);
-- Organisations that a roster knows by their old number only.
CREATE INDEX organisations_number ON organisations (legacy_number) WHERE code = '';
