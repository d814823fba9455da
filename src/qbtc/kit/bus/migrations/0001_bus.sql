-- The bus's own schema: durable queues in PostgreSQL 15 to 18, reached only through the functions below.
-- Run by an administrator. Service roles get USAGE on the schema and EXECUTE, nothing on a table.

CREATE SCHEMA qbtc_bus;
REVOKE ALL ON SCHEMA qbtc_bus FROM PUBLIC;

CREATE TABLE qbtc_bus.queues (
    name text PRIMARY KEY,
    service text NOT NULL,
    ordered boolean NOT NULL,
    expires interval,
    active boolean NOT NULL DEFAULT true
);

CREATE TABLE qbtc_bus.bindings (
    queue text NOT NULL REFERENCES qbtc_bus.queues ON DELETE CASCADE,
    exchange text NOT NULL,
    pattern text NOT NULL,
    regex text NOT NULL,
    PRIMARY KEY (queue, exchange, pattern)
);

CREATE TABLE qbtc_bus.principals (role name PRIMARY KEY, service text NOT NULL);
CREATE TABLE qbtc_bus.grants (service text NOT NULL, key text NOT NULL, PRIMARY KEY (service, key));

-- One index only, on columns that never change, so that taking and retrying are HOT updates.
-- visible_at is the lease of a message in flight and the time of the next attempt of a failed one.
CREATE TABLE qbtc_bus.messages (
    id bigint GENERATED ALWAYS AS IDENTITY,
    queue text NOT NULL,
    key text NOT NULL,
    order_key text,
    body bytea NOT NULL,
    published_at timestamptz NOT NULL,
    expires_at timestamptz,
    visible_at timestamptz NOT NULL DEFAULT '-infinity',
    failed_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    owner integer,
    PRIMARY KEY (queue, id)
) WITH (
    fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000, autovacuum_vacuum_cost_delay = 1
);

-- Kept until replayed, at most 30 days.
CREATE TABLE qbtc_bus.dead_letters (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue text NOT NULL,
    key text NOT NULL,
    order_key text,
    body bytea NOT NULL,
    published_at timestamptz NOT NULL,
    reason text NOT NULL,
    attempts integer NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL
);

