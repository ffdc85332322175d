-- description: notes have an author
-- min_compatible: 1
ALTER TABLE note ADD COLUMN author TEXT;
