-- Stories of holders of titles. Pictures name files of the holder's evidence; they,
-- what a story was drafted from, its writers and the consent are JSON: one thing.
CREATE TABLE stories (
    id           TEXT NOT NULL PRIMARY KEY,
    programme    TEXT NOT NULL,
    designation  TEXT NOT NULL REFERENCES designations (id),
    organisation TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('drafted', 'offered', 'reviewed', 'published', 'withdrawn', 'discarded')),
    title        TEXT NOT NULL,
    text         TEXT NOT NULL,
    pictures     TEXT NOT NULL,
    sources      TEXT NOT NULL,
    writers      TEXT NOT NULL,
    consent      TEXT NOT NULL,
    reviewed_by  TEXT NOT NULL,
    reviewed_at  BIGINT NOT NULL,
    reply        TEXT NOT NULL,
    published_by TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL,
    reason       TEXT NOT NULL,
    drafted_at   BIGINT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE INDEX stories_drafted ON stories (drafted_at, id);
CREATE INDEX stories_programme ON stories (programme, drafted_at, id);
CREATE INDEX stories_organisation ON stories (organisation, drafted_at, id);
CREATE INDEX stories_designation ON stories (designation, drafted_at, id);
CREATE INDEX stories_published ON stories (state, published_at, id);
-- A title has one story on its way to the public at a time, whatever two people begin at once.
CREATE UNIQUE INDEX stories_once ON stories (designation) WHERE state IN ('drafted', 'offered', 'reviewed');
