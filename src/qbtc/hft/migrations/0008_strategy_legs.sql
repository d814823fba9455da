-- The symbols by leg of a strategy of several markets; empty for one of one market. As long as the row: until it is chosen anew.
ALTER TABLE strategies ADD COLUMN legs jsonb NOT NULL DEFAULT '{}';
