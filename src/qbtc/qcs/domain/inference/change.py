"""Did the state of the window change? D(rho_t || rho_{t-lag}) at every bar with its null, beside classical detectors.

The null at a bar is a moving-block bootstrap of the `history` rows that end before the tested ones, made again every
`refresh` bars: it never sees the rows it judges. Blocks must be longer than rows remember, and rows that are made over windows
remember long: shorter blocks gave 0.3 to 19 % of false alarms at the 5 % level on autoregressive rows, blocks as long as a
window with its lag (the default) 4 to 6 %. At that length a stretch is one block, and every one of the history is drawn once.
p is uniform under no change: at level alpha one bar in 1 / alpha is an alarm by chance, and neighbouring bars share rows, so
false alarms come in runs. `alarms` therefore counts one alarm a `quiet` stretch; `by` bounds the share of false ones among
many (Benjamini and Yekutieli 2001), whatever the dependence.

CUSUM (Page 1954) and PELT (Killick, Fearnhead and Eckley 2012, by ruptures) see the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qbtc.contracts.basis26 import WINDOW_BARS
from qbtc.core.hilbert import exponential_weights, window_state
from qbtc.core.hilbert.coherence import divergence, shannon, spectrum
from qbtc.core.hilbert.types import Complex, Index, Real

BATCH = 200


@dataclass(frozen=True, slots=True)
class Watch:
    """Rows in a window, bars between the two states, rows of the null and how it is made."""

    window: int = WINDOW_BARS
    lag: int = 20
    history: int = 1200
    block: int | None = None
    draws: int = 199
    refresh: int = 60

    def __post_init__(self) -> None:
        if self.window < 2 or self.lag < 1 or self.draws < 19 or self.refresh < 1:
            raise ValueError("a watch needs a window of 2 rows or more, a lag of 1 bar, 19 draws and a refresh of 1 bar")
        if not 1 <= (self.block or 1) <= self.history or self.history < 2 * self.length:
            raise ValueError(f"history {self.history} must hold a block and twice a window with its lag ({2 * self.length})")

    @property
    def length(self) -> int:
        """Rows of one statistic."""
        return self.window + self.lag


@dataclass(frozen=True, slots=True)
class Watched:
    """Statistic (bits) and p-value of every bar, NaN before they are defined."""

    statistic: Real
    p: Real


def watch(rows: Complex, plan: Watch, rng: np.random.Generator) -> Watched:
    """Statistic and p of rows (T, d) of amplitudes; p at t depends on rows up to t and on the generator only."""
    statistic, p = moves(rows, plan), np.full(len(rows), np.nan)
    null: Real | None = None
    for t in range(plan.history + plan.length, len(rows)):
        if null is None or t % plan.refresh == 0:
            end = t - plan.length
            null = _null(rows[end - plan.history : end], statistic[end - plan.history : end], plan, rng)
        p[t] = (1 + np.sum(null >= statistic[t])) / (1 + len(null))
    return Watched(statistic, p)


def _null(rows: Complex, statistic: Real, plan: Watch, rng: np.random.Generator) -> Real:
    if plan.block is None or plan.block >= plan.length:
        return statistic[plan.length - 1 :]
    return bootstrap(rows, plan.block, plan, rng)


def moves(rows: Complex, plan: Watch) -> Real:
    """D of the window that ends at each bar against the window `lag` bars before, (T,)."""
    found = np.full(len(rows), np.nan)
    first = plan.length - 1
    span = np.arange(-first, 1)
    for start in range(first, len(rows), BATCH):
        at = np.arange(start, min(start + BATCH, len(rows)))
        found[at] = _statistics(rows[at[:, None] + span], plan)
    return found


def bootstrap(rows: Complex, block: int, plan: Watch, rng: np.random.Generator) -> Real:
    """The statistic on `draws` stretches put together from random blocks of the rows."""
    blocks = -(-plan.length // block)
    starts = rng.integers(0, len(rows) - block + 1, size=(plan.draws, blocks))
    picked = (starts[:, :, None] + np.arange(block)).reshape(plan.draws, -1)[:, : plan.length]
    return np.concatenate([_statistics(rows[part], plan) for part in np.array_split(picked, -(-plan.draws // BATCH))])


def alarms(p: Real, level: float, quiet: int) -> Index:
    """Bars where p <= level, one in each stretch of `quiet` bars."""
    found: list[int] = []
    for t in np.flatnonzero(p <= level):
        if not found or t - found[-1] >= quiet:
            found.append(int(t))
    return np.array(found, dtype=np.int64)


def by(p: Real, share: float) -> Index:
    """Bars kept when the expected share of false alarms among them may be `share` (Benjamini-Yekutieli)."""
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    m = len(order)
    if m == 0:
        return order
    bound = share * np.arange(1, m + 1) / (m * np.sum(1 / np.arange(1, m + 1)))
    passed = np.flatnonzero(p[order] <= bound)
    return np.sort(order[: passed[-1] + 1]) if len(passed) else order[:0]


def cusum(rows: Complex, history: int, *, slack: float = 0.5) -> Real:
    """Page's statistic for a rise of the rows' energy in the units of the first `history` rows (whitened), per bar:
    S_t = max(0, S_{t-1} + e_t - slack) with e the standardised log energy. (T,), 0 within the history."""
    energy = np.log(np.maximum(_whitened_energy(rows, history), 1e-300))
    score = (energy - energy[:history].mean()) / max(float(energy[:history].std()), 1e-12)
    found, level = np.zeros(len(rows)), 0.0
    for t in range(history, len(rows)):
        level = max(0.0, level + float(score[t]) - slack)
        found[t] = level
    return found


def pelt(rows: Complex, *, penalty: float | None = None) -> Index:
    """Change points in the mean of log energies of each dimension by PELT with an l2 cost; the whole series is seen."""
    from ruptures import Pelt

    x = np.log(np.abs(rows) ** 2 + 1e-3)
    x = (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-12)
    weight = penalty if penalty is not None else 2 * x.shape[1] * float(np.log(len(x)))
    found = Pelt(model="l2", min_size=20, jump=5).fit(x).predict(pen=weight)
    return np.array(found[:-1], dtype=np.int64)


def _whitened_energy(rows: Complex, history: int) -> Real:
    x = np.concatenate([rows.real, rows.imag], axis=1)
    base = x[:history]
    _, sizes, axes = np.linalg.svd(base - base.mean(axis=0), full_matrices=False)
    keep = sizes > 1e-6 * sizes[0]
    scaled = ((x - base.mean(axis=0)) @ axes[keep].T) / sizes[keep]
    result: Real = np.sum(scaled**2, axis=1)
    return result


def _statistics(stretches: Complex, plan: Watch) -> Real:
    """D of the last against the first `window` rows of each stretch (n, window + lag, d)."""
    weights = exponential_weights(np.arange(plan.window)[::-1].astype(np.float64))
    late = window_state(stretches[:, plan.lag :], weights).rho
    early = window_state(stretches[:, : plan.window], weights).rho
    return divergence(late, shannon(np.maximum(np.linalg.eigvalsh(late), 0.0)), spectrum(early))
