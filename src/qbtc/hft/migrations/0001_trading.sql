-- What trading leaves behind: orders, fills, positions, proposals, strategy settings, and the market's bars and features.
-- Shared by the desk: no row has an owner. Retention (purged hourly by the writer): see each table.

-- 400 days.
CREATE TABLE orders (
    client_order_id text PRIMARY KEY,
    venue_order_id  text,
    symbol          text NOT NULL,
    side            text NOT NULL CHECK (side IN ('BUY', 'SELL')),
    type            text NOT NULL,
    quantity        numeric NOT NULL CHECK (quantity > 0),
    price           numeric,
    state           text NOT NULL,
    filled          numeric NOT NULL DEFAULT 0,
    strategy        text,
    reason          text,
    created_ns      bigint NOT NULL,
    updated_ns      bigint NOT NULL,
    stored_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX orders_newest ON orders (created_ns DESC);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY orders_all ON orders USING (true) WITH CHECK (true);

-- 400 days.
CREATE TABLE fills (
    symbol          text NOT NULL,
    trade_id        text NOT NULL,
    client_order_id text NOT NULL,
    venue_order_id  text,
    side            text NOT NULL,
    price           numeric NOT NULL,
    quantity        numeric NOT NULL CHECK (quantity > 0),
    fee             numeric NOT NULL,
    fee_asset       text NOT NULL,
    maker           boolean NOT NULL,
    strategy        text,
    at_ns           bigint NOT NULL,
    stored_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (symbol, trade_id, side)
);
CREATE INDEX fills_newest ON fills (at_ns DESC);
ALTER TABLE fills ENABLE ROW LEVEL SECURITY;
CREATE POLICY fills_all ON fills USING (true) WITH CHECK (true);

-- One row a symbol, for ever. Amounts are integers of 1e-16 of the quote asset.
CREATE TABLE positions (
    symbol     text PRIMARY KEY,
    quantity   numeric NOT NULL,
    cost       numeric NOT NULL,
    realised   numeric NOT NULL,
    fees       numeric NOT NULL,
    fills      integer NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE positions ENABLE ROW LEVEL SECURITY;
CREATE POLICY positions_all ON positions USING (true) WITH CHECK (true);

-- Orders that Ce3 proposed; 30 days.
CREATE TABLE proposals (
    client_order_id text PRIMARY KEY,
    body            jsonb NOT NULL,
    status          text NOT NULL CHECK (status IN ('proposed', 'approved', 'refused')),
    proposed_at     timestamptz NOT NULL DEFAULT now(),
    decided_at      timestamptz
);
ALTER TABLE proposals ENABLE ROW LEVEL SECURITY;
CREATE POLICY proposals_all ON proposals USING (true) WITH CHECK (true);

-- One row a strategy, for ever.
CREATE TABLE strategies (
    name       text PRIMARY KEY,
    running    boolean NOT NULL,
    parameters jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE strategies ENABLE ROW LEVEL SECURITY;
CREATE POLICY strategies_all ON strategies USING (true) WITH CHECK (true);

-- One-second bars and their features; 24 hours.
CREATE TABLE bars (
    symbol  text NOT NULL,
    end_ns  bigint NOT NULL,
    session text NOT NULL,
    open    double precision NOT NULL,
    high    double precision NOT NULL,
    low     double precision NOT NULL,
    close   double precision NOT NULL,
    volume  double precision NOT NULL,
    quote_volume double precision NOT NULL,
    trades  integer NOT NULL,
    mid     double precision,
    feature_values  double precision[] NOT NULL,
    feature_scores  real[] NOT NULL,
    present boolean[] NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (symbol, end_ns)
);
CREATE INDEX bars_age ON bars (stored_at);
ALTER TABLE bars ENABLE ROW LEVEL SECURITY;
CREATE POLICY bars_all ON bars USING (true) WITH CHECK (true);

-- One value a minute, the reference of the z-scores, kept apart by market mode; 30 days. NULL where masked.
CREATE TABLE reference_values (
    symbol    text NOT NULL,
    mode      text NOT NULL,
    end_ns    bigint NOT NULL,
    feature_values double precision[] NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (symbol, mode, end_ns)
);
CREATE INDEX reference_values_age ON reference_values (stored_at);
ALTER TABLE reference_values ENABLE ROW LEVEL SECURITY;
CREATE POLICY reference_values_all ON reference_values USING (true) WITH CHECK (true);
