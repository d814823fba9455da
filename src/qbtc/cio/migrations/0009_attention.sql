-- The workspace of few places, what the system can do, and the versions of every table that changes by itself.
-- All of it is the desk's: names of tools, symbols and strategies, never a private text.

CREATE TABLE workspace_offers (
    name        text PRIMARY KEY,
    source      text NOT NULL,
    kind        text NOT NULL,
    topic       text NOT NULL,
    at          bigint NOT NULL,
    importance  double precision NOT NULL CHECK (importance BETWEEN 0 AND 1),
    observed    double precision[] NOT NULL DEFAULT '{}',
    heard       bigint NOT NULL
);
ALTER TABLE workspace_offers ENABLE ROW LEVEL SECURITY;
CREATE POLICY workspace_offers_all ON workspace_offers USING (true) WITH CHECK (true);

-- What will show whether a candidate was right: the regime some seconds on, or what followed a moment.
CREATE TABLE workspace_pending (
    name        text PRIMARY KEY,
    source      text NOT NULL,
    kind        text NOT NULL,
    symbol      text NOT NULL,
    session     text NOT NULL DEFAULT '',
    regime      text,
    moment_id   uuid REFERENCES memories ON DELETE CASCADE,
    bias        double precision NOT NULL DEFAULT 0,
    due         bigint NOT NULL,
    made_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX workspace_pending_symbol ON workspace_pending (symbol, due);
ALTER TABLE workspace_pending ENABLE ROW LEVEL SECURITY;
CREATE POLICY workspace_pending_all ON workspace_pending USING (true) WITH CHECK (true);

CREATE TABLE workspace_outcomes (
    name        text PRIMARY KEY,
    source      text NOT NULL,
    kind        text NOT NULL,
    proved      boolean NOT NULL,
    rewards     jsonb NOT NULL,
    at          bigint NOT NULL,
    learned     bigint
);
CREATE INDEX workspace_outcomes_open ON workspace_outcomes (name) WHERE learned IS NULL;
ALTER TABLE workspace_outcomes ENABLE ROW LEVEL SECURITY;
CREATE POLICY workspace_outcomes_all ON workspace_outcomes USING (true) WITH CHECK (true);

CREATE TABLE workspace_state (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    state   jsonb NOT NULL
);
ALTER TABLE workspace_state ENABLE ROW LEVEL SECURITY;
CREATE POLICY workspace_state_all ON workspace_state USING (true) WITH CHECK (true);

CREATE TABLE workspace_cycles (
    number  bigint PRIMARY KEY,
    told    jsonb NOT NULL,
    context double precision[] NOT NULL DEFAULT '{}'
);
ALTER TABLE workspace_cycles ENABLE ROW LEVEL SECURITY;
CREATE POLICY workspace_cycles_all ON workspace_cycles USING (true) WITH CHECK (true);

CREATE TABLE workspace_heard (
    module  text PRIMARY KEY,
    number  bigint NOT NULL,
    at      bigint NOT NULL,
    held    jsonb NOT NULL DEFAULT '[]'
);
ALTER TABLE workspace_heard ENABLE ROW LEVEL SECURITY;
CREATE POLICY workspace_heard_all ON workspace_heard USING (true) WITH CHECK (true);

-- Outcomes of tools, orders and trades, each with the probability that was stated before it was known.
CREATE TABLE self_outcomes (
    place       bigserial PRIMARY KEY,
    capability  text NOT NULL,
    context     text NOT NULL,
    succeeded   boolean NOT NULL,
    at          bigint NOT NULL,
    said        double precision NOT NULL CHECK (said BETWEEN 0 AND 1)
);
ALTER TABLE self_outcomes ENABLE ROW LEVEL SECURITY;
CREATE POLICY self_outcomes_all ON self_outcomes USING (true) WITH CHECK (true);

CREATE TABLE self_model (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    beliefs     jsonb NOT NULL,
    unversioned integer NOT NULL DEFAULT 0
);
ALTER TABLE self_model ENABLE ROW LEVEL SECURITY;
CREATE POLICY self_model_all ON self_model USING (true) WITH CHECK (true);

-- What each strategy holds of a symbol at which mean price, so that a fill that reduces it is a success or not.
CREATE TABLE self_positions (
    venue       text NOT NULL,
    strategy    text NOT NULL,
    symbol      text NOT NULL,
    quantity    numeric NOT NULL,
    price       numeric NOT NULL,
    fees        numeric NOT NULL,
    PRIMARY KEY (venue, strategy, symbol)
);
ALTER TABLE self_positions ENABLE ROW LEVEL SECURITY;
CREATE POLICY self_positions_all ON self_positions USING (true) WITH CHECK (true);

-- Append-only: an undo adds a version with older values.
CREATE TABLE versions (
    subject text NOT NULL CHECK (subject IN ('self', 'recall')),
    number  integer NOT NULL CHECK (number >= 0),
    parent  integer,
    source  integer NOT NULL,
    at      bigint NOT NULL,
    reason  text NOT NULL CHECK (reason <> ''),
    entries jsonb NOT NULL,
    PRIMARY KEY (subject, number)
);
ALTER TABLE versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY versions_all ON versions USING (true) WITH CHECK (true);
