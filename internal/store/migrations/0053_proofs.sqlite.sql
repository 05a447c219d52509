-- Files that an organisation uploads as evidence of what it put right belong to the
-- order and to no application: a title may have none. SQLite takes a constraint away
-- only with its table.
PRAGMA defer_foreign_keys = 1;

CREATE TABLE was_previews AS SELECT * FROM previews;
CREATE TABLE was_copies AS SELECT * FROM copies;
CREATE TABLE was_files AS SELECT * FROM files;
DROP TABLE previews;
DROP TABLE copies;
DROP TABLE files;

CREATE TABLE files (
    id            TEXT NOT NULL PRIMARY KEY,
    programme     TEXT NOT NULL,
    round         TEXT NOT NULL,
    organisation  TEXT NOT NULL,
    application   TEXT NOT NULL, -- '': it belongs to an order
    name          TEXT NOT NULL CHECK (name <> ''),
    kind          TEXT NOT NULL CHECK (kind IN ('pdf', 'jpg', 'png', 'docx', 'xlsx')),
    size          BIGINT NOT NULL CHECK (size > 0),
    sha256        TEXT NOT NULL,
    pages         BIGINT NOT NULL, -- 0: nobody knows
    state         TEXT NOT NULL CHECK (state IN ('unscanned', 'waiting', 'clean', 'infected')),
    reading       TEXT NOT NULL CHECK (reading IN ('', 'text', 'picture', 'failed')), -- '': nobody read it yet
    hints         TEXT NOT NULL, -- what its text seems to say of persons
    drawing       TEXT NOT NULL CHECK (drawing IN ('', 'drawn', 'none', 'failed')), -- '': nobody drew it yet
    uploaded_by   TEXT NOT NULL,
    uploaded_at   BIGINT NOT NULL,
    version       BIGINT NOT NULL,
    visit         TEXT NOT NULL DEFAULT '', -- at which it was made; '': its applicant brought it
    rectification TEXT NOT NULL DEFAULT ''  -- the order that it answers
);
INSERT INTO files (id, programme, round, organisation, application, name, kind, size, sha256, pages, state, reading, hints, drawing, uploaded_by, uploaded_at, version, visit)
    SELECT id, programme, round, organisation, application, name, kind, size, sha256, pages, state, reading, hints, drawing, uploaded_by, uploaded_at, version, visit FROM was_files;
CREATE TABLE previews (
    key         TEXT NOT NULL PRIMARY KEY, -- the file and the page
    file        TEXT NOT NULL REFERENCES files (id),
    application TEXT NOT NULL,
    page        BIGINT NOT NULL,
    sha256      TEXT NOT NULL,
    width       BIGINT NOT NULL,
    height      BIGINT NOT NULL
);
INSERT INTO previews SELECT key, file, application, page, sha256, width, height FROM was_previews;
CREATE TABLE copies (
    file        TEXT NOT NULL PRIMARY KEY REFERENCES files (id),
    application TEXT NOT NULL,
    outcome     TEXT NOT NULL CHECK (outcome IN ('made', 'failed')),
    sha256      TEXT NOT NULL, -- '': there is none
    size        BIGINT NOT NULL
);
INSERT INTO copies SELECT file, application, outcome, sha256, size FROM was_copies;
DROP TABLE was_previews;
DROP TABLE was_copies;
DROP TABLE was_files;

CREATE UNIQUE INDEX files_once ON files (application, visit, rectification, sha256);
CREATE INDEX files_bytes ON files (sha256);
CREATE INDEX files_newest ON files (uploaded_at, id);
CREATE INDEX files_state ON files (state, uploaded_at, id);
CREATE INDEX files_reading ON files (reading, uploaded_at, id);
CREATE INDEX files_drawing ON files (drawing, uploaded_at, id);
CREATE INDEX files_rectification ON files (rectification, uploaded_at, id) WHERE rectification <> '';
CREATE INDEX previews_application ON previews (application, file, page);
CREATE INDEX previews_bytes ON previews (sha256);
CREATE INDEX previews_file ON previews (file, page);
CREATE INDEX copies_application ON copies (application);
CREATE INDEX copies_bytes ON copies (sha256);
