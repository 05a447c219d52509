-- Lists that are made public, and the names on them.
CREATE TABLE publicities (
    id               TEXT NOT NULL PRIMARY KEY,
    programme        TEXT NOT NULL,
    round            TEXT NOT NULL,
    about            TEXT NOT NULL CHECK (about IN ('naming', 'revocation')),
    title            TEXT NOT NULL CHECK (title <> ''),
    body             TEXT NOT NULL,
    contact          TEXT NOT NULL,
    place            TEXT NOT NULL,
    days             BIGINT NOT NULL CHECK (days > 0),
    count_first      BOOLEAN NOT NULL,
    real_name        BOOLEAN NOT NULL,
    on_change        TEXT NOT NULL CHECK (on_change IN ('restart', 'extend')),
    answer_days      BIGINT NOT NULL CHECK (answer_days >= 0),
    acknowledged     BOOLEAN NOT NULL,
    published_at     BIGINT NOT NULL,
    posting          TEXT NOT NULL,
    started_at       BIGINT NOT NULL,
    first_day        TEXT NOT NULL,
    last_day         TEXT NOT NULL,
    ends             BIGINT NOT NULL,
    lost             TEXT NOT NULL,
    calendar_version TEXT NOT NULL,
    provisional      BOOLEAN NOT NULL,
    served_at        BIGINT NOT NULL,
    taken_down_at    BIGINT NOT NULL,
    changes          TEXT NOT NULL,
    snapshot         TEXT NOT NULL,
    digest           TEXT NOT NULL,
    objections       BIGINT NOT NULL CHECK (objections >= 0),
    state            TEXT NOT NULL CHECK (state IN ('drafted', 'running', 'served', 'withdrawn', 'cancelled')),
    prepared_by      TEXT NOT NULL,
    reason           TEXT NOT NULL,
    version          BIGINT NOT NULL,
    CHECK (state NOT IN ('running', 'served') OR published_at > 0)
);
CREATE INDEX publicities_due ON publicities (state, ends);
CREATE INDEX publicities_latest ON publicities (published_at, id);
CREATE INDEX publicities_round ON publicities (round);

CREATE TABLE candidates (
    id           TEXT NOT NULL PRIMARY KEY,
    publicity    TEXT NOT NULL REFERENCES publicities (id),
    programme    TEXT NOT NULL,
    round        TEXT NOT NULL,
    application  TEXT NOT NULL,
    organisation TEXT NOT NULL,
    position     BIGINT NOT NULL,
    name         TEXT NOT NULL CHECK (name <> ''),
    party_body   TEXT NOT NULL,
    code         TEXT NOT NULL,
    category     TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('listed', 'cleared', 'upheld', 'removed')),
    reason       TEXT NOT NULL,
    changed_at   BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (publicity, application)
);
CREATE INDEX candidates_publicity ON candidates (publicity, position);
CREATE INDEX candidates_application ON candidates (application);
-- An application stands on one list at a time, whatever two offices do at once.
CREATE UNIQUE INDEX candidates_standing ON candidates (application) WHERE state IN ('listed', 'cleared');
