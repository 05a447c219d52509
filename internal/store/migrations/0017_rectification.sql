-- Orders to put things right. The items with their answers and marks are JSON.
CREATE TABLE rectifications (
    id               TEXT NOT NULL PRIMARY KEY,
    programme        TEXT NOT NULL,
    designation      TEXT NOT NULL REFERENCES designations (id),
    organisation     TEXT NOT NULL,
    recheck          TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('ordered', 'running', 'reported', 'verified', 'passed', 'failed', 'ended')),
    terms            TEXT NOT NULL,
    items            TEXT NOT NULL,
    assessors        TEXT NOT NULL,
    ordered_at       BIGINT NOT NULL,
    served_on        TEXT NOT NULL,
    due              BIGINT NOT NULL,
    due_on           TEXT NOT NULL,
    provisional      BOOLEAN NOT NULL,
    calendar_version TEXT NOT NULL,
    extensions       TEXT NOT NULL,
    reported_at      BIGINT NOT NULL,
    method           TEXT NOT NULL CHECK (method IN ('', 'site', 'desk')),
    evident          BOOLEAN NOT NULL,
    opinion          TEXT NOT NULL,
    verified_by      TEXT NOT NULL,
    verified_at      BIGINT NOT NULL,
    decision         TEXT NOT NULL,
    reason           TEXT NOT NULL,
    concluded_at     BIGINT NOT NULL,
    version          BIGINT NOT NULL
);
CREATE INDEX rectifications_list ON rectifications (ordered_at, id);
CREATE INDEX rectifications_due ON rectifications (state, due);
CREATE INDEX rectifications_designation ON rectifications (designation, ordered_at);
CREATE INDEX rectifications_organisation ON rectifications (organisation, ordered_at);
-- One open order a title, and one order a recheck.
CREATE UNIQUE INDEX rectifications_open ON rectifications (designation) WHERE state IN ('ordered', 'running', 'reported', 'verified');
CREATE UNIQUE INDEX rectifications_recheck ON rectifications (recheck) WHERE recheck <> '';
