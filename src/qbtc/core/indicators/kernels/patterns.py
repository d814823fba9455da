"""How a candle pattern becomes a step: the totals of its settings are added around it.

A pattern is a function of the candles `k` and of the sizes `a` that its settings name, in their order. Not here: patterns
(`few_candles`, `many_candles`), measures (`candles`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..candles import RANGES, SETTINGS, TOTALS
from ..memory import fused
from ..plan import Plan, kernel

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
Uses = tuple[tuple[str, int], ...]
STEP = """
def step_{name}(s, p, m, t, o, h, l, c):
    if t < {lookback}:
        return s, 0
    k = (o, h, l, c, t)
    {first}
    found = pattern(k, ({sizes}), p[0])
    return ({totals}), found
"""


def pattern(name: str, lookback: int, *uses: tuple[str, int]) -> Callable[[Any], Any]:
    """A decorator for a pattern that compares with (setting, candle) sizes."""
    kept = [(place, use) for place, use in enumerate(uses) if SETTINGS[use[0]].period > 0]

    def register(function: Any) -> Any:
        compiled = fused(function)
        kernel(name, _plan(lookback, len(kept)))(_step(name, lookback, compiled, uses))
        return compiled

    return register


def _plan(lookback: int, totals: int) -> Callable[..., Plan]:
    state = (0.0,) * max(totals, 1)
    return lambda penetration=0.0: Plan(lookback, (float(penetration),), state, lookback)


def _step(name: str, lookback: int, compiled: Any, uses: Uses) -> Any:
    sizes: list[str] = []
    first: list[str] = []
    totals: list[str] = []
    for setting, candle in uses:
        kind, period, factor = SETTINGS[setting]
        half = " / 2.0" if kind == "shadows" else ""
        if not period:
            sizes.append(f"{factor} * {kind}(k, {candle}){half}")
            continue
        n = len(totals)
        sizes.append(f"{factor} * (s[{n}] / {float(period)}){half}")
        first.append(f"total_{kind}(k, {candle}, {period})")
        totals.append(f"s[{n}] + ({kind}(k, {candle}) - {kind}(k, {candle + period}))")
    inside: dict[str, Any] = {"__name__": __name__, "pattern": compiled, **RANGES}
    inside |= {f"total_{kind}": total for kind, total in TOTALS.items()}
    text = STEP.format(
        name=name, lookback=lookback, sizes="".join(f"{x}, " for x in sizes) or "0.0,",
        first=f"if t == {lookback}:\n        s = ({''.join(f'{x}, ' for x in first)})" if first else "",
        totals="".join(f"{x}, " for x in totals) or "0.0,",
    )  # fmt: skip
    exec(compile(text, __file__, "exec"), inside)  # noqa: S102 - the template above
    return inside[f"step_{name}"]
