"""The routing table and the durable topology agree with each other, and with the fixed keys of the architecture."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.every import every

from qbtc.contracts import QUEUES, ROUTES, Exchange, Kind, Queue, Route, ServiceName, matches, may_publish
from qbtc.contracts.export import queues_of

FIXED = (
    "ce3.tools.request", "cio.consciousness.query", "qcs.quantum.compute", "hft.trading.signal", "web.ui.update",
    "ce3.tools.finished", "ce3.turn.delta", "cio.memory.reflected", "qcs.quantum.state", "hft.market.state",
    "hft.order.proposed", "hft.order.approved", "hft.order.sent", "hft.order.filled", "hft.order.rejected",
)
every_route = every("route", ROUTES.values())
every_queue = every("queue", QUEUES.values())

words = st.text(string.ascii_lowercase, min_size=1, max_size=3)
keys = st.lists(words, min_size=1, max_size=5).map(".".join)
patterns = st.lists(st.one_of(st.just("*"), st.just("#"), words), min_size=1, max_size=5).map(".".join)


@every("key", FIXED)
def test_the_keys_that_the_architecture_fixes_exist(key: str) -> None:
    assert ROUTES[key].key == key


@every_route
def test_a_key_is_service_noun_verb_and_names_a_service(route: Route) -> None:
    assert re.fullmatch(r"(ce3|cio|qcs|hft|web)(\.[a-z]+){2}", route.key)
    assert route.producers
    assert route.consumers


@every_route
def test_every_consumer_of_a_route_has_a_queue_for_every_kind_of_it(route: Route) -> None:
    for kind in route.kinds:
        served = {q.service for q in queues_of(route) if q.exchange is kind.exchange}
        assert set(route.consumers) <= served, f"{kind} {route.key}"


@every_route
def test_a_message_reaches_nobody_whom_the_route_does_not_name(route: Route) -> None:
    assert {q.service for q in queues_of(route)} <= set(route.consumers)


@every_route
def test_a_request_has_a_reply_and_nothing_else_has_one(route: Route) -> None:
    assert (Kind.REQUEST in route.kinds) == (route.reply is not None)


@every_route
def test_the_order_of_a_route_is_by_a_field_of_its_body(route: Route) -> None:
    assert route.order_by is None or route.order_by in route.body.model_fields


@every_route
def test_what_people_may_send_needs_a_role_and_comes_through_web(route: Route) -> None:
    if route.role is not None:
        assert ServiceName.WEB in route.producers
        assert set(route.kinds) & {Kind.COMMAND, Kind.BROADCAST}


@every_queue
def test_every_queue_belongs_to_a_service_that_consumes_all_it_takes(queue: Queue) -> None:
    assert queue.name.startswith(f"{queue.service}.")
    taken = [r for r in ROUTES.values() if queue in queues_of(r)]
    assert taken, "a queue that nothing reaches"
    assert all(queue.service in r.consumers for r in taken)


@every_queue
def test_every_pattern_of_a_queue_matches_a_route(queue: Queue) -> None:
    for pattern in queue.patterns:
        assert any(matches(pattern, key) for key in ROUTES), pattern


@every_queue
def test_a_queue_tries_more_than_once_and_gives_up(queue: Queue) -> None:
    assert 2 <= queue.max_attempts <= 20
    assert queue.expires is None or queue.expires > 0


def test_what_everyone_must_hear_goes_over_the_fanout_exchange() -> None:
    for key in ("hft.trading.kill", "hft.trading.resume", "web.service.control", "web.settings.changed"):
        assert ROUTES[key].kinds[0].exchange is Exchange.FANOUT
        assert set(ROUTES[key].consumers) == set(ServiceName)


def test_only_the_named_producers_may_publish() -> None:
    assert may_publish("hft", "hft.market.state")
    assert may_publish("web", "hft.order.place")
    assert not may_publish("ce3", "hft.order.place"), "an assistant proposes, it does not place"
    assert not may_publish("cio", "hft.market.state")


@pytest.mark.parametrize(("service", "key"), [
    ("hft", "hft.market.unknown"), ("nobody", "web.ui.update"), ("", ""), ("hft", "#"), ("hft", "hft.market.*"),
    ("HFT", "hft.market.state"),
])
def test_what_the_table_does_not_know_may_not_be_published(service: str, key: str) -> None:
    assert not may_publish(service, key)


@given(keys)
def test_a_key_matches_itself_and_a_single_hash(key: str) -> None:
    assert matches(key, key)
    assert matches("#", key)


@given(keys)
def test_stars_count_words(key: str) -> None:
    count = len(key.split("."))
    assert [matches(".".join("*" * n), key) for n in range(1, 7)] == [n == count for n in range(1, 7)]


@given(keys, st.data())
def test_a_hash_stands_for_any_run_of_words_anywhere(key: str, data: st.DataObject) -> None:
    parts = key.split(".")
    begin = data.draw(st.integers(0, len(parts)))
    end = data.draw(st.integers(begin, len(parts)))
    assert matches(".".join([*parts[:begin], "#", *parts[end:]]), key)


@given(patterns, keys)
def test_matching_agrees_with_the_regular_expression_of_the_grammar(pattern: str, key: str) -> None:
    pieces = {"#": r"(?:[^.]+\.)*", "*": r"[^.]+\."}
    regex = "".join(pieces.get(word, re.escape(word) + r"\.") for word in pattern.split("."))
    assert matches(pattern, key) == bool(re.fullmatch(regex, key + "."))
