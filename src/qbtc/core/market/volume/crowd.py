"""The crowd at volume: takers, makers and a fair price, event by event. Compiled; the model is that of `engine.crowd`.

Takers come as a Hawkes process with three time scales (Ogata's thinning). Their signs are those of large orders that are
worked off in pieces, Pareto in length (Lillo, Mike and Farmer 2005, Phys. Rev. E 71, 066122), which makes the
autocorrelation of signs fall as a power; the fair price moves by what a sign surprises, so that it stays a martingale
(Madhavan, Richardson and Roomans 1997). The size of its jumps is lognormal on three time scales, which makes volatility
cluster (Corsi 2009 has the same three in his HAR). Makers come and go by distance from the touch, each bin with rates,
sizes and lifetimes of its own (Cont, Stoikov and Talreja 2010, Oper. Res. 58, 549-563); quotes that the fair price
passes are pulled, and new ones follow it.

Nothing depends on the size of a block: an event that may not fit waits for the next one.
"""

# mypy: disable-error-code="no-untyped-def, misc, no-any-return"

from __future__ import annotations

import math

from ..engine.chance import exponential, normal, seed, uniform
from ..tape.watching import BINS
from .book import grow, inside, lots_at, put, recentre
from .compiled import entry, inner
from .parameters import P, Whole
from .state import FLICKER, LISTS, MOODS, ROOM, SCALES, N, R
from .telling import depth, snapshot, ticker, trade

SLACK = 512
"""Rows that one event may write beside a depth update; fills of one taker are fewer."""
FILLS = SLACK - 8
HALF = math.sqrt(0.5)
"""Makes the square of an exponential number 1 on average: jumps are two-sided exponential."""
MOOD_LIVES = (1.0, 20.0, 400.0)
"""Seconds."""
_L0, _L1, _L2 = MOOD_LIVES
_BASE, _VALUE, _VALUE_SD, _FILL, _ALPHA, _INFORMED, _MOVES, _JUMP, _MOOD, _CHASE, _REACT = (int(P(i)) for i in range(11))
_JOINING = int(P.JOINING)
_BRANCHING, _DECAY = int(P.BRANCHING), int(P.DECAY)
_PRICE, _LAG, _LEAVING, _EXCITED, _MOODS = (int(r) for r in (R.PRICE, R.LAG, R.LEAVING, R.EXCITED, R.MOOD))
_INTERVAL, _TICKERS, _HIDDEN, _GAP = (int(i) for i in (Whole.INTERVAL, Whole.TICKERS, Whole.HIDDEN, Whole.GAP))
_TIME, _NEXT, _FLUSH, _BID, _ASK, _CENTRE, _QUEUED, _TOUCHED, _LOCAL, _ROWS, _LAG_AT, _STARTED, _MOOD_AT, _MESSAGES, _FILLED = (
    int(n)
    for n in (
        N.TIME, N.NEXT, N.FLUSH, N.BEST_BID, N.BEST_ASK, N.CENTRE, N.QUEUED, N.TOUCHED, N.LOCAL, N.ROWS, N.LAG_AT, N.STARTED,
        N.MOOD_AT, N.MESSAGES, N.FILLED,
    )
)  # fmt: skip


@inner
def size_of(words, mean, deviation):
    """Lots of an order, at least one."""
    return max(int(math.exp(min(mean + deviation * normal(words), mean + 4.0 * deviation, 40.0))), 1)


# ---- makers


@inner
def join(w, given, number, most):
    """A limit order of list `number`."""
    n, words = w.numbers, w.words
    side, place = 0 if uniform(words) < 0.5 else 1, 0 if number == FLICKER else number % BINS
    best = n[_ASK] if side else n[_BID]
    if best < 0:
        return
    away = 0 if place == 0 else int((1.0 + uniform(words)) * (1 << (place - 1)))
    tick, lots = best + away if side else best - away, size_of(words, given.lists[number, 2], given.lists[number, 3])
    if grow(w, side, tick, lots, most):
        remember(w, given, number, tick << 1 | side, lots)


@inner
def remember(w, given, number, place, lots):
    at = w.counts[number]
    if at < ROOM:
        w.counts[number] += 1
        w.reals[_LEAVING] += given.lists[number, 1]
    else:
        at = int(uniform(w.words) * ROOM)
    w.orders[number, at, 0], w.orders[number, at, 1] = place, lots


@inner
def leave(w, given, number, most):
    """One order of a list is cancelled."""
    count = w.counts[number]
    if count == 0:
        return
    at = int(uniform(w.words) * count)
    place, lots = w.orders[number, at, 0], w.orders[number, at, 1]
    w.orders[number, at, 0], w.orders[number, at, 1] = w.orders[number, count - 1, 0], w.orders[number, count - 1, 1]
    w.counts[number] -= 1
    w.reals[_LEAVING] -= given.lists[number, 1]
    grow(w, place & 1, place >> 1, -lots, most)


