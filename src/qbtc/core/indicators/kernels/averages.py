"""Moving averages: one step each, of one series. They are indicators themselves and parts of others (`matype`).

A step is `(state, numbers, memory, t, view of the series) -> (state, average)`. Formulas: Mulloy, TASC 12:1-2 (DEMA,
TEMA); Tillson, TASC 16:1 (T3); Kaufman, Smarter Trading (KAMA); Ehlers, MESA and Trading Market Cycles (MAMA); Hull (HMA).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..cells import again, degrees, ema, renewed, run, slide, smoothing, weigh, wilder
from ..cycle import CYCLE, CYCLE_NUMBERS, cycle
from ..memory import at, fma, fused, put, ring
from ..plan import KERNELS, Kernel, Key, Plan, Ring, kernel

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
# ruff: noqa: PLR1730


def sma_plan(n: int) -> Plan:
    return Plan(n - 1, (n, again(n)), (0.0,), n)


@kernel("SMA", sma_plan)
def sma(s, p, m, t, x):
    total = slide(s[0], t, p[0], p[1], x)
    return (total,), total / p[0]


@fused
def triple(s, p, t, v):
    """Three exponential averages, each of the one before, from element 0 of the first."""
    a, b, c = s
    lag = p[0] - 1
    if t > 3 * lag:
        a = fma(p[2], a, p[1] * v)
        b = fma(p[2], b, p[1] * a)
        return a, b, fma(p[2], c, p[1] * b)
    a = ema(a, t, p, v)
    if t >= lag:
        b = ema(b, t - lag, p, a)
    if t >= 2 * lag:
        c = ema(c, t - 2 * lag, p, b)
    return a, b, c


def ema_plan(n: int) -> Plan:
    return Plan(n - 1, smoothing(n), (0.0,))


def rma_plan(n: int) -> Plan:
    return Plan(n - 1, wilder(n), (0.0,))


@kernel("RMA", rma_plan)
@kernel("EMA", ema_plan)
def recursive(s, p, m, t, x):
    y = ema(s[0], t, p, at(x, t))
    return (y,), y


def wma_plan(n: int) -> Plan:
    return Plan(n - 1, (n, again(n), n * (n + 1) / 2.0), (0.0, 0.0), n)


@kernel("WMA", wma_plan)
def wma(s, p, m, t, x):
    s = weigh(s, t, p[0], p[1], x)
    return s, s[1] / p[2]


def dema_plan(n: int) -> Plan:
    return Plan(2 * (n - 1), smoothing(n), (0.0, 0.0))


@kernel("DEMA", dema_plan)
def dema(s, p, m, t, x):
    a, b = s
    a = ema(a, t, p, at(x, t))
    if t >= p[0] - 1:
        b = ema(b, t - p[0] + 1, p, a)
    return (a, b), 2.0 * a - b


def tema_plan(n: int) -> Plan:
    return Plan(3 * (n - 1), smoothing(n), (0.0, 0.0, 0.0))


@kernel("TEMA", tema_plan)
def tema(s, p, m, t, x):
    s = triple(s, p, t, at(x, t))
    return s, s[2] + (3.0 * s[0] - 3.0 * s[1])


def t3_plan(n: int, vfactor: float = 0.7) -> Plan:
    b = vfactor * vfactor
    c1 = -(b * vfactor)
    c2 = 3.0 * (b - c1)
    c3 = -6.0 * b - 3.0 * (vfactor - c1)
    c4 = 1.0 + 3.0 * vfactor - c1 + 3.0 * b
    return Plan(6 * (n - 1), (smoothing(n), (c1, c2, c3, c4)), ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)))


@kernel("T3", t3_plan)
def t3(s, p, m, t, x):
    smooth, c = p
    late, lag = s[1], 3 * (smooth[0] - 1)
    early = triple(s[0], smooth, t, at(x, t))
    if t >= lag:
        late = triple(late, smooth, t - lag, early[2])
    y = c[0] * late[2] + c[1] * late[1] + c[2] * late[0] + c[3] * early[2]
    return (early, late), y


def trima_plan(n: int) -> Plan:
    a = (n + 1) // 2
    b = n + 1 - a
    return Plan(n - 1, (a, again(a), b, again(b), 1.0 / (a * b), Ring(b + 1)), (0.0, 0.0), a)


@kernel("TRIMA", trima_plan)
def trima(s, p, m, t, x):
    inner = slide(s[0], t, p[0], p[1], x)
    outer, i = s[1], t - p[0] + 1
    if i >= 0:
        sums = ring(m, p[5])
        put(sums, i, inner)
        outer = slide(outer, i, p[2], p[3], sums)
    return (inner, outer), outer * p[4]


SPIKE = 1e3
"""A change that large beside the sum that it left has taken digits of it along: then the sum is made afresh."""


@fused
def travelled(path, still, t, n, mask, x):
    """(sum of the last n absolute changes, changes of exactly zero in a row): the second empties the first."""
    if t == 0:
        return 0.0, 0
    change = abs(at(x, t) - at(x, t - 1))
    still = run(still, n + 1, change == 0.0)
    if t <= n:
        return path + change, still
    gone = abs(at(x, t - n) - at(x, t - n - 1))
    path += change - gone
    if (t & mask) == 0 or still == n or gone > SPIKE * path:
        path = renewed(path, way(t, n, x))
    return path, still


@fused
def way(t, n, x):
    """The sum of the last n absolute changes, oldest first."""
    path = 0.0
    for i in range(t - n + 1, t + 1):
        path += abs(at(x, i) - at(x, i - 1))
    return path


@fused
def efficiency(net, path):
    """Kaufman's ratio of the net change to the way travelled; 1 if nothing moved."""
    return 1.0 if path <= net else abs(net / path)


