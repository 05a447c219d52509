-- Credentials, with what each says before it is signed, and the public keys that sign
-- them. An entry of a status list is given once, a title has one credential that
-- stands, and one key signs.
CREATE TABLE signing_keys (
    id           TEXT NOT NULL PRIMARY KEY,
    base         TEXT NOT NULL,
    public       TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('signing', 'retired')),
    since        BIGINT NOT NULL,
    retired_at   BIGINT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE UNIQUE INDEX signing_keys_one ON signing_keys (state) WHERE state = 'signing';

CREATE TABLE credentials (
    id           TEXT NOT NULL PRIMARY KEY,
    programme    TEXT NOT NULL,
    designation  TEXT NOT NULL REFERENCES designations (id),
    organisation TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('issued', 'replaced', 'revoked', 'expired')),
    copy         BIGINT NOT NULL CHECK (copy > 0),
    holder       TEXT NOT NULL CHECK (holder <> ''),
    code         TEXT NOT NULL CHECK (code <> ''),
    valid_from   TEXT NOT NULL,
    valid_to     TEXT NOT NULL,
    key          TEXT NOT NULL REFERENCES signing_keys (id),
    list         BIGINT NOT NULL CHECK (list > 0),
    place        BIGINT NOT NULL CHECK (place >= 0 AND place < 131072),
    body         TEXT NOT NULL CHECK (body <> ''),
    digest       TEXT NOT NULL CHECK (digest <> ''),
    issued_at    BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (designation, copy),
    UNIQUE (list, place)
);
CREATE UNIQUE INDEX credentials_standing ON credentials (designation) WHERE state = 'issued';
CREATE INDEX credentials_list ON credentials (list, state);
