"""The crowd's parameters from a tape: closed estimates first, then a few rounds of the simulated method of moments.

The estimates are maximum likelihood (Hawkes arrivals, lognormal sizes), Little's law (lifetimes from levels on display and
their rate), least squares on the exact autocorrelation of signs (`signs`), and quantiles (lags). A round then simulates the
market and corrects each parameter by the ratio of the fact that it governs, recorded over simulated, as Duffie and
Singleton (1993, Econometrica 61, 929-952) do with all at once.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy.special import ndtri

from ..hawkes import fit
from ..tape.info import Info
from ..tape.layout import Array, Kind
from ..tape.tape import Tape
from ..tape.watching import BINS, BORN, DIED, EXPOSED, GRID, GROWN, HELD, LOG, SQUARED, Watched, watched
from .facts import autocorrelation, facts, taker_seconds
from .parameters import LAGS, Parameters
from .sampling import sampled
from .signs import fit_signs

ROUNDS, SHORTEST, LONGEST = 8, 1800.0, 7200.0
"""Corrections, and how many seconds each simulates: as many as were recorded within these bounds, since a short market
says little of its volatility."""
MOST_BRANCHING = 0.93
EVENTS = 4000
"""Takers that the likelihood is asked about."""
STEP = 1_000_000_000 // GRID


def calibrate(tape: Tape, *, rounds: int | None = None, seed: int = 1) -> Parameters:
    """Parameters that make a market like the tape's. Deterministic.

    Raises ValueError for a tape without book, or with too few takers (100) or seconds (30) to say anything.
    """
    seen = watched(tape)
    if len(seen.takers) < 100 or seen.seconds < 30:
        raise ValueError(
            f"{len(seen.takers)} takers in {seen.seconds:.0f} s are too few to calibrate to; at least 100 in 30 s"
        )
    found = estimate(tape, seen)
    target = facts(seen)
    rounds = ROUNDS if rounds is None else rounds
    for number in range(rounds):
        shown = watched(sampled(found, seed + number, min(max(seen.seconds, SHORTEST), LONGEST)))
        found = corrected(found, seen, shown, target, facts(shown), 1.0 if number < rounds // 2 else 0.5)
    return found


def estimate(tape: Tape, seen: Watched) -> Parameters:
    """The closed estimates."""
    info, seconds = tape.info, seen.seconds
    times = taker_seconds(seen)[:EVENTS]
    hawkes = fit(times - times[0], float(times[-1] - times[0]) + 1e-3, 3)
    lots = np.log(seen.takers[:, 2] / np.nanmean(seen.mids))
    signs = seen.takers[:, 1].astype(float)
    alpha, hidden = fit_signs(autocorrelation(signs, 50))
    moves, informed, jump = _moves(seen, len(signs) / seconds, hidden)
    rate = seen.levels[:, GROWN] / seconds
    sizes, deviations = _sizes(seen)
    short, short_lives, lives = _lives(seen)
    lags, lag_life = _lags(tape)
    standing = seen.levels[:, EXPOSED] / seconds
    touch = tape.info.kinds.get("TICKER", 0) / seconds
    return Parameters(
        symbol=info.symbol, tick_size=info.tick_size, lot_size=info.lot_size, venue=venue_of(info), price=float(_first(seen.mids)),
        clock=_clock(tape), interval=_interval(tape), tickers=touch > 0, base=hawkes.base, branching=hawkes.branching,
        decay=hawkes.decay, value=float(lots.mean()), value_sd=float(lots.std()),
        fill=float(np.exp(lots).mean() * len(signs) / max(seen.takers[:, 3].sum(), 1)), alpha=alpha, hidden=hidden,
        informed=informed, moves=moves, jump=jump, mood=_mood(seen), gap=max(_median(seen.spreads) - 1, 0), chase=500.0,
        flicker=touch / 4, flicker_life=0.03, flicker_size=float(sizes[0]), react=0.5, rates=_plain(rate), sizes=_plain(sizes),
        size_sds=_plain(deviations), short=_plain(short), short_lives=_plain(short_lives), lives=_plain(lives),
        standing=_plain(standing), standing_size=_plain(seen.levels[:, HELD] / np.maximum(seen.levels[:, EXPOSED], 1e-9)),
        lags=lags, lag_life=lag_life,
    )  # fmt: skip


def venue_of(info: Info) -> str:
    """The venue of the simulated market: its like, and that it is none."""
    return info.venue if info.venue.startswith("simulated") else f"simulated {info.venue}"


def _plain(values: Array) -> tuple[float, ...]:
    return tuple(float(f"{value:.6g}") for value in values)


def _first(mids: Array) -> float:
    return float(mids[np.isfinite(mids)][0])


def _median(histogram: Array) -> int:
    return int(np.searchsorted(np.cumsum(histogram), histogram.sum() / 2))


def _moves(seen: Watched, takers: float, hidden: int) -> tuple[float, float, float]:
    """(jumps a second, share of takers that cause one, size): half of the changes of the mid, half of its variance each."""
    mids = seen.mids[np.isfinite(seen.mids)]
    changed = min(float((np.diff(mids) != 0).mean()), 0.95)
    rate = max(-math.log(1 - changed) * 1e9 / GRID, 1e-3)
    surprise = 1 - 1 / hidden
    informed = min(rate / 2 / takers, 0.9) if hidden > 1 else 0.0
    own = rate - informed * takers
    second = mids[STEP:] - mids[:-STEP]
    jump = math.sqrt(float(np.mean(second**2)) / (own + informed * takers * surprise))
    return own, informed, jump


def _mood(seen: Watched) -> float:
    """Of a Gaussian with lognormal deviation: E|r| / sqrt(E r^2) = sqrt(2 / pi) exp(-m^2 / 2)."""
    mids = seen.mids[np.isfinite(seen.mids)]
    moved = mids[10 * STEP :] - mids[: -10 * STEP]
    width = math.sqrt(float(np.mean(moved**2)))
    ratio = float(np.mean(np.abs(moved))) / width * math.sqrt(math.pi / 2) if width > 0 else 1.0
    return math.sqrt(max(-2 * math.log(min(ratio, 1.0)), 0.01))


def _sizes(seen: Watched) -> tuple[Array, Array]:
    """Mean and deviation of log lots by bin; those of all bins where one saw little."""
    count = seen.levels[:, GROWN]
    total = np.maximum(count.sum(), 1)
    mean = np.where(count > 20, seen.levels[:, LOG] / np.maximum(count, 1), seen.levels[:, LOG].sum() / total)
    square = np.where(count > 20, seen.levels[:, SQUARED] / np.maximum(count, 1), seen.levels[:, SQUARED].sum() / total)
    return mean, np.sqrt(np.maximum(square - mean**2, 0.01))


def _lives(seen: Watched) -> tuple[Array, Array, Array]:
    """(share of short lives, their mean, mean of the others) by bin.

    Short ones by the median of those that ended; the others hold what Little's law leaves:
    levels on display = rate * (share * short + (1 - share) * long).
    """
    grown, died = (np.maximum(seen.levels[:, k], 1) for k in (GROWN, DIED))
    median = np.array([2 ** ((_median(row) + 0.5) / 2) for row in seen.lives]) * 1e-9
    short_lives = np.clip(0.7 * median, 0.01, 60.0)
    whole = np.maximum(seen.levels[:, EXPOSED] / grown, 0.005)
    share = np.where(whole > 1.2 * short_lives, np.minimum(0.8, died / np.maximum(seen.levels[:, BORN], 1)), 0.0)
    lives = np.maximum((whole - share * short_lives) / (1 - share), 0.005)
    return share, short_lives, lives


def _clock(tape: Tape) -> int:
    times = tape.exchange[tape.of(Kind.TRADE)[:100_000]]
    return int(min(max(np.gcd.reduce(times), 1), 10**9))


def _interval(tape: Tape) -> int:
    """The median gap between depth updates where they come on a grid or slowly, 0 where each change is told at once."""
    times = np.unique(tape.exchange[tape.of(Kind.DEPTH)[:100_000]])
    gap = int(np.median(np.diff(times))) if times.size > 10 else 0
    clock = _clock(tape)
    return gap - gap % clock if gap >= 5_000_000 else 0


def _lags(tape: Tape) -> tuple[tuple[int, ...], float]:
    """Quantiles of local minus exchange time, and how long a lag lasts: the rank correlation 100 ms apart, as exp(-t / life)."""
    chosen = np.flatnonzero((tape.kind == Kind.TRADE) | (tape.kind == Kind.DEPTH))
    lag, local = np.asarray(tape.lag)[chosen].astype(float), np.asarray(tape.local)[chosen]
    table = np.quantile(lag, np.linspace(0, 1, LAGS)).astype(np.int64)
    later = np.minimum(np.searchsorted(local, local + GRID), local.size - 1)
    ranks = ndtri((np.argsort(np.argsort(lag)) + 0.5) / lag.size)
    kept = float(np.clip(np.corrcoef(ranks, ranks[later])[0, 1], 0.01, 0.999))
    return tuple(table.tolist()), -GRID * 1e-9 / math.log(kept)


def corrected(
    p: Parameters, seen: Watched, shown: Watched, target: dict[str, float], found: dict[str, float], force: float
) -> Parameters:
    """One round: each parameter by the ratio of its fact, at most fourfold, to the power `force`."""

    def by(name: str, limit: float = 4.0) -> float:
        return float(_ratio(target[name], found[name], limit) ** force)

    base, branching = _burstier(p, by("takers", 1.5), target, found, force)
    rates = np.array(p.rates) * _ratios(seen, shown, GROWN) ** force
    lives = np.array(p.lives) * (_ratios(seen, shown, EXPOSED) / _ratios(seen, shown, GROWN)) ** force
    wide = _ratio(1 - found["spread_least"] + 1e-6, 1 - target["spread_least"] + 1e-6, 4.0) ** force
    short_lives = np.clip(np.array(p.short_lives) * by("life_median", 2.0), 0.005, 60.0)
    pace = by("changes")
    return replace(
        p, rates=_plain(np.minimum(rates, 1e5)), lives=_plain(np.clip(lives, 0.005, 1e6)), short_lives=_plain(short_lives),
        chase=min(max(p.chase * wide, 20.0), 1e5), flicker=min(p.flicker * by("touches"), 1e5), fill=max(p.fill / by("fills_per_taker"), 1.0),
        base=base, branching=branching, jump=p.jump * by("volatility_10s", 2.0) / math.sqrt(pace), moves=min(p.moves * pace, 1e5),
        informed=min(p.informed * pace, 0.9),
    )  # fmt: skip


def _burstier(
    p: Parameters, pace: float, target: dict[str, float], found: dict[str, float], force: float
) -> tuple[float, tuple[float, ...]]:
    """(base, branching) with more or fewer children on the slowest scale: counts have a Fano factor of 1 / (1 - n)^2."""
    before = sum(p.branching)
    rest = (1 - before) * math.sqrt(_ratio(found["fano_10s"], target["fano_10s"], 2.0) ** force)
    wanted = min(max(1 - rest, before - p.branching[0]), MOST_BRANCHING)
    slowest = max(p.branching[0] + wanted - before, 0.0)
    total = before - p.branching[0] + slowest
    return p.base * pace * (1 - total) / (1 - before), (slowest, *p.branching[1:])


def _ratio(wanted: float, found: float, limit: float) -> float:
    if not (math.isfinite(wanted) and math.isfinite(found) and wanted > 0 and found > 0):
        return 1.0
    return min(max(wanted / found, 1 / limit), limit)


def _ratios(seen: Watched, shown: Watched, column: int) -> Array:
    """Of a column a second by bin; 1 where either saw too little."""
    wanted, found = seen.levels[:, column] / seen.seconds, shown.levels[:, column] / shown.seconds
    enough = (seen.levels[:, GROWN] > 20) & (shown.levels[:, GROWN] > 20) & (wanted > 0) & (found > 0)
    values: Array = np.ones(BINS)
    values[enough] = np.clip(wanted[enough] / found[enough], 0.25, 4.0)
    return values
