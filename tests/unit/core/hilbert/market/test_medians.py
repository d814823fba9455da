"""Recent medians are the sorted ones, bit for bit."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.core.hilbert.market.medians import recent_medians
from qbtc.core.hilbert.states import median_mad


@given(seed=st.integers(0, 2**32 - 1), ring=st.integers(1, 30), ties=st.booleans())
@settings(max_examples=examples(60), deadline=None)
def test_medians_and_deviations_equal_those_of_sorting(seed, ring, ties):
    rng = np.random.default_rng(seed)
    recent = rng.normal(size=(4, 3, ring))
    recent = np.round(recent) if ties else recent
    recent[rng.random(recent.shape) < 0.2] = np.nan
    bars, slots = rng.integers(-1, 50, size=(4, ring)), np.array([2, 0, 3])
    found = recent_medians(recent, bars, slots, 20)
    expected = median_mad(np.where((bars[slots] >= 20)[:, None], recent[slots], np.nan))
    for a, b in zip(found, expected, strict=True):
        assert np.array_equal(a, b)
