-- Where the tickets of entries come from. SQLite, which has one writer, counts.
CREATE SEQUENCE entries_ticket;
