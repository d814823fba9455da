"""A tape as a picture: price, spread, imbalance, message rate and feed latency over local time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qbtc.core.market.tape.layout import Array, Ints, Kind, price_ticks
from qbtc.core.market.tape.replay import by_levels, series
from qbtc.core.market.tape.tape import Tape

from ...errors import BadSource

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BUCKETS, FEW = 600, 10
FORMATS = (".png", ".svg", ".pdf")
INK, BLUE, RED, GREY, GREEN, AMBER = "#1f2933", "#2563eb", "#dc2626", "#9aa5b1", "#15803d", "#b45309"
NAMED = {
    Kind.DEPTH: ("depth", BLUE), Kind.TRADE: ("trades", RED), Kind.TICKER: ("best bid/ask", GREEN),
    Kind.BAR: ("bars", AMBER), Kind.SNAPSHOT: ("snapshots", GREY), Kind.ADD: ("orders added", BLUE),
    Kind.CANCEL: ("cancelled", GREY), Kind.MODIFY: ("modified", AMBER), Kind.FILL: ("filled", RED),
}  # fmt: skip


class Buckets:
    """Messages by equal steps of local time."""

    def __init__(self, local: Ints, count: int = BUCKETS) -> None:
        begin, end = int(local[0]), int(local[-1])
        self.step = max((end - begin) // count, 1) + 1
        self._places = (np.asarray(local) - begin) // self.step
        self.size = int(self._places[-1]) + 1
        self.times = (begin + (np.arange(self.size) + 0.5) * self.step).astype("datetime64[ns]")

    @property
    def seconds(self) -> float:
        return self.step / 1e9

    def groups(self, chosen: Array) -> tuple[Array, Array]:
        """(buckets that hold any, where each begins) of chosen messages, ascending."""
        return np.unique(self._places[chosen], return_index=True)

    def of(self, chosen: Array) -> Array:
        """The bucket of each chosen message."""
        return self._places[chosen]

    def count(self, chosen: Array) -> Array:
        return np.bincount(self._places[chosen], minlength=self.size)

    def percentile(self, values: Array, chosen: Array, q: float) -> Array:
        """The q-th percentile in each bucket, NaN where it is empty."""
        out = np.full(self.size, np.nan)
        held, begins = self.groups(chosen)
        for bucket, part in zip(held, np.split(values, begins[1:]), strict=True):
            out[bucket] = np.nanpercentile(part, q) if np.isfinite(part).any() else np.nan
        return out


def plot(tape: Tape, out: Path) -> Path:
    """Write the picture; its format is the name's ending. Raises BadSource."""
    if out.suffix not in FORMATS:
        raise BadSource(f"{out}: cannot be drawn as {out.suffix or 'a file without an ending'}", allowed=", ".join(FORMATS))
    if not len(tape):
        raise BadSource("the tape is empty")
    from matplotlib.figure import Figure

    panels = _panels(tape, by_levels(tape))
    heights = [height for height, _ in panels]
    figure = Figure(figsize=(12, 1.4 * sum(heights)), layout="constrained")
    axes = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)[:, 0].tolist()
    figure.suptitle(_title(tape), color=INK, x=0.01, ha="left", fontsize=13, fontweight="bold")
    for one, (_, draw) in zip(axes, panels, strict=True):
        draw(one)
    _dress(axes)
    figure.align_ylabels(axes)
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, dpi=130)
    return out


