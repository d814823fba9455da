"""A handful of results side by side: their equity in one chart, their figures in one table; with what legs made together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qbtc import __version__

from ...domain.statistics.account import Account, account
from ...domain.statistics.registry import GROUPS, MEANINGS, Meaning
from . import charts
from . import decimals as write
from .page import page, section
from .svg import ACCENT, BUY, INK, MUTED, SELL, chart
from .tables import cell, fees, parameters, unit
from .texts import Words
from .thinning import extremes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from qbtc.hft.backtest import Result
    from qbtc.hft.portfolio import Portfolio

LINES = ((ACCENT, "-"), (BUY, "--"), (SELL, "-."), (MUTED, ":"), (INK, (0, (6, 1))), (ACCENT, ":"), (BUY, ":"), (SELL, ":"))
MOST = len(LINES)
SHOWN = 28
"""Letters of a name in the legend."""


def legs_html(found: Portfolio, path: str | os.PathLike[str], lang: str = "en") -> Path:
    """Write the report of a strategy with legs: each of them, and their joint profit."""
    title = Words(lang)("legs", strategy=found.strategy, count=len(found.legs))
    return _write([*found.legs.values()], [*found.legs], title, found, path, lang)


def compare_html(results: Sequence[Result], path: str | os.PathLike[str], lang: str = "en", names: Sequence[str] = ()) -> Path:
    """Write the comparison of 1 to 8 results; `names` instead of their strategies and symbols. Raises ValueError."""
    words = Words(lang)
    if not 1 <= len(results) <= MOST or (names and len(names) != len(results)):
        raise ValueError(f"{len(results)} results with {len(names)} names cannot be compared; allowed: 1 to {MOST}, a name each or none")
    called = list(names) or [f"{result.strategy} {result.symbol}" for result in results]
    return _write(results, called, words("compare", count=len(results)), None, path, lang)


def _write(
    results: Sequence[Result], called: Sequence[str], title: str, whole: Portfolio | None, path: str | os.PathLike[str], lang: str
) -> Path:
    words = Words(lang)
    body = (
        f"<header><h1>{escape(title)}</h1></header>",
        section(words("equity"), _equity(results, called, whole, words)),
        section(words("run"), _runs(results, called, words)),
        section(words("statistics"), _figures(results, called, whole, words)),
        f"<footer>{escape(words('footer', version=__version__))}</footer>",
    )
    out = Path(path)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page(title, "\n".join(body), lang), encoding="utf-8")
    return out


def _equity(results: Sequence[Result], names: Sequence[str], whole: Portfolio | None, words: Words) -> str:
    def draw(panels: Sequence[Axes], width: int) -> None:
        (axes,) = panels
        for result, name, (color, line) in zip(results, names, LINES, strict=False):
            _draw(axes, account(result.equity, result.begin, result.lot_size), width, label=_short(name), color=color, ls=line, lw=1.8)
        if whole is not None:
            _draw(axes, whole.account, width, label=words("whole"), color=INK, ls="-", lw=2.6)
        shown = [_short(name) for name in names] + ([] if whole is None else [words("whole")])
        charts.legend(axes, max(1, width // (60 + 8 * max(map(len, shown)))))
        charts.clock(axes, width)
        charts.numbers(axes.yaxis, words)

    return chart(draw, name="compared", title=escape(words("equity")), height=380)


def _draw(axes: Axes, a: Account, width: int, **style: Any) -> None:
    kept = extremes(a.net, width)
    axes.plot(charts.times(a.times[kept]), a.net[kept], **style)


def _short(name: str) -> str:
    """For a legend; Matplotlib leaves out names that begin with an underline."""
    plain = name.lstrip("_") or name
    return plain if len(plain) <= SHOWN else f"{plain[: SHOWN - 1]}…"


def _table(heads: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Cells are HTML already."""
    top = "".join(f'<th scope="col" class="number">{escape(head)}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row">{name}</th>' + "".join(f'<td class="number">{each}</td>' for each in cells) + "</tr>"
        for name, cells in rows
    )
    return f'<div class="scroll"><table class="compared" style="min-width:{120 + 112 * len(heads)}px"><thead><tr><th></th>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _runs(results: Sequence[Result], names: Sequence[str], words: Words) -> str:
    rows = [
        (words("parameters"), [parameters(r.parameters, words) for r in results]),
        (words("from"), [write.moment(r.begin) for r in results]),
        (words("to"), [write.moment(r.end) for r in results]),
        (words("latency"), [r.assumptions.latency for r in results]),
        (words("queue"), [r.assumptions.queue for r in results]),
        (words("fill"), [r.assumptions.fill for r in results]),
        (words("fees"), [fees(r.assumptions.fees, words) for r in results]),
    ]
    return _table(names, [(escape(name), [_wrapped(each) for each in cells]) for name, cells in rows])


def _wrapped(value: str) -> str:
    return "<br>".join(escape(part) for part in value.split(", "))


def _figures(results: Sequence[Result], names: Sequence[str], whole: Portfolio | None, words: Words) -> str:
    """With a column of what the legs made together, where that can be said."""
    made, heads = [], [*names, *([] if whole is None else [words("whole")])]
    for group, titles in GROUPS.items():
        rows = [
            (f"{escape(m.label[words.at])} <small>{escape(unit(m, words))}</small>", [cell(m.name, m.unit, r.stats, words) for r in results] + _together(m, whole, words))
            for m in MEANINGS
            if m.group == group
        ]
        made.append(f"<h3>{escape(titles[words.at])}</h3>{_table(heads, rows)}")
    return "\n".join(made)


def _together(m: Meaning, whole: Portfolio | None, words: Words) -> list[str]:
    if whole is None:
        return []
    return [cell(m.name, m.unit, whole.stats, words) if m.name in whole.stats else write.DASH]
