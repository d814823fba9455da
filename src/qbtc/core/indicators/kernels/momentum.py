"""Momentum: rates of change, oscillators of averages, strength indices. Windows and their extremes in `ranges`.

Sources: Wilder, New Concepts in Technical Trading Systems (RSI, ADX, DI, DM); Appel (MACD); Chande and Kroll, The New
Technical Trader (CMO, QSTICK); Blau, Momentum, Direction and Divergence (TSI); Elder, Trading for a Living (ERI).
"""

from __future__ import annotations

from typing import Any

from ..cells import (
    EPSILON,
    again,
    decayed,
    directional,
    ema,
    emptied,
    is_zero,
    is_zero_beside,
    range_at,
    renewed,
    run,
    slide,
    smoothing,
    typical,
    weigh,
)  # fmt: skip
from ..memory import at, fused, later, put, ring
from ..plan import Key, Plan, Ring, family, kernel
from .averages import KINDS, WINDOWED, average, average_plan, kind_of, triple
from .statistics import forecast, regression_plan

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
# ruff: noqa: PLR0124 - x != x is true for NaN only
EMA_KIND, RMA_KIND = KINDS.index("EMA"), KINDS.index("RMA")


def lagged(n: int) -> Plan:
    return Plan(n, (n,), (0,), n)


@kernel("MOM", lagged)
def mom(s, p, m, t, x):
    return s, (at(x, t) - at(x, t - p[0]) if t >= p[0] else 0.0)


@fused
def before(t, n, x):
    """The element n ago; 0 if there is none yet."""
    return at(x, t - n) if t >= n else 0.0


@kernel("ROC", lagged)
def roc(s, p, m, t, x):
    b = before(t, p[0], x)
    return s, ((at(x, t) / b - 1.0) * 100.0 if b != 0.0 else 0.0)


@kernel("ROCP", lagged)
def rocp(s, p, m, t, x):
    b = before(t, p[0], x)
    return s, ((at(x, t) - b) / b if b != 0.0 else 0.0)


@kernel("ROCR", lagged)
def rocr(s, p, m, t, x):
    b = before(t, p[0], x)
    return s, (at(x, t) / b if b != 0.0 else 0.0)


@kernel("ROCR100", lagged)
def rocr100(s, p, m, t, x):
    b = before(t, p[0], x)
    return s, (at(x, t) / b * 100.0 if b != 0.0 else 0.0)


@kernel("BOP", lambda: Plan(0))
def bop(s, p, m, t, open_, high, low, close):
    width = at(high, t) - at(low, t)
    return s, ((at(close, t) - at(open_, t)) / width if width > 0.0 else 0.0)


def strength_plan(n: int) -> Plan:
    return Plan(n, (n, n - 1.0, 1.0 / n), (0.0, 0.0), 1)


@fused
def strength(s, t, p, x):
    """Wilder's (average gain, average loss), from bar 1 on; sums until bar n."""
    n, kept, part = p
    gain, loss = s
    change = at(x, t) - at(x, t - 1)
    up = change if change > 0.0 else 0.0
    if t <= n:
        gain, loss = gain + up, loss + (up - change)
        return (gain * part, loss * part) if t == n else (gain, loss)
    return (gain * kept + up) * part, (loss * kept + (up - change)) * part


@fused
def relative_strength(gain, loss):
    """100 gain / (gain + loss); 0 when nothing moved."""
    both = gain + loss
    return 100.0 * (gain / both) if both > 0.0 else 0.0


@kernel("RSI", strength_plan)
def rsi(s, p, m, t, x):
    if t == 0:
        return s, 0.0
    s = strength(s, t, p, x)
    return s, relative_strength(s[0], s[1])


@kernel("CMO", strength_plan)
def cmo(s, p, m, t, x):
    if t == 0:
        return s, 0.0
    s = strength(s, t, p, x)
    both = s[0] + s[1]
    return s, (100.0 * ((s[0] - s[1]) / both) if both > 0.0 else 0.0)


@fused
def ups_and_downs(t, n, x):
    """(sum of the rises, sum of the falls) of the last n changes."""
    up, down = 0.0, 0.0
    for i in range(t - n + 1, t + 1):
        change = at(x, i) - at(x, i - 1)
        if change > 0.0:
            up += change
        elif change < 0.0:
            down -= change
    return up, down


