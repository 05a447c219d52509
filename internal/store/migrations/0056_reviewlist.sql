-- The list of reviews in the order in which they were opened, by key; what its head counts,
-- without the rows; and the names and numbers that it is searched by, without the answers.
CREATE INDEX reviews_opened ON reviews (opened_at, id);
CREATE INDEX reviews_counts ON reviews (state, due_on, programme, round);
CREATE INDEX reviews_mine ON reviews (reviewer, due_on, id);
CREATE INDEX applications_called ON applications (name, number, id);
