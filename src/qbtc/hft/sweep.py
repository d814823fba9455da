"""Parameter sweeps: every combination on the same data, all cores, one copy of it, and what the results together mean.

    from qbtc.hft import sweep
    found = sweep.run("grid", "data/BTCUSDT", {"step": [1.0, 2.0, 5.0], "levels": [2, 4]}, objective="sharpe", folds=5)
    found.frame()                       # a row a trial: parameters, score, profit, orders, fills
    found.judged.deflated, found.judged.overfitting.pbo

A strategy with legs takes a tape for each, `sweep.run("pairs", {"a": "data/BTCUSDT", "b": "data/ETHUSDT"}, …)`, and is judged by the
profit of all legs together.

Trials run in threads: compiled runs hold no interpreter lock, so all of them read one feed. A `folder` makes a sweep
resumable. `ray` runs the trials on a Ray cluster, with the same results.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from . import backtest
from .adapters.optimiser import failed_state, study_of
from .adapters.sweep_store import SweepMemory, SweepStore
from .domain import sweeping
from .domain.backtest.assumptions import BadAssumption, duration
from .domain.backtest.feed import Feed, alike
from .domain.backtest.runner import Rules, Runner, Scratch
from .domain.statistics.account import account, merged, periods
from .domain.statistics.splits import Split, Window
from .domain.strategy import Strategy
from .domain.sweeping import Judged
from .portfolio import Word, ready_legs

if TYPE_CHECKING:
    import polars

Grid = Mapping[str, Sequence[float]]
Told = Callable[[int, int], None]
"""Called with (trials done, trials in all)."""
COLUMNS = ("profit", "fees", "fills", "orders", "position")


@dataclass(frozen=True)
class Sweep:
    """`trials` parameters, `rows` figures of each, `returns` float64[trials, periods] profits in quote units.

    Of a strategy with legs `symbol` is `leg=SYMBOL …` and a row's `position` one of each leg; all else is of the legs together.
    """

    strategy: str
    symbol: str
    objective: str
    trials: tuple[Mapping[str, float], ...]
    rows: tuple[Mapping[str, Any], ...]
    returns: NDArray[np.float64]
    judged: Judged
    period_ns: int

    @property
    def best(self) -> Mapping[str, float] | None:
        """Parameters of the highest score; None: no trial has one."""
        return self.trials[self.judged.best] if self.judged.best >= 0 else None

    def frame(self) -> polars.DataFrame:
        """A row a trial."""
        import polars

        names = list(self.trials[0]) if self.trials else []
        columns: dict[str, Any] = {name: [trial[name] for trial in self.trials] for name in names}
        columns["score"] = self.judged.scores
        return polars.DataFrame(columns | {name: [row[name] for row in self.rows] for name in COLUMNS})


@dataclass(frozen=True)
class Trial:
    """All that a trial needs beside its parameters: a market and its rules, or one for each leg."""

    strategy: Strategy
    markets: tuple[backtest.Market, ...]
    rules: tuple[Rules, ...]

    @property
    def feeds(self) -> list[Feed]:
        return [market.feed for market in self.markets]

    def run(self, parameters: Mapping[str, float], scratch: Scratch) -> tuple[dict[str, Any], NDArray[np.float64], int]:
        """(figures, profits of the periods, length of a period in ns)."""
        program, feeds = self.strategy.prepare(), self.feeds
        values = {**self.strategy.parameters, **self.strategy.spec.checked(parameters)}
        outs = Runner(program, values, feeds, self.rules, scratch).finish_all()
        parts = [account(out.samples, feed.begin, feed.lot_size) for out, feed in zip(outs, feeds, strict=True)]
        made = parts[0] if len(parts) == 1 else merged(parts)
        profits, length = periods(made)
        held = [out.position * feed.lot_size for out, feed in zip(outs, feeds, strict=True)]
        row = {
            "profit": float(made.net[-1]), "fees": float(sum(out.samples["fee"][-1] for out in outs)),
            "fills": sum(len(out.fills) for out in outs), "orders": sum(len(out.orders) for out in outs),
            "position": self._by_leg(held),
        }  # fmt: skip
        return row, profits, length

    def _by_leg(self, values: Sequence[Any]) -> Any:
        """The only market's value, or each leg's by its name."""
        legs = self.strategy.spec.legs
        return dict(zip(legs, values, strict=True)) if legs else values[0]

    @property
    def symbol(self) -> str:
        found = self._by_leg([feed.symbol for feed in self.feeds])
        return found if isinstance(found, str) else " ".join(f"{leg}={symbol}" for leg, symbol in found.items())

    @property
    def definition(self) -> dict[str, Any]:
        """What the market data are, and the fees: of a sweep that goes on they must be the same."""
        feeds = self.feeds
        columns: dict[str, list[Any]] = {
            "symbol": [f.symbol for f in feeds], "begin": [f.begin for f in feeds], "end": [f.last for f in feeds],
            "rows": [int(f.tick.size) for f in feeds], "content": [_content(f) for f in feeds], "fees": [[r.maker_fee, r.taker_fee] for r in self.rules],
        }  # fmt: skip
        return {name: self._by_leg(values) for name, values in columns.items()}


def run(
    strategy: str | type | Strategy,
    data: Any,
    grid: Grid | Iterable[Mapping[str, float]],
    *,
    objective: str = "sharpe",
    latency: Word = "10ms",
    queue: Word = "power3",
    fill: Word = "whole",
    fees: str | tuple[float, float] | Mapping[str, str | tuple[float, float]] | None = None,
    funding: Word = "tape",
    sample: str = "1s",
    tickers: bool = True,
    walk: tuple[str, str] | None = None,
    folds: int = 0,
    embargo: str = "0ns",
    search: int = 0,
    seed: int = 0,
    workers: int | None = None,
    ray: str | None = None,
    folder: Path | None = None,
    told: Told | None = None,
    home: Path | None = None,
) -> Sweep:
    """Run every combination of `grid` (or every one of a list of parameters) and judge them together.

    `data`: a tape, or of a strategy with legs {leg: tape}; then latency, queue, fill, fees and funding may be said by leg too.
    `walk`: (train, test) durations of walk-forward; `folds`: of purged cross-validation, `embargo` behind each test.
    `search`: instead of all combinations, so many that Optuna picks (seeded). `fill` is whole or partial. Raises
    BadAssumption, NoSuchStrategy, StrategyFault (a trial failed: the sweep ends, what was found stays in `folder`),
    ValueError for a parameter.
    """
    if objective not in sweeping.OBJECTIVES:
        raise BadAssumption(f"there is no objective {objective!r}; allowed: {', '.join(sweeping.OBJECTIVES)}")
    if "venue" in (fill.values() if isinstance(fill, Mapping) else (fill,)):
        raise BadAssumption("a sweep does not take the fill rule venue, which runs a trial at a time; allowed: whole, partial")
    if search and ray:
        raise BadAssumption("a search picks the next trials by what the last ones gave and runs on this machine; allowed: a search, or all combinations on Ray")
    chosen = backtest.strategy_of(strategy, home)
    words: dict[str, Any] = {"latency": latency, "queue": queue, "fill": fill, "fees": fees, "funding": funding}
    trial = _trial(chosen, data, sample, tickers, words)
    trials = _trials(chosen, grid)
    kept = _kept(folder, trial, trials, [*(_plain(words[name]) for name in ("latency", "queue", "fill")), sample, str(search), str(seed)], funding)
    say = told or (lambda done, of: None)
    cores = workers or os.cpu_count() or 1
    try:
        if search and isinstance(grid, Mapping):
            numbers = _search(trial, trials, grid, kept, objective, search, seed, cores, say)
        else:
            numbers = list(range(len(trials)))
            _run_all(trial, trials, numbers, kept, ray, cores, say)
        returns = kept.returns(numbers)
    finally:
        kept.close()
    rows = [kept.done[number] for number in numbers]
    length = int(rows[0]["period_ns"])
    windows, splits = _plan(returns.shape[1], max(length, 1), walk, folds, embargo)
    judged = sweeping.judge(returns, objective, windows=windows, splits=splits)
    tried = tuple(trials[number] for number in numbers)
    return Sweep(chosen.name, trial.symbol, objective, tried, tuple(rows), returns, judged, length)


def _trial(chosen: Strategy, data: Any, sample: str, tickers: bool, words: Mapping[str, Any]) -> Trial:
    """Raises BadAssumption, or TapeFault for what is not a tape."""
    if isinstance(data, Mapping):
        ready = list(ready_legs(chosen, data, sample=sample, tickers=tickers, **words).values())
        feeds = alike([leg.market.feed for leg in ready])
        markets = tuple(replace(leg.market, feed=feed) for leg, feed in zip(ready, feeds, strict=True))
        return Trial(chosen, markets, tuple(leg.rules for leg in ready))
    backtest.one_market(chosen)
    for word, said in words.items():
        if isinstance(said, Mapping):
            raise BadAssumption(f"{word} is said by leg, and {chosen.name} trades one market; allowed: one for it")
    market = backtest.prepare(data, tickers=tickers)
    return Trial(chosen, (market,), (backtest.rules_of(market, sample=sample, **words),))


def _trials(chosen: Strategy, grid: Grid | Iterable[Mapping[str, float]]) -> list[dict[str, float]]:
    trials = sweeping.combinations(grid) if isinstance(grid, Mapping) else [dict(each) for each in grid]
    if not trials:
        raise BadAssumption("the sweep has no trial")
    for parameters in trials:
        chosen.spec.checked(parameters)
    return trials


def _search(
    trial: Trial, trials: Sequence[Mapping[str, float]], grid: Grid, kept: SweepStore | SweepMemory, objective: str, count: int,
    seed: int, workers: int, told: Told,
) -> list[int]:  # fmt: skip
    """Let Optuna pick among the combinations, `workers` at a time; returns the numbers of those that were run."""
    study = study_of(seed)
    places = {tuple(each.values()): number for number, each in enumerate(trials)}
    tried: list[int] = []
    for _ in range(math.ceil(count / workers)):
        asked = [study.ask() for _ in range(min(workers, count - len(tried)))]
        numbers = [places[tuple(each.suggest_categorical(name, list(values)) for name, values in grid.items())] for each in asked]
        _run_all(trial, trials, numbers, kept, None, workers, lambda *_: None)
        for each, profits in zip(asked, kept.returns(numbers), strict=True):
            value = sweeping.score(objective, profits)
            study.tell(each, value if np.isfinite(value) else None, state=None if np.isfinite(value) else failed_state())
        tried += [number for number in dict.fromkeys(numbers) if number not in tried]
        told(len(tried), count)
    return tried


def _plan(
    count: int, length: int, walk: tuple[str, str] | None, folds: int, embargo: str
) -> tuple[list[Window], list[Split]]:
    spans = (duration(walk[0]) // length, duration(walk[1]) // length) if walk else None
    return sweeping.plan(count, walk=spans, folds=folds, embargo=duration(embargo) // length)


def _kept(
    folder: Path | None, trial: Trial, trials: Sequence[Mapping[str, float]], said: list[Any], funding: Word
) -> SweepStore | SweepMemory:
    """Where results go. A folder that holds the same sweep goes on; what it depends on is its definition."""
    if folder is None:
        return SweepMemory()
    spec = trial.strategy.spec
    source = Path(spec.path).read_bytes() if spec.path else b""
    data = trial.definition
    fees = data.pop("fees")
    more = {} if funding == "tape" else {"funding": _plain(funding)}
    return SweepStore(folder, {
        "strategy": trial.strategy.name, "source": hashlib.sha256(source).hexdigest(), **data,
        "parameters": dict(trial.strategy.parameters), "trials": hashlib.sha256(repr(trials).encode()).hexdigest(),
        "assumptions": [*said, *(fees if isinstance(fees, list) else [fees])], **more,
    })  # fmt: skip


def _content(feed: Feed) -> int:
    """CRC-32 of what a run reads: two tapes of one symbol and time may be of one length."""
    found = 0
    for column in (feed.local, feed.times, feed.kind, feed.tick, feed.lots):
        found = crc32(np.ascontiguousarray(column).view(np.uint8).data, found)
    return found


def _plain(said: Word) -> Any:
    """As JSON has it."""
    return said if isinstance(said, str) else dict(said)


def _run_all(
    trial: Trial, trials: Sequence[Mapping[str, float]], numbers: Sequence[int], kept: SweepStore | SweepMemory, ray: str | None,
    workers: int, told: Told,
) -> None:  # fmt: skip
    """Run what is not done yet; results are kept as they come."""
    waiting = [number for number in dict.fromkeys(numbers) if number not in kept.done]
    told(len(numbers) - len(waiting), len(numbers))
    results = _on_ray(trial, trials, waiting, ray) if ray else _in_threads(trial, trials, waiting, workers)
    for number, (row, profits, length) in results:
        kept.add(number, {**row, "period_ns": length}, profits)
        told(len(kept.done), len(numbers))


Found = tuple[int, tuple[dict[str, Any], NDArray[np.float64], int]]


def _in_threads(
    trial: Trial, trials: Sequence[Mapping[str, float]], waiting: Sequence[int], workers: int
) -> Iterator[Found]:
    trial.strategy.prepare()
    for feed in trial.feeds:
        feed.ready()
    mine = threading.local()

    def one(number: int) -> Found:
        if not hasattr(mine, "scratch"):
            mine.scratch = Scratch(*trial.feeds)
        return number, trial.run(trials[number], mine.scratch)

    with ThreadPoolExecutor(min(workers, max(len(waiting), 1))) as pool:
        running: set[Future[Found]] = set()
        queue = iter(waiting)
        try:
            while True:
                running |= {pool.submit(one, number) for number in itertools.islice(queue, 2 * workers - len(running))}
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for each in done:
                    yield each.result()
        finally:
            for each in running:
                each.cancel()


def _on_ray(trial: Trial, trials: Sequence[Mapping[str, float]], waiting: Sequence[int], address: str) -> Iterator[Found]:
    from .adapters.ray_pool import run_on_ray

    return run_on_ray(trial, trials, waiting, address)
