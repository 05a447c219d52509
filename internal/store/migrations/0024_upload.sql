-- Files on their way in. Their parts are kept apart, by their SHA-256, like files.
CREATE TABLE uploads (
    id           TEXT NOT NULL PRIMARY KEY,
    programme    TEXT NOT NULL,
    organisation TEXT NOT NULL,
    application  TEXT NOT NULL REFERENCES applications (id),
    indicator    TEXT NOT NULL,
    account      TEXT NOT NULL, -- who sends it
    name         TEXT NOT NULL,
    size         BIGINT NOT NULL CHECK (size >= 0),
    modified     BIGINT NOT NULL, -- by its sender's clock, in milliseconds
    parts        TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('coming', 'kept', 'refused')),
    file         TEXT NOT NULL, -- '': not kept
    code         TEXT NOT NULL, -- why it was refused
    say          TEXT NOT NULL,
    started_at   BIGINT NOT NULL,
    expires      BIGINT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE INDEX uploads_application ON uploads (application, started_at, id);
CREATE INDEX uploads_expires ON uploads (expires, id);
