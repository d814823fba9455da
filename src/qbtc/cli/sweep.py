"""`qbtc sweep`: many parameters on the same data, and what their results together are worth."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from .common import clear_errors, fail, home_path

if TYPE_CHECKING:
    from qbtc.hft.domain.strategy import Strategy
    from qbtc.hft.domain.sweeping import Chosen
    from qbtc.hft.sweep import Sweep

FAULT = 3
SHOWN, KEPT = 10, 100


@click.command(epilog=f"Exit codes: 0 done, 1 something given is wrong, 2 the command line itself, {FAULT} the strategy failed.")
@click.argument("strategy")
@click.option("--data", multiple=True, required=True, metavar="PATH", help="A tape. LEG=TAPE for each leg of a strategy that has some.")
@click.option("--param", "given", multiple=True, required=True, metavar="NAME=FROM:TO:STEP", help="Values of a parameter (or NAME=A,B,C); may be repeated.")
@click.option("--objective", default="sharpe", show_default=True, help="sharpe, profit, sortino or calmar.")
@click.option("--latency", default="10ms", show_default=True, help="As for `qbtc backtest`.")
@click.option("--queue", default="power3", show_default=True, help="As for `qbtc backtest`.")
@click.option("--fill", default="whole", show_default=True, help="whole or partial.")
@click.option("--fees", metavar="maker=…,taker=…", help="Shares of the value. Default: the venue's usual ones.")
@click.option("--funding", default="tape", show_default=True, help="As for `qbtc backtest`.")
@click.option("--leg", "by_leg", multiple=True, metavar="LEG:WORD=VALUE", help="latency, queue, fill, fees or funding of one leg; may be repeated.")
@click.option("--sample", default="1s", show_default=True, help="Length of a period.")
@click.option("--no-tickers", is_flag=True, help="Leave out best bid and ask messages.")
@click.option("--walk", metavar="TRAIN,TEST", help="Walk-forward, such as 60s,20s: choose on TRAIN, judge on the TEST behind it.")
@click.option("--folds", type=click.IntRange(0, 1000), default=0, help="Purged cross-validation with so many folds.")
@click.option("--embargo", default="0ns", show_default=True, help="Time left out of training behind each test.")
@click.option("--search", type=click.IntRange(0), default=0, help="Let Optuna pick so many of the combinations.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the search.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Threads. Default: the cores of this machine.")
@click.option("--ray", metavar="ADDRESS", envvar="QBTC_RAY_ADDRESS", help="Run the trials on this Ray cluster.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Keep results here; the same sweep goes on where it was cut off.")
@click.option("--keep/--no-keep", default=True, show_default=True, help="Keep a summary in QBTC_HOME/research, where the page Research lists it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@clear_errors
def sweep(
    strategy: str, data: tuple[str, ...], given: tuple[str, ...], by_leg: tuple[str, ...], walk: str | None, out: Path | None, no_tickers: bool,
    keep: bool, as_json: bool, **said: Any,
) -> None:  # fmt: skip
    """Run STRATEGY with every combination of parameters and judge them together."""
    from qbtc.hft.adapters.strategy_files import load
    from qbtc.hft.domain.backtest.assumptions import BadAssumption
    from qbtc.hft.domain.strategy import StrategyFault
    from qbtc.hft.domain.sweeping import axis
    from qbtc.hft.sweep import run

    if said["search"] and click.get_current_context().get_parameter_source("ray") is ParameterSource.ENVIRONMENT:
        said["ray"] = None  # meant for what can run there
    try:
        grid, chosen = dict(axis(text) for text in given), load(strategy, home_path())
        tapes, words = _market(chosen, data, by_leg, said)
        with _progress() as told:
            found = run(chosen, tapes, grid, walk=_walk(walk), folder=out, told=told, tickers=not no_tickers, home=home_path(), **words)
    except StrategyFault as fault:
        fail(str(fault))
        raise SystemExit(FAULT) from None
    except (BadAssumption, ValueError) as error:
        fail(str(error))
        raise SystemExit(1) from None
    if keep:
        _keep({"strategy": strategy, "tape": ", ".join(data), "params": list(given), "walk": walk, **words}, document(found))
    if as_json:
        click.echo(json.dumps(document(found)))
    else:
        _show(found)


def _market(chosen: Strategy, data: tuple[str, ...], by_leg: tuple[str, ...], said: dict[str, Any]) -> tuple[Path | dict[str, str], dict[str, Any]]:
    """(its tape, or one a leg; the words of the run). Raises UsageError."""
    from .backtest_legs import tapes_of, words_of

    if chosen.legs:
        return tapes_of(chosen, data), said | words_of(chosen, by_leg, said)
    if len(data) > 1 or by_leg:
        raise click.UsageError(f"{chosen.name} trades one market: --data once, and no --leg.")
    return Path(data[0]), said


def _walk(text: str | None) -> tuple[str, str] | None:
    from qbtc.hft.domain.backtest.assumptions import BadAssumption

    if text is None:
        return None
    train, comma, test = text.partition(",")
    if not comma:
        raise BadAssumption(f"--walk {text!r} is not understood; allowed: TRAIN,TEST such as 60s,20s")
    return train, test


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    with Progress(*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("trials", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def document(found: Sweep) -> dict[str, Any]:
    """The sweep as JSON; what is not defined is null."""
    judged = found.judged
    over = judged.overfitting
    return {
        "strategy": found.strategy,
        "symbol": found.symbol,
        "objective": found.objective,
        "trials": [
            {"parameters": dict(p), "score": _number(s), **{n: row[n] for n in ("profit", "fees", "fills", "orders", "position")}}
            for p, s, row in zip(found.trials, judged.scores.tolist(), found.rows, strict=True)
        ],
        "best": dict(found.best) if found.best else None,
        "effective_trials": _number(judged.effective),
        "deflated_sharpe": _number(judged.deflated),
        "pbo": _number(over.pbo) if over else None,
        "why": judged.why or None,
        "walk_forward": _validated(judged.walk),
        "cross_validation": _validated(judged.folds),
    }


def _keep(asked: dict[str, Any], said: dict[str, Any]) -> None:
    """Among the runs of research, with its best trials; a disk that is full is said and changes nothing else."""
    from qbtc.hft.adapters.research import ResearchStore
    from qbtc.hft.adapters.research.store import RESULT, write

    store = ResearchStore(home_path())
    best = sorted(said["trials"], key=lambda trial: -math.inf if trial["score"] is None else trial["score"], reverse=True)
    head = {"symbol": said["symbol"], "net": best[0]["profit"], "fees": best[0]["fees"], "fills": best[0]["fills"], "deflated": said["deflated_sharpe"]}
    try:
        run = store.add("sweep", asked, "cli", state="done")
        write(store.path(run) / RESULT, {**said, "count": len(best), "trials": best[:KEPT]})
        write(store.path(run) / "headline.json", head)
        store.prune()
    except OSError as error:
        fail(f"not kept in {store.folder}: {error.strerror}", "--no-keep leaves it out.")


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _validated(parts: tuple[Chosen, ...]) -> list[dict[str, Any]]:
    return [{"trial": p.trial, "inside": _number(p.inside), "outside": _number(p.outside), "profit": p.profit} for p in parts]


def _show(found: Sweep) -> None:
    from rich.console import Console
    from rich.table import Table

    judged = found.judged
    order = sorted(range(len(found.trials)), key=lambda n: -judged.scores[n] if math.isfinite(judged.scores[n]) else math.inf)
    table = Table(title=f"{found.strategy} on {found.symbol}: {len(found.trials)} trials by {found.objective}")
    by = [] if found.objective == "profit" else [found.objective]
    for name in (*found.trials[0], *by, "profit", "fees", "fills"):
        table.add_column(name, justify="right")
    for n in order[:SHOWN]:
        row = found.rows[n]
        scored = [_text(judged.scores[n]) for _ in by]
        table.add_row(*(f"{v:g}" for v in found.trials[n].values()), *scored, f"{row['profit']:.4f}", f"{row['fees']:.4f}", str(row["fills"]))
    console = Console()
    console.print(table)
    spread = sorted(s for s in judged.scores.tolist() if math.isfinite(s))
    if spread:
        console.print(f"All trials: lowest {_text(spread[0])}, median {_text(spread[len(spread) // 2])}, highest {_text(spread[-1])}")
    console.print(f"Independent trials {judged.effective:.1f}; deflated Sharpe ratio {_text(judged.deflated)} (probability that the best is no luck)")
    console.print(f"Probability of backtest overfitting {_text(judged.overfitting.pbo)}" if judged.overfitting else f"Overfitting not estimated: {judged.why}")
    for what, parts in (("Walk-forward", judged.walk), ("Cross-validation", judged.folds)):
        if parts:
            kept = sum(part.profit for part in parts)
            won = sum(part.profit > 0 for part in parts)
            console.print(f"{what}: {len(parts)} parts, {won} with a profit outside, {kept:.4f} in all")


def _text(value: float) -> str:
    return f"{value:.4f}" if math.isfinite(value) else "-"
