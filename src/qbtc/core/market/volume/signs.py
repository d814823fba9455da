"""The autocorrelation of signs where large orders are worked off in pieces: exact, and fitted to a recorded one.

N orders are open at any time, each with L pieces of one sign, P(L >= l) = l^-alpha; every taker is a piece of one of them
at random (Lillo, Mike and Farmer 2005). With one order, two takers k apart are of the same one with the probability
    C_1(k) = sum_(j > k) P(L >= j) / E L = zeta(alpha, k + 1) / zeta(alpha);
with N, an order gets a binomial number of the takers between:
    C_N(k) = 1/N sum_m Bin(m; k - 1, 1/N) C_1(m + 1)  ~  N^(alpha - 2) / ((alpha - 1) zeta(alpha)) k^(1 - alpha).
"""

from __future__ import annotations

import numpy as np
from scipy.special import zeta
from scipy.stats import binom

from ..tape.layout import Array

ALPHAS = tuple(round(1.05 + 0.05 * i, 2) for i in range(40))
ORDERS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 48, 64)


def sign_correlation(alpha: float, orders: int, lags: int) -> Array:
    """C_N(1..lags). `alpha` above 1."""
    found: Array = _shares(orders, lags) @ _alone(alpha, lags)
    return found


def _alone(alpha: float, lags: int) -> Array:
    return np.asarray(zeta(alpha, np.arange(2, lags + 2)) / zeta(alpha, 1))


def _shares(orders: int, lags: int) -> Array:
    """[lag, m]: 1/N of the probability that m of the takers between are of the same order."""
    between, pieces = np.arange(lags)[:, None], np.arange(lags)[None, :]
    return np.asarray(binom.pmf(pieces, between, 1 / orders) / orders)


def fit_signs(correlation: Array) -> tuple[float, int]:
    """(alpha, orders) whose correlation is nearest in squares over lags that are spaced as powers."""
    lags = np.unique(np.geomspace(1, len(correlation), 24).astype(int)) - 1
    alone = np.array([_alone(alpha, len(correlation)) for alpha in ALPHAS])
    cost = {
        (alpha, orders): float(np.sum((curve - correlation)[lags] ** 2))
        for orders in ORDERS
        for alpha, curve in zip(ALPHAS, alone @ _shares(orders, len(correlation)).T, strict=True)
    }
    return min(cost, key=lambda key: cost[key])
