"""Segments and fusion of legs."""

from __future__ import annotations

import numpy as np
import pytest

from qbtc.cio.domain.memory import State
from qbtc.cio.domain.recall import LEXICAL, STATE, VECTOR, fuse, lend, plausible
from qbtc.cio.domain.segment import Entry, Segment
from qbtc.cio.recalling import best_alike


def segment(*rows: tuple[str, str, str, str, str | None]) -> Segment:
    built = Segment()
    for memory_id, text, scope, kind, session in rows:
        built.add(Entry(memory_id, text.split(), scope, kind, session))
    return built


ROWS = (
    ("m1", "lunch soup", "desk", "note", "a"),
    ("m2", "stop loss hit", "desk", "trade", "a"),
    ("m3", "weather rain", "desk", "note", "a"),
    ("m4", "stop sign", "journal", "note", "b"),
)


def search(built: Segment, words: str, scope: str | None = None, kinds: tuple[str, ...] = ()) -> list[str]:
    return [key for key, _ in built.search(words.split(), scope=scope, kinds=kinds, limit=10)]


def test_the_turn_beside_a_hit_is_found_after_the_hit() -> None:
    assert search(segment(*ROWS), "loss") == ["m2", "m1", "m3"]


def test_filters_by_scope_and_kind_hold_for_neighbours_too() -> None:
    built = segment(*ROWS)
    assert search(built, "stop", scope="journal") == ["m4"]
    assert search(built, "stop", kinds=("trade",)) == ["m2"]
    assert search(built, "stop", scope="nowhere") == []


def test_no_matching_word_is_no_hit() -> None:
    assert search(segment(*ROWS), "zebra") == []
    assert search(Segment(), "stop") == []


def test_a_forgotten_memory_is_neither_hit_nor_neighbour() -> None:
    built = segment(*ROWS)
    built.remove("m2")
    built.remove("m2")
    assert search(built, "loss") == []
    assert built.neighbours("m1") == []
    assert len(built) == 3


def test_adding_twice_changes_nothing() -> None:
    built = segment(*ROWS, ROWS[0])
    assert len(built) == 4


def test_neighbours_stay_within_their_session() -> None:
    built = segment(*ROWS)
    assert built.neighbours("m2") == ["m1", "m3"]
    assert built.neighbours("m4") == []


def test_hits_say_the_score_of_each_leg_that_found_them() -> None:
    ranked = fuse({LEXICAL: {"a": 3.0, "b": 1.0}, VECTOR: {"b": 0.9}, STATE: {}}, 5)
    assert {r.memory_id: dict(r.legs) for r in ranked} == {"a": {LEXICAL: 3.0}, "b": {LEXICAL: 1.0, VECTOR: 0.9}}
    assert [r.memory_id for r in ranked] == ["a", "b"]


def test_nothing_found_is_an_empty_answer() -> None:
    assert fuse({LEXICAL: {}, VECTOR: {}}, 5) == []
    assert lend({}, {}) == {}


def test_a_weak_cosine_counts_only_with_words_behind_it() -> None:
    assert plausible({"a": 0.9, "b": 0.7, "c": 0.7}, floor=0.8, lexical={"c": 1.0}) == {"a": 0.9, "c": 0.7}


def test_a_good_cosine_lends_half_of_its_distance_to_its_neighbour() -> None:
    lent = lend({"a": 0.9, "z": 0.8}, {"a": ["b"]})
    assert lent == {"a": pytest.approx(0.1), "z": pytest.approx(0.0), "b": pytest.approx(0.0)}
    lent = lend({"a": 0.9, "b": 0.8}, {"a": ["b"], "b": ["a"]})
    assert lent == {"a": pytest.approx(0.1), "b": pytest.approx(0.05)}


def test_the_state_leg_lists_likeness_and_never_a_mirror() -> None:
    unit = np.zeros(52)
    unit[0] = 1.0
    known = {"same": State(unit, 1.0), "quiet": State(unit, 0.5), "mirror": State(-unit, 1.0)}
    assert best_alike(State(unit, 1.0), known, 10) == {"same": pytest.approx(1.0), "quiet": pytest.approx(0.5)}
    assert list(best_alike(State(unit, 1.0), known, 1)) == ["same"]
    assert best_alike(State(unit, 1.0), {}, 5) == {}
