-- Plaques. The code is what anybody verifies; it is never given twice.
CREATE TABLE plaques (
    id           TEXT NOT NULL PRIMARY KEY,
    programme    TEXT NOT NULL,
    designation  TEXT NOT NULL REFERENCES designations (id),
    organisation TEXT NOT NULL,
    number       TEXT NOT NULL CHECK (number <> ''),
    code         TEXT NOT NULL UNIQUE CHECK (code <> ''),
    text         TEXT NOT NULL,
    size         TEXT NOT NULL,
    material     TEXT NOT NULL,
    copy         BIGINT NOT NULL CHECK (copy > 0),
    replaces     TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('ordered', 'handed_over', 'lost', 'replaced', 'recalled', 'returned', 'cancelled')),
    ordered_on   TEXT NOT NULL,
    handed_on    TEXT NOT NULL,
    receiver     TEXT NOT NULL,
    lost_on      TEXT NOT NULL,
    recalled_on  TEXT NOT NULL,
    returned_on  TEXT NOT NULL,
    reason       TEXT NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (designation, copy)
);
CREATE INDEX plaques_state ON plaques (state, number, id);
CREATE INDEX plaques_list ON plaques (number, id);
