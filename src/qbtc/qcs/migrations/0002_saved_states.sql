-- `written` lets an index in memory catch up without missing a row: what was read up to a snapshot's xmin is complete,
-- in whatever order transactions commit. Rows from before have none; an index that starts reads them all.
ALTER TABLE states ADD COLUMN written xid8;
ALTER TABLE states ALTER COLUMN written SET DEFAULT pg_current_xact_id();
CREATE INDEX states_by_writing ON states (written);
ALTER TABLE matrices ADD COLUMN written xid8, ADD COLUMN rho_hash text CHECK (length(rho_hash) = 64);
ALTER TABLE matrices ALTER COLUMN written SET DEFAULT pg_current_xact_id();
-- A matrix is kept longer than the row of its bar, so it says itself where it stands.
ALTER TABLE matrices ADD COLUMN symbol text, ADD COLUMN bar_end bigint;
UPDATE matrices SET symbol = s.symbol, bar_end = s.bar_end FROM states s WHERE s.id = matrices.state_id;
CREATE INDEX matrices_by_writing ON matrices (written);

-- States that people keep, pure (26 complex128) or mixed (26 x 26), each seen by its owner only. Kept until deleted.
CREATE TABLE saved_states (
    id uuid PRIMARY KEY,
    owner text NOT NULL CHECK (owner <> ''),
    form text NOT NULL CHECK (form IN ('pure', 'mixed')),
    label text NOT NULL CHECK (label <> '' AND length(label) <= 200),
    schema_hash text NOT NULL,
    state_hash text NOT NULL,
    intensity double precision NOT NULL CHECK (intensity > 0 AND intensity < 'Infinity'),
    state bytea NOT NULL CHECK (octet_length(state) = CASE form WHEN 'pure' THEN 416 ELSE 10816 END),
    created_at timestamptz NOT NULL DEFAULT now(),
    written xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX saved_states_of_owner ON saved_states (owner, created_at DESC);
ALTER TABLE saved_states ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON saved_states
    USING (owner = current_setting('qbtc.user', true))
    WITH CHECK (owner = current_setting('qbtc.user', true));
