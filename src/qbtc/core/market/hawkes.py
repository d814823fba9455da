"""Self-exciting arrivals: the univariate Hawkes process whose kernel is a sum of exponentials.

Intensity  lambda(t) = mu + sum_{t_i < t} sum_k n_k beta_k exp(-beta_k (t - t_i))
with mu, beta_k > 0 a second, n_k >= 0 and n = sum n_k < 1. Mean rate mu / (1 - n); over long windows the variance of a
count is 1 / (1 - n)^2 times its mean. Log-likelihood by the recursion of Ozaki (1979, Ann. Inst. Stat. Math. 31,
145-155), O(events). Real order flow needs at least two time scales. Pure; times are seconds, ascending.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hawkes:
    """`base` mu a second; per time scale `branching` n_k, mean children of one event, and `decay` beta_k a second."""

    base: float
    branching: tuple[float, ...]
    decay: tuple[float, ...]

    def __post_init__(self) -> None:
        fits = len(self.branching) == len(self.decay) and self.base > 0 and all(b > 0 for b in self.decay)
        if not (fits and all(n >= 0 for n in self.branching) and sum(self.branching) < 1):
            raise ValueError(f"{self}: needs base > 0, as many decays > 0 as branchings >= 0, and branchings below 1")

    @property
    def rate(self) -> float:
        """Mean events a second."""
        return self.base / (1 - sum(self.branching))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _log_likelihood(times: Real, span: float, base: float, branching: Real, decay: Real) -> float:
    scales = decay.size
    memory = np.zeros(scales)
    total, last = -base * span, 0.0
    for i in range(times.size):
        intensity = base
        for k in range(scales):
            if i > 0:
                memory[k] = np.exp(-decay[k] * (times[i] - last)) * (1.0 + memory[k])
            intensity += branching[k] * decay[k] * memory[k]
            total -= branching[k] * (1.0 - np.exp(-decay[k] * (span - times[i])))
        last = times[i]
        total += np.log(intensity)
    return total


def log_likelihood(process: Hawkes, times: Real, span: float) -> float:
    """Of events at `times` within [0, span]."""
    return float(_log_likelihood(times, span, process.base, np.array(process.branching), np.array(process.decay)))


def fit(times: Real, span: float, scales: int = 2) -> Hawkes:
    """Maximum likelihood. Raises ValueError for fewer than 20 events or times outside [0, span] or not ascending."""
    from scipy.optimize import minimize

    times = np.ascontiguousarray(times, np.float64)
    if times.size < 20:
        raise ValueError(f"{times.size} events are too few to fit; at least 20")
    if times[0] < 0 or times[-1] > span or bool((np.diff(times) < 0).any()):
        raise ValueError("times must ascend within [0, span]")

    def cost(x: Real) -> float:
        return -float(_log_likelihood(times, span, *_natural(x, scales))) / times.size

    starts = [_start(times.size / span, total, scales) for total in (0.3, 0.7)]
    best = min((minimize(cost, start, method="Nelder-Mead", options=_OPTIONS) for start in starts), key=lambda r: r.fun)
    base, branching, decay = _natural(best.x, scales)
    order = np.argsort(decay)
    return Hawkes(base, tuple(map(float, branching[order])), tuple(map(float, decay[order])))


_OPTIONS = {"xatol": 1e-4, "fatol": 1e-8, "maxiter": 4000, "adaptive": True}


def _natural(x: Real, scales: int) -> tuple[float, Real, Real]:
    """Unbounded parameters to (base, branching, decay): a softmax keeps the branchings and their rest positive."""
    weights = np.exp(x[1 : 1 + scales])
    return float(np.exp(x[0])), weights / (1 + weights.sum()), np.exp(x[1 + scales :])


def _start(mean: float, total: float, scales: int) -> Real:
    each = np.log(total / scales / (1 - total))
    decays = np.log(np.geomspace(1.0, 50.0, scales) if scales > 1 else np.array([8.0]))
    return np.concatenate([[np.log(mean * (1 - total))], np.full(scales, each), decays])


def simulate(process: Hawkes, span: float, random: np.random.Generator) -> Real:
    """Event times within [0, span], by the thinning of Ogata (1981): between events the intensity only falls."""
    decay = np.array(process.decay)
    jump = np.array(process.branching) * decay
    excited, now = np.zeros_like(decay), 0.0
    found: list[float] = []
    while True:
        bound = process.base + excited.sum()
        step = random.exponential(1 / bound)
        now += step
        if now > span:
            return np.array(found)
        excited *= np.exp(-decay * step)
        if random.random() * bound <= process.base + excited.sum():
            found.append(now)
            excited += jump


def residuals(process: Hawkes, times: Real) -> Real:
    """Compensator increments between events: independent Exp(1) if the model is right (time-rescaling theorem)."""
    gaps = np.diff(times)
    total = process.base * gaps
    for branching, decay in zip(process.branching, process.decay, strict=True):
        memory = np.zeros(times.size)
        for i in range(1, times.size):
            memory[i] = np.exp(-decay * gaps[i - 1]) * (1.0 + memory[i - 1])
        total = total + branching * (1.0 + memory[:-1]) * (1 - np.exp(-decay * gaps))
    return np.asarray(total)
