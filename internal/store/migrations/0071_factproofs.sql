-- Files that prove what is known of an organisation belong to a part of its facts and to
-- no application.
ALTER TABLE files ADD COLUMN section TEXT NOT NULL DEFAULT '';
DROP INDEX files_once;
CREATE UNIQUE INDEX files_once ON files (application, visit, rectification, organisation, section, sha256);
CREATE INDEX files_section ON files (organisation, uploaded_at, id) WHERE section <> '';
