"""Backtests: a strategy on recorded market data, with the assumptions said and the answer exact.

    from qbtc.hft import backtest
    result = backtest.run("grid", "data/BTCUSDT", latency="feed", queue="power3", parameters={"step": 2.0})
    result.fills, result.orders, result.equity      # NumPy records; `.frame("fills")` for Polars
    result.stats["sharpe"]

The strategy is the one that trades paper and live: an example's name, PATH.py[:Class], or a class.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qbtc.core.market.instrument import Instrument, instrument
from qbtc.core.market.margin import SCALE
from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.terms import Terms

from .domain.backtest import assumptions
from .domain.backtest.assumptions import BadAssumption
from .domain.backtest.feed import Feed, as_received, feed
from .domain.backtest.funding import settlements
from .domain.backtest.layout import FOREVER, SETTLEMENT
from .domain.backtest.queues import Queue
from .domain.backtest.runner import Delays, Outcome, Rules, Runner
from .domain.statistics.account import account
from .domain.statistics.account import net as net_profit
from .domain.statistics.honesty import Honesty, Trials, weigh
from .domain.statistics.summary import Statistics, summarise
from .domain.strategy import Strategy, StrategyFault
from .domain.strategy_compiled import Program, not_a_number

if TYPE_CHECKING:
    import polars

    from qbtc.core.market.tape.tape import Tape

    from .domain.backtest.core_venue import Place
    from .domain.backtest.margin import MarginKept
    from .domain.backtest.order_venue import OrderEvents

Records = NDArray[np.void]
FEES = {"binance-spot": (0.001, 0.001), "binance-usdm": (0.0002, 0.0005)}
"""Maker and taker of a new account there, or in a market simulated after it, where none are given; 0.001 of both elsewhere."""

FILLS = ("whole", "partial", "venue")
WALLET = 10_000.0
"""USDT with which a futures account begins, as the venue's paper account does."""


@dataclass(frozen=True)
class Assumptions:
    """What a run believed, in words that `run` takes, so that it can be repeated."""

    latency: str
    queue: str
    fill: str
    fees: tuple[float, float]
    tickers: bool
    moved: int
    """ns by which times of receipt were shifted, since they were before those of the exchange."""
    funding: str = "none"
    passed_over: int = 0
    """Events of orders that cannot have been (an import with --keep-going found them)."""
    leverage: int | None = None
    """Of futures; None: no margin was kept."""
    margin: str = "cross"
    wallet: float = WALLET
    marks: str = "tape"
    """Where mark prices come from: `tape`, or `book`, worked out of the contract's own."""
    named: bool = True
    """The tape says that it is of USD-M futures; else a run with a leverage took it for one."""