@inner
def settled(w, given):
    """Whether the touch is where the fair price wants it."""
    n, fair, gap = w.numbers, int(w.reals[_PRICE]), given.integers[_GAP]
    return n[_BID] >= fair - gap // 2 and 0 <= n[_ASK] <= fair + 1 + gap - gap // 2


@inner
def chase(w, given, most):
    """A quote of a side that is missing at the fair price."""
    n, fair, gap = w.numbers, int(w.reals[_PRICE]), given.integers[_GAP]
    low, high = fair - gap // 2, fair + 1 + gap - gap // 2
    side = 0
    if n[_ASK] < 0 or n[_ASK] > high:
        side = 0 if n[_BID] < low and uniform(w.words) < 0.5 else 1
    tick, lots = high if side else low, size_of(w.words, given.lists[0, 2], given.lists[0, 3])
    if grow(w, side, tick, lots, most):
        remember(w, given, 0, tick << 1 | side, lots)


# ---- the fair price


@inner
def mood(w, given, time):
    """How large jumps are now: lognormal, its square 1 on average."""
    n, total = w.numbers, 0.0
    span = (time - n[_MOOD_AT]) * 1e-9
    n[_MOOD_AT] = time
    for i in range(MOODS):
        kept = math.exp(-span / (_L0 if i == 0 else _L1 if i == 1 else _L2))
        w.reals[_MOODS + i] = kept * w.reals[_MOODS + i] + math.sqrt(1.0 - kept * kept) * normal(w.words)
        total += w.reals[_MOODS + i]
    deviation = given.reals[_MOOD]
    return math.exp(deviation * total / math.sqrt(1.0 * MOODS) - deviation * deviation)


@inner
def jump(w, given, time, way):
    """Move the fair price by `way` times a jump; quotes on its wrong side are pulled."""
    n = w.numbers
    moved = w.reals[_PRICE] + way * given.reals[_JUMP] * mood(w, given, time)
    if moved < 4.0 + given.integers[_GAP]:
        return
    w.reals[_PRICE] = moved
    fair = int(moved)
    recentre(w, fair)
    while 0 <= n[_ASK] <= fair:
        put(w, 1, n[_ASK], 0)
    while n[_BID] > fair:
        put(w, 0, n[_BID], 0)


# ---- takers


@inner
def sign(w, given):
    """(sign of the next taker, mean sign that was to be expected): a piece of one of the hidden orders."""
    count, words = given.integers[_HIDDEN], w.words
    expected = 0.0
    for i in range(count):
        expected += w.hidden[i, 0]
    at = int(uniform(words) * count)
    found = w.hidden[at, 0]
    w.hidden[at, 1] -= 1
    if w.hidden[at, 1] <= 0:
        conceal(w, given, at)
    return found, expected / count


@inner
def conceal(w, given, at):
    """A new hidden order."""
    w.hidden[at, 0] = 1 if uniform(w.words) < 0.5 else -1
    w.hidden[at, 1] = int(min((1.0 - uniform(w.words)) ** (-1.0 / given.reals[_ALPHA]), 1e6))


@inner
def take(w, given, out, time):
    """A taker: excitement, sign, fills from the best level outwards, and what the price makes of it."""
    n, words = w.numbers, w.words
    for i in range(SCALES):
        w.reals[_EXCITED + i] += given.reals[_BRANCHING + i] * given.reals[_DECAY + i]
    way, expected = sign(w, given)
    side, rest = 0 if way > 0 else 1, size_of(words, given.reals[_VALUE], given.reals[_VALUE_SD])
    for _ in range(FILLS):
        best = n[_BID] if side else n[_ASK]
        if rest <= 0 or best < 0:
            break
        there = lots_at(w, 1 - side, best)
        lots = min(rest, max(int(given.reals[_FILL] * exponential(words)), 1), there)
        trade(w, given, out, time, side, best, lots)
        put(w, 1 - side, best, there - lots)
        rest -= lots
    if uniform(words) < given.reals[_INFORMED]:
        jump(w, given, time, HALF * exponential(words) * (way - expected))


# ---- time


@inner
def relax(w, given, seconds):
    """Let the excitement fade; what is left of it."""
    total = 0.0
    for i in range(SCALES):
        w.reals[_EXCITED + i] *= math.exp(-given.reals[_DECAY + i] * seconds)
        total += w.reals[_EXCITED + i]
    return total


@inner
def usual(given):
    """The excitement that there is on average."""
    total = 0.0
    for i in range(SCALES):
        total += given.reals[_BRANCHING + i]
    return given.reals[_BASE] * total / (1.0 - total)


@inner
def busy(w, given, excited):
    """By how much makers are more active than usual."""
    mean = usual(given)
    return 1.0 + given.reals[_REACT] * (excited / mean - 1.0) if mean > 0.0 else 1.0


@inner
def chosen(w, given, draw, factor, leaving):
    """The list at which `draw` of all rates lies."""
    for number in range(LISTS):
        draw -= w.counts[number] * given.lists[number, 1] if leaving else given.lists[number, 0] * factor
        if draw < 0.0:
            return number
    return 0


