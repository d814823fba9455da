"""A run of research in a process of its own: `python -m qbtc.hft.adapters.research.worker FOLDER`.

Made to be killed at any moment: `outcome.json` is written last, and a proposal's sweep goes on from the trials that are
on disk already. It runs at low priority and dies with the process that started it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qbtc.kit.children import settle

from .store import JOB, OUTCOME, PROGRESS, RESULT, write
from .tapes import digest, tape_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qbtc.hft.domain.backtest.runner import Runner
    from qbtc.hft.domain.strategy import Strategy
    from qbtc.hft.sweep import Sweep

LOOK_SECONDS = 0.3
MOST_SAMPLES, MOST_PROFITS = 2_000_000, 10_000_000
Json = Mapping[str, Any]


def backtest(asked: Json, into: Path, home: Path) -> None:
    """Raises BadAssumption, NoTape, BrokenTape, StrategyFault, ValueError."""
    from qbtc.hft import backtest as engine

    from .results import keep_backtest

    write(into / PROGRESS, {"step": "opening", "share": 0.0})
    tape = tape_path(home, asked["tape"])
    _small_enough(tape, asked)
    market = engine.prepare(tape)
    _few_enough(market.feed.last - market.feed.begin, asked["sample"], 1, MOST_SAMPLES)
    write(into / PROGRESS, {"step": "compiling", "share": 0.0})
    strategy = _strategy(asked, home)
    words = {name: asked[name] for name in ("latency", "queue", "fill", "fees", "sample", "trials")}
    words |= {name: asked[name] for name in ("leverage", "margin", "wallet") if asked.get(name) is not None}
    with _progress(into) as begun:
        result = engine.run(strategy, market, **words, begun=begun)
    write(into / PROGRESS, {"step": "reporting", "share": 1.0})
    keep_backtest(result, into, asked["tape"])


def proposal(asked: Json, into: Path, home: Path) -> None:
    """Raises BadAssumption, NoTape, BrokenTape, StrategyFault, ValueError."""
    from qbtc.hft import sweep
    from qbtc.hft.domain.backtest.assumptions import BadAssumption, duration
    from qbtc.hft.domain.proposing import Bars, Swept, weigh
    from qbtc.hft.domain.sweeping import combinations

    tape = tape_path(home, asked["tape"])
    _small_enough(tape, asked)
    strategy = _strategy(asked, home)
    now = {name: strategy.parameters[name] for name in asked["grid"] if name in strategy.parameters}
    trials = [now, *(each for each in combinations(asked["grid"]) if each != now)]
    _few_enough(_length(tape), asked["sample"], len(trials), MOST_PROFITS)
    words = {name: asked[name] for name in ("objective", "latency", "queue", "fill", "fees", "sample")}
    found = sweep.run(strategy, tape, trials, **words, workers=asked["workers"], folder=into / "sweep", told=_told(into))
    period = max(int(found.rows[0]["period_ns"]), 1)
    newest = duration(asked["newest"]) // period if asked["newest"] else found.returns.shape[1]
    train, test = (duration(asked[name]) // period for name in ("train", "test"))
    if min(train, test, newest) < 1:
        said = ", ".join(f"{name} {asked[name]}" for name in ("train", "test", "newest") if asked[name])
        raise BadAssumption(f"{said}: each needs one period of {asked['sample']} at least")
    swept = Swept(
        found.trials, found.returns[:, -newest:], [int(row["fills"]) for row in found.rows], period, earlier=asked["earlier"]
    )
    case = weigh(swept, asked["objective"], train, test, Bars(**asked["bars"]))
    from .results import clean

    evidence = _evidence(found, tape, strategy, asked)
    if case.proposed is not None:
        _newest_report(strategy, tape, asked, into, dict(case.proposed), case.trials)
    write(into / RESULT, clean({**asdict(case), "changes": case.changes, **evidence}))


def _newest_report(strategy: Strategy, tape: Path, asked: Json, into: Path, values: dict[str, float], trials: float) -> None:
    """The report of the proposed parameters over all of the data."""
    from qbtc.hft import backtest as engine

    from ..report import write_html
    from .results import LANGUAGES

    words = {name: asked[name] for name in ("latency", "queue", "fill", "fees", "sample")}
    result = engine.run(strategy, tape, parameters=values, **words, trials=max(trials, 1.0))
    for lang in LANGUAGES:
        write_html(result, into / f"report.{lang}.html", lang, asked["tape"])


def _evidence(found: Sweep, tape: Path, strategy: Strategy, asked: Json) -> dict[str, Any]:
    """What the figures rest on."""
    from qbtc import __version__

    from ..data.opening import read_info

    info = read_info(tape)
    scores = [
        {"parameters": dict(p), "score": float(s), "profit": row["profit"], "fills": row["fills"]}
        for p, s, row in zip(found.trials, found.judged.scores.tolist(), found.rows, strict=True)
    ]
    scores.sort(key=lambda row: (row["score"] != row["score"], -row["score"]))
    return {
        "symbol": found.symbol, "objective": found.objective, "period_ns": int(found.rows[0]["period_ns"]),
        "combinations": len(found.trials), "own_trials": found.judged.effective, "best": scores[:10],
        "data": {"tape": asked["tape"], "digest": digest(tape), "begin": info.first_local, "end": info.last_local, "messages": info.messages},
        "code": {"digest": strategy.digest, "version": __version__},
    }  # fmt: skip


def _strategy(asked: Json, home: Path) -> Strategy:
    from ..strategy_files import load

    found = load(asked["strategy"], home)
    found.configure(asked["parameters"])
    return found


def _length(tape: Path) -> int:
    from ..data.opening import read_info

    info = read_info(tape)
    return int((info.last_local or 0) - (info.first_local or 0))


def _small_enough(tape: Path, asked: Json) -> None:
    """Raises BadAssumption for a tape that would take the memory of the machine."""
    from qbtc.hft.domain.backtest.assumptions import BadAssumption

    from ..data.opening import read_info

    size, most = read_info(tape).bytes, asked.get("megabytes")
    if most is not None and size > most * 1_000_000:
        raise BadAssumption(f"the tape has {size / 1e6:,.0f} MB; allowed beside trading: {most:,} (`research_megabytes`); `qbtc backtest` has no limit")


def _few_enough(length: int, sample: str, trials: int, most: int) -> None:
    """Raises BadAssumption where profits of all periods would fill the memory."""
    from qbtc.hft.domain.backtest.assumptions import BadAssumption, duration

    step = duration(sample)
    count = trials * (length // step) if step else most + 1
    if count > most:
        raise BadAssumption(
            f"{trials:,} trials with a period each {sample} of {length / 1e9:,.0f} s make {count:,} profits; allowed: {most:,}, "
            f"so fewer trials or a period of {-(-length * trials // most) / 1e9:.3g}s or more"
        )


def _told(into: Path) -> Callable[[int, int], None]:
    last = 0.0

    def told(done: int, of: int) -> None:
        nonlocal last
        if time.monotonic() - last > LOOK_SECONDS or done == of:
            last = time.monotonic()
            write(into / PROGRESS, {"step": "trials", "share": done / of if of else 0.0, "done": done, "of": of})

    return told


@contextmanager
def _progress(into: Path) -> Iterator[Callable[[Runner], None]]:
    """Looks at the compiled run, which holds no lock of the interpreter, from a thread."""
    over, running = threading.Event(), list[Any]()

    def look() -> None:
        while not over.wait(LOOK_SECONDS):
            if running:
                write(into / PROGRESS, {"step": "running", "share": round(running[0].progress, 4)})

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield running.append
    finally:
        over.set()
        thread.join()


WORK: dict[str, Callable[[Json, Path, Path], None]] = {"backtest": backtest, "proposal": proposal}


def work(into: Path, home: Path) -> dict[str, Any]:
    """Do what the folder asks for; the outcome, with an `error` that a person can read where it failed."""
    import json

    from qbtc.hft.domain.strategy import StrategyFault
    from qbtc.kit.errors import QbtcError

    job = json.loads((into / JOB).read_text(encoding="utf-8"))
    try:
        WORK[job["kind"]](job["asked"], into, home)
    except StrategyFault as fault:
        return {"error": {"title": "strategy-failed", "detail": str(fault)}}
    except QbtcError as error:
        return {"error": {"title": error.slug, "detail": str(error)}}
    except (ValueError, OSError, MemoryError) as error:
        return {"error": {"title": "not-possible", "detail": str(error) or type(error).__name__}}
    return {}


def main(folder: str, nice: str) -> None:
    settle(nice=int(nice))
    into = Path(folder)
    write(into / OUTCOME, work(into, Path(os.environ["QBTC_HOME"])))


if __name__ == "__main__":
    main(*sys.argv[1:])
