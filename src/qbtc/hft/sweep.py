"""Parameter sweeps: every combination on the same data, all cores, one copy of it, and what the results together mean.

    from qbtc.hft import sweep
    found = sweep.run("grid", "data/BTCUSDT", {"step": [1.0, 2.0, 5.0], "levels": [2, 4]}, objective="sharpe", folds=5)
    found.frame()                       # a row a trial: parameters, score, profit, orders, fills
    found.judged.deflated, found.judged.overfitting.pbo

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
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import backtest
from .adapters.optimiser import failed_state, study_of
from .adapters.sweep_store import SweepMemory, SweepStore
from .domain import sweeping
from .domain.backtest.assumptions import BadAssumption, duration
from .domain.backtest.runner import Rules, Runner, Scratch
from .domain.statistics.account import account, periods
from .domain.statistics.splits import Split, Window
from .domain.strategy import Strategy
from .domain.sweeping import Judged

if TYPE_CHECKING:
    import polars

Grid = Mapping[str, Sequence[float]]
Told = Callable[[int, int], None]
"""Called with (trials done, trials in all)."""
COLUMNS = ("profit", "fees", "fills", "orders", "position")


@dataclass(frozen=True)
class Sweep:
    """`trials` parameters, `rows` figures of each, `returns` float64[trials, periods] profits in quote units."""

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
    """All that a trial needs beside its parameters."""

    strategy: Strategy
    market: backtest.Market
    rules: Rules

    def run(self, parameters: Mapping[str, float], scratch: Scratch) -> tuple[dict[str, Any], NDArray[np.float64], int]:
        """(figures, profits of the periods, length of a period in ns)."""
        program = self.strategy.prepare()
        values = {**self.strategy.parameters, **self.strategy.spec.checked(parameters)}
        out = Runner(program, values, self.market.feed, self.rules, scratch).finish()
        feed = self.market.feed
        made = account(out.samples, feed.begin, feed.lot_size)
        profits, length = periods(made)
        row = {
            "profit": float(made.net[-1]), "fees": float(out.samples["fee"][-1]), "fills": len(out.fills),
            "orders": len(out.orders), "position": out.position * feed.lot_size,
        }  # fmt: skip
        return row, profits, length


def run(
    strategy: str | type | Strategy,
    data: Any,
    grid: Grid | Iterable[Mapping[str, float]],
    *,
    objective: str = "sharpe",
    latency: str = "10ms",
    queue: str = "power3",
    fill: str = "whole",
    fees: str | tuple[float, float] | None = None,
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

    `walk`: (train, test) durations of walk-forward; `folds`: of purged cross-validation, `embargo` behind each test.
    `search`: instead of all combinations, so many that Optuna picks (seeded). `fill` is whole or partial. Raises
    BadAssumption, NoSuchStrategy, StrategyFault (a trial failed: the sweep ends, what was found stays in `folder`),
    ValueError for a parameter.
    """
    if objective not in sweeping.OBJECTIVES:
        raise BadAssumption(f"there is no objective {objective!r}; allowed: {', '.join(sweeping.OBJECTIVES)}")
    if fill == "venue":
        raise BadAssumption("a sweep does not take the fill rule venue, which runs a trial at a time; allowed: whole, partial")
    chosen = backtest.strategy_of(strategy, home)
    backtest.one_market(chosen)
    market = backtest.prepare(data, tickers=tickers)
    trial = Trial(chosen, market, backtest.rules_of(market, latency, queue, fill, fees, sample))
    trials = _trials(chosen, grid)
    kept = _kept(folder, trial, trials, [latency, queue, fill, sample, str(search), str(seed)])
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
    return Sweep(chosen.name, market.feed.symbol, objective, tried, tuple(rows), returns, judged, length)


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


def _kept(folder: Path | None, trial: Trial, trials: Sequence[Mapping[str, float]], said: list[str]) -> SweepStore | SweepMemory:
    """Where results go. A folder that holds the same sweep goes on; what it depends on is its definition."""
    if folder is None:
        return SweepMemory()
    feed, spec = trial.market.feed, trial.strategy.spec
    source = Path(spec.path).read_bytes() if spec.path else b""
    return SweepStore(folder, {
        "strategy": trial.strategy.name, "source": hashlib.sha256(source).hexdigest(), "symbol": feed.symbol,
        "begin": feed.begin, "end": feed.last, "rows": int(feed.tick.size), "parameters": dict(trial.strategy.parameters),
        "trials": hashlib.sha256(repr(trials).encode()).hexdigest(),
        "assumptions": [*said, trial.rules.maker_fee, trial.rules.taker_fee],
    })  # fmt: skip


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
    trial.market.feed.ready()
    mine = threading.local()

    def one(number: int) -> Found:
        if not hasattr(mine, "scratch"):
            mine.scratch = Scratch(trial.market.feed)
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
