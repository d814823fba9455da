-- In every service schema: what must leave it (outbox), and what has already had its effect (inbox).
CREATE TABLE outbox (
    id          bigserial PRIMARY KEY,
    exchange    text NOT NULL,
    envelope    bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    attempts    integer NOT NULL DEFAULT 0,
    refused     text
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX outbox_waiting ON outbox (id) WHERE refused IS NULL;
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY outbox_all ON outbox USING (true) WITH CHECK (true);

CREATE TABLE inbox (
    consumer    text NOT NULL,
    message_id  uuid NOT NULL,
    handled_at  timestamptz NOT NULL DEFAULT now(),
    reply       bytea,
    PRIMARY KEY (consumer, message_id)
);
CREATE INDEX inbox_age ON inbox (handled_at);
ALTER TABLE inbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY inbox_all ON inbox USING (true) WITH CHECK (true);
