"""The report of one result as one HTML file that needs nothing else: no network, no script."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from qbtc import __version__

from . import charts
from . import decimals as write
from .page import bullets, facts, hidden, page, section, text
from .tables import fees, parameters, statistics
from .texts import Words

if TYPE_CHECKING:
    from qbtc.hft.backtest import Result

SHOWN = 240


def write_html(result: Result, path: str | os.PathLike[str], lang: str = "en", source: str = "") -> Path:
    """Write the report; `source` says where the data came from. Raises ValueError for a language that is not there."""
    out = Path(path)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(html(result, lang, source), encoding="utf-8")
    return out


def html(result: Result, lang: str = "en", source: str = "") -> str:
    """The report as text. Raises ValueError."""
    words = Words(lang)
    title = words("title", strategy=result.strategy, symbol=result.symbol)
    parts = (
        f"<header>\n<h1>{escape(title)}</h1>\n{_state(result, words)}\n</header>",
        _keys(result, words),
        _believe(result, words),
        _equity(result, words),
        _returns(result, words),
        _price(result, words),
        _exposure(result, words),
        _margin(result, words),
        _costs(result, words),
        _delays(result, words),
        section(words("run"), _run(result, words, source)),
        section(words("statistics"), statistics(result.stats, words, result.begin)),
        f"<footer>{escape(words('footer', version=__version__))}</footer>",
    )
    return page(title, "\n".join(part for part in parts if part), lang)


def _state(result: Result, words: Words) -> str:
    s = result.stats
    said = words(
        "state", fills=write.number(s["fills"], 0, words), orders=write.number(s["orders"], 0, words),
        begin=write.moment(result.begin), end=write.moment(result.end), span=write.length(result.end - result.begin, words),
        net=f"{write.amount(s['net'], words)} {words('in_quote')}",
    )  # fmt: skip
    return f'<p class="state">{escape(said)}</p>'


def _keys(result: Result, words: Words) -> str:
    s, honest = result.stats, result.honesty
    error, deflated = s["sharpe_se"], honest.deflated_sharpe
    keys = (
        (words("net_long"), _signed(s["net"], write.amount(s["net"], words)), words("quote")),
        ("Sharpe", escape(write.number(s["sharpe"], 2, words)), f"± {write.number(error, 2, words)}" if math.isfinite(error) else ""),
        (words("deflated"), escape(write.number(100 * deflated, 1, words)), f"% · {words('trials')}: {honest.trials.count:g}"),
        (words("drawdown_long"), escape(write.amount(s["max_drawdown"], words)), words("quote")),
        (words("fees_long"), escape(write.amount(s["fees"], words)), words("quote")),
        (words("result_long"), _signed(s["net_bp"], write.number(s["net_bp"], 2, words)), words("bp")),
    )
    cells = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{value}</dd><small>{escape(unit)}</small></div>" for name, value, unit in keys
    )
    return f'<dl class="keys">{cells}</dl>'


def _signed(value: float, shown: str) -> str:
    """A profit or a loss: sign, arrow and colour."""
    if not math.isfinite(value) or value == 0:
        return escape(shown)
    kind, arrow = ("up", "▲") if value > 0 else ("down", "▼")
    return f'<span class="{kind}">{arrow} {escape(shown)}</span>'


def _believe(result: Result, words: Words) -> str:
    honest = result.honesty
    said = honest.cautions(words.lang)
    cautions = f'<div class="cautions"><h3>{escape(words("cautions"))}</h3>{bullets(said)}</div>' if said else text(words("no_cautions"))
    assumed = f"<div><h3>{escape(words('assumptions'))}</h3>{bullets(honest.assumptions(words.lang))}</div>"
    odds = f"<div><h3>{escape(words('trials'))}</h3>{_odds(result, words)}</div>"
    return section(words("believe"), cautions, f'<div class="columns">{assumed}{odds}</div>')


def _odds(result: Result, words: Words) -> str:
    honest = result.honesty
    between = honest.sharpe_interval
    known = math.isfinite(between.low)
    bounds = f"{write.number(between.low, 2, words)} … {write.number(between.high, 2, words)}" if known else write.DASH
    block = write.number(between.block, 1, words)
    rows = (
        (words("trials"), f"{honest.trials.count:g}", words("trials_text")),
        (words("expected"), write.number(honest.expected_maximum, 2, words), words("expected_text")),
        (words("deflated"), _percent(honest.deflated_sharpe, words), words("deflated_text")),
        (words("interval", level=f"{between.level:.0%}"), bounds, words("interval_text", draws=between.draws, block=block, seed=between.seed)),
    )
    body = "".join(
        f'<tr><th scope="row">{escape(name)}<br><small>{escape(meaning)}</small></th><td class="number">{escape(value)}</td></tr>'
        for name, value, meaning in rows
    )
    psr = result.stats["psr"]
    return f'<table><tbody>{body}<tr><th scope="row">PSR</th><td class="number">{_percent(psr, words)}</td></tr></tbody></table>'


def _percent(value: float, words: Words) -> str:
    return f"{write.number(100 * value, 2, words)} %" if math.isfinite(value) else write.DASH


def _equity(result: Result, words: Words) -> str:
    drawn = charts.equity(result, words)
    return section(words("equity"), text(words("equity_text" if drawn else "nothing")), drawn)


def _returns(result: Result, words: Words) -> str:
    drawn = charts.returns(result, words)
    if not drawn:
        return ""
    unit, begins, profits = charts.by_period(result)
    rows = "".join(
        f'<tr><td>{write.moment(int(begin))}</td><td class="number">{escape(write.amount(float(profit), words))}</td></tr>'
        for begin, profit in zip(begins[-SHOWN:], profits[-SHOWN:], strict=True)
    )
    head = f'<thead><tr><th scope="col">{escape(words("period"))}</th><th scope="col" class="number">{escape(words("profit"))}</th></tr></thead>'
    title = words("returns", unit=words(unit))
    return section(title, text(words("returns_text")), drawn, hidden(words("as_table"), f"<table>{head}<tbody>{rows}</tbody></table>"))


def _price(result: Result, words: Words) -> str:
    drawn, count = charts.drawn_fills(result), len(result.fills)
    few = text(words("thinned", drawn=drawn, count=write.number(count, 0, words))) if drawn < count else ""
    picture = charts.price(result, words)
    return section(words("price"), text(words("price_text")), few, picture) if picture else ""


def _exposure(result: Result, words: Words) -> str:
    drawn = charts.exposure(result, words)
    return section(words("exposure"), text(words("exposure_text")), drawn) if drawn else ""


def _margin(result: Result, words: Words) -> str:
    kept = result.margin
    if kept is None:
        return ""
    closed = [
        (write.moment(each.time), words("long" if each.side < 0 else "short"), write.plain(each.quantity, words), write.amount(each.price, words),
         write.amount(each.mark, words), write.amount(each.bankruptcy, words), write.amount(each.fee, words))
        for each in kept.liquidations[:SHOWN]
    ]  # fmt: skip
    heads = ("closed", "held", "quantity", "price_of", "mark", "bankruptcy", "to_fund")
    liquidations = f"<h3>{escape(words('liquidations'))}</h3>{_rows(heads, closed, 2, words)}" if closed else text(words("no_liquidations"))
    refused = [(said, f"{code}", write.number(count, 0, words)) for code, said, count in kept.refused]
    why = f"<h3>{escape(words('refused'))}</h3>{_rows(('says', 'code', 'count'), refused, 1, words)}" if refused else ""
    return section(words("margin"), text(words("margin_text")), charts.margin(result, words), liquidations, why)


def _rows(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], words_first: int, words: Words) -> str:
    """A table whose first columns are words and the others numbers."""
    kinds = ["" if n < words_first else "number" for n in range(len(heads))]
    head = "".join(f'<th scope="col" class="{kind}">{escape(words(name))}</th>' for name, kind in zip(heads, kinds, strict=True))
    body = "".join("<tr>" + "".join(f'<td class="{kind}">{escape(each)}</td>' for each, kind in zip(row, kinds, strict=True)) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _costs(result: Result, words: Words) -> str:
    drawn = charts.costs(result, words)
    beside = f" {words('adverse_text')}" if charts.adverse_known(result) else ""
    return section(words("costs"), text(words("costs_text") + beside), drawn) if drawn else ""


def _delays(result: Result, words: Words) -> str:
    entry, response, _ = (values for _, values in charts.measured(result))
    same = entry.size and response.size and entry.min() == entry.max() and response.min() == response.max()
    said = (
        words("constant", entry=write.length(1e6 * entry[0], words), response=write.length(1e6 * response[0], words))
        if same
        else words("delays_text")
    )
    drawn = charts.delays(result, words)
    said += f" {words('histogram')}" if drawn else ""
    return section(words("delays"), text(said), drawn) if drawn or same else ""


def _run(result: Result, words: Words, source: str) -> str:
    a = result.assumptions
    rows = [
        (words("strategy"), result.strategy),
        (words("parameters"), parameters(result.parameters, words)),
        (words("symbol"), result.symbol),
        (words("source"), source),
        (words("from"), f"{write.moment(result.begin)} UTC"),
        (words("to"), f"{write.moment(result.end)} UTC"),
        (words("grid"), f"{result.tick_size:g}, {result.lot_size:g}"),
        (words("latency"), a.latency),
        (words("queue"), a.queue),
        (words("fill"), a.fill),
        (words("fees"), fees(a.fees, words)),
        (words("leverage"), f"{a.leverage}, {words(a.margin)}, {write.amount(a.wallet, words)} USDT" if a.leverage else ""),
        (words("sampling"), write.length(result.stats["period_s"] * 1e9, words)),
        (words("decisions"), write.number(result.decisions, 0, words)),
    ]
    return facts([row for row in rows if row[1]])
