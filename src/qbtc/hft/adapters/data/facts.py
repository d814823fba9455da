"""Stylised facts of tapes on disk: measured, and drawn beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qbtc.core.market.tape.watching import Watched, watched
from qbtc.core.market.volume.facts import curves, facts

from ...errors import BadSource
from .opening import open_tape
from .plotting import AMBER, BLUE, FORMATS, GREY, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = (BLUE, AMBER)
PANELS = {
    "spread": ("spread [ticks]", "share of time so wide or wider", "Spread", "log", "log"),
    "lives": ("lifetime [s]", "share that lived longer", "Levels that came and went", "log", "log"),
    "signs": ("lag [taker orders]", "autocorrelation", "Signs of takers", "log", "log"),
    "signature": ("time scale [s]", "bp / √s", "Volatility by scale", "log", "linear"),
    "returns": ("lag [s]", "autocorrelation", "Returns of 1 s", "linear", "linear"),
    "sizes": ("lag [s]", "autocorrelation", "Sizes of returns of 1 s", "linear", "linear"),
}
known_facts = facts


def watch(path: Path) -> Watched:
    """Raises BadSource for a tape that has no book."""
    try:
        return watched(open_tape(path))
    except ValueError as error:
        raise BadSource(f"{path}: {error}", allowed="a tape with a snapshot and depth updates") from None


def draw(seen: Mapping[str, Watched], out: Path) -> Path:
    """All curves of one or two tapes. Raises BadSource."""
    if out.suffix not in FORMATS:
        raise BadSource(f"{out}: cannot be drawn as {out.suffix or 'a file without an ending'}", allowed=", ".join(FORMATS))
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 7.5), layout="constrained")
    axes = figure.subplots(2, 3).ravel().tolist()
    for (name, each), colour in zip(seen.items(), COLOURS, strict=False):
        found = curves(each)
        for one, panel in zip(axes, PANELS, strict=True):
            _curve(one, panel, *found[panel], colour, name)
            _noise(one, panel, len(each.takers) if panel == "signs" else int(each.seconds), colour)
    for one, (across, up, title, x, y) in zip(axes, PANELS.values(), strict=True):
        one.set(xlabel=across, ylabel=up, xscale=x, yscale=y)
        one.set_title(title, loc="left", color=INK, fontsize=11, fontweight="bold")
        one.grid(color="#e4e7eb", lw=0.7)
        one.spines[["top", "right"]].set_visible(False)
    axes[0].legend(frameon=False)
    axes[2].set_ylim(1e-3, 1)
    axes[3].set_ylim(bottom=0)
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, dpi=130)
    return out


def _curve(axes: Axes, panel: str, x: np.ndarray, y: np.ndarray, colour: str, name: str) -> None:
    good = np.isfinite(y) & ((y > 0) | (panel in ("returns", "sizes")))
    if panel == "lives":
        good &= (x > 1e-3) & (np.maximum(y, 1e-6) > 1e-4)
    marker = "o" if panel == "signature" else None
    axes.plot(x[good], y[good], color=colour, lw=1.3, marker=marker, ms=3, label=name)


def _noise(axes: Axes, panel: str, count: int, colour: str) -> None:
    """Two standard errors of an autocorrelation of noise."""
    if panel not in ("signs", "returns", "sizes"):
        return
    for sign in (1, -1) if panel != "signs" else (1,):
        axes.axhline(sign * 2 / np.sqrt(max(count, 1)), color=colour, lw=0.7, ls=":")
    axes.axhline(0, color=GREY, lw=0.6)
