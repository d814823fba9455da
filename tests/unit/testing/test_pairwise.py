"""Pairwise matrices: every pair is there, in far fewer rows than the product."""

from __future__ import annotations

from itertools import combinations, product
from math import prod

from hypothesis import given
from hypothesis import strategies as st

from qbtc.testing.pairwise import pairwise_rows

AXES = st.dictionaries(st.sampled_from("abcdef"), st.lists(st.integers(), min_size=1, max_size=4, unique=True), min_size=2)


@given(axes=AXES, seed=st.integers(0, 99))
def test_any_two_values_of_any_two_axes_meet(axes: dict[str, list[int]], seed: int) -> None:
    rows = pairwise_rows(axes, seed=seed)
    for a, b in combinations(axes, 2):
        assert {(row[a], row[b]) for row in rows} == set(product(axes[a], axes[b]))
    assert len(rows) <= prod(map(len, axes.values()))


def test_the_same_seed_gives_the_same_rows_and_few_of_them() -> None:
    axes = {name: list(range(4)) for name in "abcdefgh"}
    assert pairwise_rows(axes, seed=1) == pairwise_rows(axes, seed=1)
    assert len(pairwise_rows(axes, seed=1)) < 40
