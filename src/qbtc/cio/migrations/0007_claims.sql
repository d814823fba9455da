-- Reflections on more than market moments: claims with scope, interval and expiry, and those that their evidence does not say.

ALTER TABLE reflections
    ALTER COLUMN moment_id DROP NOT NULL,
    ALTER COLUMN symbol DROP NOT NULL,
    ALTER COLUMN mean_return DROP NOT NULL,
    ADD COLUMN owner      text CHECK (owner <> ''),
    ADD COLUMN scope      text NOT NULL DEFAULT 'market',
    ADD COLUMN topic      text,
    ADD COLUMN low        double precision,
    ADD COLUMN high       double precision,
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN rejected   text CHECK (rejected <> ''),
    ADD COLUMN parts      text[] NOT NULL DEFAULT '{}';
CREATE INDEX reflections_topic ON reflections (topic, created_at DESC) WHERE topic IS NOT NULL;
DROP POLICY reflections_all ON reflections;
CREATE POLICY reflections_visible ON reflections
    USING (owner IS NULL OR owner = current_setting('qbtc.user', true))
    WITH CHECK (owner IS NULL OR owner = current_setting('qbtc.user', true));

-- Each time that CIO reflected for the desk or a person, why, and what came of it.
CREATE TABLE reflection_runs (
    run_id      bigserial PRIMARY KEY,
    owner       text CHECK (owner <> ''),
    at          timestamptz NOT NULL,
    why         text NOT NULL CHECK (why IN ('importance', 'surprise', 'schedule', 'nightly', 'asked')),
    until       bigint NOT NULL,
    considered  integer NOT NULL,
    kept        integer NOT NULL,
    rejected    integer NOT NULL,
    unchanged   integer NOT NULL
);
CREATE INDEX reflection_runs_last ON reflection_runs (owner, at DESC);
ALTER TABLE reflection_runs ENABLE ROW LEVEL SECURITY;
CREATE POLICY reflection_runs_visible ON reflection_runs
    USING (owner IS NULL OR owner = current_setting('qbtc.user', true))
    WITH CHECK (owner IS NULL OR owner = current_setting('qbtc.user', true));
