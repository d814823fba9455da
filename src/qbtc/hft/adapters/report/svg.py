"""Charts as inline SVG that follows the page's theme: drawn by Matplotlib in stand-in colours, which become CSS variables.

Each chart is drawn twice, for a wide and for a narrow page, so that its text keeps its size; CSS shows one of them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, MUTED, GRID, ACCENT, BUY, SELL, PANEL, SOFT = (f"#0{n}fe0{n}" for n in range(1, 9))
"""Stand-ins: text, axes, grid, the main line, buys and gains, sells and losses, the ground, areas."""
VARIABLES = {
    INK: "ink", MUTED: "muted", GRID: "grid", ACCENT: "accent", BUY: "up", SELL: "down", PANEL: "panel", SOFT: "soft",
}  # fmt: skip
WIDE, NARROW = 1040, 358
"""Pixels."""
Draw = Callable[[Sequence["Axes"], int], None]
"""(axes, width in pixels)"""


def chart(
    draw: Draw, *, name: str, title: str, height: int, rows: Sequence[float] = (1.0,), columns: int = 1, stack: bool = True
) -> str:
    """One chart as HTML. `rows`: relative heights of panels that share a time axis; `columns`: panels side by side, which a
    narrow page puts below each other."""
    wide = _drawn(draw, WIDE, height, f"{name}-w", rows, columns)
    tall = round(height * (0.72 if columns == 1 else 0.8 * columns))
    narrow = _drawn(draw, NARROW, tall, f"{name}-n", rows if columns == 1 else (1.0,) * columns, 1)
    return "".join(
        f'<div class="chart {kind}" role="img" aria-label="{title}">{text}</div>'
        for kind, text in (("wide", wide), ("narrow", narrow))
    )


def _drawn(draw: Draw, width: int, height: int, salt: str, rows: Sequence[float], columns: int) -> str:
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with mpl.rc_context(_style(salt)):
        figure = Figure(figsize=(width / 72, height / 72), dpi=72, layout="constrained")
        FigureCanvasSVG(figure)
        figure.get_layout_engine().set(w_pad=4 / 72, h_pad=4 / 72, wspace=0.04, hspace=0.02)  # type: ignore[union-attr, call-arg]
        heights = rows if columns == 1 else (1.0,)
        axes = figure.subplots(len(heights), columns, squeeze=False, height_ratios=heights, sharex=columns == 1 and len(set(rows)) > 1)
        draw(list(axes.ravel()), width)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _inline(out.getvalue())


def _style(salt: str) -> Any:
    return {
        "svg.fonttype": "none", "svg.hashsalt": salt, "font.size": 12, "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"], "text.color": INK, "axes.labelcolor": MUTED, "axes.edgecolor": GRID,
        "xtick.color": MUTED, "ytick.color": MUTED, "xtick.labelcolor": MUTED, "ytick.labelcolor": MUTED, "grid.color": GRID,
        "grid.linewidth": 1, "axes.grid": True, "axes.axisbelow": True, "axes.spines.top": False, "axes.spines.right": False,
        "axes.spines.left": False, "xtick.major.size": 0, "ytick.major.size": 0, "axes.facecolor": "none",
        "figure.facecolor": "none", "legend.frameon": False, "legend.fontsize": 12, "axes.titlesize": 12,
        "axes.titlelocation": "left", "axes.labelsize": 12, "xtick.labelsize": 12, "ytick.labelsize": 12, "axes.unicode_minus": True,
        "text.parse_math": False,
    }  # fmt: skip


def _inline(text: str) -> str:
    """The part of an SVG file that belongs into HTML: no prologue, no names of spaces, no ids that others have too."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r' (?:xmlns(?::xlink)?|version|width|height)="[^"]*"', "", text, count=5)
    text = re.sub(r'<g id="[^"]*"', "<g", text).replace("xlink:href", "href")
    text = re.sub(r'"[^"]*"', lambda found: re.sub(r"(\d\.\d\d)\d+", r"\1", found[0]), text)  # of attributes, not of words
    for stand_in, variable in VARIABLES.items():
        text = text.replace(stand_in, f"var(--{variable})")
    return re.sub(r"\n\s*", "\n", text)