@kernel("CMOU", lambda n: Plan(n, (n, again(n)), (0.0, 0.0, 0), n + 1))
def cmou(s, p, m, t, x):
    n, mask = p
    up, down, still = s
    if t == 0:
        return s, 0.0
    if t > n:
        old = at(x, t - n) - at(x, t - n - 1)
        up -= old if old > 0.0 else 0.0
        down += old if old < 0.0 else 0.0
    change = at(x, t) - at(x, t - 1)
    up += change if change > 0.0 else 0.0
    down -= change if change < 0.0 else 0.0
    still = run(still, n + 1, change == 0.0)
    if (t > n and (t & mask) == 0) or still == n:
        afresh = ups_and_downs(t, n, x)
        up, down = renewed(up, afresh[0]), renewed(down, afresh[1])
    both = up + down
    return (up, down, still), (100.0 * (up - down) / both if both > 0.0 else 0.0)


@kernel("COPPOCK", lambda w, a, b: Plan(
    max(a, b) + w - 1, (w, again(w), w * (w + 1) / 2.0, a, b, max(a, b), Ring(w + 1)), (0.0, 0.0), max(a, b)
))  # fmt: skip
def coppock(s, p, m, t, x):
    w, mask, divider, a, b, start, place = p
    i = t - start
    if i < 0:
        return s, 0.0
    v, x1, x2 = at(x, t), at(x, t - a), at(x, t - b)
    series = ring(m, place)
    put(series, i, ((v / x1 - 1.0) * 100.0 if x1 != 0.0 else 0.0) + ((v / x2 - 1.0) * 100.0 if x2 != 0.0 else 0.0))
    s = weigh(s, i, w, mask, series)
    return s, s[1] / divider


