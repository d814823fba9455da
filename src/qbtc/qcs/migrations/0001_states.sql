-- Pure states of every bar. psi is the truth (26 complex128, little-endian); the numbers beside it are derived.
-- Retention: all rows 24 h, then the sampled ones (reference IS NOT NULL, one a minute) for 90 days.
CREATE TABLE states (
    id uuid PRIMARY KEY,
    session text NOT NULL,
    symbol text NOT NULL,
    bar bigint NOT NULL CHECK (bar >= 0),
    bar_end bigint NOT NULL CHECK (bar_end >= 0),
    mode text NOT NULL,
    schema_hash text NOT NULL,
    state_hash text NOT NULL,
    informative boolean NOT NULL,
    intensity double precision NOT NULL CHECK (intensity >= 0 AND intensity < 'Infinity'),
    psi bytea NOT NULL CHECK (octet_length(psi) = 416),
    scores bytea NOT NULL CHECK (octet_length(scores) = 208),
    present integer NOT NULL CHECK (present BETWEEN 0 AND 67108863),
    diagonal bytea NOT NULL CHECK (octet_length(diagonal) = 208),
    reference bytea CHECK (octet_length(reference) = 108),
    gap integer NOT NULL CHECK (gap >= 0),
    novelty double precision CHECK (novelty BETWEEN 0 AND 1),
    novelty_reference uuid,
    coherence_l1 double precision NOT NULL,
    coherence_relative double precision NOT NULL,
    coherence double precision NOT NULL,
    purity double precision NOT NULL,
    entropy double precision NOT NULL,
    effective_rank double precision NOT NULL,
    participation double precision NOT NULL,
    shrinkage double precision NOT NULL,
    divergence double precision,
    regime text NOT NULL,
    regime_changed boolean NOT NULL,
    regime_probabilities double precision[] NOT NULL,
    challenger smallint NOT NULL,
    streak integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (session, bar, symbol)
);
CREATE INDEX states_of_symbol ON states (symbol, created_at DESC, bar DESC);
CREATE INDEX states_of_session ON states (session, symbol, bar DESC);
CREATE INDEX states_by_hash ON states (state_hash);
CREATE INDEX states_by_age ON states (created_at) WHERE reference IS NULL;
ALTER TABLE states ENABLE ROW LEVEL SECURITY;
CREATE POLICY shared ON states USING (true) WITH CHECK (true);

-- Density matrices that are kept: those of a regime change, 90 days.
CREATE TABLE matrices (
    state_id uuid PRIMARY KEY,
    rho bytea NOT NULL CHECK (octet_length(rho) = 10816),
    shrinkage double precision NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE matrices ENABLE ROW LEVEL SECURITY;
CREATE POLICY shared ON matrices USING (true) WITH CHECK (true);
