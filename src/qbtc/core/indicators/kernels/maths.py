"""Price transforms, mathematical operators and functions, the cycle indicators."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..cells import (
    NO_HIGH,
    NO_LOW,
    above,
    again,
    below,
    extreme_at,
    extreme_numbers,
    highest,
    lowest,
    place_numbers,
    slide,
)
from ..cycle import CYCLE, CYCLE_NUMBERS, cycle, phase_of
from ..memory import at, fused, ring
from ..plan import Plan, kernel
from .overlap import trendline

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
NOW = Plan(0)


def now() -> Plan:
    return NOW


@kernel("AVGPRICE", now)
def avgprice(s, p, m, t, open_, high, low, close):
    return s, (at(high, t) + at(low, t) + at(close, t) + at(open_, t)) / 4.0


@kernel("MEDPRICE", now)
def medprice(s, p, m, t, high, low):
    return s, (at(high, t) + at(low, t)) / 2.0


@kernel("TYPPRICE", now)
def typprice(s, p, m, t, high, low, close):
    return s, (at(high, t) + at(low, t) + at(close, t)) / 3.0


@kernel("WCLPRICE", now)
def wclprice(s, p, m, t, high, low, close):
    return s, (at(high, t) + at(low, t) + at(close, t) * 2.0) / 4.0


@kernel("HA", lambda: Plan(0, (0,), (0.0, 0.0)))
def ha(s, p, m, t, open_, high, low, close):
    o, c = at(open_, t), at(close, t)
    first = (o + c) / 2.0 if t == 0 else (s[0] + s[1]) / 2.0
    last = (((o + at(high, t)) + at(low, t)) + c) / 4.0
    return (first, last), (first, above(above(at(high, t), first), last), below(below(at(low, t), first), last), last)


@kernel("ADD", now)
def add(s, p, m, t, a, b):
    return s, at(a, t) + at(b, t)


@kernel("SUB", now)
def sub(s, p, m, t, a, b):
    return s, at(a, t) - at(b, t)


@kernel("MULT", now)
def mult(s, p, m, t, a, b):
    return s, at(a, t) * at(b, t)


@kernel("DIV", now)
def div(s, p, m, t, a, b):
    return s, at(a, t) / at(b, t)


@kernel("CUMSUM", lambda: Plan(0, (0,), (0.0,)))
def cumsum(s, p, m, t, x):
    y = s[0] + at(x, t)
    return (y,), y


@kernel("SUM", lambda n: Plan(n - 1, (n, again(n)), (0.0,), n))
def total(s, p, m, t, x):
    y = slide(s[0], t, p[0], p[1], x)
    return (y,), y


@kernel("MAX", lambda n: Plan(n - 1, (extreme_numbers(n),), (NO_HIGH,), n))
def maximum(s, p, m, t, x):
    a, y = highest(s[0], t, p[0], m, x)
    return (a,), y


@kernel("MIN", lambda n: Plan(n - 1, (extreme_numbers(n),), (NO_LOW,), n))
def minimum(s, p, m, t, x):
    a, y = lowest(s[0], t, p[0], m, x)
    return (a,), y


@kernel("MINMAX", lambda n: Plan(n - 1, (extreme_numbers(n), extreme_numbers(n)), (NO_LOW, NO_HIGH), n))
def minmax(s, p, m, t, x):
    a, bottom = lowest(s[0], t, p[0], m, x)
    b, top = highest(s[1], t, p[1], m, x)
    return (a, b), (bottom, top)


PLACE = ((0, 0.0, 0), -1, 0.0)
"""State of `followed`: the extreme's own, and the bar and value that were given last."""


@fused
def followed(s, t, p, m, v, sign):
    """(state, bar of the extreme): a new value that is as extreme takes over; when the bar leaves, the oldest equal does."""
    inner, bar, value = s
    inner, found = extreme_at(inner, t, p, m, v, sign, False)
    x = at(v, t)
    if t < p[0] or bar < t - p[0] + 1:
        bar, value = found[1], found[0]
    elif sign * x >= sign * value:
        bar, value = t, x
    return (inner, bar, value), bar


@kernel("MAXINDEX", lambda n: Plan(n - 1, (place_numbers(n),), (PLACE,), n))
def maxindex(s, p, m, t, x):
    a, y = followed(s[0], t, p[0], m, x, 1)
    return (a,), y


