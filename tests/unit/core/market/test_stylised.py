from __future__ import annotations

import math

import numpy as np
import pytest

from qbtc.core.market.stylised import Observer, Sample, errors, facts

RANDOM = np.random.default_rng(7)
SECONDS = 300


def made(volatility_bp: float = 1.0, rate: float = 8.0) -> Sample:
    """Poisson takers of value e^5, a spread of one tick, and a mid that walks `volatility_bp` a root second."""
    observer = Observer()
    mid = 60_000.0
    times = np.sort(RANDOM.uniform(0, SECONDS, int(rate * SECONDS)))
    for seconds in times:
        observer.on_trade(int(seconds * 1000), math.exp(5.0), sold=bool(RANDOM.integers(2)))
    for step in range(SECONDS * 10 + 1):
        mid *= math.exp(RANDOM.normal() * volatility_bp * 1e-4 * math.sqrt(0.1))
        observer.on_book(step * 100, (mid, 1.0), (10.0, 20.0, 30.0, 40.0), (3, 2))
    return observer.sample()


def test_a_poisson_market_shows_the_numbers_it_was_made_of() -> None:
    found = facts(made())
    assert found["takers"] == pytest.approx(8.0, rel=0.05)
    assert found["fano_1s"] == pytest.approx(1.0, abs=0.25)
    assert found["log_value_mean"] == pytest.approx(5.0, abs=0.05)
    assert found["volatility_1s"] == pytest.approx(1.0, rel=0.1)
    assert found["kurtosis_1s"] == pytest.approx(3.0, abs=0.6)
    assert (found["spread"], found["tight"], found["touch"], found["depth_10bp"]) == (1.0, 1.0, 10.0, 40.0)
    assert found["grown"] == pytest.approx(30.0, rel=0.01)


def test_fills_of_one_side_in_one_millisecond_are_one_taker_order() -> None:
    observer = Observer()
    for ms, sold in [(100, True), (100, True), (100, False), (101, True)]:
        observer.on_trade(ms, 2.0, sold=sold)
    for ms in (0, 60_000):
        observer.on_book(ms, (1.0, 1.0), (1.0, 1.0, 1.0, 1.0), (0, 0))
    assert observer.sample().takers.tolist() == [[100, 1, 4, 2], [100, 0, 2, 1], [101, 1, 2, 1]]


def test_taker_times_ascend_strictly_even_within_a_millisecond() -> None:
    observer = Observer()
    for sold in (True, False, True):
        observer.on_trade(500, 1.0, sold=sold)
    for ms in (0, 60_000):
        observer.on_book(ms, (1.0, 1.0), (1.0, 1.0, 1.0, 1.0), (0, 0))
    assert (np.diff(observer.sample().taker_times()) > 0).all()


def test_less_than_a_minute_is_no_sample() -> None:
    observer = Observer()
    observer.on_book(0, (1.0, 1.0), (1.0, 1.0, 1.0, 1.0), (0, 0))
    with pytest.raises(ValueError, match="at least a minute"):
        observer.sample()


def test_errors_are_relative_except_for_logarithms() -> None:
    found = errors({"takers": 10.0, "log_value_mean": 5.0}, {"takers": 12.0, "log_value_mean": 5.5})
    assert found == pytest.approx({"takers": 0.2, "log_value_mean": 0.5})
