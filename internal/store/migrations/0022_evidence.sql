-- Evidence: what applicants uploaded. The bytes are kept apart, by their SHA-256;
-- a row never names bytes that are not there.
CREATE TABLE files (
    id           TEXT NOT NULL PRIMARY KEY,
    programme    TEXT NOT NULL,
    round        TEXT NOT NULL,
    organisation TEXT NOT NULL,
    application  TEXT NOT NULL REFERENCES applications (id),
    name         TEXT NOT NULL CHECK (name <> ''),
    kind         TEXT NOT NULL CHECK (kind IN ('pdf', 'jpg', 'png', 'docx', 'xlsx')),
    size         BIGINT NOT NULL CHECK (size > 0),
    sha256       TEXT NOT NULL,
    pages        BIGINT NOT NULL, -- 0: nobody knows
    state        TEXT NOT NULL CHECK (state IN ('unscanned', 'waiting', 'clean', 'infected')),
    reading      TEXT NOT NULL CHECK (reading IN ('', 'text', 'picture', 'failed')), -- '': nobody read it yet
    hints        TEXT NOT NULL, -- what its text seems to say of persons
    drawing      TEXT NOT NULL CHECK (drawing IN ('', 'drawn', 'none', 'failed')), -- '': nobody drew it yet
    uploaded_by  TEXT NOT NULL,
    uploaded_at  BIGINT NOT NULL,
    version      BIGINT NOT NULL
);
-- The same bytes are one file of an application, however often they are offered.
CREATE UNIQUE INDEX files_once ON files (application, sha256);
CREATE INDEX files_bytes ON files (sha256);
CREATE INDEX files_newest ON files (uploaded_at, id);
CREATE INDEX files_state ON files (state, uploaded_at, id);
CREATE INDEX files_reading ON files (reading, uploaded_at, id);
CREATE INDEX files_drawing ON files (drawing, uploaded_at, id);

-- The first pages of a file as pictures, which are kept apart as the file is.
CREATE TABLE previews (
    key         TEXT NOT NULL PRIMARY KEY, -- the file and the page
    file        TEXT NOT NULL REFERENCES files (id),
    application TEXT NOT NULL REFERENCES applications (id),
    page        BIGINT NOT NULL,
    sha256      TEXT NOT NULL,
    width       BIGINT NOT NULL,
    height      BIGINT NOT NULL
);
CREATE INDEX previews_application ON previews (application, file, page);
CREATE INDEX previews_bytes ON previews (sha256);

-- What a file says, by page, for searching in it.
CREATE TABLE texts (
    file  TEXT NOT NULL PRIMARY KEY REFERENCES files (id),
    pages TEXT NOT NULL
);

-- Under which indicators a file stands now. What was submitted says so itself.
CREATE TABLE evidence (
    key         TEXT NOT NULL PRIMARY KEY, -- the file and the indicator
    application TEXT NOT NULL REFERENCES applications (id),
    indicator   TEXT NOT NULL,
    file        TEXT NOT NULL REFERENCES files (id),
    at          BIGINT NOT NULL,
    carried     BIGINT NOT NULL -- the year of the round it was carried over from; 0: it was not
);
CREATE INDEX evidence_application ON evidence (application, at, key);
CREATE INDEX evidence_file ON evidence (file);
