"""Where a series changes its mean or its variance: PELT, binary segmentation, and online by Bayes' rule.

Offline (R. Killick, P. Fearnhead, I. Eckley 2012; A. Scott, M. Knott 1974): minus twice the Gaussian log-likelihood of
the segments plus `penalty` a change is least; PELT finds the least, binary segmentation a good one. Online (R. Adams,
D. MacKay 2007): the probability of every run length, with a normal-inverse-gamma prior.
"""

# mypy: disable-error-code="untyped-decorator"
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike

from .result import BadSample, Floats, Ints, one_of, series, within

METHODS = ("pelt", "binseg", "online")
COSTS = {"mean": 0, "variance": 1}
LEAST, MOST_ONLINE, MOST_PELT = 20, 20_000, 50_000
SHORTEST = 5
_njit: Any = njit
quick = _njit(cache=True, nogil=True, error_model="numpy")


@dataclass(frozen=True)
class Changes:
    """`places` int64[c]: the first value of each new segment. A value a segment: `means`, `deviations`. `penalty` NaN
    online; `probabilities` float64[n] that a new segment began within the last five values, online only (else empty)."""

    method: str
    n: int
    places: Ints
    means: Floats
    deviations: Floats
    penalty: float
    words: str
    probabilities: Floats


def changepoints(
    values: ArrayLike,
    *,
    method: str = "pelt",
    cost: str = "variance",
    penalty: float | None = None,
    expected: float = 250.0,
) -> Changes:
    """Of a series, float64[n], n >= 20. `cost`: what may change, the mean alone or mean and variance; `penalty` a change
    (default 2 log n a number that changes); `expected` length of a segment, online. Raises BadSample."""
    one_of(method, METHODS, "method")
    one_of(cost, COSTS, "cost")
    x = series(values, least=LEAST)
    if method == "online":
        return _online(x, within(expected, 2, 1e9, "expected"))
    charge = 2.0 * (2 + COSTS[cost]) * math.log(x.size) if penalty is None else within(penalty, 0, 1e12, "penalty")
    if method == "pelt" and x.size > MOST_PELT:
        raise BadSample(f"values: {x.size} values; PELT takes {MOST_PELT:,} at most, binary segmentation more")
    sums = _sums(x, cost)
    found = pelt if method == "pelt" else binary
    return _described(method, x, found(*sums, COSTS[cost], charge), charge)


def _sums(x: Floats, cost: str) -> tuple[Floats, Floats]:
    """Running sums of values and squares; for the mean in units of the noise, which differences tell apart from steps."""
    scale = float(x.std())
    if cost == "mean":
        steps = np.diff(x)
        noise = float(np.median(np.abs(steps - np.median(steps)))) * 1.4826 / math.sqrt(2.0)
        scale = noise if noise > 0 else scale
    z = (x - x.mean()) / scale
    return np.concatenate([[0.0], np.cumsum(z)]), np.concatenate([[0.0], np.cumsum(z * z)])


@quick
def segment_cost(s: Any, q: Any, kind: int, begin: int, end: int) -> float:
    """Minus twice the log-likelihood of z[begin:end], less constants."""
    n = end - begin
    mean = (s[end] - s[begin]) / n
    spread = max(q[end] - q[begin] - n * mean * mean, 0.0)
    if kind == 0:
        return float(spread)
    return float(n * math.log(max(spread / n, 1e-12)))


@quick
def pelt(s: Any, q: Any, kind: int, charge: float) -> Any:
    """Places of the segmentation of least cost; segments of SHORTEST values at least.

    A beginning that is beaten at `end` is dropped SHORTEST values later: only then can `end` itself stand for it.
    """
    n = s.size - 1
    best, last = np.full(n + 1, np.inf), np.zeros(n + 1, np.int64)
    best[0] = -charge
    kept, cost, count = np.zeros(n + 1, np.int64), np.empty(n + 1), 1
    until = np.full(n + 1, n + SHORTEST)
    for end in range(SHORTEST, n + 1):
        for i in range(count):
            found = best[kept[i]] + segment_cost(s, q, kind, kept[i], end)
            cost[i] = found
            if found + charge < best[end]:
                best[end], last[end] = found + charge, kept[i]
        stay = 0
        for i in range(count):
            if cost[i] > best[end]:
                until[kept[i]] = min(until[kept[i]], end + SHORTEST)
            if until[kept[i]] > end + 1:
                kept[stay] = kept[i]
                stay += 1
        count = stay
        if end - SHORTEST + 1 >= SHORTEST:
            kept[count] = end - SHORTEST + 1
            count += 1
    places, found_, end = np.empty(n, np.int64), 0, n
    while last[end] > 0:
        end = last[end]
        places[found_] = end
        found_ += 1
    return places[:found_][::-1].copy()


