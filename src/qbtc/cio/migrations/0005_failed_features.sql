-- A text whose features cannot be made is marked, so that it does not hold up the others.

ALTER TABLE memories DROP CONSTRAINT memories_feature_state_check;
ALTER TABLE memories ADD CONSTRAINT memories_feature_state_check CHECK (feature_state IN ('pending', 'done', 'failed'));
