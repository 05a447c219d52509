-- Rounds and their calls. A round that is drafted has programme_version 0.
CREATE TABLE rounds (
    id                TEXT NOT NULL PRIMARY KEY,
    programme         TEXT NOT NULL,
    programme_version BIGINT NOT NULL CHECK (programme_version >= 0),
    year              BIGINT NOT NULL,
    special           BOOLEAN NOT NULL,
    reason            TEXT NOT NULL,
    title             TEXT NOT NULL CHECK (title <> ''),
    doc_number        TEXT NOT NULL,
    addressees        TEXT NOT NULL,
    dated_on          TEXT NOT NULL,
    issued_on         TEXT NOT NULL,
    published_at      BIGINT NOT NULL,
    deadline_date     TEXT NOT NULL,
    deadline_time     TEXT NOT NULL,
    rest_day          TEXT NOT NULL CHECK (rest_day IN ('', 'strict', 'roll_forward')),
    deadline          BIGINT NOT NULL,
    last_day          TEXT NOT NULL,
    calendar_version  TEXT NOT NULL,
    quota             TEXT NOT NULL,
    contact           TEXT NOT NULL,
    acknowledged      TEXT NOT NULL,
    extensions        TEXT NOT NULL,
    state             TEXT NOT NULL CHECK (state IN ('drafted', 'open', 'closed', 'concluded', 'cancelled')),
    prepared_by       TEXT NOT NULL,
    published_by      TEXT NOT NULL,
    end_reason        TEXT NOT NULL,
    version           BIGINT NOT NULL
);
CREATE INDEX rounds_year ON rounds (year, id);
CREATE INDEX rounds_programme ON rounds (programme, year);
CREATE INDEX rounds_due ON rounds (state, deadline);
-- One regular round a programme and year (S13), whatever two offices do at once.
CREATE UNIQUE INDEX rounds_regular ON rounds (programme, year) WHERE NOT special AND state IN ('open', 'closed', 'concluded');
