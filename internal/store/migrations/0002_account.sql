-- Accounts, and how people sign in. Grants are a JSON list: an account and its
-- grants are one thing, changed and sealed together.
CREATE TABLE accounts (
    id        TEXT NOT NULL PRIMARY KEY,
    login     TEXT NOT NULL UNIQUE CHECK (login <> ''),
    name      TEXT NOT NULL CHECK (name <> ''),
    password  TEXT NOT NULL,
    grants    TEXT NOT NULL,
    disabled  BOOLEAN NOT NULL,
    failures  BIGINT NOT NULL CHECK (failures >= 0),
    locked_to BIGINT NOT NULL,
    version   BIGINT NOT NULL
);

-- A session keeps no token, only its hash. The secret seals the time of the
-- last request into the cookie, so that a request writes nothing.
CREATE TABLE sessions (
    token    TEXT NOT NULL PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    account  TEXT NOT NULL REFERENCES accounts (id),
    acts_in  TEXT NOT NULL,
    secret   TEXT NOT NULL,
    started  BIGINT NOT NULL
);
CREATE INDEX sessions_account ON sessions (account);
CREATE INDEX sessions_started ON sessions (started);

-- A link that lets one person in once. account is empty in the link of the
-- first start, which creates the administrator.
CREATE TABLE invitations (
    token   TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX invitations_account ON invitations (account);

-- A browser that signed in before. Its wrong passwords count for itself, so
-- that a stranger who locks the account does not lock its owner out.
CREATE TABLE browsers (
    token     TEXT NOT NULL PRIMARY KEY,
    account   TEXT NOT NULL REFERENCES accounts (id),
    failures  BIGINT NOT NULL CHECK (failures >= 0),
    locked_to BIGINT NOT NULL,
    seen      BIGINT NOT NULL,
    version   BIGINT NOT NULL
);
CREATE INDEX browsers_account ON browsers (account);
