-- Files that came along with an objection or a report of misuse. None is ever changed or
-- taken away; the bytes are kept apart, by their SHA-256.
CREATE TABLE attachments (
    id          TEXT NOT NULL PRIMARY KEY,
    programme   TEXT NOT NULL,
    objection   TEXT NOT NULL, -- '': it came with a report of misuse
    misuse      TEXT NOT NULL, -- '': it came with an objection
    name        TEXT NOT NULL CHECK (name <> ''),
    kind        TEXT NOT NULL CHECK (kind IN ('pdf', 'jpg', 'png', 'docx', 'xlsx')),
    size        BIGINT NOT NULL CHECK (size > 0),
    sha256      TEXT NOT NULL,
    arrived_at  BIGINT NOT NULL,
    CHECK ((objection = '') <> (misuse = ''))
);
CREATE UNIQUE INDEX attachments_once ON attachments (objection, misuse, sha256);
CREATE INDEX attachments_misuse ON attachments (misuse, arrived_at, id);
CREATE INDEX attachments_bytes ON attachments (sha256);
