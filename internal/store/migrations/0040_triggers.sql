-- What opened a recheck: empty for one of the title's term, event for something that
-- happened to its holder.
ALTER TABLE rechecks ADD COLUMN origin TEXT NOT NULL DEFAULT '' CHECK (origin IN ('', 'event'));

-- Facts about holders that ask for a recheck. fact says which fact it is.
CREATE TABLE triggers (
    id           TEXT NOT NULL PRIMARY KEY,
    programme    TEXT NOT NULL,
    designation  TEXT NOT NULL REFERENCES designations (id),
    organisation TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('raised', 'answered', 'lapsed')),
    kind         TEXT NOT NULL CHECK (kind <> ''),
    fact         TEXT NOT NULL CHECK (fact <> ''),
    say          TEXT NOT NULL,
    happened_on  TEXT NOT NULL,
    raised_at    BIGINT NOT NULL,
    recheck      TEXT NOT NULL,
    ended_at     BIGINT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE INDEX triggers_state ON triggers (state, raised_at, id);
CREATE INDEX triggers_recheck ON triggers (recheck, raised_at);
-- A fact is raised for a title once, whatever two nodes do at once.
CREATE UNIQUE INDEX triggers_once ON triggers (designation, fact);

-- The clock looks every minute for holders that are no more.
CREATE INDEX organisations_state ON organisations (state);
