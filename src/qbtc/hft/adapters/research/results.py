"""What is kept of a run, small enough to be shown: statistics, sentences in both languages, equity in a few hundred points."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...domain.statistics.account import account
from ..report import document, write_html
from .store import RESULT, write

if TYPE_CHECKING:
    from qbtc.hft.backtest import Result

LANGUAGES = ("en", "es")
POINTS = 400
HEADLINE = ("net", "fees", "sharpe", "max_drawdown", "fills", "orders")


def keep_backtest(result: Result, into: Path, source: str) -> None:
    """`result.json`, `headline.json` and the report in both languages."""
    said = document(result)
    said["texts"] = {lang: _sentences(result, lang) for lang in LANGUAGES}
    said["curve"] = curve(result)
    said["margin_curve"] = margin_curve(result)
    said["source"] = source
    for lang in LANGUAGES:
        write_html(result, into / f"report.{lang}.html", lang, source)
    write(into / RESULT, said)
    write(into / "headline.json", headline(result))


def headline(result: Result) -> dict[str, Any]:
    """What a list of runs shows."""
    stats = {name: known(result.stats[name]) for name in HEADLINE}
    return {"symbol": result.symbol, "deflated": known(result.honesty.deflated_sharpe), **stats}


def _sentences(result: Result, lang: str) -> dict[str, Any]:
    honest = result.honesty
    return {"cautions": list(honest.cautions(lang)), "assumptions": list(honest.assumptions(lang))}


def curve(result: Result) -> list[list[float]]:
    """[ms, profit after fees] of at most 400 samples, evenly chosen, the last one among them."""
    made = account(result.equity, result.begin, result.lot_size)
    places = _evenly(made.times.size)
    return [[int(made.times[n]) // 1_000_000, round(float(made.net[n]), 8)] for n in places]


def margin_curve(result: Result) -> list[list[float]]:
    """[ms, margin balance, margin ratio] of at most 400 samples; the ratio is the greatest since the one before."""
    if result.margin is None or not result.margin.samples.size:
        return []
    s = result.margin.samples
    places = _evenly(s.size)
    ratio = np.maximum.reduceat(s["ratio"], np.concatenate(([0], places[:-1] + 1)))
    return [[int(s["time"][n]) // 1_000_000, round(float(s["balance"][n]), 8), round(float(r), 6)] for n, r in zip(places, ratio, strict=True)]


def _evenly(count: int) -> NDArray[np.int64]:
    """Places of at most 400 of so many samples, the last one among them."""
    return np.unique(np.linspace(0, count - 1, min(POINTS, count)).round().astype(np.int64))


def known(value: float) -> float | None:
    """JSON has no NaN."""
    return float(value) if math.isfinite(value) else None


def clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same without NaN, however deep."""
    return {name: _clean(value) for name, value in values.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, Mapping):
        return clean(value)
    if isinstance(value, (list, tuple)):
        return [_clean(each) for each in value]
    if isinstance(value, float):
        return known(value)
    return value
