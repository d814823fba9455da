-- People, their sessions and what they asked for. `qbtc.user` = 'system' is Web itself; no person can have that name.
CREATE TABLE users (
    name           text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9._-]{0,31}$' AND name <> 'system'),
    role           text NOT NULL CHECK (role IN ('viewer', 'trader', 'admin')),
    password_hash  text,
    created_at     timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY users_all ON users USING (true) WITH CHECK (true);

CREATE TABLE sessions (
    id_hash     bytea PRIMARY KEY,
    user_name   text NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    by_link     boolean NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_name);
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY sessions_all ON sessions USING (true) WITH CHECK (true);

CREATE TABLE login_links (
    token_id  text PRIMARY KEY,
    used_at   timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE login_links ENABLE ROW LEVEL SECURITY;
CREATE POLICY login_links_all ON login_links USING (true) WITH CHECK (true);

CREATE TABLE throttle (
    key         text PRIMARY KEY,
    failures    integer NOT NULL,
    updated_at  timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE throttle ENABLE ROW LEVEL SECURITY;
CREATE POLICY throttle_all ON throttle USING (true) WITH CHECK (true);

CREATE TABLE operations (
    id               uuid PRIMARY KEY,
    owner            text NOT NULL,
    routing_key      text NOT NULL,
    idempotency_key  text NOT NULL,
    body_hash        bytea NOT NULL,
    status           text NOT NULL DEFAULT 'accepted' CHECK (status IN ('accepted', 'running', 'done', 'failed')),
    data             jsonb,
    problem          jsonb,
    trace_id         text,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    UNIQUE (owner, idempotency_key)
);
CREATE INDEX operations_age ON operations (created_at);
ALTER TABLE operations ENABLE ROW LEVEL SECURITY;
CREATE POLICY operations_own ON operations
    USING (current_setting('qbtc.user', true) IN (owner, 'system'))
    WITH CHECK (current_setting('qbtc.user', true) IN (owner, 'system'));

CREATE TABLE conversations (
    id          text PRIMARY KEY,
    owner       text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX conversations_age ON conversations (created_at);
ALTER TABLE conversations ENABLE ROW LEVEL SECURITY;
CREATE POLICY conversations_own ON conversations
    USING (current_setting('qbtc.user', true) IN (owner, 'system'))
    WITH CHECK (current_setting('qbtc.user', true) IN (owner, 'system'));
