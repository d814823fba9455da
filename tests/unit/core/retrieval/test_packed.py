"""Vectors in little memory: what is found beside the exact scan, and by property."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qbtc.core.retrieval.packed import CHUNK, PackedVectors

WIDTH = 128
Vectors = NDArray[np.float32]


def crowd(count: int, seed: int = 26) -> Vectors:
    """Unit vectors around few directions and one common one, as sentence embeddings are."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((20, WIDTH)) * 0.8
    rows = 1.5 * np.ones(WIDTH) + centres[rng.integers(0, 20, count)] + rng.standard_normal((count, WIDTH)) * 0.7
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def best(vectors: Vectors, query: Vectors, limit: int) -> set[int]:
    return set(np.argsort(-(vectors @ query), kind="stable")[:limit].tolist())


def filled(vectors: Vectors, **options: int) -> PackedVectors:
    packed = PackedVectors(**options)
    for start in range(0, len(vectors), 1000):
        rows = vectors[start : start + 1000]
        packed.put(np.arange(start, start + len(rows)), rows)
    return packed


def test_few_vectors_are_found_exactly_best_first() -> None:
    vectors = crowd(500)
    packed, query = filled(vectors), crowd(1, seed=1)[0]
    assert packed.nearest(query, 20).tolist() == np.argsort(-(vectors @ query), kind="stable")[:20].tolist()


def test_among_many_the_best_hundred_are_among_the_candidates() -> None:
    vectors = crowd(2 * CHUNK + 500)
    asked = vectors[::1700] + np.random.default_rng(1).standard_normal((20, WIDTH)).astype(np.float32) * 0.04
    packed, queries = filled(vectors, pool=4096), asked / np.linalg.norm(asked, axis=1, keepdims=True)
    met = [len(best(vectors, q, 100) & set(packed.nearest(q, 256).tolist())) for q in queries]
    assert len(packed) == len(vectors)
    assert np.mean(met) >= 98


def test_a_dropped_and_a_forbidden_slot_are_not_found_and_one_put_again_is() -> None:
    for count, learn in ((300, 4096), (3000, 1000)):
        vectors = crowd(count)
        packed = filled(vectors, learn=learn)
        query = vectors[7]
        assert packed.nearest(query, 1).tolist() == [7]
        packed.drop(7)
        packed.drop(7)
        assert len(packed) == count - 1
        assert 7 not in packed.nearest(query, count).tolist()
        packed.put(np.array([7]), vectors[7:8])
        assert packed.nearest(query, 1).tolist() == [7]
        allowed = np.ones(count - 10, np.bool_)
        allowed[7] = False
        found = packed.nearest(query, count, allowed)
        assert 7 not in found.tolist()
        assert found.max() < count - 10


def test_nothing_kept_and_nothing_allowed_find_nothing() -> None:
    query = crowd(1)[0]
    assert PackedVectors().nearest(query, 5).tolist() == []
    for learn in (10_000, 100):
        packed = filled(crowd(500), learn=learn)
        assert packed.nearest(query, 5, np.zeros(500, np.bool_)).tolist() == []
        assert packed.nearest(query, 0).tolist() == []


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=120))
def test_what_is_held_is_what_was_put_and_not_dropped(steps: list[tuple[int, bool]]) -> None:
    vectors, held = crowd(41), set()
    packed = PackedVectors(learn=10)
    for slot, put in steps:
        if put:
            packed.put(np.array([slot]), vectors[slot : slot + 1])
            held.add(slot)
        else:
            packed.drop(slot)
            held.discard(slot)
    assert len(packed) == len(held)
    assert set(packed.nearest(vectors[0], 100).tolist()) == held
