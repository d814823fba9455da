"""What the bus promises, claimed once and checked on both adapters."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from qbtc.contracts import Exchange, matches
from qbtc.kit.bus import PROBLEM_TYPE, DeadLetter, DeadlineExceeded, Delivery, Reject, RemoteError, Unroutable
from qbtc.kit.errors import BadInput
from qbtc.testing.bus import Desk, message
from qbtc.testing.waiting import eventually

pytestmark = pytest.mark.asyncio
TOPIC = Exchange.TOPIC


class Recorder:
    """A handler that keeps what it saw."""

    def __init__(self) -> None:
        self.seen: list[Delivery] = []

    async def __call__(self, delivery: Delivery) -> None:
        self.seen.append(delivery)

    def numbers(self) -> list[object]:
        return [d.envelope.data["n"] for d in self.seen]


async def test_a_message_arrives_byte_for_byte_as_it_was_published(place: Desk) -> None:
    bus, got = await place.open(), Recorder()
    sent = message("t.plain.a", text='ñandú ☃ " \\ 1.50').model_copy(
        update={"traceparent": "00-aa-bb-01", "actor": "token", "idempotencykey": "op"}
    )
    await bus.publish(sent, exchange=TOPIC)
    await bus.consume("t.plain", got)
    await eventually(lambda: len(got.seen) == 1)
    assert got.seen[0] == Delivery(sent, 1, "t.plain")


async def test_a_hash_may_stand_anywhere_in_a_pattern(place: Desk) -> None:
    bus, front, middle = await place.open(), Recorder(), Recorder()
    keys = ["z", "a.z", "a.b.z", "a.b.c.z", "b.z", "b.x.z", "b.x.y.z", "q.w.z"]
    await bus.publish(*(message(key) for key in keys), exchange=TOPIC)
    await bus.consume("t.front", front)
    await bus.consume("t.middle", middle)
    wanted = [k for k in keys if matches("a.#.z", k) or matches("b.*.z", k)]
    await eventually(lambda: len(front.seen) == len(keys) and len(middle.seen) == len(wanted))
    assert sorted(d.envelope.type for d in front.seen) == sorted(keys)
    assert sorted(d.envelope.type for d in middle.seen) == sorted(wanted)


async def test_two_matching_patterns_of_one_queue_deliver_once(place: Desk) -> None:
    bus, got = await place.open(), Recorder()
    await bus.publish(message("a.b.z", n=1), message("b.a.z", n=2), exchange=TOPIC)
    await bus.consume("t.middle", got)
    await eventually(lambda: len(got.seen) == 2)
    assert (await bus.depths())["t.middle"].ready == 0


async def test_fan_out_reaches_every_queue(place: Desk) -> None:
    bus, one, two = await place.open(), Recorder(), Recorder()
    await bus.consume("t.one", one)
    await bus.consume("t.two", two)
    await bus.publish(message("any.key", n=1), exchange=Exchange.FANOUT)
    await eventually(lambda: one.numbers() == [1] and two.numbers() == [1])


async def test_an_unroutable_message_is_an_error_that_names_the_key_and_the_rest_is_stored(place: Desk) -> None:
    bus, got = await place.open(), Recorder()
    with pytest.raises(Unroutable) as refused:
        await bus.publish(message("t.plain.a", n=1), message("nobody.home"), message("t.plain.b", n=2), exchange=TOPIC)
    assert refused.value.keys == ("nobody.home",)
    await bus.consume("t.plain", got)
    await eventually(lambda: sorted(map(str, got.numbers())) == ["1", "2"])


async def test_messages_of_one_key_keep_their_order_and_keys_run_side_by_side(place: Desk) -> None:
    bus, together, most, seen = await place.open(), 0, 0, {k: [] for k in "abcde"}

    async def handle(delivery: Delivery) -> None:
        nonlocal together, most
        together += 1
        most = max(most, together)
        await asyncio.sleep(0)
        seen[str(delivery.envelope.orderkey)].append(delivery.envelope.data["n"])
        together -= 1

    await bus.publish(*(message("t.ordered", order="abcde"[n % 5], n=n) for n in range(500)), exchange=TOPIC)
    await bus.consume("t.ordered", handle)
    await eventually(lambda: sum(map(len, seen.values())) == 500)
    assert all(numbers == sorted(numbers) for numbers in seen.values())
    assert most > 1


async def test_order_holds_with_two_consumers_of_one_queue(place: Desk) -> None:
    first, second, seen = await place.open(), await place.open(), []

    async def handle(delivery: Delivery) -> None:
        await asyncio.sleep(0.001)
        seen.append((delivery.envelope.orderkey, delivery.envelope.data["n"]))

    for bus in (first, second):
        await bus.consume("t.ordered", handle, prefetch=7)
    for n in range(0, 200, 10):
        batch = (message("t.ordered", order=f"k{i % 3}", n=i) for i in range(n, n + 10))
        await first.publish(*batch, exchange=TOPIC)
    await eventually(lambda: len(seen) >= 200)
    assert len(seen) == 200
    for key in ("k0", "k1", "k2"):
        numbers = [n for k, n in seen if k == key]
        assert numbers == sorted(numbers)


async def test_a_retry_holds_back_its_key_and_no_other(place: Desk) -> None:
    bus, seen = await place.open(), []

    async def handle(delivery: Delivery) -> None:
        seen.append((delivery.envelope.orderkey, delivery.envelope.data["n"], delivery.attempt))
        if delivery.envelope.data["n"] == 0 and delivery.attempt < 3:
            raise ConnectionError("not now")

    await bus.consume("t.ordered", handle)
    await bus.publish(*(message("t.ordered", order="slow", n=n) for n in range(3)), exchange=TOPIC)
    await bus.publish(*(message("t.ordered", order="fast", n=n) for n in range(1, 4)), exchange=TOPIC)
    await eventually(lambda: len(seen) == 8)
    slow = [(n, attempt) for key, n, attempt in seen if key == "slow"]
    assert slow == [(0, 1), (0, 2), (0, 3), (1, 1), (2, 1)]
    assert [s[0] for s in seen].index("fast") < seen.index(("slow", 0, 2))
    assert seen.index(("fast", 3, 1)) < seen.index(("slow", 0, 3))


async def test_a_failing_handler_is_tried_again_with_growing_pauses_then_the_message_is_dead(place: Desk) -> None:
    bus, times = await place.open(), []

    async def handle(delivery: Delivery) -> None:
        times.append((delivery.attempt, time.monotonic()))
        raise ValueError("the market is closed")

    await bus.consume("t.plain", handle)
    sent, before = message("t.plain.a", n=1), datetime.now(UTC)
    await bus.publish(sent, exchange=TOPIC)
    dead = await _dead(place, 1)
    assert [attempt for attempt, _ in times] == [1, 2, 3]
    pauses = [b[1] - a[1] for a, b in pairwise(times)]
    assert pauses[0] >= 0.2 and pauses[1] >= 0.4
    letter = dead[0]
    assert (letter.queue, letter.key, letter.attempts, letter.envelope) == ("t.plain", "t.plain.a", 3, sent)
    assert letter.reason == "ValueError: the market is closed"
    assert before - timedelta(seconds=1) <= letter.first_at < letter.last_at <= datetime.now(UTC)
    assert (await bus.depths())["t.plain"].dead == 1


async def test_a_rejected_message_is_dead_at_once_and_can_be_replayed(place: Desk) -> None:
    bus, seen, good = await place.open(), [], False

    async def handle(delivery: Delivery) -> None:
        seen.append((delivery.envelope.data["n"], delivery.attempt))
        if not good and delivery.envelope.data["n"] == 2:
            raise Reject("quantity is negative")

    await bus.consume("t.plain", handle)
    await bus.publish(*(message("t.plain.a", n=n) for n in (1, 2)), exchange=TOPIC)
    letter = (await _dead(place, 1))[0]
    assert letter.reason == "Reject: quantity is negative" and letter.attempts == 1
    assert await bus.dead_letters("t.ordered") == []
    good = True
    assert await bus.replay([letter.id]) == 1
    await eventually(lambda: seen.count((2, 1)) == 2)
    assert await bus.dead_letters() == []
    assert await bus.replay([letter.id]) == 0


async def test_listing_dead_letters_leaves_them_where_they_are_and_respects_the_limit(place: Desk) -> None:
    bus = await place.open()

    async def refuse(_: Delivery) -> None:
        raise Reject("no")

    await bus.consume("t.plain", refuse)
    await bus.publish(*(message("t.plain.a", n=n) for n in range(5)), exchange=TOPIC)
    await _dead(place, 5)
    assert len(await bus.dead_letters("t.plain", limit=2)) == 2
    numbers = {str(d.envelope and d.envelope.data["n"]) for d in await bus.dead_letters("t.plain")}
    assert numbers == set("01234")


async def test_a_dead_letter_of_an_ordered_queue_lets_its_key_go_on(place: Desk) -> None:
    bus, seen = await place.open(), []

    async def handle(delivery: Delivery) -> None:
        if delivery.envelope.data["n"] == 0:
            raise Reject("bad")
        seen.append(delivery.envelope.data["n"])

    await bus.consume("t.ordered", handle)
    await bus.publish(*(message("t.ordered", order="k", n=n) for n in range(3)), exchange=TOPIC)
    await eventually(lambda: seen == [1, 2])
    assert len(await _dead(place, 1)) == 1


async def test_a_message_that_nobody_read_in_time_expires(place: Desk) -> None:
    bus, got = await place.open(), Recorder()
    await bus.publish(message("t.expiring", n=1), exchange=TOPIC)

    async def gone() -> bool:
        return (await bus.depths())["t.expiring"].ready == 0

    await eventually(gone)
    await bus.consume("t.expiring", got)
    await bus.publish(message("t.expiring", n=2), exchange=TOPIC)
    await eventually(lambda: bool(got.seen))
    assert got.numbers() == [2]
    assert await bus.dead_letters("t.expiring") == []


async def test_a_request_is_answered(place: Desk) -> None:
    asker, answerer = await place.open(), await place.open()

    async def answer(delivery: Delivery) -> None:
        n = delivery.envelope.data["n"]
        await answerer.reply(delivery.envelope, message("t.answer", n=n, size="x" * (30_000 if n == 0 else 1)))

    await answerer.consume("t.calls", answer)
    replies = await asyncio.gather(*(asker.request(message("t.call", n=n), 10.0) for n in range(20)))
    assert [r.data["n"] for r in replies] == list(range(20))
    assert len(str(replies[0].data["size"])) == 30_000
    assert all(r.correlationid for r in replies)


async def test_a_problem_reply_is_raised_as_the_remote_error_it_is(place: Desk) -> None:
    bus = await place.open()
    problem = {"type": "urn:qbtc:problem:not-found", "title": "There is no such thing", "status": 404}

    async def answer(delivery: Delivery) -> None:
        await bus.reply(delivery.envelope, message(PROBLEM_TYPE, **problem))

    await bus.consume("t.calls", answer)
    with pytest.raises(RemoteError) as raised:
        await bus.request(message("t.call"), 10.0)
    assert raised.value.remote == problem


async def test_a_request_without_an_answer_ends_at_its_deadline_and_a_late_reply_is_dropped(place: Desk) -> None:
    bus, got = await place.open(), Recorder()
    await bus.consume("t.calls", got)
    start = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        await bus.request(message("t.call"), 0.3)
    assert 0.25 <= time.monotonic() - start < 3
    await bus.reply(got.seen[0].envelope, message("t.answer"))
    late = got.seen[0].envelope.model_copy(update={"deadline": datetime.now(UTC) + timedelta(seconds=5)})
    await bus.reply(late, message("t.answer", n="late"))

    asking = asyncio.create_task(bus.request(message("t.call"), 5.0))
    await eventually(lambda: len(got.seen) == 2)
    await bus.reply(got.seen[1].envelope, message("t.answer", n="mine"))
    assert (await asking).data == {"n": "mine"}


async def test_a_request_that_expired_while_it_waited_is_not_handled(place: Desk) -> None:
    bus, got = await place.open(), Recorder()
    with pytest.raises(DeadlineExceeded):
        await bus.request(message("t.call", n="stale"), 0.2)
    await bus.consume("t.calls", got)
    await bus.publish(message("t.call", n="fresh"), exchange=Exchange.DIRECT)
    await eventually(lambda: bool(got.seen))
    assert got.numbers() == ["fresh"]


async def test_a_request_that_nobody_can_take_is_unroutable(place: Desk) -> None:
    bus = await place.open()
    with pytest.raises(Unroutable):
        await bus.request(message("t.nobody"), 5.0)


async def test_stop_lets_the_running_handler_finish_and_gives_the_rest_back(place: Desk) -> None:
    bus, started, release, done = await place.open(), asyncio.Event(), asyncio.Event(), []

    async def slow(delivery: Delivery) -> None:
        started.set()
        await release.wait()
        done.append(delivery.envelope.data["n"])

    consumer = await bus.consume("t.ordered", slow)
    await bus.publish(*(message("t.ordered", order="k", n=n) for n in range(5)), exchange=TOPIC)
    await started.wait()
    stopping = asyncio.create_task(consumer.stop())
    await asyncio.sleep(0)
    release.set()
    await stopping
    assert done == [0]
    got = Recorder()
    await (await place.open()).consume("t.ordered", got)
    await eventually(lambda: len(got.seen) >= 4)
    assert got.numbers() == [1, 2, 3, 4]
    assert [d.attempt for d in got.seen] == [1, 1, 1, 1]


async def test_a_paused_consumer_starts_nothing_until_it_resumes(place: Desk) -> None:
    bus, got = await place.open(), Recorder()
    consumer = await bus.consume("t.plain", got)
    consumer.pause()
    await bus.publish(*(message("t.plain.a", n=n) for n in range(3)), exchange=TOPIC)
    await bus.publish(message("any", n=0), exchange=Exchange.FANOUT)
    other = Recorder()
    await bus.consume("t.one", other)
    await eventually(lambda: bool(other.seen))
    assert got.seen == []
    consumer.resume()
    await eventually(lambda: len(got.seen) == 3)


async def test_no_more_than_prefetch_messages_are_handled_at_a_time(place: Desk) -> None:
    bus, now, most, total = await place.open(), 0, 0, 0

    async def handle(_: Delivery) -> None:
        nonlocal now, most, total
        now, total = now + 1, total + 1
        most = max(most, now)
        await asyncio.sleep(0.002)
        now -= 1

    await bus.publish(*(message("t.plain.a") for _ in range(60)), exchange=TOPIC)
    await bus.consume("t.plain", handle, prefetch=5)
    await eventually(lambda: total == 60)
    assert 1 < most <= 5


async def test_depths_count_what_waits(place: Desk) -> None:
    bus = await place.open()
    await bus.publish(*(message("t.plain.a") for _ in range(3)), exchange=TOPIC)
    assert (await bus.depths())["t.plain"].ready == 3
    assert set(await bus.depths()) == set(place.topology)


async def test_an_unknown_queue_is_refused_with_the_allowed_ones(place: Desk) -> None:
    bus = await place.open()
    with pytest.raises(BadInput) as refused:
        await bus.consume("t.typo", Recorder())
    assert "t.plain" in list(refused.value.allowed)  # type: ignore[arg-type]


async def test_an_unknown_routing_key_without_an_exchange_is_refused(place: Desk) -> None:
    bus = await place.open()
    with pytest.raises(BadInput, match="unknown routing key"):
        await bus.publish(message("t.plain.a"))


async def _dead(place: Desk, count: int) -> list[DeadLetter]:
    """Wait until so many dead letters are there; returns them."""
    bus = await place.open()

    async def there() -> bool:
        return sum(d.dead for d in (await bus.depths()).values()) >= count

    await eventually(there)
    return await bus.dead_letters()
