-- What memories say, in two times (UTC nanoseconds). Statements are the truth, each read from one memory; facts are the rows
-- that follow from the statements of a track and are made again whenever one comes or goes.

ALTER TABLE memories
    ADD COLUMN speaker    text CHECK (speaker <> ''),
    ADD COLUMN fact_state text NOT NULL DEFAULT 'pending' CHECK (fact_state IN ('pending', 'done', 'failed'));
CREATE INDEX memories_unread ON memories (seq) WHERE fact_state = 'pending' AND kind IN ('note', 'chat');

CREATE TABLE statements (
    statement_id    bigserial PRIMARY KEY,
    memory_id       uuid NOT NULL REFERENCES memories ON DELETE CASCADE,
    owner           text CHECK (owner <> ''),
    scope           text NOT NULL,
    track           uuid NOT NULL,
    key             text NOT NULL,
    said_by         text NOT NULL,
    sentence        text NOT NULL,
    stems           text[] NOT NULL,
    supports        boolean NOT NULL,
    subject         text NOT NULL,
    predicate       text NOT NULL,
    value           text NOT NULL,
    denies          boolean NOT NULL,
    valid_from      bigint NOT NULL,
    valid_until     bigint NOT NULL,
    known_at        bigint NOT NULL,
    confidence      double precision NOT NULL CHECK (confidence > 0 AND confidence <= 1),
    CHECK (valid_from < valid_until)
);
CREATE UNIQUE INDEX statements_once ON statements (memory_id, key, md5(sentence));
CREATE INDEX statements_track ON statements (track);
CREATE INDEX statements_key ON statements (key, scope);
CREATE INDEX statements_stems ON statements USING gin (stems);
ALTER TABLE statements ENABLE ROW LEVEL SECURITY;
CREATE POLICY statements_visible ON statements
    USING (owner IS NULL OR owner = current_setting('qbtc.user', true))
    WITH CHECK (owner IS NULL OR owner = current_setting('qbtc.user', true));

CREATE TABLE facts (
    fact_id         uuid PRIMARY KEY,
    track           uuid NOT NULL,
    owner           text CHECK (owner <> ''),
    scope           text NOT NULL,
    subject         text NOT NULL,
    predicate       text NOT NULL,
    value           text NOT NULL,
    sentence        text NOT NULL,
    valid_from      bigint NOT NULL,
    valid_until     bigint NOT NULL,
    known_from      bigint NOT NULL,
    known_until     bigint NOT NULL,
    confidence      double precision NOT NULL CHECK (confidence > 0 AND confidence <= 1),
    evidence        text[] NOT NULL CHECK (cardinality(evidence) > 0)
);
CREATE INDEX facts_track ON facts (track);
CREATE INDEX facts_recent ON facts (known_from DESC);
CREATE INDEX facts_evidence ON facts USING gin (evidence);
ALTER TABLE facts ENABLE ROW LEVEL SECURITY;
CREATE POLICY facts_visible ON facts
    USING (owner IS NULL OR owner = current_setting('qbtc.user', true))
    WITH CHECK (owner IS NULL OR owner = current_setting('qbtc.user', true));

-- What a person was shown from the memory of late: who says it again has not observed it again.
CREATE TABLE recalled (
    person      text NOT NULL CHECK (person <> ''),
    memory_id   uuid NOT NULL REFERENCES memories ON DELETE CASCADE,
    at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX recalled_person ON recalled (person, at);
CREATE INDEX recalled_memory ON recalled (memory_id);
ALTER TABLE recalled ENABLE ROW LEVEL SECURITY;
CREATE POLICY recalled_own ON recalled
    USING (person = current_setting('qbtc.user', true)) WITH CHECK (person = current_setting('qbtc.user', true));
