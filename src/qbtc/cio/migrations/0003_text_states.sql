-- The 26 text features of a memory with their scores and velocities; they follow after the memory is kept.

CREATE TABLE text_states (
    memory_id   uuid PRIMARY KEY REFERENCES memories ON DELETE CASCADE,
    owner       text CHECK (owner <> ''),
    formula     text NOT NULL,
    language    text NOT NULL CHECK (language IN ('en', 'es')),
    features    bytea NOT NULL CHECK (octet_length(features) = 208),
    z           bytea NOT NULL CHECK (octet_length(z) = 208),
    v           bytea NOT NULL CHECK (octet_length(v) = 208),
    state_hash  text NOT NULL
);
ALTER TABLE text_states ENABLE ROW LEVEL SECURITY;
CREATE POLICY text_states_visible ON text_states
    USING (owner IS NULL OR owner = current_setting('qbtc.user', true))
    WITH CHECK (owner IS NULL OR owner = current_setting('qbtc.user', true));

-- Market moments have the state of the market, not one of their wording.
ALTER TABLE memories ADD COLUMN feature_state text NOT NULL DEFAULT 'pending'
    CHECK (feature_state IN ('pending', 'done'));
CREATE INDEX memories_undescribed ON memories (seq) WHERE feature_state = 'pending' AND kind <> 'market';
CREATE INDEX memories_session ON memories (session, seq) WHERE session IS NOT NULL;
