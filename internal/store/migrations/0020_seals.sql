-- What every row was sealed with when it was last written: the salt, which keeps
-- the digest in the record from being guessed, and the digest. They go with the row.
CREATE TABLE seals (
    name   TEXT NOT NULL,
    key    TEXT NOT NULL,
    salt   TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (name, key)
);
CREATE INDEX seals_digest ON seals (digest);

-- The head of the record's tree, signed, and what verifies the signature. There is
-- one row, with id 1.
CREATE TABLE heads (
    id         BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    verifier   TEXT NOT NULL,
    size       BIGINT NOT NULL,
    checkpoint TEXT NOT NULL
);
