"""Zero-intelligence order flow on a market: what everybody else does. Compiled; `core.market.simulator` is its Python.

Taker orders arrive as a Hawkes process with three time scales. Their signs lean to a factor that all symbols share,
their values are lognormal, and each moves a hidden fair price by `impact` * value ** `power`; beside that it moves by noise
that the symbols share in part and whose size changes (`mood`). Makers quote at the touch
or at exponential distances around the fair price and cancel at random; when the fair price leaves the touch, stale
quotes are pulled and new ones follow at the rate `chase`. The crowd's size is background of the book (rules of
`background`), its takers are orders of account 0, so our orders meet both as on a real venue.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .background import after_move
from .calls import cramped
from .chance import Words, exponential, factor, normal, uniform
from .closing import available, refresh, set_used
from .compiled import entry, inner
from .execute import close_step, drain, set_time, submit
from .ladder import NOWHERE, find, key_of, ladder, level
from .layout import Kind, Tif
from .match import cap_ahead
from .memory import pointer
from .state import LADDER_SIZE, command_at, level_at, market_at

SCALES = 3
SLOT = 100_000_000
"""Nanoseconds for which the common factor keeps its value."""
MOOD = 50
"""Slots for which the size of the noise keeps its value."""

CROWD = np.dtype(
    [
        ("base", "f8"),  # taker orders a second, without excitement
        ("branching", "f8", (SCALES,)),
        ("decay", "f8", (SCALES,)),  # a second
        ("value", "f8"),  # of taker orders: mean and deviation of the logarithm, quote units
        ("value_sd", "f8"),
        ("fill", "f8"),  # mean value of one fill
        ("lean", "f8"),  # share of takers whose sign is the common factor's
        ("impact", "f8"),  # basis points
        ("power", "f8"),
        ("noise", "f8"),  # of the fair price, basis points a root second
        ("common", "f8"),  # share of the noise that is the common factor's, as a correlation
        ("mood", "f8"),  # deviation of the logarithm of the noise's size, the same for all symbols
        ("makers", "f8"),  # limit orders a second, without excitement
        ("react", "f8"),  # further ones for each unit of the takers' excitement
        ("chase", "f8"),  # quotes a second while the touch is not at the fair price
        ("at_touch", "f8"),  # share of limit orders at the touch
        ("touch", "f8"),  # their value: mean and deviation of the logarithm
        ("touch_sd", "f8"),
        ("touch_life", "f8"),  # seconds until cancelled
        ("deep", "f8"),  # the same of the others
        ("deep_sd", "f8"),
        ("life", "f8"),
        ("width", "f8"),  # mean distance of the others, basis points
        ("unit", "f8"),  # quote units of a tick times a lot
        ("seed", "i8"),
        ("origin", "f8"),  # fair price in ticks at the start
        # State.
        ("drift", "f8"),  # logarithm of the fair price over `origin`
        ("excited", "f8", (SCALES,)),
        ("time", "i8"),
        ("slot", "i8"),
        ("deep_count", "i8"),
        ("touch_count", "i8"),
        ("command", "i8"),  # address of a COMMAND
        ("rest", "f8"),  # value of the running taker order still to trade
        ("taking", "i8"),  # its side + 1, 0: none
    ],
    align=True,
)
QUOTE = np.dtype([("side", "i8"), ("tick", "i8"), ("lots", "i8")])
crowd_at = pointer(CROWD)
MARKET, IOC = int(Kind.MARKET), int(Tif.IOC)
SECOND = 1e9


@inner
def fair_tick(c: Any) -> float:
    return float(c.origin * math.exp(c.drift))


@inner
def lots_of(c: Any, value: float, tick: int) -> int:
    return max(int(value / (c.unit * max(tick, 1))), 1)


@inner
def lognormal(words: Words, mean: float, deviation: float) -> float:
    return float(math.exp(mean + deviation * normal(words)))


# ---- levels


@inner
def resize(s: Any, side: int, tick: int, change: int) -> bool:
    """Grow or shrink the crowd's size at a price; False if there is no such price or nothing to shrink."""
    own = ladder(s.ladders + side * LADDER_SIZE)
    if not 0 < tick < own.span:
        return False
    key = key_of(own, tick)
    where = level(own, key) if change > 0 else find(own, key)
    if where == 0:
        return False
    at = level_at(where)
    before = available(at)
    at.back = max(before + change, 0)
    set_used(own, key, at, 0)
    cap_ahead(s, at)
    refresh(s, own, key, at)
    return before > 0 or change > 0


