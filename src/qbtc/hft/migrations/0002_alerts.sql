-- Alerts that people set on prices and fills. Fired ones stay for 90 days, the others until they are deleted.
CREATE TABLE alerts (
    id         text PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN ('above', 'below', 'fill')),
    symbol     text,
    price      numeric CHECK (price > 0),
    note       text NOT NULL DEFAULT '',
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    fired_at   timestamptz,
    fired_with text,
    CHECK ((kind = 'fill') = (price IS NULL)),
    CHECK (kind = 'fill' OR symbol IS NOT NULL)
);
CREATE INDEX alerts_age ON alerts (fired_at);
ALTER TABLE alerts ENABLE ROW LEVEL SECURITY;
CREATE POLICY alerts_all ON alerts USING (true) WITH CHECK (true);
