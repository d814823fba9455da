-- An operation that nobody reported on in time is failed as `expired`: its real end may still come and replaces that.
ALTER TABLE operations ADD COLUMN expired boolean NOT NULL DEFAULT false;
CREATE INDEX operations_open ON operations (updated_at) WHERE status IN ('accepted', 'running');
