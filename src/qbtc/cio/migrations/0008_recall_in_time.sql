-- What followed market moments at several horizons; memories that a later one corrects; that something was erased, and when.

CREATE TABLE moment_outcomes (
    memory_id   uuid NOT NULL REFERENCES memories ON DELETE CASCADE,
    horizon     double precision NOT NULL CHECK (horizon > 0),
    followed    double precision NOT NULL,
    PRIMARY KEY (memory_id, horizon)
);
ALTER TABLE moment_outcomes ENABLE ROW LEVEL SECURITY;
CREATE POLICY moment_outcomes_all ON moment_outcomes USING (true) WITH CHECK (true);

ALTER TABLE memories
    ADD COLUMN superseded_at timestamptz,
    ADD COLUMN superseded_by uuid;
CREATE INDEX memories_superseded ON memories (superseded_at) WHERE superseded_at IS NOT NULL;

-- No text, no id and only a digest of the scope's name: only that a memory kept at one time was erased at another, so that a question about what was known then
-- can say that it is no longer whole.
CREATE TABLE erasures (
    owner       text CHECK (owner <> ''),
    scope       bytea NOT NULL CHECK (octet_length(scope) = 32),
    ingested_at timestamptz NOT NULL,
    erased_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX erasures_time ON erasures (erased_at, ingested_at);
ALTER TABLE erasures ENABLE ROW LEVEL SECURITY;
CREATE POLICY erasures_visible ON erasures
    USING (owner IS NULL OR owner = current_setting('qbtc.user', true))
    WITH CHECK (owner IS NULL OR owner = current_setting('qbtc.user', true));
