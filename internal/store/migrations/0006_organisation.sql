-- Organisations. sought holds the code, the old number and every name, as a
-- search compares them; name is the name that holds now.
CREATE TABLE organisations (
    id            TEXT NOT NULL PRIMARY KEY,
    code          TEXT NOT NULL,
    override      TEXT NOT NULL,
    legacy_number TEXT NOT NULL,
    name          TEXT NOT NULL CHECK (name <> ''),
    names         TEXT NOT NULL,
    sought        TEXT NOT NULL,
    kind          TEXT NOT NULL,
    registered_on TEXT NOT NULL,
    registrar     TEXT NOT NULL,
    industry      TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('registered', 'deregistered', 'struck_off', 'merged')),
    ended_on      TEXT NOT NULL,
    successor     TEXT NOT NULL,
    legal_head    TEXT NOT NULL,
    contact       TEXT NOT NULL,
    facts         TEXT NOT NULL,
    declared      BOOLEAN NOT NULL,
    version       BIGINT NOT NULL,
    CHECK (code <> '' OR legacy_number <> '')
);
-- A code is unique for life (facts.md §1.1).
CREATE UNIQUE INDEX organisations_code ON organisations (code) WHERE code <> '';
CREATE INDEX organisations_name ON organisations (name, id);
CREATE INDEX organisations_declared ON organisations (name, id) WHERE declared;

CREATE TABLE party_bodies (
    id              TEXT NOT NULL PRIMARY KEY,
    name            TEXT NOT NULL CHECK (name <> ''),
    form            TEXT NOT NULL,
    founded_on      TEXT NOT NULL,
    superior        TEXT NOT NULL,
    members         BIGINT NOT NULL CHECK (members >= 0),
    functional      BOOLEAN NOT NULL,
    head            TEXT NOT NULL,
    approved_form   TEXT NOT NULL,
    transition_term BIGINT NOT NULL,
    elections       TEXT NOT NULL,
    source          TEXT NOT NULL,
    declared        BOOLEAN NOT NULL,
    version         BIGINT NOT NULL
);

-- Which organisations a Party organisation covers: many to many.
CREATE TABLE party_covers (
    id           TEXT NOT NULL PRIMARY KEY,
    body         TEXT NOT NULL REFERENCES party_bodies (id),
    organisation TEXT NOT NULL REFERENCES organisations (id)
);
CREATE INDEX party_covers_body ON party_covers (body);
CREATE INDEX party_covers_organisation ON party_covers (organisation);

-- What the office found of one rule of eligibility against what was computed.
CREATE TABLE rulings (
    id           TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisations (id),
    programme    TEXT NOT NULL,
    rule         TEXT NOT NULL,
    day          TEXT NOT NULL,
    computed     TEXT NOT NULL,
    why          TEXT NOT NULL,
    verdict      TEXT NOT NULL,
    reason       TEXT NOT NULL,
    account      TEXT NOT NULL,
    at           BIGINT NOT NULL
);
CREATE INDEX rulings_organisation ON rulings (organisation, programme, day);
