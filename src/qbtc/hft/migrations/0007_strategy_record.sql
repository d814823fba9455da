-- Whether a strategy's sessions are recorded; NULL is as the settings say.
ALTER TABLE strategies ADD COLUMN record boolean;