@dataclass(frozen=True)
class Result:
    """What a run left behind. Prices in ticks and quantities in lots in the records; `frame` gives decimals.

    `fills` FILL, `orders` LEDGER, `equity` SAMPLE records of `domain.backtest.layout`.
    """

    strategy: str
    symbol: str
    tick_size: float
    lot_size: float
    parameters: Mapping[str, float]
    assumptions: Assumptions
    fills: Records
    orders: Records
    equity: Records
    position: int
    decisions: int
    begin: int
    end: int
    state: Records = field(repr=False)
    funding: Records = field(repr=False, default_factory=lambda: np.empty(0, SETTLEMENT))
    """SETTLEMENT records: what was paid for positions held over a settlement."""
    trials: Trials = field(default_factory=Trials)
    margin: MarginKept | None = field(repr=False, default=None)
    """Of futures with a leverage: the account, liquidations and refused orders."""

    @property
    def net(self) -> NDArray[np.float64]:
        """Profit after fees at every sample, quote units; marked at the last mid that was known."""
        return net_profit(self.equity, self.lot_size)

    @cached_property
    def stats(self) -> Statistics:
        """{name: value}; `domain.statistics.registry` says what each means, `.reasons` why one is NaN."""
        return summarise(self)

    @cached_property
    def honesty(self) -> Honesty:
        """Trials, deflated Sharpe ratio, an interval of it, and the assumptions in words."""
        return weigh(self, account(self.equity, self.begin, self.lot_size), self.trials)

    def frame(self, which: str) -> polars.DataFrame:
        """`fills`, `orders`, `equity`, `funding` or `margin` as a Polars frame with prices and quantities in decimals and times as datetimes.

        Raises BadAssumption for `margin` of a run that kept none.
        """
        import polars

        records = self._samples_of_margin() if which == "margin" else getattr(self, which)
        columns: dict[str, Any] = {name: np.ascontiguousarray(records[name]) for name in records.dtype.names}
        for name in ("lots", "filled", "position", "held"):
            if name in columns:
                columns[{"lots": "quantity"}.get(name, name)] = columns.pop(name) * self.lot_size
        if "tick" in columns:
            columns["price"] = columns.pop("tick") * self.tick_size
        if "stop" in columns:
            columns["stop"] = columns["stop"] * self.tick_size
        if which == "fills":
            columns["mid"] = columns["mid"] * self.tick_size
        if "side" in columns:
            columns["side"] = np.where(columns["side"] == 0, "BUY", "SELL")
        made = polars.DataFrame(columns)
        times = [name for name in ("time", "local", "placed", "arrived", "ended") if name in columns]
        return made.with_columns(polars.col(times).cast(polars.Datetime("ns")))

    def _samples_of_margin(self) -> Any:
        if self.margin is None:
            raise BadAssumption(f"the run of {self.strategy} kept no margin account; allowed: runs with a leverage")
        return self.margin.samples


@dataclass(frozen=True)
class Market:
    """Market data made ready: give it to `run` again and again without reading it again."""

    feed: Feed
    venue: str
    moved: int
    tickers: bool
    funding: Records | None = None
    """What the tape itself says of funding; None: nothing."""
    passed_over: int = 0
    orders: OrderEvents | None = field(default=None, repr=False)
    """Of a tape of orders that says which of them traded."""
    marks: Records | None = field(default=None, repr=False)
    """MARKED records: mark prices that the tape says, with their times at the exchange and of receipt."""


def prepare(
    data: str | os.PathLike[str] | Tape | Market, *, tickers: bool = True, delay: str = "0ns", sync: bool = True
) -> Market:
    """Make a tape ready. `delay` is added to every time of receipt, as for a desk farther from the exchange.

    `sync`: take snapshots and updates by the venue's rules for a local book, else as they were received.

    Raises BadAssumption, or TapeFault for what is not a tape.
    """
    if isinstance(data, Market):
        return data
    given = _opened(data)
    tape, fills, passed, orders = _levelled(given)
    columns: dict[str, Any] = {
        "local": tape.local, "exchange": tape.exchange, "kind": tape.kind, "first": tape.first, "tick": tape.tick, "lots": tape.lots,
    }  # fmt: skip
    if tape.seq is not None:
        columns["seq"] = tape.seq
    if "mark" in tape.columns:
        columns["mark"] = tape.columns["mark"]
    more = assumptions.duration(delay)
    try:
        made = feed(
            columns, symbol=tape.symbol, tick_size=tape.tick_size, lot_size=tape.lot_size, delay=more, tickers=tickers, sync=sync,
            fills=fills,
        )  # fmt: skip
    except ValueError as error:
        raise BadAssumption(str(error)) from None
    moved = max(0, -int((tape.local - tape.exchange).min())) + more
    return Market(made, tape.info.venue, moved, tickers, _said_of_funding(given, made.last), passed, orders, _said_of_marks(given, moved))


def _said_of_marks(tape: Tape, moved: int) -> Records | None:
    """MARKED records of the mark prices that a tape says, if it says any; `moved` ns are added to times of receipt."""
    from .domain.backtest.marks import MARKED

    which = tape.of(Kind.FUNDING)
    if not which.size:
        return None
    marks = tape.special(Kind.FUNDING)["mark"]
    known = np.isfinite(marks) & (marks > 0)
    made = np.zeros(int(known.sum()), MARKED)
    made["exchange"], made["local"] = tape.exchange[which][known], tape.local[which][known].astype(np.int64) + moved
    made["mark"] = marks[known]
    return made if made.size else None


