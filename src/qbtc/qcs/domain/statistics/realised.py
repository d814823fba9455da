"""How much a price moved within a period, from its returns inside: realised measures that see or do not see jumps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .result import Estimate, Floats, Test, normal_estimate, series, significant

LEAST = 10
PARZEN = 3.5134
"""The constant of Parzen's kernel (Barndorff-Nielsen, Hansen, Lunde, Shephard 2009)."""


@dataclass(frozen=True)
class Realised:
    """All in squared units of the returns. `variance` sum r^2 with its asymptotic error; `bipower` and `median` are not
    moved by jumps; `down`, `up` semivariances; `kernel` corrected for noise, with `bandwidth`; `jump_share` of the
    variance; `jump` tests that there was none."""

    n: int
    variance: Estimate
    bipower: float
    median: float
    down: float
    up: float
    kernel: float
    bandwidth: int
    jump_share: float
    jump: Test
    words: str


def realised(returns: ArrayLike) -> Realised:
    """Of the returns inside one period, float64[n], n >= 10. Raises BadSample."""
    r = series(returns, least=LEAST, name="returns")
    variance, bv = float(r @ r), bipower(r)
    error = math.sqrt(2.0 / 3.0 * float((r**4).sum()))
    bandwidth = kernel_bandwidth(r)
    jump = jump_test(r)
    share = max(0.0, 1.0 - bv / variance)
    seen = "a jump is likely" if jump.rejected else "no jump is visible"
    return Realised(
        r.size, normal_estimate(variance, error), bv, median_variance(r), float((r[r < 0] ** 2).sum()),
        float((r[r > 0] ** 2).sum()), realised_kernel(r, bandwidth), bandwidth, share, jump,
        f"The realised volatility of {r.size} returns is {math.sqrt(variance):.4g}; {seen} ({significant(jump.p_value)}).",
    )  # fmt: skip


def bipower(r: Floats) -> float:
    """(pi / 2) n / (n - 1) sum |r_i| |r_(i-1)|. O. Barndorff-Nielsen, N. Shephard (2004)."""
    a = np.abs(r)
    return float(math.pi / 2.0 * r.size / (r.size - 1) * (a[1:] @ a[:-1]))


def median_variance(r: Floats) -> float:
    """MedRV. T. Andersen, D. Dobrev, E. Schaumburg (2012)."""
    a = np.abs(r)
    middle = np.median(np.stack([a[:-2], a[1:-1], a[2:]]), axis=0)
    return float(math.pi / (6 - 4 * math.sqrt(3) + math.pi) * r.size / (r.size - 2) * (middle @ middle))


def tripower_quarticity(r: Floats) -> float:
    """n mu^-3 n / (n - 2) sum of |r_i r_(i-1) r_(i-2)|^(4/3), mu = E|Z|^(4/3)."""
    mu = 2.0 ** (2.0 / 3.0) * math.gamma(7.0 / 6.0) / math.gamma(0.5)
    a = np.abs(r) ** (4.0 / 3.0)
    return float(r.size * mu**-3 * r.size / (r.size - 2) * (a[2:] * a[1:-1] * a[:-2]).sum())


def jump_test(r: Floats) -> Test:
    """Ratio test of Barndorff-Nielsen, Shephard (2006) in the form of X. Huang, G. Tauchen (2005), one-sided."""
    variance, bv = float(r @ r), bipower(r)
    spread = max(1.0, tripower_quarticity(r) / bv**2) if bv > 0 else 1.0
    z = (1.0 - bv / variance) / math.sqrt((math.pi**2 / 4.0 + math.pi - 5.0) / r.size * spread)
    return Test(z, 0.5 * math.erfc(z / math.sqrt(2.0)), "no jump")


def kernel_bandwidth(r: Floats, sparse: int = 20) -> int:
    """H = 3.5134 xi^(4/5) n^(3/5), xi^2 noise over integrated variance, which every `sparse`-th return is taken for."""
    steps = max(1, min(sparse, r.size // 5))
    coarse = float((np.add.reduceat(r, np.arange(0, r.size, steps)) ** 2).sum())
    noise = float(r @ r) / (2.0 * r.size)
    ratio = noise / coarse if coarse > 0 else 0.0
    return int(min(max(math.ceil(PARZEN * ratio**0.4 * r.size**0.6), 1), r.size - 1))


def realised_kernel(r: Floats, bandwidth: int) -> float:
    """sum over |h| <= H of k(|h| / (H + 1)) gamma_h with Parzen's k; never negative."""
    found = float(r @ r)
    for h in range(1, bandwidth + 1):
        x = h / (bandwidth + 1.0)
        weight = 1 - 6 * x * x + 6 * x**3 if x <= 0.5 else 2 * (1 - x) ** 3
        found += 2.0 * weight * float(r[h:] @ r[:-h])
    return max(found, 0.0)
