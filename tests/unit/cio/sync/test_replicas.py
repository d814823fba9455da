"""Replicas under partitions: whatever was cut, doubled, late or out of order, healing brings the same 26 numbers."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbtc.cio.domain.sync import (
    Conflict,
    Event,
    Numbers,
    Replica,
    append,
    divergence,
    empty,
    erase,
    merge,
    missing,
    numbers,
    received,
    state_hash,
    vector,
)

ORIGINS = ("cio-1", "cio-2", "qcs-1")
ITEMS = ("m1", "m2", "m3", "m4")


def body(value: float, formula: int = 1, reference: int = 0) -> Numbers:
    return numbers(formula, [value] * 26, [True] * 26, reference)


def said(origin: str, *values: float, item: str = "m1") -> Replica:
    replica = empty()
    for value in values:
        replica, _ = append(replica, origin, item, body(value))
    return replica


bodies = st.builds(
    body, st.floats(-5, 5, allow_nan=False).map(lambda x: round(x, 3)), st.integers(1, 3), st.integers(0, 9)
)
spoken = st.tuples(st.sampled_from(ORIGINS), st.sampled_from(ITEMS), st.one_of(st.none(), bodies, bodies, bodies))
heard = st.tuples(st.sampled_from(ORIGINS), st.sampled_from(ORIGINS), st.integers(0, 2**32))
script = st.lists(st.one_of(spoken, heard), max_size=40)


def tell(replica: Replica, origin: str, item: str, what: Numbers | None) -> Replica:
    if what is None:
        return erase(replica, origin, item)[0]
    if item in replica.current and replica[item] is None:
        return replica
    return append(replica, origin, item, what)[0]


def some(events: list[Event], seed: int) -> list[Event]:
    """A random part of the events, out of order, some twice: what a bad line delivers."""
    draw = random.Random(seed)
    part = [event for event in events if draw.random() < 0.5]
    part += [event for event in part if draw.random() < 0.3]
    draw.shuffle(part)
    return part


def run(steps: list[tuple[str, str, object]]) -> dict[str, Replica]:
    held = {origin: empty() for origin in ORIGINS}
    for origin, other, what in steps:
        if isinstance(what, int):
            held[origin] = received(held[origin], some(list(held[other].events.values()), what))
        else:
            assert what is None or isinstance(what, Numbers)
            held[origin] = tell(held[origin], origin, other, what)
    return held


@settings(max_examples=150, deadline=None)
@given(steps=script)
def test_after_healing_all_replicas_have_one_hash_and_no_divergence(steps: list[tuple[str, str, object]]) -> None:
    held = run(steps)
    for order in (ORIGINS, ORIGINS[::-1]):
        for origin in order:
            for other in order:
                held[origin] = received(held[origin], missing(held[other], vector(held[origin])))
    assert len({state_hash(replica) for replica in held.values()}) == 1
    assert all(divergence(held[ORIGINS[0]], other).share == 0 for other in held.values())
    assert held[ORIGINS[0]] == held[ORIGINS[1]] == held[ORIGINS[2]]


@settings(max_examples=150, deadline=None)
@given(steps=script)
def test_merging_commutes_associates_and_repeats_harmlessly(steps: list[tuple[str, str, object]]) -> None:
    a, b, c = run(steps).values()
    assert merge(a, b) == merge(b, a)
    assert merge(merge(a, b), c) == merge(a, merge(b, c))
    assert merge(a, a) == a
    assert merge(merge(a, b), b) == merge(a, b)


@settings(max_examples=100, deadline=None)
@given(steps=script, seed=st.integers(0, 2**32))
def test_the_order_in_which_events_arrive_one_by_one_leaves_no_trace(
    steps: list[tuple[str, str, object]], seed: int
) -> None:
    held = run(steps)
    whole = merge(merge(held["cio-1"], held["cio-2"]), held["qcs-1"])
    events = [*whole.events.values()] * 2
    random.Random(seed).shuffle(events)
    late = empty()
    for event in events:
        late = received(late, [event])
    assert late == whole


@settings(max_examples=100, deadline=None)
@given(steps=script)
def test_divergence_is_zero_exactly_when_the_hashes_are_equal(steps: list[tuple[str, str, object]]) -> None:
    a, b, _ = run(steps).values()
    assert (divergence(a, b).share == 0) == (state_hash(a) == state_hash(b))
    assert divergence(a, b) == divergence(b, a)


@settings(max_examples=60, deadline=None)
@given(steps=script)
def test_an_erased_items_numbers_are_in_no_event_of_any_replica_that_heard_of_it(
    steps: list[tuple[str, str, object]],
) -> None:
    for replica in run(steps).values():
        erased = {item for item in replica.current if replica[item] is None}
        assert all(event.body is None for event in replica.events.values() if event.item in erased)


def test_a_partition_shows_as_divergence_and_healing_takes_it_away() -> None:
    one, other = said("a", 1.0), said("b", -1.0)
    apart = divergence(one, other)
    assert (apart.items, apart.differing, apart.share, apart.distance) == (1, 1, 1.0, 2.0)
    healed, too = merge(one, other), merge(other, one)
    assert divergence(healed, too) == replace(apart, differing=0, distance=0.0)


def test_an_item_that_only_one_has_heard_of_differs_without_a_distance() -> None:
    apart = divergence(said("a", 1.0), empty())
    assert (apart.share, apart.distance) == (1.0, 0.0)


def test_two_replicas_that_took_other_paths_to_the_same_numbers_have_the_same_hash() -> None:
    assert state_hash(said("a", 3.0, 1.0)) == state_hash(said("b", 1.0))


def test_a_newer_formula_counts_before_a_later_event_of_an_older_one() -> None:
    newer, _ = append(empty(), "a", "m1", body(1.0, formula=2))
    older = said("b", 4.0, 4.5, 5.0)
    assert merge(older, newer)["m1"] == body(1.0, formula=2)


def test_of_one_formula_the_later_event_counts() -> None:
    first = said("z", 1.0)
    later, event = append(merge(empty(), first), "a", "m1", body(2.0))
    assert event.clock == 2
    assert merge(first, later)["m1"] == body(2.0)


def test_erasure_wins_over_what_was_said_elsewhere_at_the_same_time_and_is_sent_to_those_who_are_level() -> None:
    shared = said("a", 1.0)
    erased, _ = erase(shared, "a", "m1")
    behind, _ = append(shared, "b", "m1", body(3.0, formula=9))
    whole = merge(behind, erased)
    assert whole["m1"] is None
    level = received(behind, missing(whole, {"a": 9, "b": 9}))
    assert level == whole


def test_an_erased_item_cannot_be_told_of_again() -> None:
    erased, _ = erase(said("a", 1.0), "a", "m1")
    with pytest.raises(ValueError, match="stays erased, use another id"):
        append(erased, "a", "m1", body(1.0))


def test_an_origin_used_twice_is_refused_from_both_sides_and_nothing_is_taken() -> None:
    one, other = said("a", 1.0), said("a", 2.0)
    before = state_hash(one)
    for left, right in ((one, other), (other, one)):
        with pytest.raises(Conflict, match="must never be used by two replicas"):
            merge(left, right)
    assert state_hash(one) == before


def test_the_vector_stops_at_a_gap_and_what_is_beyond_is_sent_again() -> None:
    full = said("a", 1.0, 2.0, 3.0)
    events = missing(full, {})
    gapped = received(empty(), [events[0], events[2]])
    assert vector(gapped) == {"a": 1}
    assert missing(full, vector(gapped)) == events[1:]


def test_an_item_never_heard_of_is_a_key_error_and_names_are_needed() -> None:
    with pytest.raises(KeyError):
        empty()["m1"]
    with pytest.raises(ValueError, match="neither may be empty"):
        append(empty(), "", "m1", body(1.0))