-- Replies too large for a notification; read once, at most five minutes old.
CREATE TABLE qbtc_bus.replies (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    inbox text NOT NULL,
    body bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE qbtc_bus.queues ENABLE ROW LEVEL SECURITY;
ALTER TABLE qbtc_bus.bindings ENABLE ROW LEVEL SECURITY;
ALTER TABLE qbtc_bus.principals ENABLE ROW LEVEL SECURITY;
ALTER TABLE qbtc_bus.grants ENABLE ROW LEVEL SECURITY;
ALTER TABLE qbtc_bus.messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE qbtc_bus.dead_letters ENABLE ROW LEVEL SECURITY;
ALTER TABLE qbtc_bus.replies ENABLE ROW LEVEL SECURITY;

-- AMQP topic pattern -> regex over key || '.': every word keeps its dot, so `#` may stand anywhere.
CREATE FUNCTION qbtc_bus.pattern_regex(p_pattern text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT '^' || string_agg(
        CASE word
            WHEN '#' THEN '(?:[^.]*\.)*'
            WHEN '*' THEN '[^.]*\.'
            ELSE regexp_replace(word, '([\\^$.|?*+()\[\]{}])', '\\\1', 'g') || '\.'
        END, '' ORDER BY n) || '$'
    FROM unnest(string_to_array(p_pattern, '.')) WITH ORDINALITY AS w(word, n)
$$;

-- The service that calls; NULL for the administrator; anybody else is refused.
CREATE FUNCTION qbtc_bus.caller() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = qbtc_bus, pg_catalog, pg_temp AS $$
DECLARE found_service text;
BEGIN
    SELECT p.service INTO found_service FROM principals p WHERE p.role = session_user;
    IF FOUND THEN
        RETURN found_service;
    ELSIF pg_has_role(session_user, current_user, 'MEMBER') THEN
        RETURN NULL;
    END IF;
    RAISE insufficient_privilege USING MESSAGE = format('role %I is no service of this bus', session_user);
END $$;

-- Refuses a caller that does not own the queue (`p_desk`: Web may look into and replay everybody's dead letters).
CREATE FUNCTION qbtc_bus.authorise(p_queue text, p_desk boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = qbtc_bus, pg_catalog, pg_temp AS $$
DECLARE who text := caller();
BEGIN
    IF who IS NULL OR (p_desk AND who = 'web') OR EXISTS (SELECT FROM queues WHERE name = p_queue AND service = who) THEN
        RETURN;
    END IF;
    RAISE insufficient_privilege USING MESSAGE = format('%s may not use queue %L', who, p_queue);
END $$;

-- The two hot functions plan once, by index, whatever the table's statistics say: a queue is empty one moment and
-- holds a million rows the next.

-- Per message: the number of queues it went to, 0 = unroutable, -1 = this service may not publish that key.
CREATE FUNCTION qbtc_bus.publish(
    p_exchanges text[], p_keys text[], p_orders text[], p_bodies bytea[], p_transient boolean
) RETURNS integer[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = qbtc_bus, pg_catalog, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
    who text := caller();
    at timestamptz := clock_timestamp();
    outcome integer[];
    touched text[];
BEGIN
    IF p_transient THEN
        PERFORM set_config('synchronous_commit', 'off', true);
    END IF;
    WITH input AS MATERIALIZED (
        SELECT * FROM unnest(p_exchanges, p_keys, p_orders, p_bodies) WITH ORDINALITY AS i(exchange, key, order_key, body, n)
    ), routes AS MATERIALIZED (
        SELECT d.exchange, d.key, q.name AS queue, q.ordered, q.expires
        FROM (SELECT DISTINCT exchange, key FROM input) d
        JOIN bindings b ON b.exchange = d.exchange AND CASE d.exchange
            WHEN 'qbtc.fanout' THEN true
            WHEN 'qbtc.direct' THEN b.pattern = d.key
            ELSE d.key || '.' ~ b.regex END
        JOIN queues q ON q.name = b.queue AND q.active
        WHERE who IS NULL OR EXISTS (SELECT FROM grants g WHERE g.service = who AND g.key = d.key)
        GROUP BY 1, 2, 3, 4, 5
    ), stored AS (
        INSERT INTO messages (queue, key, order_key, body, published_at, expires_at)
        SELECT r.queue, i.key, CASE WHEN r.ordered THEN i.order_key END, i.body, at, at + r.expires
        FROM input i JOIN routes r USING (exchange, key) ORDER BY i.n
        RETURNING messages.queue
    )
    SELECT
        (SELECT array_agg(CASE
            WHEN who IS NOT NULL AND NOT EXISTS (SELECT FROM grants g WHERE g.service = who AND g.key = i.key) THEN -1
            ELSE (SELECT count(*)::integer FROM routes r WHERE r.exchange = i.exchange AND r.key = i.key)
        END ORDER BY i.n) FROM input i),
        (SELECT array_agg(DISTINCT s.queue) FROM stored s)
    INTO outcome, touched;
    PERFORM pg_notify('qbtc_bus.' || t, '') FROM unnest(touched) AS t;
    RETURN outcome;
END $$;

-- Settle what is done, then lease up to p_want messages. In an ordered queue only keys with nothing in flight and
-- nothing waiting for a retry are given, as a run in publish order; the advisory lock makes takers of one queue see
-- each other's leases. The window grows while one busy key hides the others.
CREATE FUNCTION qbtc_bus.take(p_queue text, p_done bigint[], p_want integer, p_lease interval)
RETURNS TABLE (id bigint, attempt integer, body bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = qbtc_bus, pg_catalog, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    q queues%ROWTYPE;
    at timestamptz;
    span integer := greatest(p_want * 4, 64);
    chosen bigint[];
    seen integer;
BEGIN
    PERFORM authorise(p_queue);
    DELETE FROM messages WHERE queue = p_queue AND id = ANY (p_done);
    IF p_want < 1 THEN
        RETURN;
    END IF;
    SELECT * INTO q FROM queues WHERE name = p_queue;
    IF q.ordered THEN
        PERFORM pg_advisory_xact_lock(hashtext('qbtc_bus'), hashtext(p_queue));
    END IF;
    at := clock_timestamp();
    IF q.expires IS NOT NULL THEN
        DELETE FROM messages WHERE queue = p_queue AND expires_at <= at AND visible_at <= at AND id = ANY (
            ARRAY(SELECT id FROM messages WHERE queue = p_queue ORDER BY id LIMIT 256));
    END IF;
    IF NOT q.ordered THEN
        RETURN QUERY UPDATE messages m SET visible_at = at + p_lease, attempts = m.attempts + 1, owner = pg_backend_pid()
        WHERE m.queue = p_queue AND m.id = ANY (ARRAY(
            SELECT id FROM messages
            WHERE queue = p_queue AND visible_at <= at AND (expires_at IS NULL OR expires_at > at)
            ORDER BY id LIMIT p_want FOR UPDATE SKIP LOCKED))
        RETURNING m.id, m.attempts, m.body;
        RETURN;
    END IF;
    LOOP
        WITH head AS MATERIALIZED (
            SELECT id, order_key, visible_at, expires_at FROM messages WHERE queue = p_queue ORDER BY id LIMIT span
        ), free AS (
            SELECT id FROM head
            WHERE visible_at <= at AND (expires_at IS NULL OR expires_at > at) AND (order_key IS NULL OR order_key NOT IN (
                SELECT order_key FROM head WHERE visible_at > at AND order_key IS NOT NULL))
            ORDER BY id LIMIT p_want
        )
        SELECT (SELECT array_agg(id) FROM free), (SELECT count(*) FROM head) INTO chosen, seen;
        EXIT WHEN cardinality(chosen) > 0 OR seen < span;
        span := span * 8;
    END LOOP;
    RETURN QUERY UPDATE messages m SET visible_at = at + p_lease, attempts = m.attempts + 1, owner = pg_backend_pid()
    WHERE m.queue = p_queue AND m.id = ANY (chosen) RETURNING m.id, m.attempts, m.body;
END $$;

-- A failed attempt. p_hold: the consumer keeps the message (and its key) and will try again itself; otherwise it is
-- free for anybody after p_delay. The attempt number is the fence: a consumer that lost its lease changes nothing.
CREATE FUNCTION qbtc_bus.retry(
    p_queue text, p_id bigint, p_attempt integer, p_delay interval, p_hold boolean, p_lease interval
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = qbtc_bus, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM authorise(p_queue);
    UPDATE messages SET
        attempts = attempts + p_hold::integer,
        visible_at = clock_timestamp() + p_delay + CASE WHEN p_hold THEN p_lease ELSE interval '0' END,
        owner = CASE WHEN p_hold THEN pg_backend_pid() END,
        failed_at = coalesce(failed_at, clock_timestamp())
    WHERE queue = p_queue AND id = p_id AND attempts = p_attempt;
    RETURN FOUND;
END $$;

CREATE FUNCTION qbtc_bus.bury(p_queue text, p_id bigint, p_attempt integer, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = qbtc_bus, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM authorise(p_queue);
    WITH gone AS (
        DELETE FROM messages WHERE queue = p_queue AND id = p_id AND attempts = p_attempt RETURNING *
    )
    INSERT INTO dead_letters (queue, key, order_key, body, published_at, reason, attempts, first_at, last_at)
    SELECT queue, key, order_key, body, published_at, p_reason, attempts, coalesce(failed_at, clock_timestamp()), clock_timestamp()
    FROM gone;
    RETURN FOUND;
END $$;

-- Give back what was taken and not begun: it does not count as an attempt.
CREATE FUNCTION qbtc_bus.release(p_queue text, p_ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = qbtc_bus, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM authorise(p_queue);
    UPDATE messages SET attempts = greatest(attempts - 1, 0), visible_at = '-infinity', owner = NULL
    WHERE queue = p_queue AND id = ANY (p_ids) AND owner = pg_backend_pid();
    PERFORM pg_notify('qbtc_bus.' || p_queue, '');
END $$;

CREATE FUNCTION qbtc_bus.extend(p_queue text, p_ids bigint[], p_attempts integer[], p_lease interval) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = qbtc_bus, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM authorise(p_queue);
    UPDATE messages m SET visible_at = clock_timestamp() + p_lease, owner = pg_backend_pid()
    FROM unnest(p_ids, p_attempts) AS mine(id, attempt)
    WHERE m.queue = p_queue AND m.id = mine.id AND m.attempts = mine.attempt;
END $$;

-- Free at once what a consumer held whose connection is gone, instead of waiting for its lease.
CREATE FUNCTION qbtc_bus.reclaim(p_queue text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = qbtc_bus, pg_catalog, pg_temp AS $$
DECLARE freed integer;
BEGIN
    PERFORM authorise(p_queue);
    IF NOT EXISTS (SELECT FROM messages WHERE queue = p_queue) THEN
        RETURN 0;
    END IF;
    UPDATE messages SET visible_at = '-infinity', owner = NULL
    WHERE queue = p_queue AND owner IS NOT NULL AND visible_at > clock_timestamp()
      AND id = ANY (ARRAY(SELECT id FROM messages WHERE queue = p_queue ORDER BY id LIMIT 2000))
      AND owner NOT IN (SELECT a.pid FROM pg_stat_get_activity(NULL) a WHERE a.pid IS NOT NULL);
    GET DIAGNOSTICS freed = ROW_COUNT;
    RETURN freed;
END $$;

-- Small replies travel in the notification itself ('j' + JSON), large ones as 'r' + row id.
CREATE FUNCTION qbtc_bus.reply(p_inbox text, p_body bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = qbtc_bus, pg_catalog, pg_temp AS $$
DECLARE row_id bigint;
BEGIN
    PERFORM caller();
    PERFORM set_config('synchronous_commit', 'off', true);
    IF octet_length(p_body) < 7900 THEN
        PERFORM pg_notify(p_inbox, 'j' || convert_from(p_body, 'UTF8'));
    ELSE
        INSERT INTO replies (inbox, body) VALUES (p_inbox, p_body) RETURNING id INTO row_id;
        PERFORM pg_notify(p_inbox, 'r' || row_id);
    END IF;
END $$;

CREATE FUNCTION qbtc_bus.fetch_reply(p_inbox text, p_id bigint) RETURNS bytea
LANGUAGE sql SECURITY DEFINER SET search_path = qbtc_bus, pg_catalog, pg_temp AS $$
    DELETE FROM replies WHERE id = p_id AND inbox = p_inbox RETURNING body
$$;

CREATE FUNCTION qbtc_bus.list_dead(p_queue text, p_limit integer) RETURNS SETOF qbtc_bus.dead_letters
LANGUAGE plpgsql SECURITY DEFINER SET search_path = qbtc_bus, pg_catalog, pg_temp AS $$
DECLARE who text := caller();
BEGIN
    RETURN QUERY SELECT d.* FROM dead_letters d JOIN queues q ON q.name = d.queue
    WHERE (p_queue IS NULL OR d.queue = p_queue) AND (who IS NULL OR who IN ('web', q.service))
    ORDER BY d.id LIMIT p_limit;
END $$;

CREATE FUNCTION qbtc_bus.replay(p_ids bigint[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = qbtc_bus, pg_catalog, pg_temp AS $$
DECLARE back text[];
BEGIN
    PERFORM authorise(d.queue, true) FROM dead_letters d WHERE d.id = ANY (p_ids);
    WITH gone AS (
        DELETE FROM dead_letters WHERE id = ANY (p_ids) RETURNING *
    ), stored AS (
        INSERT INTO messages (queue, key, order_key, body, published_at, expires_at)
        SELECT g.queue, g.key, g.order_key, g.body, g.published_at, clock_timestamp() + q.expires
        FROM gone g JOIN queues q ON q.name = g.queue ORDER BY g.id
        RETURNING messages.queue
    )
    SELECT array_agg(queue) INTO back FROM stored;
    PERFORM pg_notify('qbtc_bus.' || t, '') FROM (SELECT DISTINCT unnest(back)) AS d(t);
    RETURN coalesce(cardinality(back), 0);
END $$;

CREATE FUNCTION qbtc_bus.depths()
RETURNS TABLE (queue text, ready bigint, in_flight bigint, dead bigint, oldest_seconds double precision)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = qbtc_bus, pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM caller();
    RETURN QUERY SELECT q.name,
        coalesce(m.ready, 0), coalesce(m.in_flight, 0), coalesce(d.dead, 0), m.oldest
    FROM queues q
    LEFT JOIN (
        SELECT queue, count(*) FILTER (WHERE owner IS NULL OR visible_at <= clock_timestamp()) AS ready,
            count(*) FILTER (WHERE owner IS NOT NULL AND visible_at > clock_timestamp()) AS in_flight,
            extract(epoch FROM clock_timestamp() - min(published_at))::double precision AS oldest
        FROM messages WHERE expires_at IS NULL OR expires_at > clock_timestamp() GROUP BY queue
    ) m ON m.queue = q.name
    LEFT JOIN (SELECT queue, count(*) AS dead FROM dead_letters GROUP BY queue) d ON d.queue = q.name
    ORDER BY q.name;
END $$;

-- Retention: expired messages of queues that nobody reads, unread replies, dead letters older than 30 days.
CREATE FUNCTION qbtc_bus.sweep() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = qbtc_bus, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM caller();
    IF NOT pg_try_advisory_xact_lock(hashtext('qbtc_bus.sweep')) THEN
        RETURN;
    END IF;
    DELETE FROM messages WHERE expires_at <= clock_timestamp() AND visible_at <= clock_timestamp();
    DELETE FROM replies WHERE at < clock_timestamp() - interval '5 minutes';
    DELETE FROM dead_letters WHERE last_at < clock_timestamp() - interval '30 days';
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA qbtc_bus FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA qbtc_bus FROM PUBLIC;
