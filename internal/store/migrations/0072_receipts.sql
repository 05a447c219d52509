-- Who was told of a call, and has read it, is listed for the office.
CREATE INDEX messages_thing ON messages (chapter, thing, kind);
