-- Keys by which a person's programs act as that person, in one grant and within
-- scopes. Only the hash of a token is kept.
CREATE TABLE tokens (
    id      TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    name    TEXT NOT NULL CHECK (name <> ''),
    hash    TEXT NOT NULL UNIQUE,
    acts_in TEXT NOT NULL,
    scopes  TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX tokens_account ON tokens (account);
CREATE INDEX tokens_expires ON tokens (expires);

-- What was answered to an act under a key that the asking program chose, so that the
-- same request sent twice acts once, whichever node gets it. key is a hash.
CREATE TABLE answers (
    key     TEXT NOT NULL PRIMARY KEY,
    request TEXT NOT NULL,
    answer  TEXT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX answers_expires ON answers (expires);
