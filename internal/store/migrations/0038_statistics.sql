-- What statistics count is read from indexes alone: an application's row is long.
DROP INDEX applications_stage;
CREATE INDEX applications_stage ON applications (round, state, stage, category, organisation, submitted_at, id);
CREATE INDEX organisations_region ON organisations (id, code, registrar);
CREATE INDEX reviews_spans ON reviews (round, state, opened_at, ended_at, due_on, application);
CREATE INDEX visits_spans ON visits (round, state, opened_at, ended_at, application);
DROP INDEX designations_programme;
CREATE INDEX designations_programme ON designations (programme, state, valid_to);

-- Views of the summary table (汇总表) that a person saved under a name.
CREATE TABLE tabulations (
    id        TEXT NOT NULL PRIMARY KEY,
    account   TEXT NOT NULL REFERENCES accounts (id),
    programme TEXT NOT NULL,
    name      TEXT NOT NULL CHECK (name <> ''),
    shown     TEXT NOT NULL,
    filter    TEXT NOT NULL,
    made_at   BIGINT NOT NULL,
    version   BIGINT NOT NULL
);
CREATE UNIQUE INDEX tabulations_name ON tabulations (account, programme, name);
