-- What belongs to an account carries its venue: paper and live never mix. Everything so far was the local venue's.

ALTER TABLE orders ADD COLUMN venue text NOT NULL DEFAULT 'local';
ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (venue, client_order_id);
ALTER TABLE orders ALTER COLUMN venue DROP DEFAULT;
DROP INDEX orders_newest;
CREATE INDEX orders_newest ON orders (venue, created_ns DESC);

ALTER TABLE fills ADD COLUMN venue text NOT NULL DEFAULT 'local';
ALTER TABLE fills DROP CONSTRAINT fills_pkey, ADD PRIMARY KEY (venue, symbol, trade_id, side);
ALTER TABLE fills ALTER COLUMN venue DROP DEFAULT;
DROP INDEX fills_newest;
CREATE INDEX fills_newest ON fills (venue, at_ns DESC);

ALTER TABLE positions ADD COLUMN venue text NOT NULL DEFAULT 'local';
ALTER TABLE positions DROP CONSTRAINT positions_pkey, ADD PRIMARY KEY (venue, symbol);
ALTER TABLE positions ALTER COLUMN venue DROP DEFAULT;

ALTER TABLE proposals ADD COLUMN venue text NOT NULL DEFAULT 'local';
ALTER TABLE proposals DROP CONSTRAINT proposals_pkey, ADD PRIMARY KEY (venue, client_order_id);
ALTER TABLE proposals ALTER COLUMN venue DROP DEFAULT;

ALTER TABLE strategies ADD COLUMN venue text NOT NULL DEFAULT 'local';
ALTER TABLE strategies DROP CONSTRAINT strategies_pkey, ADD PRIMARY KEY (venue, name);
ALTER TABLE strategies ALTER COLUMN venue DROP DEFAULT;
