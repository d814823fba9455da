"""Backtests of strategies with legs: several markets, each with its own latency, fees and funding, on one clock.

    from qbtc.hft import portfolio
    found = portfolio.run("basis.py", {"spot": "data/BTCUSDT", "perp": "data/PERP"}, latency={"spot": "5ms", "perp": "feed"})
    found.stats["sharpe"], found.legs["perp"].fills       # of the whole, and of each leg a `backtest.Result`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from qbtc.core.market.instrument import QUOTES

from . import backtest
from .backtest import (
    BadAssumption,
    Market,
    Result,
    check_numbers,
    prepare,
    program_of,
    result_of,
    rules_of,
    runner_of,
    strategy_of,
)
from .domain.statistics.account import Account, account, merged
from .domain.statistics.honesty import Trials
from .domain.statistics.summary import Statistics, summarise_whole

Word = str | Mapping[str, str]
"""The same for all legs, or by their names; a leg that is not named takes the default."""


@dataclass(frozen=True)
class Portfolio:
    """What a run of several markets left behind. Every leg was sampled at the same times."""

    strategy: str
    parameters: Mapping[str, float]
    legs: Mapping[str, Result]
    trials: Trials = field(default_factory=Trials)

    @cached_property
    def account(self) -> Account:
        """Profit of all legs together at every sample, quote units."""
        return merged([account(r.equity, r.begin, r.lot_size) for r in self.legs.values()])

    @cached_property
    def stats(self) -> Statistics:
        """Of the whole: what adds up over the legs, and the ratios of their joint profit. `reasons` says why one is NaN."""
        return summarise_whole(self.account, [r.stats for r in self.legs.values()])


def run(
    strategy: Any,
    data: Mapping[str, Any],
    *,
    parameters: Mapping[str, float] | None = None,
    latency: Word = "10ms",
    queue: Word = "power3",
    fill: Word = "whole",
    fees: str | tuple[float, float] | Mapping[str, str | tuple[float, float]] | None = None,
    funding: Word = "tape",
    sample: str = "1s",
    tickers: bool = True,
    trials: Trials | float | Iterable[float] = 1,
    home: Path | None = None,
    compiled: bool = True,
) -> Portfolio:
    """One strategy with legs on a tape each. What is not said by leg is as in `backtest.run`; `fill` is whole or partial.

    Raises BadAssumption, NoSuchStrategy, StrategyFault, ValueError for a parameter.
    """
    chosen, tried = strategy_of(strategy, home, plain=not compiled), Trials.of(trials)
    names = chosen.spec.legs
    _fits(chosen.name, names, data)
    if parameters:
        chosen.configure(parameters)
    markets = {name: prepare(data[name], tickers=tickers) for name in names}
    _one_currency(markets)
    words = {"latency": (latency, "10ms"), "queue": (queue, "power3"), "fill": (fill, "whole"), "fees": (fees, None), "funding": (funding, "tape")}
    said = {name: {word: _of(name, names, word, *given) for word, given in words.items()} for name in names}
    rules = [rules_of(markets[name], sample=sample, **_whole(said[name])) for name in names]
    run_all = runner_of(chosen)(program_of(chosen), dict(chosen.parameters), [m.feed for m in markets.values()], rules)
    outcomes = run_all.finish_all()
    check_numbers(chosen, outcomes[0])
    legs = {}
    for name, each, o in zip(names, rules, outcomes, strict=True):
        w = said[name]
        believed = backtest.assumed(markets[name], each, w["latency"], w["queue"], w["fill"], w["funding"])
        legs[name] = result_of(chosen, markets[name], believed, o, tried)
    return Portfolio(chosen.name, dict(chosen.parameters), legs, tried)


def _fits(strategy: str, names: tuple[str, ...], data: Mapping[str, Any]) -> None:
    """Raises BadAssumption unless there is one tape for each leg."""
    if not names:
        raise BadAssumption(f"{strategy} trades one market; allowed: one tape without a name")
    if set(data) != set(names):
        raise BadAssumption(f"{strategy} has the legs {', '.join(names)}; given: {', '.join(data) or 'none'}; allowed: a tape for each")


def _of(leg: str, names: tuple[str, ...], word: str, given: Any, default: Any) -> Any:
    """What was said of one leg. Raises BadAssumption for a leg that does not exist."""
    if not isinstance(given, Mapping):
        return given
    unknown = [name for name in given if name not in names]
    if unknown:
        raise BadAssumption(f"{word} of {unknown[0]!r}: there is no such leg; allowed: {', '.join(names)}")
    return given.get(leg, default)


def _whole(said: Mapping[str, Any]) -> dict[str, Any]:
    if said["fill"] == "venue":
        raise BadAssumption("the fill rule venue runs one market; allowed for legs: whole, partial")
    return dict(said)


def _one_currency(markets: Mapping[str, Market]) -> None:
    """Raises BadAssumption where profits are surely in different currencies."""
    quotes = {name: next((q for q in QUOTES if m.feed.symbol.endswith(q)), "") for name, m in markets.items()}
    if len({q for q in quotes.values() if q}) > 1:
        named = ", ".join(f"{name} {m.feed.symbol} ({quotes[name]})" for name, m in markets.items())
        raise BadAssumption(f"profits of {named} are not in one currency; allowed: symbols of one quote currency")


__all__ = ["Portfolio", "run"]