@quick
def _best_cut(s: Any, q: Any, kind: int, begin: int, end: int) -> Any:
    """(gain, place) of the best cut of one segment."""
    whole = segment_cost(s, q, kind, begin, end)
    gain, place = -np.inf, -1
    for cut in range(begin + SHORTEST, end - SHORTEST + 1):
        found = whole - segment_cost(s, q, kind, begin, cut) - segment_cost(s, q, kind, cut, end)
        if found > gain:
            gain, place = found, cut
    return gain, place


def binary(s: Floats, q: Floats, kind: int, charge: float) -> Ints:
    """Places found by cutting the segments in two as long as a cut gains more than `charge`."""
    waiting, found = [(0, s.size - 1)], []
    while waiting:
        begin, end = waiting.pop()
        gain, place = _best_cut(s, q, kind, begin, end)
        if place >= 0 and gain > charge:
            found.append(place)
            waiting += [(begin, place), (place, end)]
    return np.array(sorted(found), np.int64)


@quick
def run_lengths(z: Any, hazard: float) -> Any:
    """(places int64[c], probability float64[n] of a run of five at most) of standardised values, by Adams, MacKay.

    Prior of a segment: mean and variance normal-inverse-gamma with mean 0, weight 0.1, shape 1, scale 0.5. The most
    probable run at the end, followed back, gives the places.
    """
    n = z.size
    weight, mean = np.zeros(n + 2), np.zeros(n + 2)
    kappa, alpha, beta = np.zeros(n + 2), np.zeros(n + 2), np.zeros(n + 2)
    weight[0], kappa[0], alpha[0], beta[0] = 1.0, 0.1, 1.0, 0.5
    runs, recent = np.zeros(n, np.int64), np.zeros(n)
    count = 1
    for t in range(n):
        fresh = 0.0
        for r in range(count - 1, -1, -1):
            nu = 2.0 * alpha[r]
            spread = beta[r] * (kappa[r] + 1.0) / (alpha[r] * kappa[r])
            d = z[t] - mean[r]
            predictive = math.exp(
                math.lgamma(0.5 * (nu + 1)) - math.lgamma(0.5 * nu)
                - 0.5 * math.log(nu * math.pi * spread) - 0.5 * (nu + 1) * math.log(1 + d * d / (nu * spread))
            )  # fmt: skip
            joint = weight[r] * predictive
            fresh += joint * hazard
            weight[r + 1] = joint * (1.0 - hazard)
            mean[r + 1] = (kappa[r] * mean[r] + z[t]) / (kappa[r] + 1.0)
            beta[r + 1] = beta[r] + 0.5 * kappa[r] * d * d / (kappa[r] + 1.0)
            kappa[r + 1], alpha[r + 1] = kappa[r] + 1.0, alpha[r] + 0.5
        weight[0], mean[0], kappa[0], alpha[0], beta[0] = fresh, 0.0, 0.1, 1.0, 0.5
        count += 1
        whole = weight[:count].sum()
        weight[:count] /= whole
        runs[t] = np.argmax(weight[:count])
        recent[t] = weight[: min(6, count)].sum()
        while count > 2 and weight[count - 1] < 1e-12:
            count -= 1
    places, found, t = np.empty(n, np.int64), 0, n - 1
    while t > 0:
        begin = t - runs[t] + 1
        if begin <= 0:
            break
        places[found] = begin
        found += 1
        t = begin - 1
    return places[:found][::-1].copy(), recent


def _online(x: Floats, expected: float) -> Changes:
    if x.size > MOST_ONLINE:
        raise BadSample(f"values: {x.size} values; online change points take {MOST_ONLINE:,} at most")
    places, recent = run_lengths((x - x.mean()) / x.std(), 1.0 / expected)
    return _described("online", x, places[places < x.size], math.nan, recent)


def _described(method: str, x: Floats, places: Ints, penalty: float, recent: Floats | None = None) -> Changes:
    parts = np.split(x, places)
    means, deviations = np.array([p.mean() for p in parts]), np.array([p.std() for p in parts])
    last = f"; the last began at value {int(places[-1])}, {x.size - int(places[-1])} values ago" if places.size else ""
    words = f"{places.size} change(s), so {len(parts)} segment(s){last}."
    return Changes(method, x.size, places, means, deviations, penalty, words, np.empty(0) if recent is None else recent)
