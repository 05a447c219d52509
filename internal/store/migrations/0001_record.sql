-- The record's entries. ticket counts in the order of writing and stands in the
-- leaf; position is the place in the tree, given after the commit, and hashes are
-- those that the entry completed there.
CREATE TABLE entries (
    ticket    BIGINT NOT NULL PRIMARY KEY,
    position  BIGINT UNIQUE,
    hashes    TEXT NOT NULL,
    at        BIGINT NOT NULL,
    programme TEXT NOT NULL,
    act       TEXT NOT NULL,
    thing     TEXT NOT NULL,
    by_id     TEXT NOT NULL,
    salt      TEXT NOT NULL,
    leaf      TEXT NOT NULL,
    seals     TEXT NOT NULL
);
CREATE INDEX entries_thing ON entries (thing, ticket);
CREATE INDEX entries_programme ON entries (programme, ticket);
CREATE INDEX entries_waiting ON entries (ticket) WHERE position IS NULL;