@kernel("MININDEX", lambda n: Plan(n - 1, (place_numbers(n),), (PLACE,), n))
def minindex(s, p, m, t, x):
    a, y = followed(s[0], t, p[0], m, x, -1)
    return (a,), y


@kernel("MINMAXINDEX", lambda n: Plan(n - 1, (place_numbers(n), place_numbers(n)), (PLACE, PLACE), n))
def minmaxindex(s, p, m, t, x):
    a, bottom = followed(s[0], t, p[0], m, x, -1)
    b, top = followed(s[1], t, p[1], m, x, 1)
    return (a, b), (bottom, top)


FUNCTIONS: dict[str, Any] = {
    "ACOS": math.acos, "ASIN": math.asin, "ATAN": math.atan, "CEIL": np.ceil, "COS": math.cos, "COSH": math.cosh,
    "EXP": math.exp, "FLOOR": np.floor, "LN": math.log, "LOG10": math.log10, "SIN": math.sin, "SINH": math.sinh,
    "SQRT": math.sqrt, "TAN": math.tan, "TANH": math.tanh,
}  # fmt: skip


def _of(function: Any) -> Any:
    def apply(s, p, m, t, x):
        return s, function(at(x, t))

    return apply


for _name, _function in FUNCTIONS.items():
    kernel(_name, now)(_of(_function))


@kernel("HT_DCPERIOD", lambda: Plan(32, (CYCLE_NUMBERS,), (CYCLE, 0.0), 4))
def ht_dcperiod(s, p, m, t, x):
    if t < 12:
        return s, 0.0
    c, _ = cycle(s[0], p[0], m, t, x)
    y = 0.33 * c[4] + 0.67 * s[1]
    return (c, y), y


@kernel("HT_PHASOR", lambda: Plan(32, (CYCLE_NUMBERS,), (CYCLE,), 4))
def ht_phasor(s, p, m, t, x):
    if t < 12:
        return s, (0.0, 0.0)
    c, parts = cycle(s[0], p[0], m, t, x)
    return (c,), (parts[1], parts[2])


def phase_plan() -> Plan:
    return Plan(63, (CYCLE_NUMBERS,), (CYCLE, 0.0, 0.0), 4)


@fused
def phased(s, p, m, t, x):
    """(state, (phase, smoothed price)) from bar 37 on. State: the cycle, the smoothed period, the phase."""
    c, parts = cycle(s[0], p, m, t, x)
    smooth_period = 0.33 * c[4] + 0.67 * s[1]
    phase = phase_of(s[2], smooth_period, ring(m, p[0]), t)
    return (c, smooth_period, phase), (phase, parts[0])


@kernel("HT_DCPHASE", phase_plan)
def ht_dcphase(s, p, m, t, x):
    if t < 37:
        return s, 0.0
    s, y = phased(s, p[0], m, t, x)
    return s, y[0]


@fused
def sines(phase):
    """(sine, the sine an eighth of a turn ahead) of a phase in degrees."""
    radian = 1.0 / (180.0 / math.pi)
    return math.sin(phase * radian), math.sin((phase + 45.0) * radian)


@kernel("HT_SINE", phase_plan)
def ht_sine(s, p, m, t, x):
    if t < 37:
        return s, (0.0, 0.0)
    s, y = phased(s, p[0], m, t, x)
    return s, sines(y[0])


@kernel("HT_TRENDMODE", lambda: Plan(
    63, (CYCLE_NUMBERS,), ((CYCLE, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0), 0), 63
))  # fmt: skip
def ht_trendmode(s, p, m, t, x):
    if t < 37:
        return s, 0
    before, means, lines, days = s
    state, y = phased(before, p[0], m, t, x)
    smooth_period = state[1]
    sine, lead = sines(y[0])
    means, trend = trendline(means, x, t, smooth_period)
    mode = 1
    if (sine > lead and lines[0] <= lines[1]) or (sine < lead and lines[0] >= lines[1]):
        days, mode = 0, 0
    days += 1
    if days < 0.5 * smooth_period:
        mode = 0
    turn, cycle_turn = y[0] - before[2], 360.0 / smooth_period
    if 0.67 * cycle_turn < turn < 1.5 * cycle_turn:
        mode = 0
    if trend != 0.0 and abs((y[1] - trend) / trend) >= 0.015:
        mode = 1
    return (state, means, (sine, lead), days), mode
