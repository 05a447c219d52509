-- The public list of designations, the latest first, by key.
CREATE INDEX designations_latest ON designations (named_on DESC, number, id);
