-- Proceedings to withdraw a title.
CREATE TABLE revocations (
    id               TEXT NOT NULL PRIMARY KEY,
    programme        TEXT NOT NULL,
    designation      TEXT NOT NULL REFERENCES designations (id),
    organisation     TEXT NOT NULL,
    rectification    TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('proposed', 'notified', 'heard', 'revoked', 'kept', 'appealed', 'reinstated', 'final', 'ended')),
    ground           TEXT NOT NULL CHECK (ground IN ('rectification', 'untrue', 'ineligible')),
    facts            TEXT NOT NULL CHECK (facts <> ''),
    proposed_at      BIGINT NOT NULL,
    proposed_by      TEXT NOT NULL,
    notified_on      TEXT NOT NULL,
    hearing_ends     BIGINT NOT NULL,
    hearing_last     TEXT NOT NULL,
    provisional      BOOLEAN NOT NULL,
    calendar_version TEXT NOT NULL,
    statement        TEXT NOT NULL,
    heard_at         BIGINT NOT NULL,
    decision         TEXT NOT NULL,
    reason           TEXT NOT NULL,
    decided_on       TEXT NOT NULL,
    appeal_ends      BIGINT NOT NULL,
    appeal_last      TEXT NOT NULL,
    appeal           TEXT NOT NULL,
    appealed_at      BIGINT NOT NULL,
    appeal_item      TEXT NOT NULL,
    appeal_reason    TEXT NOT NULL,
    barred_until     TEXT NOT NULL,
    closed_at        BIGINT NOT NULL,
    version          BIGINT NOT NULL
);
CREATE INDEX revocations_list ON revocations (proposed_at, id);
CREATE INDEX revocations_hearing ON revocations (state, hearing_ends);
CREATE INDEX revocations_appeal ON revocations (state, appeal_ends);
CREATE INDEX revocations_designation ON revocations (designation, proposed_at);
CREATE INDEX revocations_organisation ON revocations (organisation, proposed_at);
-- One open proceeding a title, and one for a rectification that failed.
CREATE UNIQUE INDEX revocations_open ON revocations (designation) WHERE state IN ('proposed', 'notified', 'heard', 'revoked', 'appealed');
CREATE UNIQUE INDEX revocations_rectification ON revocations (rectification) WHERE rectification <> '';