def _said_of_funding(tape: Tape, end: int) -> Records | None:
    which, said = tape.of(Kind.FUNDING), tape.special(Kind.FUNDING)
    if not which.size:
        return None
    return settlements(tape.exchange[which], said["rate"], said["mark"], said["next_funding"], end)


def _levelled(tape: Tape) -> tuple[Tape, bool, int, OrderEvents | None]:
    """(levels and trades, whether trades have ranks, events passed over, the orders if they say which traded). Raises BadAssumption for orders that cannot be,
    unless an import that was told to keep going said so."""
    if tape.order is None:
        return tape, False, 0, None
    from qbtc.core.market.tape.orders import Wrong, levelled, untold

    from .domain.backtest.order_venue import order_events

    found = levelled(tape)
    if wrong := untold(tape, found):
        raise BadAssumption(f"{tape.symbol}: {wrong}; allowed: a tape that `qbtc data verify` calls sound")
    passed = found.wrong[found.wrong[:, 1] != Wrong.CROSSED, 0]
    return found.tape, found.fills, passed.size, order_events(tape, passed) if found.fills else None


def _opened(data: str | os.PathLike[str] | Tape) -> Tape:
    if not isinstance(data, (str, os.PathLike)):
        return data
    from .adapters.data.opening import open_tape

    return open_tape(Path(data), private=True)


def run(
    strategy: str | type | Strategy,
    data: str | os.PathLike[str] | Tape | Market,
    *,
    parameters: Mapping[str, float] | None = None,
    latency: str = "10ms",
    queue: str = "power3",
    fill: str = "whole",
    fees: str | tuple[float, float] | None = None,
    funds: tuple[float, float] | None = None,
    sample: str = "1s",
    funding: str = "tape",
    stp: str = "none",
    leverage: int | None = None,
    margin: str = "cross",
    wallet: float = WALLET,
    tickers: bool = True,
    trials: Trials | float | Iterable[float] = 1,
    home: Path | None = None,
    compiled: bool = True,
    begun: Callable[[Runner], None] = lambda _: None,
) -> Result:
    """One strategy on one symbol; for a strategy with legs see `portfolio.run`.

    `latency`: constant, `feed` (that of the feed), or a table (`assumptions.LATENCIES`). `queue`: `assumptions.QUEUES`.
    `fill`: `whole` (a fill is of the whole order, a taker's at the best price), `partial` (takers walk the levels,
    makers get what passed the queue) or `venue` (the local venue's matching core with its filters, `queue` is not asked;
    with `funds` (quote, base) also its balances, and `stp` its self-trade prevention: `assumptions.PREVENTION`). `fees` (maker, taker) as shares of the value; the venue's usual ones
    without it. `funding`: `tape` (what the tape says, if it does), `none`, or a table (`funding_files`).
    `leverage`: of USD-M futures, keep the venue's margin account: `wallet` USDT, `margin` cross or isolated, orders refused and
    positions liquidated as there; None: a run has no capital of its own. `compiled=False`: the class as plain Python, which may use anything of Python, with the same answers.
    `trials`: how many were tried, or their yearly Sharpe ratios, this one included; it counts in `Result.honesty`.
    `begun` is given the runner before it runs; another thread may ask it for its `progress`.
    Raises BadAssumption, NoSuchStrategy, StrategyFault (with file and line), ValueError for a parameter.
    """
    chosen, tried = strategy_of(strategy, home, plain=not compiled), Trials.of(trials)
    one_market(chosen)
    if parameters:
        chosen.configure(parameters)
    market = prepare(data, tickers=tickers)
    rules = replace(rules_of(market, latency, queue, fill, fees, sample, funding), stp=assumptions.prevention(stp, fill))
    rules = margined(market, rules, fill, leverage, margin, wallet)
    runner = _runner(chosen, market, rules, fill, funds)
    begun(runner)
    outcome = runner.finish()
    check_numbers(chosen, outcome)
    return result_of(chosen, market, assumed(market, rules, latency, queue, fill, funding), outcome, tried, runner.margin)


