"""Vector strength, Fisher's g and dimensions P and Z, against values computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qbtc.core.language.prosody import scan
from qbtc.core.language.prosody.rhythm import closure, fisher_g, periodicity, rhythm, vector_strength

LINE = "The curfew tolls the knell of parting day"


def test_equal_phases_have_strength_one_and_opposite_ones_none() -> None:
    assert vector_strength(np.zeros(5))[0] == pytest.approx(1)
    strength, p = vector_strength(np.array([0.0, math.pi]))
    assert strength == pytest.approx(0, abs=1e-12)
    assert p == pytest.approx(1)


def test_the_p_of_five_equal_phases_is_rayleighs() -> None:
    assert vector_strength(np.zeros(5))[1] == pytest.approx(math.exp(math.sqrt(21) - 11))


def test_p_of_random_phases_is_uniform_enough() -> None:
    rng = np.random.default_rng(7)
    low = np.mean([vector_strength(rng.uniform(0, 2 * math.pi, 30))[1] < 0.05 for _ in range(2000)])
    assert 0.035 < low < 0.065


def test_p_of_g_is_uniform_enough_on_noise() -> None:
    rng = np.random.default_rng(7)
    low = np.mean([fisher_g(rng.normal(size=41))[1] < 0.05 for _ in range(2000)])
    assert 0.035 < low < 0.065


def test_a_sine_has_all_its_power_at_one_frequency() -> None:
    g, p = fisher_g(np.sin(2 * math.pi * np.arange(40) / 8))
    assert g == pytest.approx(1)
    assert p < 1e-12


def test_a_series_that_does_not_vary_has_no_period() -> None:
    assert fisher_g(np.ones(9)) == (0.0, 1.0)
    assert fisher_g(np.ones(1)) == (0.0, 1.0)


def test_iambs_have_period_two_and_p_one() -> None:
    poem = scan(f"{LINE}\nAnd leaves the world to darkness on the way", "en")
    assert rhythm(poem).period == 2
    assert periodicity(poem) == pytest.approx(1)
    assert closure(poem) == 1


def test_too_little_text_is_masked() -> None:
    assert closure(scan(LINE, "en")) is None
    assert periodicity(scan("", "en")) is None
