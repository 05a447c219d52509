-- A number may be a signed document's other than a naming's.
ALTER TABLE numbers DROP CONSTRAINT numbers_used_for_check;
ALTER TABLE numbers ADD CONSTRAINT numbers_used_for_check CHECK (used_for IN ('naming', 'document', 'outside'));
