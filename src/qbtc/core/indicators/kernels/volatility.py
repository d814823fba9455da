"""Volatility: true ranges and their averages, widths, Dorsey's indices (MASSI; RVI, TASC 11:6), Chaikin's (CVI)."""

from __future__ import annotations

import math

from ..cells import (
    again,
    ema,
    range_at,
    slide,
    smoothing,
    spread_numbers,
    spread_state,
    variance,
    wilder,
)  # fmt: skip
from ..memory import at, put, ring
from ..plan import Plan, Ring, kernel

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"


@kernel("TRANGE", lambda: Plan(1, (0,), (0,), 1))
def trange(s, p, m, t, high, low, close):
    return s, (range_at(t, high, low, close) if t > 0 else 0.0)


def atr_plan(n: int) -> Plan:
    return Plan(n, (wilder(n),), (0.0,), 1)


@kernel("ATR", atr_plan)
def atr(s, p, m, t, high, low, close):
    if t == 0:
        return s, 0.0
    y = ema(s[0], t - 1, p[0], range_at(t, high, low, close))
    return (y,), y


@kernel("NATR", atr_plan)
def natr(s, p, m, t, high, low, close):
    s, y = atr(s, p, m, t, high, low, close)
    now = at(close, t)
    if p[0][0] == 1:
        return s, y
    return s, (y / now * 100.0 if now != 0.0 else 0.0)


@kernel("ADR", lambda n: Plan(n - 1, (n, again(n), Ring(n + 1)), (0.0,)))
def adr(s, p, m, t, high, low):
    widths = ring(m, p[2])
    put(widths, t, at(high, t) - at(low, t))
    total = slide(s[0], t, p[0], p[1], widths)
    return (total,), total / p[0]


@kernel("CVI", lambda n, lag: Plan(n - 1 + lag, (smoothing(n), lag, Ring(lag + 1)), (0.0,)))
def cvi(s, p, m, t, high, low):
    y, past = ema(s[0], t, p[0], at(high, t) - at(low, t)), ring(m, p[2])
    put(past, t, y)
    old = at(past, t - p[1])
    return (y,), (100.0 * ((y - old) / old) if old != 0.0 else 0.0)


@kernel("MASSI", lambda fast, slow: Plan(
    2 * (fast - 1) + slow - 1, (smoothing(fast), slow, again(slow), Ring(slow + 1)), (0.0, 0.0, 0.0)
))  # fmt: skip
def massi(s, p, m, t, high, low):
    a, b, total = s
    lag = p[0][0] - 1
    a = ema(a, t, p[0], at(high, t) - at(low, t))
    if t >= lag:
        b = ema(b, t - lag, p[0], a)
    i = t - 2 * lag
    if i >= 0:
        ratios = ring(m, p[3])
        put(ratios, i, 1.0 if b == 0.0 else a / b)
        total = slide(total, i, p[1], p[2], ratios)
    return (a, b, total), total


@kernel("RVI", lambda n, width: Plan(
    width + n - 2, (wilder(n), spread_numbers(width)), (spread_state(width), 0.0, 0.0), width
))  # fmt: skip
def rvi(s, p, m, t, x):
    state, square = variance(s[0], t, p[1], x)
    i, up, down = t - p[1][0] + 1, s[1], s[2]
    if i < 0:
        return (state, up, down), 0.0
    deviation, change = math.sqrt(square), at(x, t) - at(x, t - 1)
    up = ema(up, i, p[0], deviation if change > 0.0 else 0.0)
    down = ema(down, i, p[0], deviation if change < 0.0 else 0.0)
    both = up + down
    return (state, up, down), (50.0 if both == 0.0 else 100.0 * (up / both))
