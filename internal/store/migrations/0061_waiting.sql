-- What waits on the work page, in the order of its list and for its count, with who sees it,
-- so that no row is read that is not shown: applications to accept, reviews of a clerk or
-- of nobody, visits to arrange; and the applications at a stage in the order of filing.
CREATE INDEX applications_waiting ON applications (state, submitted_at, id, programme, organisation) WHERE state = 'submitted';
CREATE INDEX applications_at ON applications (round, state, stage, submitted_at, id);
DROP INDEX reviews_state;
CREATE INDEX reviews_state ON reviews (state, due_on, id, reviewer, programme, organisation);
DROP INDEX reviews_reviewer;
CREATE INDEX reviews_reviewer ON reviews (reviewer, state, due_on, id, programme, organisation);
DROP INDEX visits_state;
CREATE INDEX visits_state ON visits (state, opened_at, id, programme, organisation);
