"""The market dimensions of a tape as a file and as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qbtc.contracts.basis26 import DIMENSIONS

from ...errors import BadSource
from .plotting import BLUE, FORMATS, GREY, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...features import Features, Floats

TABLES = (".parquet", ".csv")
COLUMNS = 4


def write(found: Features, out: Path, *, scores: bool = False) -> Path:
    """A table of its frame; the format is the name's ending. Raises BadSource."""
    if out.suffix not in TABLES:
        raise BadSource(f"{out}: cannot be written as {out.suffix or 'a file without an ending'}", allowed=", ".join(TABLES))
    out.parent.mkdir(parents=True, exist_ok=True)
    frame = found.frame(scores=scores)
    if out.suffix == ".csv":
        frame.write_csv(out)
    else:
        frame.write_parquet(out)
    return out


def draw(found: Features, out: Path, *, symbol: str | None = None) -> Path:
    """A small panel a dimension that is there, with a line a symbol. Raises BadSource."""
    if out.suffix not in FORMATS:
        raise BadSource(f"{out}: cannot be drawn as {out.suffix or 'a file without an ending'}", allowed=", ".join(FORMATS))
    there = np.flatnonzero(found.present.any(axis=(0, 1)))
    if not there.size:
        raise BadSource("no dimension has a value in any bar", allowed="a tape with a snapshot, updates and a second or more")
    from matplotlib.figure import Figure

    rows = -(-there.size // COLUMNS)
    figure = Figure(figsize=(14, 1.55 * rows + 0.6), layout="constrained")
    panels = figure.subplots(rows, COLUMNS, sharex=True, squeeze=False).reshape(-1).tolist()
    names = ", ".join(found.symbols)
    figure.suptitle(f"{names}  ·  {there.size} of 26 dimensions, {len(found.times):,} bars", color=INK, x=0.01, ha="left", fontweight="bold")
    times = found.times.astype("datetime64[ns]")
    for panel, letter in zip(panels, there.tolist(), strict=False):
        _panel(panel, times, found.values[:, :, letter], letter)
    for panel in panels[there.size :]:
        panel.set_axis_off()
    if len(found.symbols) > 1:
        panels[0].legend(found.symbols, frameon=False, fontsize=7, loc="best")
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, dpi=110)
    return out


def _panel(panel: Axes, times: np.ndarray, values: Floats, letter: int) -> None:
    from matplotlib.dates import ConciseDateFormatter

    one = DIMENSIONS[letter]
    panel.plot(times, values, linewidth=0.9)
    panel.lines[0].set_color(BLUE)
    panel.set_title(f"{one.letter}  {one.name} [{one.market_unit}]", fontsize=9, color=INK, loc="left", pad=2)
    panel.tick_params(labelsize=7, colors=GREY)
    panel.xaxis.set_major_formatter(ConciseDateFormatter(panel.xaxis.get_major_locator()))  # type: ignore[no-untyped-call]
    panel.spines[["top", "right"]].set_visible(False)
    panel.grid(alpha=0.25, linewidth=0.5)
