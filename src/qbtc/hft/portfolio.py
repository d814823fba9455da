"""Backtests of strategies with legs: several markets, each with its own latency, fees and funding, on one clock.

    from qbtc.hft import portfolio
    found = portfolio.run("basis.py", {"spot": "data/BTCUSDT", "perp": "data/PERP"}, latency={"spot": "5ms", "perp": "feed"})
    found.stats["sharpe"], found.legs["perp"].fills       # of the whole, and of each leg a `backtest.Result`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from qbtc.core.market.instrument import QUOTES

from . import backtest
from .backtest import (
    BadAssumption,
    Market,
    Result,
    check_numbers,
    core_runner_of,
    prepare,
    program_of,
    result_of,
    rules_of,
    runner_of,
    strategy_of,
)
from .domain.backtest.assumptions import prevention
from .domain.backtest.runner import Rules, Runner
from .domain.statistics.account import Account, account, merged
from .domain.statistics.honesty import Trials
from .domain.statistics.summary import Statistics, summarise_whole
from .domain.strategy import Strategy

if TYPE_CHECKING:
    from .domain.backtest.margin import MarginKept

Word = str | Mapping[str, str]
"""The same for all legs, or by their names; a leg that is not named takes the default."""


@dataclass(frozen=True)
class Portfolio:
    """What a run of several markets left behind. Every leg was sampled at the same times."""

    strategy: str
    parameters: Mapping[str, float]
    legs: Mapping[str, Result]
    trials: Trials = field(default_factory=Trials)
    margin: MarginKept | None = None
    """Of legs with a leverage: the one account that they share."""

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
    stp: Word = "none",
    leverage: int | Mapping[str, int | str] | None = None,
    margin: str = "cross",
    wallet: float = backtest.WALLET,
    sample: str = "1s",
    tickers: bool = True,
    trials: Trials | float | Iterable[float] = 1,
    home: Path | None = None,
    compiled: bool = True,
) -> Portfolio:
    """One strategy with legs on a tape each. What is not said by leg is as in `backtest.run`.

    `fill` venue is for all legs: each has a matching core of its own, with the filters, fees and delays of its venue.

    `leverage` for all is that of the legs on USD-M futures, which share one account with one `wallet`.

    Raises BadAssumption, NoSuchStrategy, StrategyFault, ValueError for a parameter.
    """
    chosen, tried = strategy_of(strategy, home, plain=not compiled), Trials.of(trials)
    if parameters:
        chosen.configure(parameters)
    ready = ready_legs(chosen, data, sample=sample, tickers=tickers, latency=latency, queue=queue, fill=fill, fees=fees, funding=funding, stp=stp)
    ready = _margined(ready, leverage, margin, wallet)
    all_legs = _runner(chosen, list(ready.values()))
    outcomes = all_legs.finish_all()
    check_numbers(chosen, outcomes[0])
    legs = {}
    for (name, leg), o in zip(ready.items(), outcomes, strict=True):
        w = leg.said
        believed = backtest.assumed(leg.market, leg.rules, w["latency"], w["queue"], w["fill"], w["funding"])
        legs[name] = result_of(chosen, leg.market, believed, o, tried)
    return Portfolio(chosen.name, dict(chosen.parameters), legs, tried, all_legs.margin)


def _margined(
    ready: dict[str, Ready], leverage: int | Mapping[str, int | str] | None, margin: str, wallet: float
) -> dict[str, Ready]:
    """Legs with a leverage get their account. Raises BadAssumption."""
    given = leverage if isinstance(leverage, Mapping) else dict.fromkeys(_futures(ready, leverage), leverage)
    unknown = [name for name in given if name not in ready]
    if unknown:
        raise BadAssumption(f"leverage of {unknown[0]!r}: there is no such leg; allowed: {', '.join(ready)}")
    symbols = [ready[name].market.feed.symbol for name in given]
    twice = [symbol for symbol in symbols if symbols.count(symbol) > 1]
    if twice:
        raise BadAssumption(f"{twice[0]} is the contract of two legs of one account; allowed: legs with a leverage on different symbols")
    made = dict(ready)
    for name, said in given.items():
        leg = ready[name]
        rules = backtest.margined(leg.market, leg.rules, leg.said["fill"], _whole_number(said), margin, wallet)
        made[name] = leg._replace(rules=rules)
    return made


def _futures(ready: Mapping[str, Ready], leverage: int | None) -> list[str]:
    if leverage is None:
        return []
    found = [name for name, leg in ready.items() if backtest.is_usdm(leg.market)]
    if not found:
        raise BadAssumption(f"leverage {leverage}: no leg is of binance-usdm; allowed: a leg on USD-M futures, or no leverage")
    return found


def _whole_number(text: int | str | None) -> int | None:
    try:
        return int(text) if isinstance(text, str) else text
    except ValueError:
        raise BadAssumption(f"leverage {text!r}; allowed: a whole number") from None


def _runner(chosen: Strategy, legs: list[Ready]) -> Runner:
    markets, rules = [leg.market for leg in legs], [leg.rules for leg in legs]
    if all(leg.said["fill"] == "venue" for leg in legs):
        return core_runner_of(chosen, markets, rules)
    return runner_of(chosen)(program_of(chosen), dict(chosen.parameters), [m.feed for m in markets], rules)


class Ready(NamedTuple):
    """One leg before a run: its market, what was said of it in words, and the rules that this makes."""

    market: Market
    said: Mapping[str, Any]
    rules: Rules


DEFAULTS: Mapping[str, Any] = {"latency": "10ms", "queue": "power3", "fill": "whole", "fees": None, "funding": "tape", "stp": "none"}
"""Of what may be said by leg."""


def ready_legs(chosen: Strategy, data: Mapping[str, Any], *, sample: str, tickers: bool, **words: Any) -> dict[str, Ready]:
    """Each leg of a strategy on its tape. `words`: those of DEFAULTS, each for all legs or by their names.

    Raises BadAssumption, or TapeFault for what is not a tape.
    """
    names = chosen.spec.legs
    _fits(chosen.name, names, data)
    markets = {name: prepare(data[name], tickers=tickers) for name in names}
    _one_currency(markets)
    said = {name: {word: _of(name, names, word, words.get(word, default), default) for word, default in DEFAULTS.items()} for name in names}
    _one_way(said)
    return {name: Ready(markets[name], said[name], _rules(markets[name], sample, **said[name])) for name in names}


def _rules(market: Market, sample: str, *, stp: str, **said: Any) -> Rules:
    return replace(rules_of(market, sample=sample, **said), stp=prevention(stp, said["fill"]))


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


def _one_way(said: Mapping[str, Mapping[str, Any]]) -> None:
    """Raises BadAssumption where the matching core would be the exchange of some legs only."""
    fills = {name: words["fill"] for name, words in said.items()}
    if "venue" in fills.values() and len({*fills.values()}) > 1:
        named = ", ".join(f"{name} {fill}" for name, fill in fills.items())
        raise BadAssumption(f"fill rules {named}: the venue decides all fills or none; allowed: venue for every leg, or whole and partial")


def _one_currency(markets: Mapping[str, Market]) -> None:
    """Raises BadAssumption where profits are surely in different currencies."""
    quotes = {name: next((q for q in QUOTES if m.feed.symbol.endswith(q)), "") for name, m in markets.items()}
    if len({q for q in quotes.values() if q}) > 1:
        named = ", ".join(f"{name} {m.feed.symbol} ({quotes[name]})" for name, m in markets.items())
        raise BadAssumption(f"profits of {named} are not in one currency; allowed: symbols of one quote currency")


__all__ = ["Portfolio", "Ready", "Word", "ready_legs", "run"]
