"""Ehlers' dominant cycle: what MAMA and the HT_* functions share. Rocket Science for Traders (2001), chapters 5 to 11.

The in-phase and quadrature parts come from a Hilbert transformer of seven taps, whose delay grows with the period that
was found last. `start` is the bar of the first transform: TA-Lib leaves 12 or 37 bars to the smoother.
"""

from __future__ import annotations

import math

import numpy as np

from .cells import degrees
from .memory import at, fused, put, ring
from .plan import Ring

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
# ruff: noqa: PLR1730
CYCLE = (0.0, 0.0, 0.0, 0.0, 0.0)
"""Re, Im, I2, Q2, period."""
CYCLE_NUMBERS = (Ring(64), Ring(16), Ring(8))
LONGEST = 50
_TAPS = (0.0962, 0.5769)
_SINES = np.zeros((LONGEST + 2, LONGEST + 2))
_COSINES = np.zeros((LONGEST + 2, LONGEST + 2))
for _n in range(1, LONGEST + 2):
    for _i in range(_n):
        _angle = (_i * (math.atan(1.0) * 8.0)) / _n
        _SINES[_n, _i], _COSINES[_n, _i] = math.sin(_angle), math.cos(_angle)
_SINES.setflags(write=False)
_COSINES.setflags(write=False)


@fused
def hilbert(v, i, scale):
    """The transform of a view at element i."""
    a, b = _TAPS
    return (((a * at(v, i) - a * at(v, i - 6)) - b * at(v, i - 4)) + b * at(v, i - 2)) * scale


@fused
def cycle(s, rings, m, t, x):
    """(state, (smoothed price, in-phase, quadrature)) of the newest bar."""
    smooth, detrended, quadrature = ring(m, rings[0]), ring(m, rings[1]), ring(m, rings[2])
    scale = 0.075 * s[4] + 0.54
    price = (4.0 * at(x, t) + 3.0 * at(x, t - 1) + 2.0 * at(x, t - 2) + at(x, t - 3)) * 0.1
    put(smooth, t, price)
    put(detrended, t, hilbert(smooth, t, scale))
    q1 = hilbert(detrended, t, scale)
    put(quadrature, t, q1)
    i1 = at(detrended, t - 3)
    ji, jq = hilbert(detrended, t - 3, scale), hilbert(quadrature, t, scale)
    return _homodyne(s, 0.2 * (i1 - jq) + 0.8 * s[2], 0.2 * (q1 + ji) + 0.8 * s[3]), (price, i1, q1)


@fused
def _homodyne(s, i2, q2):
    re = 0.2 * (i2 * s[2] + q2 * s[3]) + 0.8 * s[0]
    im = 0.2 * (i2 * s[3] - q2 * s[2]) + 0.8 * s[1]
    before = s[4]
    period = before
    if im != 0.0 and re != 0.0:
        period = 360.0 / degrees(im / re)
    if period > 1.5 * before:
        period = 1.5 * before
    if period < 0.67 * before:
        period = 0.67 * before
    if period < 6.0:
        period = 6.0
    elif period > 50.0:
        period = 50.0
    return re, im, i2, q2, 0.2 * period + 0.8 * before


@fused
def bars_of(smooth_period):
    """The dominant cycle in whole bars; 0 if a NaN has got into it."""
    return int(smooth_period + 0.5) if 0.0 < smooth_period <= LONGEST else 0


@fused
def phase_of(before, smooth_period, v, t):
    """The phase in degrees of the smoothed prices over the dominant cycle; `before` is the last one."""
    n = bars_of(smooth_period)
    re, im = 0.0, 0.0
    for i in range(n):
        price = at(v, t - i)
        re += _SINES[n, i] * price
        im += _COSINES[n, i] * price
    phase = before
    if abs(im) > 0.0:
        phase = degrees(re / im)
    elif re < 0.0:
        phase -= 90.0
    elif re > 0.0:
        phase += 90.0
    phase += 90.0 + 360.0 / smooth_period
    if im < 0.0:
        phase += 180.0
    return phase - 360.0 if phase > 315.0 else phase
