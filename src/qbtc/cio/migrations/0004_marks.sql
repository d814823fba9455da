-- What kind of sentence a memory is (domain/marks.py); null for memories kept before, whose marks are read from their text.

ALTER TABLE memories ADD COLUMN marks smallint CHECK (marks >= 0);
