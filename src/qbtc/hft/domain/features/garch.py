"""U: how uncertain the next bar is, by a GARCH(1,1) fitted to the window.

h(t+1) = w + a e(t)^2 + b h(t) with e the returns less their mean, h(1) their variance, and variance targeting:
w = (1 - a - b) times the variance (Francq, Horvath and Zakoian 2011), so that two numbers are fitted, by Gaussian
quasi-likelihood. Sixty bars alone say so little of them that the likelihood is often highest without any clustering
(a = 0 in half of the windows of recorded seconds), so the fit is shrunk: (a, b, 1 - a - b) has a Dirichlet prior with
its mode at (0.1, 0.8, 0.1), worth PRIOR bars in all. In a long window that is nothing, and the fit is the usual one.

A grid, then a compass search from its best point: no step depends on anything but the window, so that the same window
gives the same bits.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import math

import numpy as np

from .native import log, mean, median, quick, varies

PERSISTENCE = np.array([0.2, 0.5, 0.75, 0.9, 0.97, 0.995])
SHOCK = np.array([0.02, 0.05, 0.1, 0.2, 0.4])
LEAST, MOST = 1e-4, 0.999
"""Of a and b, and of a + b."""
PRIOR = np.array([1.0, 8.0, 1.0])
"""Of a, b and 1 - a - b: how many times each is taken as seen."""
FIRST_STEP, LAST_STEP = 0.05, 1e-4
BLOCK = 16
"""Variances whose product is taken before its logarithm: each is between 1 - MOST and the number of bars."""


@quick
def uncertainty(r, work):
    """U: log of the one-step variance forecast over the median of the one-step forecasts through the window."""
    n = r.size
    if n < 3 or not varies(r):
        return math.nan
    square, ahead = work[:n], work[n : 2 * n]
    standardise(r, square)
    shock, persistence = fit(square)
    forecasts(square, shock, persistence, ahead)
    last = ahead[-1]
    return log(last / median(ahead))


@quick
def standardise(r, square):
    """Squared deviations from the mean, in units of their own mean."""
    middle, whole = mean(r), 0.0
    for i in range(r.size):
        square[i] = (r[i] - middle) ** 2
        whole += square[i]
    for i in range(r.size):
        square[i] *= r.size / whole


@quick
def loss(square, shock, persistence):
    """sum log h + e^2 / h: minus twice the Gaussian log-likelihood, less its constant."""
    h, product, found = 1.0, 1.0, 0.0
    for i in range(square.size):
        product *= h
        found += square[i] / h
        if i % BLOCK == BLOCK - 1:
            found, product = found + math.log(product), 1.0
        h = (1 - persistence) + shock * square[i] + (persistence - shock) * h
    return found + math.log(product)


@quick
def cost(square, shock, persistence):
    """The loss, and minus twice the logarithm of the prior."""
    prior = PRIOR[0] * math.log(shock) + PRIOR[1] * math.log(persistence - shock) + PRIOR[2] * math.log(1 - persistence)
    return loss(square, shock, persistence) - 2 * prior


@quick
def fit(square):
    """(a, a + b) that cost least; equal ones: the first found."""
    best, shock, persistence = math.inf, 0.0, 0.0
    for p in PERSISTENCE:
        for a in SHOCK:
            if a < p:
                found = cost(square, a, p)
                if found < best:
                    best, shock, persistence = found, a, p
    step = FIRST_STEP
    while step > LAST_STEP:
        better = False
        for turn in range(8):
            a, p = shock + step * _DOWN[turn], persistence + step * _RIGHT[turn]
            a = min(max(a, LEAST), MOST - LEAST)
            p = min(max(p, a + LEAST), MOST)
            found = cost(square, a, p)
            if found < best:
                best, shock, persistence, better = found, a, p, True
        step *= 1.0 if better else 0.5
    return shock, persistence


_DOWN = np.array([1.0, -1.0, 0.0, 0.0, 1.0, -1.0, 1.0, -1.0])
_RIGHT = np.array([0.0, 0.0, 1.0, -1.0, 1.0, -1.0, -1.0, 1.0])


@quick
def forecasts(square, shock, persistence, out):
    """The variance that is forecast after each bar, in units of the window's."""
    h = 1.0
    for i in range(square.size):
        h = (1 - persistence) + shock * square[i] + (persistence - shock) * h
        out[i] = h