@inner
def best_crowd(s: Any, side: int) -> int:
    """Tick of the best level that is the crowd's alone or in part, 0: none."""
    own = ladder(s.ladders + side * LADDER_SIZE)
    return key_of(own, own.best) if own.best != NOWHERE else 0


@inner
def pull_stale(s: Any, fair: int) -> None:
    """Quotes on the wrong side of the fair price go; where ours stand there, somebody takes them first."""
    bids, asks = ladder(s.ladders), ladder(s.ladders + LADDER_SIZE)
    while asks.best != NOWHERE and key_of(asks, asks.best) <= fair and available(level_at(asks.best_level)) > 0:
        resize(s, 1, key_of(asks, asks.best), -available(level_at(asks.best_level)))
    while bids.best != NOWHERE and key_of(bids, bids.best) > fair and available(level_at(bids.best_level)) > 0:
        resize(s, 0, key_of(bids, bids.best), -available(level_at(bids.best_level)))


# ---- actions


@inner
def quote(s: Any, c: Any, words: Words, quotes: NDArray[Any], place: Any) -> None:
    """A limit order; `place` is (side, tick, at the touch). One that would cross is not sent."""
    side, tick, close = place
    best = best_crowd(s, 1 - side)
    if tick <= 0 or (best and (tick >= best if side == 0 else tick <= best)):
        return
    value = lognormal(words, c.touch, c.touch_sd) if close else lognormal(words, c.deep, c.deep_sd)
    lots = lots_of(c, value, tick)
    if resize(s, side, tick, lots):
        _remember(c, quotes[1 if close else 0], close, (side, tick, lots), words)


@inner
def _remember(c: Any, list_: NDArray[Any], close: bool, what: Any, words: Words) -> None:
    count = c.touch_count if close else c.deep_count
    if count < list_.shape[0]:
        at = count
        if close:
            c.touch_count += 1
        else:
            c.deep_count += 1
    else:
        at = int(uniform(words) * count)
    list_[at, 0], list_[at, 1], list_[at, 2] = what


@inner
def retreat(s: Any, c: Any, words: Words, quotes: NDArray[Any], close: bool) -> None:
    """Cancel one limit order at random."""
    list_ = quotes[1 if close else 0]
    count = c.touch_count if close else c.deep_count
    at = int(uniform(words) * count)
    resize(s, list_[at, 0], list_[at, 1], -list_[at, 2])
    for i in range(3):
        list_[at, i] = list_[count - 1, i]
    if close:
        c.touch_count -= 1
    else:
        c.deep_count -= 1


@inner
def take(s: Any, c: Any, words: Words) -> None:
    """One fill of the running taker order."""
    side = c.taking - 1
    best = best_crowd(s, 1 - side)
    value = min(c.rest, max(c.fill * exponential(words), 1.0))
    c.rest -= value
    if best == 0 or c.rest <= 0.0:
        c.taking = 0
    if best == 0:
        return
    order = command_at(c.command)
    order.side, order.kind, order.tif, order.lots, order.time = side, MARKET, IOC, lots_of(c, value, best), s.now
    submit(s, c.command)


@inner
def attack(s: Any, c: Any, words: Words) -> None:
    """A new taker order: excitement, sign, value, impact."""
    for i in range(SCALES):
        c.excited[i] += c.branching[i] * c.decay[i]
    if uniform(words) < c.lean:
        side = 0 if factor(c.seed, c.slot) > 0.0 else 1
    else:
        side = 0 if uniform(words) < 0.5 else 1
    c.rest, c.taking = lognormal(words, c.value, c.value_sd), side + 1
    c.drift += (1.0 if side == 0 else -1.0) * c.impact * 1e-4 * c.rest**c.power


