-- Rechecks of titles. Who looks and what they found are JSON: a recheck and its
-- findings are one thing.
CREATE TABLE rechecks (
    id               TEXT NOT NULL PRIMARY KEY,
    programme        TEXT NOT NULL,
    designation      TEXT NOT NULL REFERENCES designations (id),
    organisation     TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('due', 'underway', 'reported', 'passed', 'slipped', 'ended')),
    due_on           TEXT NOT NULL CHECK (due_on <> ''),
    expires_on       TEXT NOT NULL,
    standard_version BIGINT NOT NULL CHECK (standard_version >= 0),
    naming_version   BIGINT NOT NULL CHECK (naming_version >= 0),
    assessors        TEXT NOT NULL,
    self_report      TEXT NOT NULL,
    self_reported_at BIGINT NOT NULL,
    findings         TEXT NOT NULL,
    opinion          TEXT NOT NULL,
    reported_by      TEXT NOT NULL,
    decision         TEXT NOT NULL,
    reason           TEXT NOT NULL,
    opened_at        BIGINT NOT NULL,
    begun_at         BIGINT NOT NULL,
    reported_at      BIGINT NOT NULL,
    concluded_at     BIGINT NOT NULL,
    version          BIGINT NOT NULL
);
CREATE INDEX rechecks_due ON rechecks (due_on, id);
CREATE INDEX rechecks_state ON rechecks (state, due_on);
CREATE INDEX rechecks_designation ON rechecks (designation, opened_at);
CREATE INDEX rechecks_organisation ON rechecks (organisation, due_on);
-- The clock opens the recheck of a day once, whatever two nodes do at once.
CREATE UNIQUE INDEX rechecks_once ON rechecks (designation, due_on);
