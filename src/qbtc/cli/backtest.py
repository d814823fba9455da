"""`qbtc backtest`: a strategy on recorded market data, with its assumptions said and its result weighed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from .common import clear_errors, fail, home_path

if TYPE_CHECKING:
    from qbtc.hft.adapters.position_files import Positions
    from qbtc.hft.backtest import Market, Result
    from qbtc.hft.domain.strategy import Strategy

FAULT, SOME = 3, 4
"""Exit codes: the strategy failed; some of several tapes could not be run."""
MOST_SAMPLES = 20_000_000


@dataclass(frozen=True)
class Asked:
    """What the command line says."""

    latency: str
    queue: str
    fill: str
    stp: str
    fees: str | None
    funding: str
    sample: str
    tickers: bool
    trials: float
    compiled: bool
    bars: str | None
    leverage: int | None
    margin: str
    wallet: float

    def words(self) -> dict[str, Any]:
        """Of `backtest.run`."""
        return {name: value for name, value in vars(self).items() if name != "bars"}


@click.command(
    epilog="Exit codes: 0 done, 1 something given is wrong or cannot be read, 2 the command line itself, "
    f"{FAULT} the strategy failed (with file and line), {SOME} some of several tapes could not be run."
)
@click.argument("strategy")
@click.option("--data", "data", multiple=True, required=True, metavar="PATH", help="A tape, or a folder with tapes below it: each is run. LEG=TAPE for each leg of a strategy that has some.")
@click.option("--param", "given", multiple=True, metavar="NAME=VALUE", help="A parameter of the strategy; may be repeated.")
@click.option("--latency", default="10ms", show_default=True, help="10ms, entry=2ms,response=5ms, feed, feed:1.5, or a .csv or .npy table.")
@click.option("--queue", default="power3", show_default=True, help="risk-averse, power[:N], power2[:N], power3[:N], log, log2, or fifo (tapes of orders).")
@click.option("--fill", default="whole", show_default=True, help="whole: a fill is of the whole order; partial: of what traded; venue: the local venue decides.")
@click.option("--stp", type=click.Choice(("none", "expire-taker", "expire-maker", "expire-both")), default="none", show_default=True, help="Self-trade prevention of --fill venue.")
@click.option("--fees", metavar="maker=…,taker=…", help="Shares of the value. Default: the venue's usual ones.")
@click.option("--funding", default="tape", show_default=True, help="tape: as the tape says; none; or a .csv or .parquet table with time, rate and, if known, mark.")
@click.option("--leverage", type=int, metavar="N", help="Of USD-M futures: keep the venue's margin account with this leverage; orders are refused and positions liquidated as there.")
@click.option("--margin", type=click.Choice(("cross", "isolated")), default="cross", show_default=True, help="Margin mode of --leverage.")
@click.option("--wallet", type=float, default=10_000.0, show_default=True, metavar="USDT", help="With what the account of --leverage begins.")
@click.option("--leg", "by_leg", multiple=True, metavar="LEG:WORD=VALUE", help="latency, queue, fill, fees, funding, stp or leverage of one leg; may be repeated.")
@click.option("--sample", default="1s", show_default=True, help="Time between two samples of the account.")
@click.option("--no-tickers", is_flag=True, help="Leave out best bid and ask messages.")
@click.option("--trials", type=click.FloatRange(min=1), default=1, show_default=True, help="How many were tried to find this one; deflates the Sharpe ratio.")
@click.option("--bars", metavar="EVERY[:SOURCE]", help="Trade position(bars, …) of the file on bars: of 1m, '500 ticks', '20 volume' or '1e6 value'; of trades, mids, bids or asks. A tape of bars needs it not.")
@click.option("--python", is_flag=True, help="Run it as plain Python, not compiled: prints, the debugger and every library work; slower.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write an HTML report; of several tapes (8 at most) a comparison.")
@click.option("--lang", type=click.Choice(("en", "es")), default="en", show_default=True, help="Language of table, report and sentences.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write result.json and fills, orders, equity as Parquet here.")
@click.option("--keep/--no-keep", default=True, show_default=True, help="Keep summary and report in QBTC_HOME/research, where the page Research lists them.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@clear_errors
def backtest(
    strategy: str, data: tuple[str, ...], given: tuple[str, ...], latency: str, queue: str, fill: str, stp: str, fees: str | None,
    funding: str, leverage: int | None, margin: str, wallet: float, by_leg: tuple[str, ...], sample: str, no_tickers: bool, trials: float, python: bool, bars: str | None, report: Path | None, lang: str,
    out: Path | None, keep: bool, as_json: bool,
) -> None:  # fmt: skip
    """Run STRATEGY (an example's name, one of QBTC_HOME/strategies, or PATH.py[:Class]) on recorded market data.

    On bars it is a file with a function position(bars, …) that gives the position wanted at each close.
    """
    from qbtc.hft.adapters.position_files import Positions

    asked = Asked(latency, queue, fill, stp, fees, funding, sample, not no_tickers, trials, not python, bars, leverage, margin, wallet)
    _account_of_leverage(asked, by_leg)
    chosen = _chosen(strategy, dict(_pair(text) for text in given), Path(data[0]), asked)
    if not isinstance(chosen, Positions) and chosen.legs:
        from .backtest_legs import run_legs

        run_legs(chosen, data, by_leg, asked.words(), report, lang, out, as_json)
        return
    _one_market(data, by_leg)
    _run_tapes(chosen, Path(data[0]), asked, report, lang, out, keep=keep, as_json=as_json)


def _account_of_leverage(asked: Asked, by_leg: tuple[str, ...]) -> None:
    """Raises UsageError for an account that nothing would keep."""
    source = click.get_current_context().get_parameter_source
    if asked.leverage is None and not any(":leverage=" in each for each in by_leg):
        for name in ("margin", "wallet"):
            if source(name) == ParameterSource.COMMANDLINE:
                raise click.UsageError(f"--{name} is of the account that --leverage keeps; give --leverage too.")


def _one_market(data: tuple[str, ...], by_leg: tuple[str, ...]) -> None:
    if len(data) > 1 or by_leg:
        raise click.UsageError("the strategy trades one market: --data once, and no --leg.")


def _run_tapes(
    chosen: Strategy | Positions, data: Path, asked: Asked, report: Path | None, lang: str, out: Path | None, *, keep: bool, as_json: bool
) -> None:
    single = (data / "tape.json").exists()
    results, failed = _all(chosen, [data] if single else _tapes(data), asked, alone=single)
    _written(results, data, report, out, lang)
    for path, result in results if keep else ():
        _keep(chosen.name, path, asked, result)
    if as_json:
        _print_json(results, failed, data, lang, single=single)
    elif single:
        from .backtest_table import one

        one(results[0][1], lang)
    else:
        from .backtest_table import several

        several([(_name(path, data), result) for path, result in results], lang)
    if failed:
        raise SystemExit(SOME if results else 1)


def _chosen(name: str, values: dict[str, float], data: Path, asked: Asked) -> Strategy | Positions:
    """Loaded, with its parameters; `data`: what it will run on."""
    from .backtest_bars import chosen, holds_bars

    return chosen(name, values) if asked.bars or holds_bars(data) else _strategy(name, values, plain=not asked.compiled)


def _strategy(name: str, values: dict[str, float], *, plain: bool) -> Strategy:
    from qbtc.hft.adapters.strategy_files import load
    from qbtc.hft.domain.strategy import StrategyFault

    try:
        found = load(name, home_path(), plain=plain)
    except StrategyFault as fault:
        fail(str(fault))
        raise SystemExit(FAULT) from None
    try:
        found.configure(values)
    except ValueError as error:
        ranges = found.ranges()
        fail(f"{found.name}: {error}", "; ".join(f"{n}: {r['low']:g} to {r['high']:g} ({r['kind']})" for n, r in ranges.items()))
        raise SystemExit(1) from None
    return found


def _pair(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise click.UsageError(f"--param: {text!r} is not NAME=VALUE with a number.") from None


def _tapes(folder: Path) -> list[Path]:
    """Those below a folder. Raises NoTape."""
    from qbtc.hft.adapters.data.listing import listed
    from qbtc.hft.errors import NoTape

    found = [Path(row["path"]) for row in listed(folder)] if folder.is_dir() else []
    if not found:
        what = "holds no tape" if folder.is_dir() else "is no folder" if folder.exists() else "does not exist"
        raise NoTape(f"{folder}: {what}", allowed="a folder that `qbtc data import` made, or one with such folders below it")
    return found


def _all(strategy: Strategy | Positions, paths: list[Path], asked: Asked, *, alone: bool) -> tuple[list[tuple[Path, Result]], list[tuple[Path, str]]]:
    """(results, what could not be run and why). A fault of the strategy, or of the only tape, ends it all."""
    from qbtc.hft.adapters.position_files import Positions
    from qbtc.hft.domain.strategy import StrategyFault
    from qbtc.kit.errors import QbtcError

    from .backtest_bars import run

    done: list[tuple[Path, Result]] = []
    failed: list[tuple[Path, str]] = []
    for path in paths:
        try:
            with _busy(f"{strategy.name} on {path}"):
                done.append((path, run(strategy, path, asked) if isinstance(strategy, Positions) else _one(strategy, path, asked)))
        except StrategyFault as fault:
            fail(str(fault))
            raise SystemExit(FAULT) from None
        except (QbtcError, ValueError) as error:
            allowed = getattr(error, "allowed", None)
            fail(str(error), f"Allowed: {allowed}" if allowed else "")
            if alone:
                raise SystemExit(1) from None
            failed.append((path, str(error)))
    return done, failed


def _one(strategy: Strategy, path: Path, asked: Asked) -> Result:
    """Raises BadAssumption, NoTape, BrokenTape, StrategyFault."""
    import numpy as np

    from qbtc.hft import backtest as engine

    market = engine.prepare(path, tickers=asked.tickers)
    _few_enough(market, asked.sample)
    result = engine.run(strategy, market, **asked.words())
    if not np.isfinite(result.equity["mid"]).any():
        raise engine.BadAssumption(
            f"{path}: no market: bid and ask are never there at once, so the strategy was never asked; allowed: a tape with "
            "depth updates, snapshots or best bid and ask"
        )
    return result


def _few_enough(market: Market, sample: str) -> None:
    """Raises BadAssumption where samples would fill the memory."""
    from qbtc.hft.domain.backtest.assumptions import BadAssumption, duration

    step, length = duration(sample), market.feed.last - market.feed.begin
    if step and length // step > MOST_SAMPLES:
        raise BadAssumption(
            f"a sample each {sample} of {length / 1e9:,.0f} s makes {length // step:,}; allowed: {MOST_SAMPLES:,} at most, "
            f"so {-(-length // MOST_SAMPLES):,}ns or more"
        )


@contextmanager
def _busy(what: str) -> Iterator[None]:
    """A spinner on a terminal, nothing elsewhere."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield


def _name(path: Path, below: Path) -> str:
    return str(path.relative_to(below)) if path != below else path.name


def _written(results: list[tuple[Path, Result]], data: Path, report: Path | None, out: Path | None, lang: str) -> None:
    from qbtc.hft.adapters import report as write

    try:
        if report is not None and results and results[0][0] == data:
            write.write_html(results[0][1], report, lang, source=str(data))
        elif report is not None and results:
            write.compare_html([r for _, r in results], report, lang, [_name(path, data) for path, _ in results])
        for path, result in results if out is not None else ():
            assert out is not None
            into = out if path == data else out / _name(path, data)
            write.write_json(result, into / "result.json", lang)
            write.write_parquet(result, into)
    except OSError as error:
        fail(f"{error.filename}: cannot be written: {error.strerror}")
        raise SystemExit(1) from None
    except ValueError as error:  # more results than a comparison takes
        fail(str(error), "Give --out instead of --report.")
        raise SystemExit(1) from None


def _keep(strategy: str, path: Path, asked: Asked, result: Result) -> None:
    """Among the runs of research; a disk that is full is said and changes nothing else."""
    from qbtc.hft.adapters.research import ResearchStore
    from qbtc.hft.adapters.research.results import keep_backtest

    store = ResearchStore(home_path())
    try:
        run = store.add("backtest", {"strategy": strategy, "tape": str(path), "parameters": dict(result.parameters), **asked.words()}, "cli", state="done")
        keep_backtest(result, store.path(run), str(path))
        store.prune()
    except OSError as error:
        fail(f"not kept in {store.folder}: {error.strerror}", "--no-keep leaves it out.")


def _print_json(
    results: list[tuple[Path, Result]], failed: list[tuple[Path, str]], data: Path, lang: str, *, single: bool
) -> None:
    from qbtc.hft.adapters.report import document

    items = [{"path": str(path), **document(result, lang)} for path, result in results]
    if single:
        click.echo(json.dumps(items[0], allow_nan=False))
        return
    sums = {name: sum(r.stats[name] for _, r in results) for name in SUMMED}
    errors = [{"path": str(path), "error": why} for path, why in failed]
    click.echo(json.dumps({"items": items, "failed": errors, "sum": sums}, allow_nan=False))


SUMMED = ("net", "gross", "fees", "traded", "orders", "fills", "round_trips")
"""What adds up over symbols."""