@kernel("DPO", lambda n: Plan(max(n - 1, n // 2 + 1), (n, again(n), n // 2 + 1), (0.0,), max(n, n // 2 + 1)))
def dpo(s, p, m, t, x):
    total = slide(s[0], t, p[0], p[1], x)
    return (total,), before(t, p[2], x) - total / p[0]


@kernel("AO", lambda fast, slow: Plan(
    max(fast, slow) - 1, (fast, again(fast), slow, again(slow), Ring(max(fast, slow) + 1)), (0.0, 0.0)
))  # fmt: skip
def ao(s, p, m, t, high, low):
    middles = ring(m, p[4])
    put(middles, t, (at(high, t) + at(low, t)) / 2.0)
    a, b = slide(s[0], t, p[0], p[1], middles), slide(s[1], t, p[2], p[3], middles)
    return (a, b), a / p[0] - b / p[2]


@kernel("AC", lambda fast, slow, signal: Plan(
    max(fast, slow) + signal - 2,
    (fast, again(fast), slow, again(slow), Ring(max(fast, slow) + 1), signal, again(signal), Ring(signal + 1)),
    (0.0, 0.0, 0.0),
))  # fmt: skip
def ac(s, p, m, t, high, low):
    pair, y = ao((s[0], s[1]), (p[0], p[1], p[2], p[3], p[4]), m, t, high, low)
    total, i = s[2], t - max(p[0], p[2]) + 1
    if i >= 0:
        series = ring(m, p[7])
        put(series, i, y)
        total = slide(total, i, p[5], p[6], series)
    return (pair[0], pair[1], total), y - total / p[5]


@kernel("QSTICK", lambda n: Plan(n - 1, (n, again(n), Ring(n + 1)), (0.0,)))
def qstick(s, p, m, t, open_, close):
    bodies = ring(m, p[2])
    put(bodies, t, at(close, t) - at(open_, t))
    total = slide(s[0], t, p[0], p[1], bodies)
    return (total,), total / p[0]


def ordered(fast: int, slow: int) -> tuple[int, int]:
    return min(fast, slow), max(fast, slow)


def pair_key(fast: float, slow: float, matype: float) -> Key:
    return (kind_of(matype, 2, EMA_KIND),)


def pair_plan(fast: int, slow: int, matype: int) -> Plan:
    fast, slow = ordered(fast, slow)
    kind = kind_of(matype, 2, EMA_KIND)
    a, b = average_plan(kind, fast), average_plan(kind, slow)
    lookback = max(a.lookback, b.lookback)
    return Plan(lookback, (a.numbers, b.numbers, b.lookback + 1), (a.state, b.state, 0), max(a.depth, b.depth))


@family("APO", pair_plan, pair_key)
def make_apo(kind: int) -> Any:
    step = average(kind)

    def apo(s, p, m, t, x):
        a, fast = step(s[0], p[0], m, t, x)
        b, slow = step(s[1], p[1], m, t, x)
        return (a, b, s[2]), fast - slow

    return apo


@family("PVO", pair_plan, pair_key)
@family("PPO", pair_plan, pair_key)
def make_ppo(kind: int) -> Any:
    step, windowed = average(kind), KINDS[kind] in WINDOWED

    def ppo(s, p, m, t, x):
        a, fast = step(s[0], p[0], m, t, x)
        b, slow = step(s[1], p[1], m, t, x)
        still = run(s[2], p[2], at(x, t) == 0.0) if windowed else 0
        if is_zero(slow) or (windowed and still >= p[2]):
            return (a, b, still), 0.0
        return (a, b, still), (fast - slow) / slow * 100.0

    return ppo


def macd_plan(fast: int, slow: int, signal: int) -> Plan:
    fast, slow = ordered(fast, slow)
    return Plan(slow + signal - 2, (smoothing(fast), smoothing(slow), smoothing(signal)), (0.0, 0.0, 0.0))


def fixed_plan(signal: int) -> Plan:
    """The periods 12 and 26 with the rounded weights of the original, 0.15 and 0.075."""
    slow, fast = 1.0 - 0.075, 1.0 - 0.15
    numbers = ((12, 1.0 - fast, fast), (26, 1.0 - slow, slow), smoothing(signal))
    return Plan(26 + signal - 2, numbers, (0.0, 0.0, 0.0))


@kernel("MACDFIX", fixed_plan)
@kernel("MACD", macd_plan)
def macd(s, p, m, t, x):
    a, b, c = s
    fast, slow, signal = p
    v, i, j = at(x, t), t - slow[0] + fast[0], t - slow[0] + 1
    b = ema(b, t, slow, v)
    if i >= 0:
        a = ema(a, i, fast, v)
    line = a - b
    if j >= 0:
        c = ema(c, j, signal, line)
    return (a, b, c), (line, c, line - c)


def _macdext(fast: int, fast_type: int, slow: int, slow_type: int) -> tuple[int, int, int, int]:
    """Ordered: the slower has the longer period. (period, kind) of each."""
    if slow < fast:
        fast, fast_type, slow, slow_type = slow, slow_type, fast, fast_type
    return fast, kind_of(fast_type, 2), slow, kind_of(slow_type, 2)


def macdext_key(fast: float, ft: float, slow: float, st: float, signal: float, gt: float) -> Key:
    _, a, _, b = _macdext(int(fast), int(ft), int(slow), int(st))
    return a, b, kind_of(gt, signal)


def macdext_plan(fast: int, fast_type: int, slow: int, slow_type: int, signal: int, signal_type: int) -> Plan:
    fast, fast_kind, slow, slow_kind = _macdext(fast, fast_type, slow, slow_type)
    a, b = average_plan(fast_kind, fast), average_plan(slow_kind, slow)
    c = average_plan(kind_of(signal_type, signal), signal)
    start = max(a.lookback, b.lookback)
    numbers = (
        a.numbers, b.numbers, c.numbers, start - a.lookback, start - b.lookback, start, Ring(c.depth + 1)
    )  # fmt: skip
    return Plan(start + c.lookback, numbers, (a.state, b.state, c.state), max(a.depth, b.depth))


@family("MACDEXT", macdext_plan, macdext_key)
def make_macdext(fast_kind: int, slow_kind: int, signal_kind: int) -> Any:
    fast_step, slow_step, signal_step = average(fast_kind), average(slow_kind), average(signal_kind)

    def macdext(s, p, m, t, x):
        a, b, c = s
        fast, slow, signal = 0.0, 0.0, 0.0
        if t >= p[3]:
            a, fast = fast_step(a, p[0], m, t - p[3], later(x, p[3]))
        if t >= p[4]:
            b, slow = slow_step(b, p[1], m, t - p[4], later(x, p[4]))
        line, i = fast - slow, t - p[5]
        if i >= 0:
            series = ring(m, p[6])
            put(series, i, line)
            c, signal = signal_step(c, p[2], m, i, series)
        return (a, b, c), (line, signal, line - signal)

    return macdext


@kernel("TRIX", lambda n: Plan(3 * (n - 1) + 1, (smoothing(n),), (0.0, 0.0, 0.0)))
def trix(s, p, m, t, x):
    last = s[2]
    s = triple(s, p[0], t, at(x, t))
    return s, ((s[2] / last - 1.0) * 100.0 if last != 0.0 else 0.0)


@kernel("TSI", lambda first, second: Plan(
    first + second - 1, (smoothing(first), smoothing(second)), (0.0, 0.0, 0.0, 0.0), 1
))  # fmt: skip
def tsi(s, p, m, t, x):
    a, b, c, d = s
    if t == 0:
        return s, 0.0
    change, i = at(x, t) - at(x, t - 1), t - p[0][0]
    a, b = ema(a, t - 1, p[0], change), ema(b, t - 1, p[0], abs(change))
    if i >= 0:
        c, d = ema(c, i, p[1], a), ema(d, i, p[1], b)
    return (a, b, c, d), (100.0 * c / d if d > 0.0 else 0.0)


@kernel("ERI", lambda n: Plan(n - 1, (smoothing(n),), (0.0,)))
def eri(s, p, m, t, high, low, close):
    y = ema(s[0], t, p[0], at(close, t))
    return (y,), (at(high, t) - y, at(low, t) - y)


@kernel("FOSC", lambda n: Plan(n, regression_plan(n).numbers, (regression_plan(n).state, 0.0), n + 1))
def fosc(s, p, m, t, x):
    now = at(x, t)
    y = 100.0 * (now - s[1]) / now if now != 0.0 else 0.0
    state, line = forecast(s[0], t, p, x)
    return (state, line[1] + line[0] * p[0]), y


@kernel("IMI", lambda n: Plan(n - 1, (n, again(n), Ring(n + 1), Ring(n + 1)), (0.0, 0.0, 0, 0)))
def imi(s, p, m, t, open_, close):
    n, mask, ups, downs = p[0], p[1], ring(m, p[2]), ring(m, p[3])
    up, down, no_up, no_down = s
    body = at(close, t) - at(open_, t)
    put(ups, t, body if body > 0.0 else 0.0)
    put(downs, t, 0.0 if body > 0.0 else -body)
    up, down = slide(up, t, n, mask, ups), slide(down, t, n, mask, downs)
    no_up, no_down = run(no_up, n + 1, not body > 0.0), run(no_down, n + 1, body >= 0.0)
    up, down = emptied(up, no_up, t, n, ups), emptied(down, no_down, t, n, downs)
    both = up + down
    return (up, down, no_up, no_down), (100.0 * (up / both) if both > 0.0 or both != both else 50.0)


@kernel("MFI", lambda n: Plan(n, (n, again(n), Ring(n + 1), Ring(n + 1)), (0.0, 0.0, 0.0, 0)))
def mfi(s, p, m, t, high, low, close, volume):
    n, mask, ups, downs = p[0], p[1], ring(m, p[2]), ring(m, p[3])
    up, down, last, still = s
    price = typical(at(high, t), at(low, t), at(close, t))
    if t == 0:
        return (0.0, 0.0, price, 0), 0.0
    change = price - last
    money = 0.0 if is_zero_beside(change, abs(price) + abs(last)) else price * at(volume, t)
    put(ups, t - 1, 0.0 if change < 0.0 else money)
    put(downs, t - 1, money if change < 0.0 else 0.0)
    up, down = slide(up, t - 1, n, mask, ups), slide(down, t - 1, n, mask, downs)
    still = run(still, n + 1, money == 0.0)
    up, down = emptied(up, still, t - 1, n, ups), emptied(down, still, t - 1, n, downs)
    both = up + down
    part = 0.0 if up < 0.0 else (both if up > both else up)
    return (up, down, price, still), (0.0 if both <= 0.0 else 100.0 * (part / both))


def movement_plan(n: int) -> Plan:
    return Plan(n if n > 1 else 1, (n, 1.0 / n), (0.0, 0.0), 1)


@kernel("PLUS_DI", movement_plan)
def plus_di(s, p, m, t, high, low, close):
    return _index(s, p, t, high, low, close, 0)


@kernel("MINUS_DI", movement_plan)
def minus_di(s, p, m, t, high, low, close):
    return _index(s, p, t, high, low, close, 1)


@fused
def _index(s, p, t, high, low, close, which):
    n, part = p
    if t == 0:
        return s, 0.0
    move, width = directional(t, high, low)[which], range_at(t, high, low, close)
    if n == 1:
        return s, (move / width if width > 0.0 else 0.0)
    moved, reach = decayed(s[0], t - 1, n, part, move), decayed(s[1], t - 1, n, part, width)
    return (moved, reach), (100.0 * (moved / reach) if reach > 0.0 else 0.0)


def moved_plan(n: int) -> Plan:
    return Plan(n - 1 if n > 1 else 1, (n, 1.0 / n), (0.0,), 1)


@kernel("PLUS_DM", moved_plan)
def plus_dm(s, p, m, t, high, low):
    return _movement(s, p, t, high, low, 0)


@kernel("MINUS_DM", moved_plan)
def minus_dm(s, p, m, t, high, low):
    return _movement(s, p, t, high, low, 1)


@fused
def _movement(s, p, t, high, low, which):
    if t == 0:
        return s, 0.0
    move = directional(t, high, low)[which]
    y = decayed(s[0], t - 1, p[0], p[1], move) if p[0] > 1 else move
    return (y,), y


@fused
def directional_index(s, t, p, high, low, close, otherwise):
    """((+DM sum, -DM sum, range sum), DX or `otherwise` where there was no movement) of a bar t > 0."""
    n, part = p
    plus, minus = directional(t, high, low)
    a, b = decayed(s[0], t - 1, n, part, plus), decayed(s[1], t - 1, n, part, minus)
    c = decayed(s[2], t - 1, n, part, range_at(t, high, low, close))
    up, down = 100.0 * (a / c), 100.0 * (b / c)
    both = up + down
    if both >= EPSILON:  # one comparison, false where c is 0; a second one would tie each bar to the division before it
        return (a, b, c), 100.0 * (abs(down - up) / both)
    return (a, b, c), otherwise


@kernel("DX", lambda n: Plan(n, (n, 1.0 / n), ((0.0, 0.0, 0.0), 0.0), 1))
def dx(s, p, m, t, high, low, close):
    if t == 0:
        return s, 0.0
    sums, y = directional_index(s[0], t, p, high, low, close, s[1] if t > p[0] else 0.0)
    return (sums, y), y


def adx_plan(n: int) -> Plan:
    return Plan(2 * n - 1, (n, 1.0 / n), ((0.0, 0.0, 0.0), 0.0), 1)


@kernel("ADX", adx_plan)
def adx(s, p, m, t, high, low, close):
    n = p[0]
    if t == 0:
        return s, 0.0
    trend = s[1]
    if t >= 2 * n:
        sums, y = directional_index(s[0], t, p, high, low, close, trend)
        trend = trend - (trend - y) * p[1]
    else:
        sums, y = directional_index(s[0], t, p, high, low, close, 0.0)
        trend = (trend + (y if t >= n else 0.0)) / (n if t == 2 * n - 1 else 1)
    return (sums, trend), trend


@kernel("ADXR", lambda n: Plan(3 * n - 2, (adx_plan(n).numbers, Ring(n)), adx_plan(n).state, 1))
def adxr(s, p, m, t, high, low, close):
    n, past = p[0][0], ring(m, p[1])
    s, y = adx(s, p[0], m, t, high, low, close)
    put(past, t, y)
    return s, (y + at(past, t - n + 1)) / 2.0
