-- Conversations, their turns, the append-only turn log and the messages as the model saw them.
-- Rows belong to a person; Ce3's own worker acts as 'service:ce3'. Retention: until the person deletes them.
CREATE TABLE conversations (
    id          text PRIMARY KEY,
    owner       text NOT NULL,
    title       text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    next_offset integer NOT NULL DEFAULT 0
);
CREATE INDEX conversations_recent ON conversations (owner, updated_at DESC);

CREATE TABLE turns (
    id           uuid PRIMARY KEY,
    conversation text NOT NULL REFERENCES conversations ON DELETE CASCADE,
    owner        text NOT NULL,
    state        text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    request      jsonb NOT NULL,
    actor        text,
    traceparent  text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    finished_at  timestamptz
);
CREATE INDEX turns_open ON turns (created_at) WHERE state IN ('waiting', 'running');

CREATE TABLE events (
    conversation text NOT NULL REFERENCES conversations ON DELETE CASCADE,
    "offset"     integer NOT NULL,
    turn         uuid NOT NULL,
    owner        text NOT NULL,
    body         jsonb NOT NULL,
    at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (conversation, "offset")
);

CREATE TABLE messages (
    conversation text NOT NULL REFERENCES conversations ON DELETE CASCADE,
    position     bigserial,
    turn         uuid NOT NULL,
    owner        text NOT NULL,
    role         text NOT NULL,
    blocks       jsonb NOT NULL,
    PRIMARY KEY (conversation, position)
);

-- What CIO published, for the tool that reads it. Retention: the last 500.
CREATE TABLE reflections (
    id    text PRIMARY KEY,
    body  jsonb NOT NULL,
    at    timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE conversations ENABLE ROW LEVEL SECURITY;
ALTER TABLE turns ENABLE ROW LEVEL SECURITY;
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE reflections ENABLE ROW LEVEL SECURITY;
CREATE POLICY owned ON conversations USING (current_setting('qbtc.user', true) IN (owner, 'service:ce3'));
CREATE POLICY owned ON turns USING (current_setting('qbtc.user', true) IN (owner, 'service:ce3'));
CREATE POLICY owned ON events USING (current_setting('qbtc.user', true) IN (owner, 'service:ce3'));
CREATE POLICY owned ON messages USING (current_setting('qbtc.user', true) IN (owner, 'service:ce3'));
CREATE POLICY shared ON reflections USING (true) WITH CHECK (true);