def _panels(tape: Tape, levels: Tape) -> list[tuple[float, Callable[[Axes], None]]]:
    """(height, what draws it) from top to bottom: what the tape has something to say about. `levels`: what its orders make."""
    chosen, values, source = quotes(levels)
    buckets, priced = Buckets(tape.local), Buckets(levels.local)
    panels: list[tuple[float, Callable[[Axes], None]]] = [
        (3, lambda one: _price(one, levels, priced, chosen, values, source))
    ]
    if "bid" in values:
        panels.append((1.2, lambda one: _spread(one, levels, priced, chosen, values)))
        panels.append((1.2, lambda one: _imbalance(one, priced, chosen, values)))
    if tape.info.kinds.get("BAR"):
        panels.append((1.2, lambda one: _volume(one, tape, buckets)))
    if tape.info.rows:
        panels.append((1.4, lambda one: _rate(one, tape, buckets)))
    if "lag" in tape.columns:
        panels.append((1.2, lambda one: _latency(one, tape, buckets)))
    return panels


def _legend(axes: Axes, columns: int) -> None:
    """Above the panel, so that it covers nothing."""
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 0.98), frameon=False, ncols=columns, fontsize=9, borderaxespad=0)


def _title(tape: Tape) -> str:
    return f"{tape.symbol}  ·  {tape.info.venue}  ·  {len(tape):,} messages, {tape.info.rows:,} rows"


def quotes(tape: Tape) -> tuple[Array, dict[str, Array], str]:
    """The best source of prices there is: (messages, bid/ask/imbalance or price at each, what it is)."""
    kinds = tape.info.kinds
    if kinds.get("DEPTH"):
        begin = tape.info.snapshots[0].message if tape.info.snapshots else 0
        chosen = np.flatnonzero((tape.kind == Kind.DEPTH) | (tape.kind == Kind.SNAPSHOT))
        chosen = chosen[chosen >= begin]
        return chosen, {name: values[chosen] for name, values in series(tape).items()}, "depth"
    if kinds.get("TICKER"):
        return _tickers(tape)
    if kinds.get("TRADE"):
        chosen = tape.of(Kind.TRADE)
        return chosen, {"price": tape.prices[np.asarray(tape.first)[chosen]]}, "trades"
    if kinds.get("BAR"):
        return tape.of(Kind.BAR), {"price": tape.columns["bar_close"] * tape.tick_size}, "closes of bars"
    raise BadSource(f"{tape.symbol}: the tape holds no prices", allowed="depth, tickers, trades or bars")


def _tickers(tape: Tape) -> tuple[Array, dict[str, Array], str]:
    chosen = tape.of(Kind.TICKER)
    first = np.asarray(tape.first)[chosen].astype(np.int64)
    lots = [np.asarray(tape.lots)[first + side].astype(float) for side in (0, 1)]
    price = [price_ticks(np.asarray(tape.tick)[first + side]) * tape.tick_size for side in (0, 1)]
    bid, ask = (np.where(lots[side] > 0, price[side], np.nan) for side in (0, 1))
    imbalance = (lots[0] - lots[1]) / np.maximum(lots[0] + lots[1], 1)
    return chosen, {"bid": bid, "ask": ask, "imbalance": imbalance}, "best bid/ask"


def _price(axes: Axes, tape: Tape, buckets: Buckets, chosen: Array, values: dict[str, Array], source: str) -> None:
    trades = tape.of(Kind.TRADE)
    if trades.size and source != "trades":
        price = tape.prices[np.asarray(tape.first)[trades].astype(np.int64)]
        low, high = (buckets.percentile(price, trades, q) for q in (0, 100))
        axes.fill_between(buckets.times, low, high, color=RED, alpha=0.25, lw=0, step="mid", label="range of trades")
    middle = (values["bid"] + values["ask"]) / 2 if "bid" in values else values["price"]
    line = buckets.percentile(middle, chosen, 50)
    axes.plot(buckets.times, _filled(line), color=INK, lw=1.1, label=f"{'mid' if 'bid' in values else 'price'} ({source})")
    axes.ticklabel_format(axis="y", useOffset=False, style="plain")
    axes.set_ylabel("price")
    _legend(axes, 2)


def _filled(line: Array) -> Array:
    """Empty buckets take the value before them: a price holds until it changes."""
    held = np.maximum.accumulate(np.where(np.isfinite(line), np.arange(line.size), 0))
    return line[held]


