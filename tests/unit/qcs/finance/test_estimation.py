"""Iterative amplitude estimation: its intervals hold as often as they say, and cost what the paper says they cost."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.qcs.domain.finance import circuits as c
from qbtc.qcs.domain.finance.estimation import Amplified, clopper_pearson, estimate, next_steps


def sampler(a: float, seed: int):
    rng, theta = np.random.default_rng(seed), math.asin(math.sqrt(a))
    return lambda steps, shots: int(rng.binomial(shots, math.sin((2 * steps + 1) * theta) ** 2))


@pytest.mark.parametrize("a", [0.0, 1e-4, 0.03, 0.3, 0.5, 0.77, 0.999, 1.0])
def test_the_interval_has_the_asked_width_and_holds_at_least_as_often_as_asked(a: float) -> None:
    runs = examples(200)
    found = [estimate(sampler(a, seed), epsilon=0.01, alpha=0.1) for seed in range(runs)]
    assert all(one.high - one.low <= 0.02 + 1e-12 for one in found)
    held = sum(one.low - 1e-12 <= a <= one.high + 1e-12 for one in found) / runs
    assert held >= 0.9 - 2 * math.sqrt(0.09 / runs)


def test_the_calls_grow_as_one_over_epsilon_and_not_as_its_square() -> None:
    calls = [np.mean([estimate(sampler(0.3, seed), epsilon=e).calls for seed in range(20)]) for e in (0.02, 0.002)]
    assert 4 < calls[1] / calls[0] < 30  # 100 for plain sampling


def test_a_circuit_is_measured_as_its_formula_says() -> None:
    circuit = [c.ry(0.9, 0), c.ry(0.4, 1, 0)]
    a = np.sin(0.45) ** 2 * np.sin(0.2) ** 2
    found = estimate(Amplified(circuit, 1, 2, np.random.default_rng(3)), epsilon=0.001)
    assert found.low <= a <= found.high
    assert found.value == pytest.approx(a, abs=0.001)
    assert found.shots == 100 * len(found.rounds)


def test_the_same_seed_gives_the_same_estimate() -> None:
    assert estimate(sampler(0.3, 5), epsilon=0.01) == estimate(sampler(0.3, 5), epsilon=0.01)


@given(st.floats(0, 1.5), st.floats(1e-4, 0.05), st.integers(0, 20))
def test_the_next_steps_keep_the_interval_in_one_half_turn_or_stay(low: float, width: float, steps: int) -> None:
    high = min(low + width, math.pi / 2)
    chosen, upper = next_steps(steps, True, low, high)
    if chosen == steps:
        return
    factor = 4 * chosen + 2
    assert chosen >= 2 * steps
    for angle in (factor * low % (2 * math.pi), factor * high % (2 * math.pi)):
        assert (angle <= math.pi + 1e-6) if upper else (angle >= math.pi - 1e-6 or angle < 1e-6)


@pytest.mark.parametrize(
    ("good", "low", "high"), [(0, 0.0, 0.0362), (10, 0.0490, 0.1762), (50, 0.3983, 0.6017), (100, 0.9638, 1.0)]
)
def test_exact_binomial_intervals_are_the_tabulated_ones(good: int, low: float, high: float) -> None:
    assert clopper_pearson(good, 100, 0.05) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("wrong", [{"epsilon": 0.0}, {"epsilon": 0.6}, {"epsilon": 0.1, "alpha": 1.0}])
def test_what_is_no_width_or_confidence_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"allowed are 0 < epsilon < 0\.5"):
        estimate(sampler(0.3, 1), **wrong)
