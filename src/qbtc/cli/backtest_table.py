"""What `qbtc backtest` prints for people: a short table of one result, or a line a tape and the sum."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qbtc.hft.adapters.report import decimals as write
from qbtc.hft.adapters.report.tables import fees, unit
from qbtc.hft.adapters.report.texts import Words
from qbtc.hft.domain.statistics.registry import BY_NAME

if TYPE_CHECKING:
    from qbtc.hft.backtest import Result
    from qbtc.hft.portfolio import Portfolio

SHORT = (
    "net", "gross", "fees", "sharpe", "psr", "max_drawdown", "round_trips", "hit_trips", "profit_factor", "orders", "fills",
    "maker_share", "spread_bp", "adverse_5s_bp", "time_in_market", "value_max",
)  # fmt: skip
WIDE = 140
COLUMNS = ("net", "fees", "sharpe", "max_drawdown", "fills", "traded")
SUMMED = ("net", "fees", "fills", "traded")


def one(result: Result, lang: str) -> None:
    """Statistics, cautions, assumptions."""
    words, console, a = Words(lang), Console(highlight=False), result.assumptions
    console.print(words("title", strategy=result.strategy, symbol=result.symbol), style="bold", soft_wrap=True, markup=False)
    console.print(
        f"{write.moment(result.begin)} … {write.moment(result.end)} UTC, {write.length(result.end - result.begin, words)}; "
        f"{a.latency}, {a.queue}, {a.fill}, {fees(a.fees, words)}",
        soft_wrap=True, markup=False,
    )  # fmt: skip
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for name in ("", "right", ""):
        table.add_column(justify="right" if name else "left")
    for name in SHORT:
        table.add_row(*_row(result, name, words))
    for label, value, beside in _margin(result, words):
        table.add_row(label, value, beside)
    table.add_row(words("deflated"), _percent(result.honesty.deflated_sharpe, words), f"%  {words('trials')}: {result.trials.count:g}")
    console.print(table)
    for sentence in result.honesty.cautions(lang):
        console.print(f"! {sentence}", style="yellow", soft_wrap=True, markup=False)
    for sentence in result.honesty.assumptions(lang):
        console.print(f"- {sentence}", style="dim", soft_wrap=True, markup=False)


def _margin(result: Result, words: Words) -> list[tuple[str, str, str]]:
    """Of futures with a leverage: the wallet, how near to liquidation it came, and what the venue did."""
    kept = result.margin
    if kept is None:
        return []
    ratio = float(kept.samples["ratio"].max(initial=0.0))
    return [
        (words("wallet_end"), write.amount(kept.wallet, words), words("quote")),
        (words("ratio_max"), _percent(ratio, words), "%"),
        (words("liquidations"), write.number(len(kept.liquidations), 0, words), words("n")),
        (words("refused"), write.number(len(kept.refusals), 0, words), "; ".join(sorted({each.text for each in kept.refusals}))),
    ]


def _percent(value: float, words: Words) -> str:
    return write.number(100 * value, 2, words)


def _row(result: Result, name: str, words: Words) -> tuple[str, str, str]:
    """(label, value, unit; or the reason why there is none)."""
    meaning, stats = BY_NAME[name], result.stats
    value = write.value(stats[name], meaning.unit, words)
    if name == "sharpe" and math.isfinite(stats["sharpe_se"]):
        return meaning.label[words.at], value, f"± {write.value(stats['sharpe_se'], '1', words)}"
    why = f"({words.reason(stats.reasons[name])})" if name in stats.reasons else ""
    return meaning.label[words.at], value, f"{unit(meaning, words)} {why}".strip()


def several(results: list[tuple[str, Result]], lang: str) -> None:
    """A line a tape and the sum of what adds up."""
    words = Words(lang)
    rows = [(called, r.symbol, *(_value(name, r.stats[name], words) for name in COLUMNS)) for called, r in results]
    sums = {name: sum(r.stats[name] for _, r in results) for name in SUMMED}
    rows.append(("Σ", "", *(_value(name, sums[name], words) if name in sums else "" for name in COLUMNS)))
    table = Table(box=None, padding=(0, 2, 0, 0))
    heads = ("", words("symbol"), *(BY_NAME[name].label[words.at] for name in COLUMNS))
    for n, head in enumerate(heads):
        table.add_column(head, justify="left" if n < 2 else "right", min_width=max(len(row[n]) for row in rows))
    for row in rows:
        table.add_row(*(escape(each) for each in row))
    console = Console(highlight=False)
    Console(highlight=False, width=None if console.is_terminal else WIDE).print(table)


def legs(found: Portfolio, lang: str) -> None:
    """A line a leg and one of the whole, whose ratios are of the joint profit."""
    words = Words(lang)
    names = ("net", "fees", "funding", "sharpe", "max_drawdown", "fills", "traded")
    table = Table(box=None, padding=(0, 2, 0, 0))
    for n, head in enumerate(("", words("symbol"), *(BY_NAME[name].label[words.at] for name in names))):
        table.add_column(head, justify="left" if n < 2 else "right")
    for called, r in found.legs.items():
        table.add_row(escape(called), r.symbol, *(_value(name, r.stats[name], words) for name in names))
    table.add_row("Σ", "", *(_value(name, found.stats[name], words) for name in names))
    console = Console(highlight=False)
    console.print(found.strategy, style="bold", markup=False)
    Console(highlight=False, width=None if console.is_terminal else WIDE).print(table)
    for called, r in found.legs.items():
        for sentence in r.honesty.assumptions(lang):
            console.print(f"- {called}: {sentence}", style="dim", soft_wrap=True, markup=False)


def _value(name: str, value: float, words: Words) -> str:
    return write.value(value, BY_NAME[name].unit, words)
