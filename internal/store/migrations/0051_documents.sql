-- Official documents as they were signed. Their bytes are kept by their digests; what was
-- signed never changes, and a row is never removed.
CREATE TABLE documents (
    id            TEXT NOT NULL PRIMARY KEY,
    programme     TEXT NOT NULL,
    sort          TEXT NOT NULL CHECK (sort <> ''),
    subject       TEXT NOT NULL CHECK (subject <> ''),
    state         TEXT NOT NULL CHECK (state IN ('signed', 'superseded', 'voided')),
    doc_number    TEXT NOT NULL,
    title         TEXT NOT NULL CHECK (title <> ''),
    name          TEXT NOT NULL CHECK (name <> ''),
    addressee     TEXT NOT NULL,
    dated_on      TEXT NOT NULL,
    pdf_sha256    TEXT NOT NULL CHECK (length(pdf_sha256) = 64),
    pdf_size      BIGINT NOT NULL CHECK (pdf_size > 0),
    docx_sha256   TEXT NOT NULL CHECK (length(docx_sha256) = 64),
    docx_size     BIGINT NOT NULL CHECK (docx_size > 0),
    signed_at     BIGINT NOT NULL,
    signed_by     TEXT NOT NULL,
    signed_as     TEXT NOT NULL,
    supersedes    TEXT NOT NULL,
    superseded_by TEXT NOT NULL,
    reason        TEXT NOT NULL,
    ended_at      BIGINT NOT NULL,
    ended_by      TEXT NOT NULL,
    version       BIGINT NOT NULL,
    CHECK (state = 'signed' OR reason <> '')
);
-- Of a thing one document of a sort is in force, whatever two offices do at once.
CREATE UNIQUE INDEX documents_in_force ON documents (subject, sort) WHERE state = 'signed';
CREATE INDEX documents_latest ON documents (programme, signed_at, id);
CREATE INDEX documents_of ON documents (subject, sort, signed_at, id);
CREATE INDEX documents_number ON documents (doc_number) WHERE doc_number <> '';
CREATE INDEX documents_pdf ON documents (pdf_sha256);
CREATE INDEX documents_docx ON documents (docx_sha256);
