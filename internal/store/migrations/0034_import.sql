-- The document number by which a title was named outside the system; empty for others.
ALTER TABLE designations ADD COLUMN basis TEXT NOT NULL DEFAULT '';