def one_market(chosen: Strategy) -> None:
    """Raises BadAssumption for a strategy with legs."""
    if chosen.spec.legs:
        named = ", ".join(chosen.spec.legs)
        raise BadAssumption(f"{chosen.name} trades {len(chosen.spec.legs)} markets at once; allowed: a tape for each of {named}")


def check_numbers(chosen: Strategy, outcome: Outcome) -> None:
    """Raises StrategyFault where what the strategy remembers at the end is no number."""
    wrong = not_a_number(outcome.state)
    if wrong is not None:
        spec = chosen.spec
        raise StrategyFault(f"{spec.name}: {wrong} is not a finite number at the end", path=spec.path, line=spec.line)


def assumed(market: Market, rules: Rules, latency: str, queue: str, fill: str, funding: str) -> Assumptions:
    said = "none" if rules.funding is None else funding
    made = Assumptions(
        latency, queue, fill, (rules.maker_fee, rules.taker_fee), market.tickers, market.moved, said, market.passed_over
    )  # fmt: skip
    m = rules.margin
    if m is None:
        return made
    where = "book" if market.marks is None else "tape"
    mode = "isolated" if m.isolated else "cross"
    return replace(made, leverage=m.leverage, margin=mode, wallet=m.wallet / SCALE, marks=where, named=is_usdm(market))


def is_usdm(market: Market) -> bool:
    """Of USD-M futures, recorded or simulated."""
    return market.venue.removeprefix("simulated ") == "binance-usdm"


def margined(market: Market, rules: Rules, fill: str, leverage: int | None, margin: str, wallet: float) -> Rules:
    """The rules with a margin account where a leverage is said. Raises BadAssumption."""
    if leverage is None:
        return rules
    from .domain.backtest import margining

    f = market.feed
    if not is_usdm(market) and market.venue != "generic":
        raise BadAssumption(f"leverage {leverage}: {f.symbol} is of {market.venue}; allowed: tapes of binance-usdm or generic, or no leverage")
    if fill == "venue" and market.orders is not None:
        raise BadAssumption("the fill rule venue keeps no margin on a tape of orders; allowed with a leverage: whole, partial")
    return margining.rules(as_received(f) if fill == "venue" else f, rules, market.marks, "local" if fill == "venue" else "exchange",
                           leverage, margin, wallet)  # fmt: skip


def _runner(
    chosen: Strategy, market: Market, rules: Rules, fill: str, funds: tuple[float, float] | None
) -> Runner:
    if fill == "venue":
        return core_runner_of(chosen, [market], [rules], funds)
    return runner_of(chosen)(program_of(chosen), dict(chosen.parameters), market.feed, rules)


def core_runner_of(chosen: Strategy, markets: Sequence[Market], rules: Sequence[Rules], funds: tuple[float, float] | None = None) -> Runner:
    """A run whose exchange is the venue's matching core, one a leg; `funds` of each."""
    from .domain.backtest.core_venue import CoreRunner

    core = CoreRunner
    if chosen.spec.plain:
        from .domain.backtest.plain_core import PlainCoreRunner

        core = PlainCoreRunner
    places = [_place(market, each, funds) for market, each in zip(markets, rules, strict=True)]
    return core(program_of(chosen), dict(chosen.parameters), places, rules)


def _place(market: Market, rules: Rules, funds: tuple[float, float] | None) -> Place:
    from .domain.backtest.core_venue import CoreVenue, Place
    from .domain.backtest.order_venue import OrderVenue

    f = market.feed
    terms = Terms(Decimal(str(rules.maker_fee)), Decimal(str(rules.taker_fee)))
    steps = f"{f.tick_size:.8f}", f"{f.lot_size:.8f}"
    if market.orders is not None:
        item = Instrument(f.symbol, f.symbol, "", Decimal(steps[0]), Decimal(steps[1]))
        return Place(f, partial(OrderVenue, f, item, terms, funds, rules.stp, market.orders))
    received = as_received(f)
    return Place(received, partial(CoreVenue, received, instrument(f.symbol, *steps), terms, funds, rules.stp))


