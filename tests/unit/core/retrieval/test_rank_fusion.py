"""Fusion, neighbours and exact cosine."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qbtc.core.retrieval import reciprocal_rank, spread, top_cosine, weighted


def test_reciprocal_rank_adds_one_over_sixty_plus_rank() -> None:
    fused = reciprocal_rank({"a": ["x", "y"], "b": ["y"]})
    assert fused == {"y": pytest.approx(1 / 62 + 1 / 61), "x": pytest.approx(1 / 61)}
    assert list(fused) == ["y", "x"]


def test_a_leg_of_weight_zero_changes_no_score() -> None:
    assert reciprocal_rank({"a": ["x"], "b": ["y", "x"]}, weights={"b": 0.0})["x"] == pytest.approx(1 / 61)


def test_weighted_fusion_scales_each_leg_by_its_own_span() -> None:
    fused = weighted({"a": {"x": 10.0, "y": 5.0, "z": 0.0}, "b": {"y": 0.9, "z": 0.8}}, weights={"a": 1.0, "b": 2.0})
    assert fused == {"y": pytest.approx(2.5), "x": pytest.approx(1.0), "z": pytest.approx(0.0)}


def test_a_leg_with_one_entry_gives_it_full_weight_and_an_empty_leg_nothing() -> None:
    assert weighted({"a": {"x": 3.0}, "b": {}}, weights={"a": 1.5, "b": 9.0}) == {"x": 1.5}


def test_no_legs_is_no_hits() -> None:
    assert weighted({}, weights={}) == {}
    assert reciprocal_rank({}) == {}


def test_neighbours_of_the_same_group_get_half_of_the_better_side() -> None:
    scores = np.array([0.0, 4.0, 0.0, 2.0, 0.0])
    groups = np.array([1, 1, 1, 1, 2])
    assert list(spread(scores, groups, 0.5)) == [2.0, 4.0, 2.0, 2.0, 0.0]


def test_spreading_nothing_is_nothing() -> None:
    assert len(spread(np.zeros(0), np.zeros(0, dtype=np.int64), 0.5)) == 0


def test_cosine_ranks_by_angle_not_length_and_a_zero_row_is_last_of_the_positive() -> None:
    matrix = np.array([[10.0, 10.0], [0.0, 0.1], [0.0, 0.0], [0.0, -5.0]], np.float32)
    found = top_cosine(matrix, np.array([0.0, 1.0], np.float32), 4)
    assert [slot for slot, _ in found] == [1, 0, 2, 3]
    assert [c for _, c in found] == pytest.approx([1.0, 0.70710678, 0.0, -1.0])


def test_vectors_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        top_cosine(np.zeros((2, 3), np.float32), np.zeros(4, np.float32), 1)


@given(arrays(np.float32, (30, 4), elements=st.floats(-1, 1, width=32)), st.integers(1, 40))
def test_the_best_k_are_those_of_a_full_sort(matrix: np.ndarray, limit: int) -> None:
    query = np.array([1, 2, 3, 4], np.float32)
    everything = top_cosine(matrix, query, 30)
    found = top_cosine(matrix, query, limit)
    assert [c for _, c in found] == [c for _, c in everything][:limit]
