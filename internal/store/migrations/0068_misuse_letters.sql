-- Reports of misuse that came by letter, by telephone or in person, and the clerk who entered
-- them. Both are empty for what came by the public form.
ALTER TABLE misuses ADD COLUMN channel TEXT NOT NULL DEFAULT '' CHECK (channel IN ('', 'letter', 'phone', 'visit'));
ALTER TABLE misuses ADD COLUMN registered_by TEXT NOT NULL DEFAULT '';
