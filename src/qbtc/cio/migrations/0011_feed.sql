-- Which transaction wrote a row, so that a reader finds what was committed since it last looked, whatever the order of commits.
-- Rows from before have 0: they were committed long ago.

ALTER TABLE memories ADD COLUMN tx xid8 NOT NULL DEFAULT '0';
ALTER TABLE memories ALTER COLUMN tx SET DEFAULT pg_current_xact_id();
CREATE INDEX memories_feed ON memories (owner, tx, seq);

ALTER TABLE embeddings ADD COLUMN tx xid8 NOT NULL DEFAULT '0';
ALTER TABLE embeddings ALTER COLUMN tx SET DEFAULT pg_current_xact_id();
CREATE INDEX embeddings_feed ON embeddings (owner, tx, memory_id);
