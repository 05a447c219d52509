-- Files that an organisation uploads as evidence of what it put right belong to the
-- order and to no application: a title may have none.
ALTER TABLE files DROP CONSTRAINT files_application_fkey;
ALTER TABLE previews DROP CONSTRAINT previews_application_fkey;
ALTER TABLE copies DROP CONSTRAINT copies_application_fkey;
ALTER TABLE files ADD COLUMN rectification TEXT NOT NULL DEFAULT '';
DROP INDEX files_once;
CREATE UNIQUE INDEX files_once ON files (application, visit, rectification, sha256);
CREATE INDEX files_rectification ON files (rectification, uploaded_at, id) WHERE rectification <> '';
CREATE INDEX previews_file ON previews (file, page);
