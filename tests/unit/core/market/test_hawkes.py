from __future__ import annotations

import numpy as np
import pytest

from qbtc.core.market.hawkes import Hawkes, fit, log_likelihood, residuals, simulate

ONE = Hawkes(base=2.0, branching=(0.6,), decay=(8.0,))
TWO = Hawkes(base=2.0, branching=(0.4, 0.4), decay=(0.5, 40.0))


def naive_log_likelihood(process: Hawkes, times: np.ndarray, span: float) -> float:
    scales = list(zip(process.branching, process.decay, strict=True))
    total = -process.base * span
    for i, now in enumerate(times):
        excited = sum(n * b * np.exp(-b * (now - before)) for before in times[:i] for n, b in scales)
        total += np.log(process.base + excited)
        total -= sum(n * (1 - np.exp(-b * (span - now))) for n, b in scales)
    return float(total)


@pytest.mark.parametrize("process", [ONE, TWO])
def test_the_recursion_equals_the_double_sum(process: Hawkes) -> None:
    times = simulate(process, 20.0, np.random.default_rng(3))
    assert log_likelihood(process, times, 20.0) == pytest.approx(naive_log_likelihood(process, times, 20.0), rel=1e-12)


def test_a_fit_finds_the_process_that_made_the_events() -> None:
    times = simulate(ONE, 2000.0, np.random.default_rng(1))
    found = fit(times, 2000.0, scales=1)
    assert found.rate == pytest.approx(ONE.rate, rel=0.1)
    assert found.branching[0] == pytest.approx(ONE.branching[0], abs=0.06)
    assert found.decay[0] == pytest.approx(ONE.decay[0], rel=0.2)


def test_a_fit_tells_two_time_scales_apart() -> None:
    times = simulate(TWO, 1500.0, np.random.default_rng(1))
    found = fit(times, 1500.0)
    assert found.branching == pytest.approx(TWO.branching, abs=0.08)
    assert found.decay == pytest.approx(TWO.decay, rel=0.4)


def test_the_fit_is_no_worse_than_the_truth() -> None:
    times = simulate(TWO, 300.0, np.random.default_rng(2))
    assert log_likelihood(fit(times, 300.0), times, 300.0) >= log_likelihood(TWO, times, 300.0) - 1e-6


@pytest.mark.parametrize("process", [ONE, TWO])
def test_the_residuals_of_the_true_process_are_unit_exponentials(process: Hawkes) -> None:
    found = residuals(process, simulate(process, 2000.0, np.random.default_rng(5)))
    assert found.mean() == pytest.approx(1.0, abs=0.03)
    assert (found > np.log(2)).mean() == pytest.approx(0.5, abs=0.02)


def test_simulated_events_have_the_mean_rate_and_the_dispersion_of_the_theory() -> None:
    times = simulate(TWO, 8_000.0, np.random.default_rng(4))
    counts, _ = np.histogram(times, np.arange(0, 8_000.0, 40.0))
    assert times.size / 8_000 == pytest.approx(TWO.rate, rel=0.05)
    assert counts.var() / counts.mean() == pytest.approx(1 / (1 - 0.8) ** 2, rel=0.3)


@pytest.mark.parametrize(
    "bad",
    [(0.0, (0.5,), (1.0,)), (1.0, (0.5, 0.5), (1.0, 2.0)), (1.0, (-0.1,), (1.0,)), (1.0, (0.5,), (0.0,)),
     (1.0, (0.5,), (1.0, 2.0))],
)  # fmt: skip
def test_an_explosive_or_empty_process_is_refused(bad: tuple[float, tuple[float, ...], tuple[float, ...]]) -> None:
    with pytest.raises(ValueError, match="needs base"):
        Hawkes(*bad)


@pytest.mark.parametrize(
    ("times", "text"),
    [(np.arange(5.0), "too few"), (np.arange(30.0)[::-1], "ascend"), (np.arange(30.0) + 10, "ascend")],
)
def test_times_that_cannot_be_fitted_are_refused(times: np.ndarray, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        fit(times, 30.0)
