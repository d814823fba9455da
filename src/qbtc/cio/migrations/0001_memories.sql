-- Memories word for word, their vectors, the market moments among them, and what was concluded from those.
-- Shared rows have no owner; a private row is seen and written only in its owner's transactions.

CREATE TABLE memories (
    memory_id       uuid PRIMARY KEY,
    seq             bigserial UNIQUE,
    text            text NOT NULL CHECK (text <> ''),
    kind            text NOT NULL CHECK (kind IN ('note', 'chat', 'market', 'trade', 'tool', 'document')),
    scope           text NOT NULL,
    owner           text CHECK (owner <> ''),
    session         text,
    symbol          text,
    happened_at     timestamptz NOT NULL,
    ingested_at     timestamptz NOT NULL DEFAULT now(),
    state           bytea CHECK (octet_length(state) = 416),
    intensity       double precision CHECK (intensity >= 0),
    basis           text,
    metadata        jsonb NOT NULL DEFAULT '{}',
    content_hash    text NOT NULL,
    terms           text[] NOT NULL,
    embedding_state text NOT NULL DEFAULT 'pending' CHECK (embedding_state IN ('pending', 'done', 'failed')),
    CHECK ((state IS NULL) = (intensity IS NULL) AND (state IS NULL) = (basis IS NULL))
);
CREATE INDEX memories_pending ON memories (seq) WHERE embedding_state = 'pending';
CREATE INDEX memories_owner ON memories (owner, seq);
CREATE INDEX memories_states ON memories (seq DESC) WHERE state IS NOT NULL;
CREATE INDEX memories_market ON memories (happened_at) WHERE kind = 'market';
ALTER TABLE memories ENABLE ROW LEVEL SECURITY;
CREATE POLICY memories_visible ON memories
    USING (owner IS NULL OR owner = current_setting('qbtc.user', true))
    WITH CHECK (owner IS NULL OR owner = current_setting('qbtc.user', true));

-- Names only: whose memories there are, so that background work can visit each person's rows as that person.
CREATE TABLE owners (
    owner text PRIMARY KEY CHECK (owner <> '')
);
ALTER TABLE owners ENABLE ROW LEVEL SECURITY;
CREATE POLICY owners_all ON owners USING (true) WITH CHECK (true);

CREATE TABLE embeddings (
    memory_id   uuid PRIMARY KEY REFERENCES memories ON DELETE CASCADE,
    owner       text CHECK (owner <> ''),
    identity    text NOT NULL
);
ALTER TABLE embeddings ENABLE ROW LEVEL SECURITY;
CREATE POLICY embeddings_visible ON embeddings
    USING (owner IS NULL OR owner = current_setting('qbtc.user', true))
    WITH CHECK (owner IS NULL OR owner = current_setting('qbtc.user', true));

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'vector') THEN
        ALTER TABLE embeddings ADD COLUMN vector vector(384) NOT NULL;
    ELSE
        ALTER TABLE embeddings ADD COLUMN vector bytea NOT NULL;
    END IF;
END
$$;

CREATE TABLE moments (
    memory_id   uuid PRIMARY KEY REFERENCES memories ON DELETE CASCADE,
    symbol      text NOT NULL,
    session     text NOT NULL,
    mode        text NOT NULL,
    bar_end     bigint NOT NULL,
    reason      text NOT NULL,
    regime      text NOT NULL,
    price       double precision CHECK (price > 0),
    horizon     double precision NOT NULL,
    followed    double precision
);
CREATE INDEX moments_symbol ON moments (symbol, mode, bar_end);
CREATE INDEX moments_open ON moments (symbol, session, bar_end) WHERE followed IS NULL AND price IS NOT NULL;
ALTER TABLE moments ENABLE ROW LEVEL SECURITY;
CREATE POLICY moments_all ON moments USING (true) WITH CHECK (true);

CREATE TABLE reflections (
    reflection_id   uuid PRIMARY KEY,
    moment_id       uuid NOT NULL REFERENCES memories ON DELETE CASCADE,
    symbol          text NOT NULL,
    text_en         text NOT NULL,
    text_es         text NOT NULL,
    rule            text NOT NULL,
    confidence      double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    bias            double precision NOT NULL CHECK (bias BETWEEN -1 AND 1),
    evidence        text[] NOT NULL,
    sample          integer NOT NULL,
    mean_return     double precision NOT NULL,
    created_at      timestamptz NOT NULL
);
CREATE INDEX reflections_recent ON reflections (created_at DESC);
CREATE INDEX reflections_moment ON reflections (moment_id);
CREATE INDEX reflections_evidence ON reflections USING gin (evidence);
ALTER TABLE reflections ENABLE ROW LEVEL SECURITY;
CREATE POLICY reflections_all ON reflections USING (true) WITH CHECK (true);
