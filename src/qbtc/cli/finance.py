"""`qbtc finance`: quantum finance in this process, the classical value beside each result."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .common import clear_errors, fail

if TYPE_CHECKING:
    from qbtc.qcs.jobs.request import Request


Json = dict[str, Any]
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
SEED = click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the random numbers.")
EPSILON = click.option(
    "--epsilon", type=float, default=0.01, show_default=True, help="Half-width of a probability's interval."
)


@click.group()
def finance() -> None:
    """Options, risk, portfolios, volatility and linear systems by simulated quantum circuits.

    Every answer has the classical value beside it. No quantum advantage is claimed.
    """


@finance.command()
@click.option("--payoff", type=click.Choice(["call", "put", "digital"]), default="call", show_default=True)
@click.option("--spot", type=float, required=True, help="Price today.")
@click.option("--strike", type=float, required=True, help="Price at which it may be exercised.")
@click.option("--volatility", type=float, default=0.4, show_default=True, help="A year.")
@click.option("--rate", type=float, default=0.05, show_default=True, help="A year.")
@click.option("--days", type=float, default=40, show_default=True, help="To expiry; a year has 365.")
@click.option("--qubits", type=int, default=3, show_default=True, help="Of the price: 2^n prices.")
@click.option("--scaling", type=float, default=0.25, show_default=True, help="Largest turn of the payoff rotation: less is straighter.")
@click.option("--convergence", is_flag=True, help="Also without sampling for 3 to 8 qubits.")
@EPSILON
@SEED
@JSON
@clear_errors
def option(as_json: bool, **given: Any) -> None:
    """A European option by amplitude estimation, beside Black and Scholes."""
    _answer("Option", given, as_json, _option)


@finance.command()
@click.option(
    "--loan", "loans", multiple=True, required=True, metavar="LOSS,DEFAULT[,CORRELATION]", help="May be repeated."
)
@click.option("--level", type=float, default=0.95, show_default=True, help="Share of outcomes that lose no more.")
@click.option("--factor-qubits", type=int, default=2, show_default=True, help="Of the common factor: 2^n values.")
@EPSILON
@SEED
@JSON
@clear_errors
def risk(as_json: bool, loans: tuple[str, ...], **given: Any) -> None:
    """Value at risk of a few loans, and the mean loss beyond it."""
    _answer("Risk", {"loans": [_loan(text) for text in loans], **given}, as_json, _risk)


@finance.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--budget", type=int, required=True, help="How many assets to hold.")
@click.option("--risk", type=float, default=0.5, show_default=True, help="What a unit of variance costs.")
@click.option("--method", type=click.Choice(["qaoa", "vqe"]), default="qaoa", show_default=True)
@click.option("--layers", type=int, help="Of the circuit: p in the literature. Default: 3, fewer where it takes too long.")
@SEED
@JSON
@clear_errors
def portfolio(file: Path, as_json: bool, **given: Any) -> None:
    """Which assets to hold, by QAOA or VQE, beside every choice. FILE is CSV: a name a column, a return a row."""
    import numpy as np

    names, rows = _table(file)
    moments = {"mean": rows.mean(axis=0).tolist(), "covariance": np.atleast_2d(np.cov(rows.T)).tolist()}
    _answer("Portfolio", {**moments, **given}, as_json, lambda found: _portfolio(found, names))


@finance.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column", default="close", show_default=True, help="Prices at equal times.")
@click.option("--block", type=int, default=60, show_default=True, help="Prices of one variance.")
@click.option("--spins", type=int, default=4, show_default=True, help="Size of the reservoir.")
@click.option("--times", type=int, default=2, show_default=True, help="Readings within a step.")
@SEED
@JSON
@clear_errors
def reservoir(file: Path, column: str, as_json: bool, **given: Any) -> None:
    """Realised volatility by a quantum reservoir, beside HAR and an echo-state network. FILE is CSV with prices."""
    names, rows = _table(file, (column,))
    _answer("Reservoir", {"closes": rows[:, names.index(column)].tolist(), **given}, as_json, _reservoir)


@finance.command("linear-system")
@click.option("--matrix", required=True, metavar="ROW;ROW", help="Such as 1.5,0.5;0.5,1.5: symmetric, 2 x 2 or 4 x 4.")
@click.option("--right", required=True, metavar="A,B", help="The right side.")
@click.option("--clock", type=int, default=6, show_default=True, help="Qubits that hold an eigenvalue.")
@JSON
@clear_errors
def linear_system(matrix: str, right: str, clock: int, as_json: bool) -> None:
    """A x = b by the HHL algorithm, beside the classical solution."""
    given = {"matrix": [_numbers(row) for row in matrix.split(";")], "right": _numbers(right), "clock": clock}
    _answer("LinearSystem", given, as_json, _linear)


def _answer(name: str, given: Json, as_json: bool, show: Callable[[Json], None]) -> None:
    """Check, compute, print."""
    from pydantic import ValidationError

    from qbtc.kit.errors import from_validation
    from qbtc.qcs import finance as engine

    model: type[Request] = getattr(engine, name)
    try:
        found = engine.compute(model.model_validate(given))
    except ValidationError as error:
        raise from_validation(error) from None
    except ValueError as error:
        fail(str(error))
        raise SystemExit(1) from None
    if as_json:
        click.echo(json.dumps(found))
        return
    show(found)
    click.secho(found["note"], dim=True)


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise click.UsageError(f"{text!r} is not understood; allowed: numbers with commas between them") from None


def _loan(text: str) -> Json:
    values = _numbers(text)
    if len(values) not in (2, 3) or values[0] != int(values[0]):
        raise click.UsageError(
            f"--loan {text!r} is not understood; allowed: LOSS,DEFAULT[,CORRELATION] such as 2,0.05,0.1"
        )
    return {"loss": int(values[0]), **dict(zip(("default", "correlation"), values[1:], strict=False))}


def _table(file: Path, wanted: tuple[str, ...] = ()) -> tuple[list[str], Any]:
    """The columns of a CSV file with a line of names: those `wanted`, else all."""
    import numpy as np
    import polars as pl

    try:
        frame = pl.read_csv(file)
        found = frame.select(wanted) if wanted else frame
        return found.columns, np.asarray(found.cast(pl.Float64).to_numpy(), dtype=np.float64)
    except (pl.exceptions.PolarsError, OSError) as error:
        fail(
            f"{file} cannot be read: {str(error).splitlines()[0]}",
            "Allowed: CSV with a line of names and numbers below.",
        )
        raise SystemExit(1) from None


def _option(found: Json) -> None:
    quantum, classical, budget = found["quantum"], found["classical"], found["budget"]
    low, high = quantum["interval"]
    click.echo(
        f"quantum estimate      {quantum['value']:.5f}   interval {low:.5f} to {high:.5f}   {quantum['oracle_calls']} oracle calls"
    )
    click.echo(f"circuit, exact        {quantum['exact']:.5f}   {quantum['qubits']} qubits, depth {quantum['depth']}")
    click.echo(f"grid, exact           {classical['grid']:.5f}")
    click.echo(f"Black-Scholes         {classical['value']:.5f}   discounted {classical['discounted']:.5f}")
    click.echo("error   " + "   ".join(f"{name} {value:+.5f}" for name, value in budget.items()))
    for row in found["convergence"] or ():
        click.echo(
            f"  {row['qubits']} qubits   grid {row['grid']:.5f}   circuit {row['circuit']:.5f}   grid - Black-Scholes {row['error']:+.5f}"
        )


def _risk(found: Json) -> None:
    quantum = found["quantum"]
    low, high = quantum["cvar_interval"]
    sure = "" if quantum["sure"] else "   (unsure: the level is inside an interval)"
    click.echo(
        f"quantum      VaR {quantum['var']}   mean beyond it {quantum['cvar']:.4f}   interval {low:.4f} to {high:.4f}{sure}"
    )
    for name, words in (("classical", "same grid"), ("continuous", "whole factor")):
        row = found[name]
        click.echo(
            f"{name:<12} VaR {row['var']}   mean beyond it {row['cvar']:.4f}   P(loss <= VaR) {row['probability']:.5f}   ({words})"
        )


def _portfolio(found: Json, names: list[str]) -> None:
    quantum, classical = found["quantum"], found["classical"]
    for title, row in (("quantum", quantum), ("every choice", classical)):
        held = ", ".join(name for name, taken in zip(names, row["assets"], strict=True) if taken)
        click.echo(f"{title:<13} {held}   value {row['value']:.6g}")
    click.echo(
        f"approximation ratio {quantum['approximation_ratio']:.4f}   chance of the optimum {quantum['success_probability']:.4f}"
        f" (guessing {quantum['chance_by_guessing']:.4f})   within the budget {quantum['within_budget']:.4f}"
    )
    if found["effort"]["why"]:
        click.echo(found["effort"]["why"])


def _reservoir(found: Json) -> None:
    click.echo(f"{found['forecasts']} forecasts of {found['blocks']} variances")
    for name, row in found["models"].items():
        click.echo(
            f"{name:<10} QLIKE {row['qlike']:.4f}   squared error of ln RV {row['mse']:.4f}   {row['inputs']} inputs"
        )
    for row in found["comparisons"]:
        click.echo(f"reservoir against {row['against']:<5} by {row['loss']:<6} {row['verdict']} (p {row['p']:.3f})")


def _linear(found: Json) -> None:
    quantum, classical = found["quantum"], found["classical"]
    click.echo(
        "quantum     "
        + "  ".join(f"{value:.6g}" for value in quantum["solution"])
        + f"   fidelity {quantum['fidelity']:.6f}"
    )
    click.echo("classical   " + "  ".join(f"{value:.6g}" for value in classical["solution"]))
    click.echo(
        f"relative error {found['error']:.2e}   {quantum['qubits']} qubits, depth {quantum['depth']}, success {quantum['success_probability']:.4f}"
    )