@inner
def plan(w, given):
    """Draw when the next event is; it is thinned when it comes."""
    n, excited = w.numbers, 0.0
    for i in range(SCALES):
        excited += w.reals[_EXCITED + i]
    total = given.reals[_BASE] + excited + given.reals[_MOVES]
    total += given.reals[_JOINING] * busy(w, given, excited) + w.reals[_LEAVING]
    if not settled(w, given):
        total += given.reals[_CHASE]
    n[_NEXT] = n[_TIME] + max(int(exponential(w.words) / total * 1e9), 1)
    return total


@inner
def event(w, given, out, total, most):
    """The event that was planned; `total` is the rate it was planned with."""
    n, words, before = w.numbers, w.words, 0.0
    for i in range(SCALES):
        before += w.reals[_EXCITED + i]
    factor = busy(w, given, before)
    after = relax(w, given, (n[_NEXT] - n[_TIME]) * 1e-9)
    n[_TIME] = n[_NEXT]
    draw = uniform(words) * total
    takers = given.reals[_BASE] + before
    if draw < takers:
        if draw < given.reals[_BASE] + after:
            take(w, given, out, n[_TIME])
        return
    draw -= takers
    if draw < given.reals[_MOVES]:
        jump(w, given, n[_TIME], HALF * exponential(words) * (1.0 if uniform(words) < 0.5 else -1.0))
        return
    draw -= given.reals[_MOVES]
    if not settled(w, given):
        if draw < given.reals[_CHASE]:
            chase(w, given, most)
            return
        draw -= given.reals[_CHASE]
    joins = given.reals[_JOINING] * factor
    if draw < joins:
        join(w, given, chosen(w, given, draw, factor, False), most)
    else:
        leave(w, given, chosen(w, given, draw - joins, factor, True), most)


@entry
def begin(w, given, number, price, time, most):
    """The market at its start: a book as it stands on average, around the fair price."""
    n = w.numbers
    seed(w.words, number)
    w.reals[_PRICE], n[_CENTRE] = price, int(price)
    n[_TIME] = n[_LAG_AT] = n[_MOOD_AT] = n[_NEXT] = time
    n[_FLUSH] = time
    for i in range(MOODS):
        w.reals[_MOODS + i] = normal(w.words)
    w.reals[_LAG] = normal(w.words)
    for i in range(given.integers[_HIDDEN]):
        conceal(w, given, i)
    mean = usual(given)
    for i in range(SCALES):
        total = given.reals[_BRANCHING] + given.reals[_BRANCHING + 1] + given.reals[_BRANCHING + 2]
        w.reals[_EXCITED + i] = mean * given.reals[_BRANCHING + i] / total if total > 0.0 else 0.0
    for _ in range(2):
        chase(w, given, most)
    for place in range(BINS):
        for _ in range(int(given.standing[place, 0])):
            stand(w, given, place, most)


@inner
def stand(w, given, place, most):
    """A level that is there from the start."""
    side = 0 if uniform(w.words) < 0.5 else 1
    best = w.numbers[_ASK] if side else w.numbers[_BID]
    away = 0 if place == 0 else int((1.0 + uniform(w.words)) * (1 << (place - 1)))
    tick, deviation = best + away if side else best - away, given.lists[place, 3]
    mean = math.log(max(given.standing[place, 1], 1.0)) - 0.5 * deviation * deviation
    lots = size_of(w.words, mean, deviation)
    if inside(w, tick) and grow(w, side, tick, lots, most):
        remember(w, given, place, tick << 1 | side, lots)


@entry
def advance(w, given, out, until, rows, total, most):
    """Write messages until time `until` or `rows` rows in all: (0: done, 1: the block is full, 2: it is too small, rate of
    the event that waits or 0). Call again with that rate."""
    n, interval = w.numbers, given.integers[_INTERVAL]
    n[_MESSAGES] = n[_FILLED] = 0
    if not n[_STARTED]:
        if n[_QUEUED] > out.tick.size:
            return 2, total
        snapshot(w, given, out, n[_TIME])
        n[_STARTED], n[_TOUCHED] = 1, 1
    while n[_ROWS] < rows:
        if n[_FILLED] + n[_QUEUED] + SLACK > out.tick.size or n[_MESSAGES] + SLACK > out.local.size:
            return (2 if n[_MESSAGES] == 0 else 1), total
        if total == 0.0:
            total = plan(w, given)
        if interval and n[_FLUSH] + interval <= min(n[_NEXT], until):
            n[_FLUSH] += interval
            depth(w, given, out, n[_FLUSH])
            continue
        if n[_NEXT] > until:
            return 0, total
        event(w, given, out, total, most)
        total = 0.0
        if given.integers[_TICKERS] and n[_TOUCHED]:
            ticker(w, given, out, n[_TIME])
        if interval == 0 and n[_QUEUED]:
            depth(w, given, out, n[_TIME])
    return 0, total
