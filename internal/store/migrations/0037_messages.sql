-- What people are told: one row a person. account is empty when it is for who objected.
CREATE TABLE messages (
    id           TEXT NOT NULL PRIMARY KEY,
    programme    TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind <> ''),
    chapter      TEXT NOT NULL,
    thing        TEXT NOT NULL,
    url          TEXT NOT NULL,
    account      TEXT NOT NULL,
    role         TEXT NOT NULL,
    organisation TEXT NOT NULL,
    subject      TEXT NOT NULL,
    body         TEXT NOT NULL,
    made_at      BIGINT NOT NULL,
    read_at      BIGINT NOT NULL,
    letter       TEXT NOT NULL
);
CREATE INDEX messages_inbox ON messages (account, role, organisation, made_at, id);
CREATE INDEX messages_unread ON messages (account, role, organisation, read_at);

-- The outbox: what is to be sent, to whom and by which way, and how it went. due is when
-- it may be taken next, or when the lease of who took it ends; 0 when it is over.
CREATE TABLE deliveries (
    id        TEXT NOT NULL PRIMARY KEY,
    programme TEXT NOT NULL,
    channel   TEXT NOT NULL CHECK (channel IN ('mail', 'webhook', 'wecom', 'dingtalk')),
    account   TEXT NOT NULL,
    objection TEXT NOT NULL,
    hook      TEXT NOT NULL,
    messages  TEXT NOT NULL,
    kind      TEXT NOT NULL,
    chapter   TEXT NOT NULL,
    thing     TEXT NOT NULL,
    url       TEXT NOT NULL,
    made_at   BIGINT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'failed', 'sent', 'given_up', 'dropped')),
    tries     BIGINT NOT NULL CHECK (tries >= 0),
    due       BIGINT NOT NULL,
    say       TEXT NOT NULL,
    ended_at  BIGINT NOT NULL,
    version   BIGINT NOT NULL
);
CREATE INDEX deliveries_due ON deliveries (due, id);
CREATE INDEX deliveries_log ON deliveries (programme, made_at, id);
CREATE INDEX deliveries_all ON deliveries (made_at, id);

-- Where and how a person is written to.
CREATE TABLE mailboxes (
    account    TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
    address    TEXT NOT NULL,
    wanted     TEXT NOT NULL,
    code       TEXT NOT NULL,
    asked_at   BIGINT NOT NULL,
    mode       TEXT NOT NULL CHECK (mode IN ('each', 'daily', 'insite')),
    quiet      TEXT NOT NULL,
    remind_on  TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    version    BIGINT NOT NULL
);
CREATE INDEX mailboxes_remind ON mailboxes (remind_on, account);

-- Programs and robots that a programme tells of what happens.
CREATE TABLE webhooks (
    id        TEXT NOT NULL PRIMARY KEY,
    programme TEXT NOT NULL,
    name      TEXT NOT NULL CHECK (name <> ''),
    channel   TEXT NOT NULL CHECK (channel IN ('webhook', 'wecom', 'dingtalk')),
    address   TEXT NOT NULL,
    secret    TEXT NOT NULL,
    kinds     TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('on', 'off')),
    made_at   BIGINT NOT NULL,
    version   BIGINT NOT NULL
);
CREATE INDEX webhooks_programme ON webhooks (programme, id);
