"""What is drawn of a result. Each function returns HTML, or nothing where there is nothing to see."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from qbtc.core.statistics.series import Floats, Ints, under_water

from ...domain.statistics.account import account
from ...domain.statistics.costs import HORIZONS
from ...domain.statistics.orders import first_fills
from .decimals import number
from .svg import ACCENT, BUY, GRID, INK, MUTED, PANEL, SELL, SOFT, WIDE, chart
from .texts import Words
from .thinning import evenly, extremes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from qbtc.hft.backtest import Result

MARKERS, MARKERS_NARROW = 500, 160
BARS, LEAST = 240, 4
TICKS = ["%Y", "%Y-%m", "%m-%d", "%H:%M", "%H:%M", "%S.%f"]
ZEROES = ["", "%Y", "%m-%d", "%m-%d", "%H:%M", "%H:%M"]
CORNER = ["", "%Y", "%Y", "%Y-%m-%d", "%Y-%m-%d", "%Y-%m-%d %H:%M"]
"""Of years, months, days, hours, minutes, seconds: digits, which every language reads."""
PERIODS = (("month", "M", 120 * 86_400), ("day", "D", 4 * 86_400), ("hour", "h", 4 * 3_600), ("minute", "m", 240), ("second", "s", 4))
"""(name, NumPy's unit, seconds of data from which on it is used)."""


def times(ns: Ints) -> Any:
    return np.asarray(ns).astype("datetime64[ns]")


def clock(axes: Axes, width: int) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=3, maxticks=9 if width == WIDE else 4)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, formats=TICKS, zero_formats=ZEROES, offset_formats=CORNER))  # type: ignore[no-untyped-call]
    axes.grid(False, axis="x")
    axes.margins(x=0.01)