def kama_plan(n: int) -> Plan:
    return Plan(n if n > 1 else 0, (n, again(n), 2.0 / 31.0, 2.0 / 3.0 - 2.0 / 31.0), (0.0, 0.0, 0), n + 1)


@kernel("KAMA", kama_plan)
def kama(s, p, m, t, x):
    n, fast, slow = p[0], p[3], p[2]
    path, y, still = s
    v = at(x, t)
    path, still = travelled(path, still, t, n, p[1], x)
    if t < n:
        return (path, v, still), v
    weight = efficiency(v - at(x, t - n), path) * fast + slow
    weight *= weight
    y = fma(1.0 - weight, y, weight * v)
    return (path, y, still), y


@kernel("ER", lambda timeperiod: Plan(timeperiod, (timeperiod, again(timeperiod)), (0.0, 0), timeperiod + 1))
def er(s, p, m, t, x):
    path, still = travelled(s[0], s[1], t, p[0], p[1], x)
    return (path, still), (efficiency(at(x, t) - at(x, t - p[0]), path) if t >= p[0] else 0.0)


def mama_plan(fastlimit: float = 0.5, slowlimit: float = 0.05) -> Plan:
    return Plan(32, (CYCLE_NUMBERS, 12, fastlimit, slowlimit), (CYCLE, (0.0, 0.0, 0.0)), 4)


@fused
def mesa(s, p, m, t, x):
    """(state, (MAMA, FAMA)): an exponential average whose weight follows the rate of change of the phase."""
    c, (mama, fama, before) = s
    if t < p[1]:
        return s, (0.0, 0.0)
    c, parts = cycle(c, p[0], m, t, x)
    phase = degrees(parts[2] / parts[1]) if parts[1] != 0.0 else 0.0
    change = before - phase
    weight = p[2]
    if change > 1.0:
        weight = p[2] / change
        if weight < p[3]:
            weight = p[3]
    mama = weight * at(x, t) + (1.0 - weight) * mama
    weight *= 0.5
    fama = weight * mama + (1.0 - weight) * fama
    return (c, (mama, fama, phase)), (mama, fama)


@kernel("MAMA", mama_plan)
def mama(s, p, m, t, x):
    s, y = mesa(s, p, m, t, x)
    return s, (y[0], y[1])


def zlema_plan(n: int) -> Plan:
    lag = (n - 1) // 2
    return Plan(lag + n - 1, (smoothing(n), lag), (0.0,), lag)


@kernel("ZLEMA", zlema_plan)
def zlema(s, p, m, t, x):
    lag = p[1]
    if t < lag:
        return s, 0.0
    y = ema(s[0], t - lag, p[0], 2.0 * at(x, t) - at(x, t - lag))
    return (y,), y


def hma_plan(n: int) -> Plan:
    half, root = max(n // 2, 1), math.isqrt(n)
    numbers = (wma_plan(n).numbers, wma_plan(half).numbers, wma_plan(root).numbers, Ring(root + 1))
    return Plan(n - 1 + root - 1, numbers, ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0)), n)


@kernel("HMA", hma_plan)
def hma(s, p, m, t, x):
    full, half, root, place = p
    a, b, c = weigh(s[0], t, full[0], full[1], x), weigh(s[1], t, half[0], half[1], x), s[2]
    i = t - full[0] + 1
    if i >= 0:
        lead = 2.0 * (b[1] / half[2]) - a[1] / full[2]
        series = ring(m, place)
        put(series, i, lead)
        c = weigh(c, i, root[0], root[1], series)
        y = c[1] / root[2]
    else:
        y = 0.0
    return (a, b, c), y


@kernel("identity", lambda n: Plan(0))
def identity(s, p, m, t, x):
    return s, at(x, t)


@kernel("mama_line", lambda n: mama_plan())
def mama_line(s, p, m, t, x):
    s, y = mesa(s, p, m, t, x)
    return s, y[0]


KINDS = (
    "SMA", "EMA", "WMA", "DEMA", "TEMA", "TRIMA", "KAMA", "mama_line", "T3", "HMA", "identity", "default", "ZLEMA", "RMA"
)  # fmt: skip
"""The moving averages in the order of TA-Lib's MA_Type; 10 is no average, 11 the function's own default."""
NONE, DEFAULT = KINDS.index("identity"), KINDS.index("default")
WINDOWED = frozenset({"SMA", "WMA", "TRIMA", "HMA"})


def kind_of(matype: float, period: float, default: int = 0) -> int:
    """The type of average that is meant. A period of 1 is the series itself, whatever the type."""
    if period == 1:
        return NONE
    return default if matype == DEFAULT else int(matype)


def average(kind: int) -> Any:
    """The step of a type of average."""
    return STEPS[KINDS[kind]]


def average_plan(kind: int, period: int) -> Plan:
    return PLANS[KINDS[kind]](period)


def lookback(kind: int, period: int) -> int:
    return average_plan(kind, period).lookback


def _by_period(name: str, default: int) -> None:
    """Let a period of 1 copy the series, as TA-Lib does, instead of running the recurrence."""
    plan, step = PLANS[name], STEPS[name]

    def choose(timeperiod: float, *others: float) -> Key:
        return (int(timeperiod == 1),)

    KERNELS[name] = Kernel(name, plan, lambda one: identity if one else step, choose)


STEPS: dict[str, Any] = {name: found.make() for name, found in KERNELS.items() if name in KINDS}
PLANS: dict[str, Callable[..., Plan]] = {name: KERNELS[name].plan for name in STEPS}
for _number, _name in enumerate(KINDS):
    if _name in STEPS and _name.isupper():
        _by_period(_name, _number)
