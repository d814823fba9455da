"""Volume: money flow, volume trends and indices. Sources: Chaikin (AD, ADOSC, CMF), Elder (EFI), Granville (OBV), Fosback
(NVI, PVI), Williams (WAD, MARKETFI)."""

from __future__ import annotations

import math

from ..cells import again, ema, emptied, flow, run, slide, smoothing, typical
from ..memory import at, fma, fused, put, ring
from ..plan import Plan, Ring, kernel

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"


@kernel("AD", lambda: Plan(0, (0,), (0.0,)))
def ad(s, p, m, t, high, low, close, volume):
    y = s[0] + flow(at(high, t), at(low, t), at(close, t), at(volume, t))
    return (y,), y


@kernel("ADOSC", lambda fast, slow: Plan(max(fast, slow) - 1, (smoothing(fast), smoothing(slow)), (0.0, 0.0, 0.0)))
def adosc(s, p, m, t, high, low, close, volume):
    y = s[0] + flow(at(high, t), at(low, t), at(close, t), at(volume, t))
    if t == 0:
        return (y, y, y), 0.0
    fast, slow = fma(p[0][2], s[1], p[0][1] * y), fma(p[1][2], s[2], p[1][1] * y)
    return (y, fast, slow), fast - slow


@kernel("CMF", lambda n: Plan(n - 1, (n, again(n), Ring(n + 1)), (0.0, 0.0, 0), n))
def cmf(s, p, m, t, high, low, close, volume):
    n, mask, flows = p[0], p[1], ring(m, p[2])
    put(flows, t, flow(at(high, t), at(low, t), at(close, t), at(volume, t)))
    a, b = slide(s[0], t, n, mask, flows), slide(s[1], t, n, mask, volume)
    still = run(s[2], n + 1, at(volume, t) == 0.0)
    a, b = emptied(a, still, t, n, flows), emptied(b, still, t, n, volume)
    return (a, b, still), (a / b if b > 0.0 else 0.0)


@kernel("EFI", lambda n: Plan(n, (smoothing(n),), (0.0,), 1))
def efi(s, p, m, t, close, volume):
    if t == 0:
        return s, 0.0
    y = ema(s[0], t - 1, p[0], (at(close, t) - at(close, t - 1)) * at(volume, t))
    return (y,), y


@kernel("MARKETFI", lambda: Plan(0))
def marketfi(s, p, m, t, high, low, volume):
    v = at(volume, t)
    return s, ((at(high, t) - at(low, t)) / v if v != 0.0 else 0.0)


@kernel("OBV", lambda: Plan(0, (0,), (0.0, 0.0)))
def obv(s, p, m, t, x, volume):
    now, v = at(x, t), at(volume, t)
    if t == 0:
        return (v, now), v
    y = s[0] + (v if now > s[1] else 0.0) - (v if now < s[1] else 0.0)
    return (y, now), y


@fused
def _compounded(s, t, now, v, moves):
    """An index that compounds the returns of some bars; it keeps its last finite value."""
    y, before = s[0], s[1]
    if t > 0 and moves and before != 0.0:
        made = y + ((now - before) / before) * y
        if math.isfinite(made):
            y = made
    return (y, now, v), y


@kernel("NVI", lambda: Plan(0, (0,), (1000.0, 0.0, 0.0)))
def nvi(s, p, m, t, close, volume):
    now, v = at(close, t), at(volume, t)
    return _compounded(s, t, now, v, v < s[2])


@kernel("PVI", lambda: Plan(0, (0,), (1000.0, 0.0, 0.0)))
def pvi(s, p, m, t, close, volume):
    now, v = at(close, t), at(volume, t)
    return _compounded(s, t, now, v, v > s[2])


@kernel("PVT", lambda: Plan(0, (0,), (0.0, 0.0)))
def pvt(s, p, m, t, close, volume):
    now = at(close, t)
    y = s[0] + (((now - s[1]) / s[1]) * at(volume, t) if t > 0 and s[1] != 0.0 else 0.0)
    return (y, now), y


@kernel("RVOL", lambda n: Plan(n, (n, again(n)), (0.0, 0), n + 1))
def rvol(s, p, m, t, volume):
    n, now = p[0], at(volume, t)
    y = now / (s[0] / n)
    total, still = slide(s[0], t, n, p[1], volume), run(s[1], n + 1, now == 0.0)
    return (emptied(total, still, t, n, volume), still), y


@kernel("VWAP", lambda: Plan(0, (0,), (0.0, 0.0, 0.0)))
def vwap(s, p, m, t, high, low, close, volume):
    a, b, y = s
    price, v = typical(at(high, t), at(low, t), at(close, t)), at(volume, t)
    if math.isfinite(price) and math.isfinite(v):
        a, b = a + price * v, b + v
    y = a / b if b > 0.0 else y
    return (a, b, y), y


@kernel("WAD", lambda: Plan(0, (0,), (0.0, 0.0)))
def wad(s, p, m, t, high, low, close):
    total, before = s
    now = at(close, t)
    if t > 0 and now > before:
        total += now - min(before, at(low, t))
    elif t > 0 and now < before:
        total += now - max(before, at(high, t))
    return (total, now), total