def _spread(axes: Axes, tape: Tape, buckets: Buckets, chosen: Array, values: dict[str, Array]) -> None:
    spread = (values["ask"] - values["bid"]) / tape.tick_size
    for q, colour, name in ((99, GREY, "99th percentile"), (50, BLUE, "median")):
        line = buckets.percentile(spread, chosen, q)
        axes.plot(buckets.times, line, color=colour, lw=1, label=name, drawstyle="steps-mid")
    axes.set_ylabel("spread\n[ticks]")
    _log_if_wide(axes, spread)
    _legend(axes, 2)


def _log_if_wide(axes: Axes, values: Array) -> None:
    good = values[np.isfinite(values) & (values > 0)]
    if good.size and np.percentile(good, 99.9) > 30 * max(float(np.median(good)), 1e-12):
        axes.set_yscale("log")


def _imbalance(axes: Axes, buckets: Buckets, chosen: Array, values: dict[str, Array]) -> None:
    line = buckets.percentile(values["imbalance"], chosen, 50)
    for sign, colour in ((1, GREEN), (-1, RED)):
        axes.fill_between(
            buckets.times, 0, np.where(np.nan_to_num(line) * sign > 0, line, 0), color=colour, alpha=0.6, lw=0, step="mid"
        )
    axes.axhline(0, color=INK, lw=0.6)
    axes.set_ylim(-1, 1)
    axes.set_ylabel("imbalance\n+ bid, − ask")


def _volume(axes: Axes, tape: Tape, buckets: Buckets) -> None:
    bars = tape.of(Kind.BAR)
    total = np.bincount(buckets.of(bars), np.asarray(tape.columns["bar_volume"]), minlength=buckets.size)
    axes.fill_between(buckets.times, 0, total, color=BLUE, alpha=0.6, lw=0, step="mid")
    axes.set_ylabel("volume")
    axes.set_ylim(bottom=0)


def _rate(axes: Axes, tape: Tape, buckets: Buckets) -> None:
    for kind, (name, colour) in NAMED.items():
        chosen = tape.of(kind)
        if chosen.size and (kind is not Kind.SNAPSHOT or chosen.size > FEW):
            rate = buckets.count(chosen) / buckets.seconds
            axes.plot(buckets.times, rate, color=colour, lw=0.9, label=name, drawstyle="steps-mid")
    axes.set_ylabel("messages/s")
    axes.set_yscale("symlog", linthresh=1)
    axes.set_ylim(bottom=0)
    _legend(axes, 5)


def _latency(axes: Axes, tape: Tape, buckets: Buckets) -> None:
    """Local minus exchange time; below zero where the clocks disagree."""
    every = np.arange(len(tape))
    lag = np.asarray(tape.lag) / 1e6
    for q, colour in ((99, GREY), (50, BLUE)):
        axes.plot(buckets.times, buckets.percentile(lag, every, q), color=colour, lw=1, label=f"p{q}", drawstyle="steps-mid")
    if lag.min() < 0:
        axes.set_title("below zero: the local clock is behind the exchange's", loc="left", color=INK, fontsize=9)
    axes.set_ylabel("latency\n[ms]")
    axes.ticklabel_format(axis="y", useOffset=False, style="plain")
    _legend(axes, 2)


def _dress(axes: list[Any]) -> None:
    from matplotlib import dates

    untyped: Any = dates

    for one in axes:
        one.grid(axis="y", color="#e4e7eb", lw=0.7)
        one.spines[["top", "right"]].set_visible(False)
        one.tick_params(colors=INK, labelsize=9)
        one.margins(x=0.005)
    locator = untyped.AutoDateLocator()
    axes[-1].xaxis.set_major_locator(locator)
    axes[-1].xaxis.set_major_formatter(untyped.ConciseDateFormatter(locator))
    axes[-1].set_xlabel("local time, UTC")
