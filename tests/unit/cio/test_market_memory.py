"""Market memory: what was alike, what followed it, and what random moments would have given."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbtc.cio.domain.market_memory import MIN_OVERLAP, MIN_SAMPLE, Past, alike, disjoint, random_means, what_followed
from qbtc.cio.domain.memory import State
from qbtc.cio.domain.moments import SECOND

HOUR = 3600 * SECOND


def direction(angle: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    vector = np.zeros(52)
    vector[:2] = math.cos(angle), math.sin(angle)
    return vector


def past(angles: list[float], returns: list[float], *, every: int = 60) -> Past:
    return Past(
        tuple(f"m{i}" for i in range(len(angles))),
        np.arange(len(angles), dtype=np.int64) * every * SECOND,
        np.array([direction(a) for a in angles]).reshape(-1, 52),
        np.ones(len(angles)),
        np.array(returns, dtype=float)[:, None],
    )


NOW = State(direction(0.0), 1.0)


def asked(known: Past, *, now: int = HOUR * 100, k: int = 20, horizons: tuple[float, ...] = (30.0,)):  # type: ignore[no-untyped-def]
    return what_followed(alike(NOW, known), known, horizons, now=now, k=k, rng=np.random.default_rng(1))


def test_the_most_alike_comes_first_and_a_mirror_never_though_its_fidelity_is_whole() -> None:
    known = past([0.5, 0.1, math.pi], [0, 0, 0])
    found = alike(NOW, known)
    assert [known.ids[one.place] for one in found] == ["m1", "m0"]
    mirror = alike(State(direction(math.pi), 1.0), known)[0]
    assert (mirror.place, mirror.likeness.fidelity) == (2, pytest.approx(1.0))
    assert all(one.likeness.overlap >= MIN_OVERLAP for one in found)


def test_a_whisper_of_the_same_shape_ranks_below_a_moment_as_loud() -> None:
    known = Past(
        ("quiet", "loud"),
        np.array([0, 1]),
        np.stack([direction(0.0), direction(0.6)]),
        np.array([0.2, 1.0]),
        np.zeros((2, 1)),
    )
    assert [known.ids[one.place] for one in alike(NOW, known)] == ["loud", "quiet"]


def test_rises_after_alike_moments_among_falls_stand_out_from_random_ones() -> None:
    angles = [0.0, 2.0] * 100
    (found,) = asked(past(angles, [0.01 if a == 0 else -0.01 for a in angles]))
    assert (found.sample, found.pool, found.up) == (20, 200, 1.0)
    assert found.mean == pytest.approx(0.01) and abs(found.null_mean) < 0.002
    assert found.null_high < found.mean and found.p == pytest.approx(1 / 1001)


def test_returns_that_have_nothing_to_do_with_the_state_are_seldom_surprising() -> None:
    rng = np.random.default_rng(4)
    ps = [asked(past(list(rng.uniform(-1.2, 1.2, 80)), list(rng.standard_normal(80))))[0].p for _ in range(60)]
    assert np.mean(np.array(ps) < 0.05) < 0.2 and 0.3 < float(np.mean(ps)) < 0.7


def test_too_few_moments_give_no_figures() -> None:
    (found,) = asked(past([0.0] * (MIN_SAMPLE - 1), [0.1] * (MIN_SAMPLE - 1)))
    assert not found.enough and found.sample == MIN_SAMPLE - 1 and math.isnan(found.mean) and math.isnan(found.p)
    (nothing,) = asked(Past((), np.zeros(0, np.int64), np.zeros((0, 52)), np.zeros(0), np.zeros((0, 1))))
    assert (nothing.sample, nothing.pool, nothing.enough) == (0, 0, False)


def test_an_outcome_that_lies_after_the_moment_asked_about_is_not_used() -> None:
    known = past([0.0] * 10, [0.1] * 10)
    (found,) = asked(known, now=int(known.at[-1]))
    assert (found.pool, found.sample) == (9, 9)


def test_moments_whose_windows_overlap_count_once() -> None:
    (found,) = asked(past([0.0] * 60, [0.1] * 60, every=10), horizons=(60.0,))
    assert found.sample == 10


def test_several_horizons_are_judged_together() -> None:
    angles = [0.0, 2.0] * 100
    base = past(angles, [0.01 if a == 0 else -0.01 for a in angles])
    both = Past(base.ids, base.at, base.vectors, base.intensities, np.column_stack([base.returns, base.returns]))
    found = asked(both, horizons=(30.0, 60.0))
    assert [one.adjusted for one in found] == pytest.approx([2 * found[0].p] * 2)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 500), max_size=40), st.integers(1, 60), st.integers(1, 10))
def test_disjoint_moments_keep_their_distance_and_none_that_fits_is_left_out(
    times: list[int], gap: int, k: int
) -> None:
    at = np.array(times, dtype=np.int64)
    taken = disjoint(at, gap, k)
    chosen = at[taken].tolist()
    assert len(taken) <= k and all(abs(a - b) >= gap for i, a in enumerate(chosen) for b in chosen[:i])
    if len(taken) < k:
        assert all(any(abs(t - c) < gap for c in chosen) for t in times)


def test_random_means_are_means_of_disjoint_draws() -> None:
    """By hand: of two moments in one window only one can be drawn, so each mean is one of the two returns."""
    found = random_means(np.array([0, 1]), np.array([1.0, 3.0]), 10, 2, np.random.default_rng(0), draws=200)
    assert set(found.tolist()) == {1.0, 3.0}
    apart = random_means(np.array([0, 10]), np.array([1.0, 3.0]), 10, 2, np.random.default_rng(0), draws=200)
    assert float(np.mean(apart == 2.0)) > 0.99
