"""Long memory: Hurst's exponent by rescaled range and by detrended fluctuations, with intervals by simulation.

H = 0.5: no memory; above: moves continue; below: they turn. Both estimators are biased in short series, so that beside
the interval (fractional Gaussian noise of the exponent found) stands a test of 0.5 on noise of the same length.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .result import Estimate, Floats, Ints, Test, one_of, series, significant, within

LEAST, LONGEST, DRAWS, AT_ONCE = 128, 4096, 200, 50
Estimator = Callable[[Floats, Ints], Floats]


@dataclass(frozen=True)
class Hurst:
    """`exponent` with the error and interval of `draws` simulations; `baseline` is the mean exponent of such series without
    memory, `memory` tests 0.5. `sizes` int64[s] of the windows and `fluctuations` float64[s], whose slope in logarithms is
    the exponent."""

    method: str
    n: int
    exponent: Estimate
    baseline: float
    memory: Test
    draws: int
    seed: int
    words: str
    sizes: Ints
    fluctuations: Floats


def hurst(values: ArrayLike, *, method: str = "dfa", draws: int = DRAWS, seed: int = 1, level: float = 0.95) -> Hurst:
    """Of increments (returns), float64[n], n >= 128; method "dfa" or "rs". Raises BadSample."""
    estimator = ESTIMATORS[one_of(method, ESTIMATORS, "method")]
    x = series(values, least=LEAST)
    within(draws, 20, 2000, "draws")
    within(level, 0.5, 0.999, "level")
    rng = np.random.default_rng(seed)
    sizes = window_sizes(x.size)
    seen = estimator(x, sizes)
    h = _slope(sizes, seen)
    # Simulated series of at most LONGEST values: the spread of longer ones shrinks with the root of the length.
    n = min(x.size, LONGEST)
    scale = float(np.sqrt(n / x.size))
    same, none = (_slopes(level_, n, draws, (estimator, sizes, rng)) for level_ in (min(max(h, 0.02), 0.98), 0.5))
    error = float(same.std(ddof=1)) * scale
    low, high = h + scale * (np.quantile(same, [(1 - level) / 2, (1 + level) / 2]) - same.mean())
    away = abs(h - float(none.mean()))
    p = float((1 + (np.abs(none - none.mean()) * scale >= away).sum()) / (1 + draws))
    test = Test(away / (float(none.std(ddof=1)) * scale), p, "no memory: an exponent of 0.5")
    memory = (
        "no memory is shown"
        if not test.rejected
        else ("moves tend to continue" if h > none.mean() else "moves tend to turn")
    )
    words = f"The exponent is {h:.3f} ({low:.3f} to {high:.3f}); {memory} ({significant(p)})."
    return Hurst(
        method, x.size, Estimate(h, error, float(low), float(high), level), float(none.mean()), test, draws, seed, words, sizes, seen
    )


def _slopes(h: float, n: int, draws: int, by: tuple[Estimator, Ints, np.random.Generator]) -> Floats:
    """The exponents of simulated series, float64[draws], a few series at a time."""
    estimator, sizes, rng = by
    parts = [min(AT_ONCE, draws - done) for done in range(0, draws, AT_ONCE)]
    return np.array(
        [_slope(sizes, estimator(row, sizes)) for part in parts for row in fractional_noise(h, n, part, rng)]
    )


def window_sizes(n: int) -> Ints:
    """About sixteen sizes from 8 to n / 4, or LONGEST / 4: what is simulated has the same, and so the same bias."""
    return np.unique(np.round(np.geomspace(8, min(n, LONGEST) // 4, 16)).astype(np.int64))


def detrended(x: Floats, sizes: Ints) -> Floats:
    """Root mean square of the profile about lines fitted in windows, from both ends. C.-K. Peng et al. (1994)."""
    profile = np.cumsum(x - x.mean())
    return np.array([_about_lines(profile, int(size)) for size in sizes])


def _about_lines(profile: Floats, size: int) -> float:
    count = profile.size // size
    rows = np.concatenate([profile[: count * size].reshape(count, size), profile[-count * size :].reshape(count, size)])
    t = np.arange(size) - (size - 1) / 2.0
    rows = rows - rows.mean(axis=1, keepdims=True)
    rest = rows - np.outer(rows @ t / (t @ t), t)
    return float(np.sqrt((rest * rest).mean()))


def rescaled_range(x: Floats, sizes: Ints) -> Floats:
    """Mean of the range of the profile over the deviation, in windows. H. Hurst (1951)."""
    return np.array([_range(x, int(size)) for size in sizes])


def _range(x: Floats, size: int) -> float:
    count = x.size // size
    rows = x[: count * size].reshape(count, size)
    deviation = rows.std(axis=1)
    profile = np.cumsum(rows - rows.mean(axis=1, keepdims=True), axis=1)
    moved = deviation > 0
    return float((np.ptp(profile, axis=1)[moved] / deviation[moved]).mean()) if moved.any() else 1.0


ESTIMATORS: dict[str, Estimator] = {"dfa": detrended, "rs": rescaled_range}


def _slope(sizes: Ints, seen: Floats) -> float:
    return float(np.polyfit(np.log(sizes), np.log(np.maximum(seen, 1e-300)), 1)[0])


def fractional_noise(h: float, n: int, draws: int, rng: np.random.Generator) -> Floats:
    """Fractional Gaussian noise float64[draws, n], exact by circulant embedding (R. Davies, D. Harte 1987)."""
    k = np.arange(n + 1, dtype=np.float64)
    gamma = 0.5 * ((k + 1) ** (2 * h) - 2 * k ** (2 * h) + np.abs(k - 1) ** (2 * h))
    spectrum = np.maximum(np.fft.fft(np.concatenate([gamma, gamma[-2:0:-1]])).real, 0.0)
    m = spectrum.size
    noise = rng.standard_normal((draws, m)) + 1j * rng.standard_normal((draws, m))
    return np.asarray(np.fft.fft(noise * np.sqrt(spectrum / m), axis=1).real[:, :n])
