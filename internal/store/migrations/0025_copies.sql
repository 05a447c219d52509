-- Copies of files for those who judge them, without what the files say of their authors,
-- places and machines. Their bytes are kept apart as the files' are.
CREATE TABLE copies (
    file        TEXT NOT NULL PRIMARY KEY REFERENCES files (id),
    application TEXT NOT NULL REFERENCES applications (id),
    outcome     TEXT NOT NULL CHECK (outcome IN ('made', 'failed')),
    sha256      TEXT NOT NULL, -- '': there is none
    size        BIGINT NOT NULL
);
CREATE INDEX copies_application ON copies (application);
CREATE INDEX copies_bytes ON copies (sha256);
