-- Proposals of new parameters for strategies, and the schedules that make them. Ended proposals stay for 400 days.

CREATE TABLE parameter_proposals (
    venue       text NOT NULL,
    id          text NOT NULL,
    strategy    text NOT NULL,
    symbol      text NOT NULL,
    status      text NOT NULL CHECK (status IN (
        'no-change', 'proposed', 'rejected', 'expired', 'watched', 'kept', 'superseded', 'rolling-back', 'rolled-back')),
    body        jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    decided_at  timestamptz,
    decided_by  text,
    -- What the watch needs to go on after a restart: where it began, how long the strategy ran, what it has seen.
    watch       jsonb,
    evidence    jsonb,
    ended_at    timestamptz,
    PRIMARY KEY (venue, id)
);
CREATE INDEX parameter_proposals_newest ON parameter_proposals (venue, created_at DESC);
-- One watch a strategy: two would each explain the other's losses.
CREATE UNIQUE INDEX parameter_proposals_watched ON parameter_proposals (venue, strategy)
    WHERE status IN ('watched', 'rolling-back');
ALTER TABLE parameter_proposals ENABLE ROW LEVEL SECURITY;
CREATE POLICY parameter_proposals_all ON parameter_proposals USING (true) WITH CHECK (true);

-- One row a strategy, until it is switched off.
CREATE TABLE parameter_schedules (
    venue         text NOT NULL,
    strategy      text NOT NULL,
    every_seconds bigint NOT NULL CHECK (every_seconds >= 60),
    asked         jsonb NOT NULL,
    next_at       timestamptz NOT NULL,
    last_run      text,
    created_by    text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (venue, strategy)
);
ALTER TABLE parameter_schedules ENABLE ROW LEVEL SECURITY;
CREATE POLICY parameter_schedules_all ON parameter_schedules USING (true) WITH CHECK (true);

-- What a watched strategy earned since it began is asked for every few seconds.
CREATE INDEX fills_of_strategies ON fills (venue, strategy, symbol, stored_at) WHERE strategy IS NOT NULL;
