-- Which hits helped, what recall learned from that, and the 26 numbers that replicas hold together.

-- One word of a person on one hit of one question. The question itself is not kept, only a hash of its words.
CREATE TABLE feedback (
    owner       text NOT NULL CHECK (owner <> ''),
    question    text NOT NULL,
    memory_id   uuid NOT NULL REFERENCES memories ON DELETE CASCADE,
    helpful     boolean NOT NULL,
    said_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, question, memory_id)
);
CREATE INDEX feedback_memory ON feedback (memory_id);
ALTER TABLE feedback ENABLE ROW LEVEL SECURITY;
CREATE POLICY feedback_own ON feedback
    USING (owner = current_setting('qbtc.user', true))
    WITH CHECK (owner = current_setting('qbtc.user', true));

-- The learners, the trial and the watch; the champion is the newest version of `recall`. Weights only, no texts.
CREATE TABLE evolution (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    state   jsonb NOT NULL
);
ALTER TABLE evolution ENABLE ROW LEVEL SECURITY;
CREATE POLICY evolution_all ON evolution USING (true) WITH CHECK (true);

-- One statement about the 26 numbers of one kept moment; without numbers the moment was erased, for good.
CREATE SEQUENCE sync_places;
CREATE TABLE sync_events (
    origin      text NOT NULL CHECK (origin <> ''),
    sequence    bigint NOT NULL CHECK (sequence > 0),
    clock       bigint NOT NULL CHECK (clock > 0),
    item        text NOT NULL CHECK (item <> ''),
    epoch       bigint NOT NULL,
    formula     integer,
    reference   bigint,
    present     bytea CHECK (octet_length(present) = 26),
    numbers     bytea CHECK (octet_length(numbers) = 208),
    memory_id   uuid,
    place       bigint NOT NULL DEFAULT nextval('sync_places'),
    PRIMARY KEY (origin, sequence)
);
CREATE INDEX sync_events_place ON sync_events (place);
CREATE INDEX sync_events_item ON sync_events (item);
CREATE INDEX sync_events_memory ON sync_events (memory_id) WHERE memory_id IS NOT NULL;
ALTER TABLE sync_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY sync_events_all ON sync_events USING (true) WITH CHECK (true);

-- A moment that is erased takes its numbers with it in the same transaction; the bare event tells the other replicas.
CREATE FUNCTION sync_erase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sync_events SET formula = NULL, reference = NULL, present = NULL, numbers = NULL, place = nextval('sync_places')
        WHERE numbers IS NOT NULL AND item IN (SELECT item FROM sync_events WHERE memory_id = OLD.memory_id);
    RETURN OLD;
END
$$;
CREATE TRIGGER moments_sync_erase AFTER DELETE ON moments FOR EACH ROW EXECUTE FUNCTION sync_erase();

-- Under which name this database speaks; made at its first word. A copy of a database must get another one before it speaks.
CREATE TABLE sync_origin (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    origin  text NOT NULL CHECK (origin <> '')
);
ALTER TABLE sync_origin ENABLE ROW LEVEL SECURITY;
CREATE POLICY sync_origin_all ON sync_origin USING (true) WITH CHECK (true);
