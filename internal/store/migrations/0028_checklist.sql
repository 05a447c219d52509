-- Checklists of visits: every edit of a field, none ever changed; and photos that the
-- team takes, whose bytes are files of the visit.
CREATE TABLE edits (
    id       TEXT NOT NULL PRIMARY KEY, -- made on the device
    visit    TEXT NOT NULL REFERENCES visits (id),
    sitting  BIGINT NOT NULL, -- which doing of the visit
    field    TEXT NOT NULL,
    owner    TEXT NOT NULL, -- '': the field is the team's
    replaces TEXT NOT NULL, -- edits that its writer had before their eyes
    value    TEXT NOT NULL,
    device   TEXT NOT NULL,
    writer   TEXT NOT NULL,
    taken_at BIGINT NOT NULL, -- by the clock of the device
    ahead    BIGINT NOT NULL, -- of that clock before ours, in nanoseconds
    at       BIGINT NOT NULL
);
CREATE INDEX edits_visit ON edits (visit, sitting, at, id);

CREATE TABLE photos (
    id       TEXT NOT NULL PRIMARY KEY, -- made on the device
    visit    TEXT NOT NULL REFERENCES visits (id),
    sitting  BIGINT NOT NULL,
    field    TEXT NOT NULL, -- the indicator; '': the place
    file     TEXT NOT NULL REFERENCES files (id),
    sha256   TEXT NOT NULL, -- of the bytes as the device took them
    device   TEXT NOT NULL,
    writer   TEXT NOT NULL,
    taken_at BIGINT NOT NULL,
    ahead    BIGINT NOT NULL,
    at       BIGINT NOT NULL
);
CREATE INDEX photos_visit ON photos (visit, sitting, at, id);

-- The visit at which a file was made; '': its applicant brought it.
ALTER TABLE files ADD COLUMN visit TEXT NOT NULL DEFAULT '';
DROP INDEX files_once;
CREATE UNIQUE INDEX files_once ON files (application, visit, sha256);
