"""Blocks of a bootstrap: where they may begin, and how long they should be."""

from __future__ import annotations

import numpy as np
import pytest
from arch.bootstrap import optimal_block_length

from qbtc.core.statistics import bootstrap


def autoregression(rho: float, n: int, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    x = np.zeros(n)
    noise = rng.normal(size=n)
    for t in range(1, n):
        x[t] = rho * x[t - 1] + noise[t]
    return x


def test_moving_blocks_never_run_over_the_end() -> None:
    places = bootstrap.moving(50, 200, 7, np.random.default_rng(1))
    steps = np.diff(places, axis=1)
    inside = (np.arange(1, 50) % 7 != 0)[None, :] & np.ones((200, 1), bool)
    assert (steps[inside] == 1).all()
    assert places.min() >= 0
    assert places.max() <= 49


def test_a_moving_block_longer_than_the_series_is_refused() -> None:
    with pytest.raises(ValueError, match="a block of 51 values does not fit 50 values"):
        bootstrap.moving(50, 1, 51, np.random.default_rng(1))


@pytest.mark.parametrize(("rho", "n"), [(0.0, 300), (0.3, 500), (0.7, 1000), (0.9, 2000), (-0.4, 700)])
def test_the_block_length_is_that_of_arch(rho: float, n: int) -> None:
    x = autoregression(rho, n)
    theirs = optimal_block_length(x)
    stationary, circular = bootstrap.optimal_blocks(x)
    assert stationary == pytest.approx(max(float(theirs["stationary"].iloc[0]), 1.0), rel=1e-6)
    assert circular == pytest.approx(max(float(theirs["circular"].iloc[0]), 1.0), rel=1e-6)


def test_more_dependence_asks_for_longer_blocks() -> None:
    lengths = [bootstrap.optimal_blocks(autoregression(rho, 2000))[0] for rho in (0.0, 0.5, 0.9)]
    assert lengths == sorted(lengths)
    assert lengths[2] > 3 * lengths[0]


def test_a_constant_series_has_no_block_length() -> None:
    with pytest.raises(ValueError, match="equal ones"):
        bootstrap.optimal_blocks(np.ones(100))
