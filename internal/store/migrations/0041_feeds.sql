-- Calendars that people subscribed to, each of what one grant has to do. Only the hash
-- of the token in their address is kept.
CREATE TABLE feeds (
    id      TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    hash    TEXT NOT NULL UNIQUE,
    acts_in TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX feeds_account ON feeds (account);

-- What is old enough to be forgotten, and what one hook was told.
CREATE INDEX messages_old ON messages (read_at, id);
CREATE INDEX deliveries_old ON deliveries (ended_at, id);
CREATE INDEX deliveries_hook ON deliveries (hook, made_at, id);
