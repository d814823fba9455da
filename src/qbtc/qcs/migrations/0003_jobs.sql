-- Long computations: what was asked, how far it is, what came out. Rows belong to a person; QCS itself acts as 'service:qcs'.
-- Retention: ended ones 30 days.
CREATE TABLE jobs (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL,
    owner       text NOT NULL CHECK (owner <> ''),
    parameters  jsonb NOT NULL,
    state       text NOT NULL DEFAULT 'queued'
                CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
    share       double precision NOT NULL DEFAULT 0 CHECK (share BETWEEN 0 AND 1),
    step        text NOT NULL DEFAULT '',
    result      jsonb,
    error       jsonb,
    created_at  timestamptz NOT NULL DEFAULT now(),
    started_at  timestamptz,
    ended_at    timestamptz,
    CHECK ((state = 'done') = (result IS NOT NULL)),
    CHECK ((ended_at IS NULL) = (state IN ('queued', 'running')))
);
CREATE INDEX jobs_recent ON jobs (owner, created_at DESC);
CREATE INDEX jobs_open ON jobs (created_at, id) WHERE state IN ('queued', 'running');
ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY owned ON jobs USING (current_setting('qbtc.user', true) IN (owner, 'service:qcs'));
