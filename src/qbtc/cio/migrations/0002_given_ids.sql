-- Who said it, and the id that a memory had where it was imported from: one a scope and owner.

ALTER TABLE memories
    ADD COLUMN given_id text CHECK (given_id <> ''),
    ADD COLUMN author   text CHECK (author <> '');
CREATE UNIQUE INDEX memories_given ON memories (scope, coalesce(owner, ''), given_id) WHERE given_id IS NOT NULL;
CREATE INDEX memories_scope ON memories (scope, seq);
