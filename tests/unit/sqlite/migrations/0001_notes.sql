-- description: a table of notes
-- min_compatible: 1
CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
