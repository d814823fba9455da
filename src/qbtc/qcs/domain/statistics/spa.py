"""Is any of many forecasts or strategies better than a benchmark, given that one looked at all of them?

White's reality check (2000), P. Hansen's test of superior predictive ability (2005) and the stepwise test of J. Romano,
M. Wolf (2005) that names which, all from one stationary bootstrap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qbtc.core.statistics import bootstrap

from .result import BadSample, Floats, Test, matrix, series, significant, within

LEAST = 50
AT_ONCE = 1 << 21


@dataclass(frozen=True)
class Superior:
    """`gains` mean loss of the benchmark less that of each, float64[m]; `t` studentised. `reality_check` and `spa` (with
    `lower` and `upper` bounds of its p-value) test that none is better; `better`: those that are, by the stepwise test at
    `level`."""

    n: int
    models: int
    gains: Floats
    t: Floats
    best: int
    reality_check: Test
    spa: Test
    lower: float
    upper: float
    better: tuple[int, ...]
    level: float
    block: float
    draws: int
    seed: int
    words: str


def superior(
    benchmark: ArrayLike,
    losses: ArrayLike,
    *,
    block: float | None = None,
    draws: int = 1000,
    level: float = 0.05,
    seed: int = 1,
) -> Superior:
    """Of losses float64[n] of the benchmark and float64[n, m] of the others, n >= 50. For returns give them negated.

    Raises BadSample.
    """
    base = series(benchmark, least=LEAST, name="benchmark", varies=False)
    other = matrix(losses, rows=LEAST, name="losses")
    if len(other) != base.size:
        raise BadSample(f"losses: {len(other)} rows for {base.size} values of the benchmark", "losses")
    within(draws, 100, 20_000, "draws")
    within(level, 0.001, 0.5, "level")
    d = base[:, None] - other
    largest = max(float(np.abs(base).max()), float(np.abs(other).max()))
    if not (d.std(axis=0) > 1e-13 * largest).all():
        raise BadSample(
            f"losses: column {int(d.std(axis=0).argmin())} differs from the benchmark by a constant", "losses"
        )
    length = _block(d) if block is None else within(block, 1, base.size, "block")
    return _tested(d, length, draws, level, seed)


def _block(d: Floats) -> float:
    """The median of what the columns ask for."""
    return float(np.median([bootstrap.optimal_blocks(column)[0] for column in d.T]))


def _tested(d: Floats, block: float, draws: int, level: float, seed: int) -> Superior:
    n, m = d.shape
    root, gains = np.sqrt(n), d.mean(axis=0)
    drawn = _means(d, block, draws, np.random.default_rng(seed))
    spread = root * (drawn - gains).std(axis=0)
    t = root * gains / spread
    statistic = max(float(t.max()), 0.0)
    centred = root * (drawn - gains)
    believed = t > -np.sqrt(2.0 * np.log(np.log(n)))
    lower, consistent, upper = (
        _share((centred + root * shift) / spread, statistic)
        for shift in (np.minimum(gains, 0.0), np.where(believed, 0.0, gains), np.zeros(m))
    )
    plain = float(root * gains.max())
    check = Test(plain, float((centred.max(axis=1) >= plain).mean()), "no model is better than the benchmark")
    better = stepwise(t, centred / spread, level)
    best = int(t.argmax())
    said = "none is shown to be better" if not better else f"better: {', '.join(str(i) for i in better)}"
    words = f"Best of {m} is model {best}; after allowing for the search {significant(consistent)}, and {said} (stepwise, {level:.0%})."
    return Superior(
        n,
        m,
        gains,
        t,
        best,
        check,
        Test(statistic, consistent, check.null),
        lower,
        upper,
        better,
        level,
        block,
        draws,
        seed,
        words,
    )


def _means(d: Floats, block: float, draws: int, rng: np.random.Generator) -> Floats:
    """Means of the columns of each draw, float64[draws, m]."""
    n, m = d.shape
    piece = max(1, AT_ONCE // (n * m))
    parts = [min(piece, draws - done) for done in range(0, draws, piece)]
    return np.concatenate([d[bootstrap.stationary(n, part, block, rng)].mean(axis=1) for part in parts])


def _share(drawn: Floats, statistic: float) -> float:
    return float((np.maximum(drawn.max(axis=1), 0.0) >= statistic).mean())


def stepwise(t: Floats, null: Floats, level: float) -> tuple[int, ...]:
    """Columns whose t float64[m] is beyond the bound of the maximum of `null` float64[draws, m], dropped until none is."""
    left = np.ones(t.size, np.bool_)
    while left.any():
        bound = float(np.quantile(null[:, left].max(axis=1), 1.0 - level))
        found = left & (t > bound)
        if not found.any():
            break
        left &= ~found
    return tuple(int(i) for i in np.flatnonzero(~left))