def program_of(chosen: Strategy) -> Program:
    """Compiled, or what stands for it in plain Python. Raises StrategyFault."""
    if not chosen.spec.plain:
        return chosen.prepare()
    from .domain.backtest.plain import PlainProgram

    return PlainProgram(chosen.spec)


def runner_of(chosen: Strategy) -> type[Runner]:
    if not chosen.spec.plain:
        return Runner
    from .domain.backtest.plain import PlainRunner

    return PlainRunner


def strategy_of(strategy: str | type | Strategy, home: Path | None, *, plain: bool = False) -> Strategy:
    if isinstance(strategy, Strategy):
        return strategy.as_written(plain=plain)
    if isinstance(strategy, type):
        return Strategy(strategy, name=strategy.__name__, plain=plain)
    from .adapters.strategy_files import load

    return load(strategy, home or Path(os.environ.get("QBTC_HOME", "~/.qbtc")).expanduser(), plain=plain)


def rules_of(
    market: Market, latency: str, queue: str, fill: str, fees: str | tuple[float, float] | None, sample: str, funding: str = "tape"
) -> Rules:
    model, power = assumptions.queue(queue)
    if fill not in FILLS:
        raise BadAssumption(f"there is no fill rule {fill!r}; allowed: {', '.join(FILLS)}")
    _fitting(market.feed, model, fill)
    maker, taker = assumptions.fees(fees) if isinstance(fees, str) else fees or FEES.get(market.venue.removeprefix("simulated "), (0.001, 0.001))
    return Rules(
        queue=model,
        power=power,
        partial=fill == "partial",
        delays=_delays(market.feed, assumptions.latency(latency)),
        maker_fee=maker,
        taker_fee=taker,
        sampling=assumptions.duration(sample),
        until=FOREVER,
        funding=_settled(market, funding),
    )


def _settled(market: Market, funding: str) -> Records | None:
    if funding in ("tape", "none"):
        return market.funding if funding == "tape" else None
    from .adapters.funding_files import read_funding

    found = read_funding(funding)
    inside = found[(found["time"] >= market.feed.begin) & (found["time"] <= market.feed.last)]
    if not inside.size:
        raise BadAssumption(f"{funding}: no settlement lies within the tape; allowed: a table of its time, or none")
    return inside


def _fitting(f: Feed, model: Queue, fill: str) -> None:
    """Raises BadAssumption for rules that this tape cannot answer."""
    if model.exact and not f.fills:
        lacks = "says not which orders traded (no FILL)" if f.mark.size else "holds levels, no orders (L3)"
        others = ", ".join(name for name in assumptions.QUEUES if not assumptions.queue(name)[0].exact)
        raise BadAssumption(f"queue model {model.name.lower().replace('_', '-')!r}: the tape of {f.symbol} {lacks}; allowed: {others}")
    if fill == "venue" and f.mark.size and not f.fills:
        raise BadAssumption(
            f"fill rule 'venue': the tape of {f.symbol} holds orders and says not which of them traded (no FILL); allowed: whole, partial"
        )


def _delays(f: Feed, said: assumptions.Latency) -> Delays:
    if said.feed is not None:
        received = np.empty(f.times.size, np.int64)
        received[f.order] = f.times
        return Delays(table=assumptions.feed_delays(f.local, received, *said.feed))
    if said.path:
        from .adapters.latency_files import read_table

        return Delays(table=read_table(said.path))
    return Delays(said.entry, said.response)


def result_of(
    strategy: Strategy, market: Market, said: Assumptions, o: Outcome, tried: Trials, margin: MarginKept | None = None
) -> Result:
    f = market.feed
    return Result(
        strategy.name, f.symbol, f.tick_size, f.lot_size, dict(strategy.parameters), said, o.fills, o.orders, o.samples,
        o.position, o.decisions, f.begin, f.last, o.state, o.funding, tried, margin,
    )  # fmt: skip


__all__ = ["Assumptions", "BadAssumption", "Market", "Result", "prepare", "run"]
