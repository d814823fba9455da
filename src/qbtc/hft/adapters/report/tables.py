"""Statistics as tables. Every value is a `data` element that carries the exact number beside the one that is read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from ...domain.statistics.registry import GROUPS, MEANINGS, Meaning
from ...domain.statistics.summary import Statistics
from . import decimals as write
from .texts import Words

ERRORS = {"sharpe": "sharpe_se"}
"""Whose standard error stands beside them."""
UNITS = {"1": "", "s": "s"}


def cell(name: str, unit: str, stats: Statistics, words: Words) -> str:
    """One value, its standard error, or a dash with the reason."""
    value = stats[name]
    if not math.isfinite(value):
        return f'<span title="{escape(words.reason(stats.reasons[name]))}">{write.DASH}</span>'
    shown = f'<data value="{value!r}" data-name="{name}">{escape(write.value(value, unit, words))}</data>'
    error = stats[ERRORS[name]] if name in ERRORS else math.nan
    return f"{shown} ± {escape(write.value(error, unit, words))}" if math.isfinite(error) else shown


def unit(of: Meaning, words: Words) -> str:
    return UNITS[of.unit] if of.unit in UNITS else words("quote" if of.unit == "price" else of.unit)


def statistics(stats: Statistics, words: Words, begin: int) -> str:
    """A table for each group. `begin` of the run, ns: times of the drawdown are shown beside their seconds."""
    made = []
    for group, titles in GROUPS.items():
        mine = [each for each in MEANINGS if each.group == group]
        rows = _sided(mine, stats, words) if mine[0].sided else _plain(mine, stats, words, begin)
        made.append(f"<h3>{escape(titles[words.at])}</h3>{rows}")
    return "\n".join(made)


def _head(names: Sequence[tuple[str, str]]) -> str:
    return "<thead><tr>" + "".join(f'<th scope="col" class="{kind}">{escape(name)}</th>' for name, kind in names) + "</tr></thead>"


def _plain(mine: Sequence[Meaning], stats: Statistics, words: Words, begin: int) -> str:
    body = "".join(
        f'<tr><th scope="row">{escape(m.label[words.at])}</th><td class="number">{cell(m.name, m.unit, stats, words)}</td>'
        f'<td class="unit">{escape(unit(m, words))}</td><td class="text">{escape(_moment(m, stats, begin) or _text(m, stats, words))}</td></tr>'
        for m in mine
    )
    heads = ((words("name"), ""), (words("value"), "number"), (words("unit"), ""), (words("meaning"), "text"))
    return f'<table class="list">{_head(heads)}<tbody>{body}</tbody></table>'


def _moment(m: Meaning, stats: Statistics, begin: int) -> str:
    """When a part of the drawdown was; nothing for what is no such time."""
    known = m.name.startswith("drawdown_") and math.isfinite(stats[m.name])
    return f"{write.moment(begin + round(stats[m.name] * 1e9))} UTC." if known else ""


def _text(m: Meaning, stats: Statistics, words: Words) -> str:
    """What it means, and why it is not known."""
    why = stats.reasons.get(m.name)
    return f"{m.text[words.at]} {write.DASH} {words.reason(why)}." if why else m.text[words.at]


def _sided(mine: Sequence[Meaning], stats: Statistics, words: Words) -> str:
    body = []
    for m in mine:
        cells = "".join(f'<td class="number">{cell(m.name + side, m.unit, stats, words)}</td>' for side in ("", "_buy", "_sell"))
        body.append(
            f'<tr><th scope="row">{escape(m.label[words.at])} <small>{escape(unit(m, words))}</small></th>{cells}'
            f'<td class="text">{escape(_text(m, stats, words))}</td></tr>'
        )
    heads = ((words("name"), ""), (words("all"), "number"), (words("buy"), "number"), (words("sell"), "number"), (words("meaning"), "text"))
    return f'<div class="scroll"><table class="sided wide">{_head(heads)}<tbody>{"".join(body)}</tbody></table></div>'


def parameters(given: Mapping[str, float], words: Words) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in given.items()) or words("none")


def fees(shares: tuple[float, float], words: Words) -> str:
    """Maker and taker in bp."""
    maker, taker = (write.plain(1e4 * share, words) for share in shares)
    return f"{maker} / {taker} {words('bp')}"