def numbers(axis: Any, words: Words, most: int = 6) -> None:
    """Ticks as the language writes them, with the decimals that tell neighbours apart."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))

    def shown(value: float, _: object) -> str:
        ticks = axis.get_majorticklocs()
        step = abs(ticks[1] - ticks[0]) if len(ticks) > 1 else 1.0
        decimals = next((d for d in range(9) if abs(step * 10**d - round(step * 10**d)) < 1e-6 * step * 10**d), 8)
        return number(value, decimals, words)

    axis.set_major_formatter(FuncFormatter(shown))


def legend(axes: Axes, columns: int = 4) -> None:
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=columns, borderaxespad=0, handlelength=1.4, columnspacing=1.2)


def equity(result: Result, words: Words) -> str:
    """Net and gross profit, and the drawdown below; nothing without a fill."""
    if not result.fills.size:
        return ""
    a = account(result.equity, result.begin, result.lot_size)
    below = under_water(a.net)

    def draw(panels: Sequence[Axes], width: int) -> None:
        top, low = panels
        for values, color, line, name in ((a.gross, MUTED, 1.0, "gross"), (a.net, ACCENT, 2.0, "net")):
            kept = extremes(values, width)
            top.plot(times(a.times[kept]), values[kept], color=color, lw=line, label=words(name))
        top.axhline(0, color=GRID, lw=1)
        ends = np.array([each.time for each in result.margin.liquidations] if result.margin else [], np.int64)
        _liquidations(top, ends, np.interp(ends, a.times, a.net), words)
        legend(top)
        kept = extremes(below, width)
        low.fill_between(times(a.times[kept]), -below[kept], 0, color=SELL, alpha=0.25, lw=0)
        low.plot(times(a.times[kept]), -below[kept], color=SELL, lw=1.2, label=words("drawdown"))
        legend(low)
        for each in panels:
            clock(each, width)
            numbers(each.yaxis, words, 5)

    return chart(draw, name="equity", title=escape(words("equity")), height=420, rows=(2.2, 1.0))


def by_period(result: Result) -> tuple[str, Ints, Floats]:
    """(unit, begins in ns, net profit in each); the unit by the length of the data."""
    a = account(result.equity, result.begin, result.lot_size)
    seconds = (int(a.times[-1]) - int(a.times[0])) / 1e9
    unit, code, _ = next((each for each in PERIODS if seconds >= each[2]), PERIODS[-1])
    cells = times(a.times).astype(f"datetime64[{code}]")
    last = np.flatnonzero(np.append(cells[1:] != cells[:-1], True))
    profits = np.diff(a.net[last], prepend=0.0)
    return unit, cells[last].astype("datetime64[ns]").astype(np.int64), profits


def returns(result: Result, words: Words) -> str:
    """A bar for each period; nothing for fewer than four, or without a fill."""
    unit, begins, profits = by_period(result)
    if begins.size < LEAST or not result.fills.size:
        return ""

    def draw(panels: Sequence[Axes], width: int) -> None:
        (axes,) = panels
        shown = slice(-BARS, None)
        widths = np.diff(np.append(times(begins), times(begins)[-1:] + (times(begins)[-1] - times(begins)[-2])))
        colors = np.where(profits[shown] >= 0, BUY, SELL).tolist()
        axes.bar(times(begins)[shown], profits[shown], width=(widths * 0.8)[shown], align="edge", color=colors, lw=0)  # type: ignore[arg-type]
        axes.axhline(0, color=MUTED, lw=1)
        clock(axes, width)
        numbers(axes.yaxis, words, 5)

    return chart(draw, name="returns", title=escape(words("returns", unit=words(unit))), height=240)


def exposure(result: Result, words: Words) -> str:
    """The position over time; nothing without a fill."""
    f = result.fills
    if not f.size:
        return ""
    held = np.cumsum(np.where(f["side"] == 0, 1, -1) * f["lots"]) * result.lot_size
    spots = np.concatenate(([result.begin], f["time"], [max(result.end, int(f["time"][-1]))]))
    values = np.concatenate(([0.0], held, held[-1:]))

    def draw(panels: Sequence[Axes], width: int) -> None:
        (axes,) = panels
        kept = extremes(values, width)
        axes.fill_between(times(spots[kept]), values[kept], 0, step="post", color=ACCENT, alpha=0.22, lw=0)
        axes.step(times(spots[kept]), values[kept], where="post", color=ACCENT, lw=1.2)
        axes.axhline(0, color=MUTED, lw=1)
        clock(axes, width)
        numbers(axes.yaxis, words, 5)

    return chart(draw, name="exposure", title=escape(words("exposure")), height=220)


def margin(result: Result, words: Words) -> str:
    """Balance and wallet of the account, and the margin ratio below, with liquidations; nothing without an account."""
    kept = result.margin
    if kept is None or not kept.samples.size:
        return ""
    s = kept.samples
    ratio = np.minimum(100 * s["ratio"], 120.0)
    ends = np.array([each.time for each in kept.liquidations], np.int64)

    def draw(panels: Sequence[Axes], width: int) -> None:
        top, low = panels
        for name, color, line in (("wallet", MUTED, 1.0), ("balance", ACCENT, 2.0)):
            values = np.ascontiguousarray(s[name])
            shown = extremes(values, width)
            top.plot(times(s["time"][shown]), values[shown], color=color, lw=line, label=words(name))
        shown = extremes(ratio, width)
        low.fill_between(times(s["time"][shown]), ratio[shown], 0, color=SELL, alpha=0.25, lw=0)
        low.plot(times(s["time"][shown]), ratio[shown], color=SELL, lw=1.2, label=words("margin_ratio"))
        low.axhline(100, color=MUTED, lw=1, ls=(0, (4, 3)))
        _liquidations(top, ends, np.interp(ends, s["time"], s["balance"]), words)
        for each in panels:
            legend(each, 4 if width == WIDE else 2)
            clock(each, width)
            numbers(each.yaxis, words, 5)

    return chart(draw, name="margin", title=escape(words("margin")), height=360, rows=(1.6, 1.0))


def _liquidations(axes: Axes, ends: Ints, heights: Floats, words: Words) -> None:
    """A cross and a line at each."""
    for n, (end, height) in enumerate(zip(ends, heights, strict=True)):
        axes.axvline(times(end), color=SELL, lw=1, ls=(0, (2, 2)))  # type: ignore[arg-type]
        axes.plot([times(end)], [height], "x", color=SELL, ms=9, mew=2.2, label=words("liquidation") if n == 0 else None)


def price(result: Result, words: Words) -> str:
    """The mid with fills on it; nothing where no mid is known."""
    e, f = result.equity, result.fills
    if not np.isfinite(e["mid"]).any():
        return ""

    def draw(panels: Sequence[Axes], width: int) -> None:
        (axes,) = panels
        mid = np.ascontiguousarray(e["mid"])
        kept = extremes(mid, width)
        axes.plot(times(e["time"][kept]), mid[kept], color=MUTED, lw=1.2, label=words("mid"))
        drawn = f[evenly(f["time"], MARKERS if width == WIDE else MARKERS_NARROW)]
        for side, marker, color, name in ((0, "^", BUY, "buys"), (1, "v", SELL, "sells")):
            mine = drawn[drawn["side"] == side]
            for maker in (1, 0):
                some = mine[mine["maker"] == maker]
                style: dict[str, Any] = {"mec": color, "mfc": color if maker else PANEL, "mew": 1.4, "ms": 7 if width == WIDE else 6}
                label = words(name) if maker or not (mine["maker"] == 1).any() else None
                if some.size:
                    axes.plot(times(some["time"]), some["tick"] * result.tick_size, marker, label=label, **style)
        legend(axes)
        clock(axes, width)
        numbers(axes.yaxis, words)

    return chart(draw, name="price", title=escape(words("price")), height=380)


def drawn_fills(result: Result) -> int:
    """How many the wide chart shows."""
    return int(evenly(result.fills["time"], MARKERS).size)


def delays(result: Result, words: Words) -> str:
    """Histograms of the delays that were met, where they vary, and of waits in the queue; nothing where none varies."""
    shown = [(name, values) for name, values in measured(result) if values.size > 1 and np.ptp(values) > 0]
    if not shown:
        return ""

    def draw(panels: Sequence[Axes], width: int) -> None:
        for axes, (name, values) in zip(panels, shown, strict=True):
            top = float(np.quantile(values, 0.99))
            axes.hist(np.minimum(values, top), bins=min(40, max(8, values.size // 4)), color=ACCENT, alpha=0.75, lw=0)
            median = float(np.median(values))
            axes.axvline(median, color=INK, lw=1)
            axes.set_title(words(name), color=INK)
            numbers(axes.xaxis, words, 4)
            numbers(axes.yaxis, words, 4)

    return chart(draw, name="delays", title=escape(words("delays")), height=220, columns=len(shown))


def measured(result: Result) -> list[tuple[str, Floats]]:
    """(name, values): ms to the exchange of each order, ms back of each fill, s in the queue of each maker order."""
    o, f = result.orders, result.fills
    arrived, heard = o[o["arrived"] > 0], f[f["local"] > 0]
    first, owner = first_fills(f, o)
    maker = first["maker"] == 1
    return [
        ("entry", (arrived["arrived"] - arrived["placed"]) / 1e6),
        ("response", (heard["local"] - heard["time"]) / 1e6),
        ("wait", (first["time"] - owner["arrived"])[maker] / 1e9),
    ]


def costs(result: Result, words: Words) -> str:
    """Where the profit went, and where the price went behind the fills; nothing without a fill."""
    s = result.stats
    if not s["fills"]:
        return ""
    spread = float(np.nan_to_num(s["spread"]))
    parts = [("at_mid", s["gross"] + spread + s["funding"]), ("spread", -spread), ("fees_short", -s["fees"]), ("net", s["net"])]
    if s["funding"]:
        parts.insert(2, ("funding_short", -s["funding"]))

    both = adverse_known(result)

    def draw(panels: Sequence[Axes], width: int) -> None:
        _split(panels[0], parts, words)
        if both:
            _adverse(panels[1], result, words)

    return chart(draw, name="costs", title=escape(words("costs")), height=250, columns=1 + both)


def adverse_known(result: Result) -> bool:
    """False where samples are too far apart for it, or the data end too early."""
    return any(np.isfinite(result.stats[f"adverse_{h}s"]) for h in HORIZONS)


def _split(axes: Axes, parts: Sequence[tuple[str, float]], words: Words) -> None:
    """A fall of bars: each begins where the one before it ended; the last is the whole."""
    begin = 0.0
    for n, (name, value) in enumerate(parts):
        left = 0.0 if name in ("at_mid", "net") else begin
        color = BUY if value >= 0 else SELL
        axes.barh(n, value, left=left, color=color, height=0.6, lw=0, alpha=1.0 if name == "net" else 0.7)
        begin = left + value
    axes.axvline(0, color=MUTED, lw=1)
    axes.set_yticks(range(len(parts)), [words(name) for name, _ in parts])
    axes.invert_yaxis()
    axes.use_sticky_edges = False
    axes.margins(x=0.04)
    axes.grid(False, axis="y")
    axes.set_title(words("quote"), color=INK)
    numbers(axes.xaxis, words, 5)


def _adverse(axes: Axes, result: Result, words: Words) -> None:
    at = np.arange(len(HORIZONS))
    for n, (side, color, name) in enumerate((("buy", BUY, "buys"), ("sell", SELL, "sells"))):
        values = np.array([result.stats[f"adverse_{h}s_bp_{side}"] for h in HORIZONS])
        axes.bar(at + 0.36 * n - 0.18, np.nan_to_num(values), 0.32, color=color, lw=0, label=words(name))
    axes.axhline(0, color=MUTED, lw=1)
    axes.set_xticks(at, [f"{h} s" for h in HORIZONS])
    axes.grid(False, axis="x")
    axes.set_title(words("adverse"), color=INK)
    axes.legend(loc="best", handlelength=1.0)
    numbers(axes.yaxis, words, 5)


__all__ = ["SOFT", "by_period", "costs", "delays", "drawn_fills", "equity", "exposure", "margin", "measured", "price", "returns"]