@inner
def chase(s: Any, c: Any, words: Words, quotes: NDArray[Any]) -> None:
    """Bring the touch to the fair price: pull what is stale, quote the side that is missing."""
    fair = int(fair_tick(c))
    pull_stale(s, fair)
    bid, ask = best_crowd(s, 0), best_crowd(s, 1)
    low, high = bid < fair, ask == 0 or ask > fair + 1
    side = 1 if high and not (low and uniform(words) < 0.5) else 0
    quote(s, c, words, quotes, (side, fair + side, True))


@inner
def improve(s: Any, c: Any, words: Words, quotes: NDArray[Any]) -> None:
    """A limit order at the touch or deeper in the book."""
    fair, side = int(fair_tick(c)), 0 if uniform(words) < 0.5 else 1
    close = uniform(words) < c.at_touch
    distance = 0 if close else 1 + int(exponential(words) * c.width * 1e-4 * c.origin)
    quote(s, c, words, quotes, (side, fair - distance if side == 0 else fair + 1 + distance, close))


# ---- time


@inner
def drift_on(c: Any, words: Words, now: int) -> None:
    """Move the fair price by the noise of the slots that began since."""
    while c.slot < now // SLOT:
        c.slot += 1
        mood = math.exp(c.mood * factor(c.seed + 1, c.slot // MOOD) - c.mood * c.mood)
        moved = mood * (c.common * factor(c.seed, c.slot) + math.sqrt(1.0 - c.common * c.common) * normal(words))
        c.drift += moved * c.noise * 1e-4 * math.sqrt(SLOT / SECOND)


@inner
def relax(c: Any, seconds: float) -> float:
    """Let the excitement fade; returns what is left."""
    total = 0.0
    for i in range(SCALES):
        c.excited[i] *= math.exp(-c.decay[i] * seconds)
        total += c.excited[i]
    return total


@inner
def at_fair(s: Any, c: Any) -> bool:
    fair = int(fair_tick(c))
    return best_crowd(s, 0) == fair and best_crowd(s, 1) == fair + 1


@inner
def one(s: Any, c: Any, words: Words, quotes: NDArray[Any], until: int) -> bool:
    """The next event; False if it lies after `until`."""
    before = c.excited[0] + c.excited[1] + c.excited[2]
    takers, makers = c.base + before, c.makers + c.react * before
    fast, slow = c.touch_count / c.touch_life, c.deep_count / c.life
    chasing = 0.0 if at_fair(s, c) else c.chase
    total = takers + makers + fast + slow + chasing
    wait = exponential(words) / total
    if wait * SECOND > until - c.time:
        relax(c, (until - c.time) / SECOND)
        c.time = until
        drift_on(c, words, until)
        return False
    c.time += max(int(wait * SECOND), 1)
    after = relax(c, wait)
    drift_on(c, words, c.time)
    draw = uniform(words) * total
    set_time(s, c.time)
    s.first = s.count
    if draw < takers:
        # Thinning (Ogata): the intensity fell since it was used as the bound.
        if uniform(words) * takers <= c.base + after:
            attack(s, c, words)
            take(s, c, words)
    elif draw < takers + chasing:
        chase(s, c, words, quotes)
    elif draw < takers + chasing + makers:
        improve(s, c, words, quotes)
    else:
        retreat(s, c, words, quotes, draw < takers + chasing + makers + fast)
    return True


@inner
def settle(s: Any) -> None:
    after_move(s)
    drain(s)
    close_step(s, s.first)


@entry
def advance(market: int, crowd: int, words: Words, quotes: NDArray[Any], until: int, room: int) -> bool:
    """Run the crowd up to `until`. False: events or memory wanted room before that; call again."""
    s, c = market_at(market), crowd_at(crowd)
    s.count = 0
    while s.count < room and not cramped(s):
        if c.taking:
            s.first = s.count
            take(s, c, words)
        elif c.time >= until or not one(s, c, words, quotes, until):
            return True
        settle(s)
    return False
