"""`qbtc backtest` on bars: a file with `position(bars, …)` on a tape of bars, or on bars made of what a tape holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from .common import fail, home_path

if TYPE_CHECKING:
    from qbtc.hft.adapters.position_files import Positions
    from qbtc.hft.backtest import Result

    from .backtest import Asked

BOOKS_ONLY = ("latency", "queue", "sample", "no_tickers", "python", "funding", "by_leg", "stp", "leverage", "margin", "wallet")
FAULT = 3


def holds_bars(data: Path) -> bool:
    """Whether a tape, or the first one below a folder, has bars; False also for what is no tape, of which the run will speak."""
    from qbtc.core.market.tape.layout import Kind
    from qbtc.hft.adapters.data.opening import open_tape
    from qbtc.hft.errors import BrokenTape, NoTape

    tapes = [data] if (data / "tape.json").exists() else sorted(each.parent for each in data.rglob("tape.json"))
    try:
        return bool(tapes) and bool(open_tape(tapes[0]).of(Kind.BAR).size)
    except (NoTape, BrokenTape):
        return False


def chosen(strategy: str, values: dict[str, float]) -> Positions:
    """Loaded, with its parameters. Options that bars cannot take are refused."""
    from qbtc.hft.adapters.position_files import load_positions
    from qbtc.hft.domain.strategy import StrategyFault

    for name in BOOKS_ONLY:
        if _given(name):
            shown = {"by_leg": "leg"}.get(name, name.replace("_", "-"))
            raise click.UsageError(f"--{shown} says something of books and orders, which bars do not have.")
    try:
        return load_positions(strategy, home_path()).with_values(values)
    except StrategyFault as fault:
        fail(str(fault))
        raise SystemExit(FAULT) from None
    except ValueError as error:
        fail(str(error))
        raise SystemExit(1) from None


def run(positions: Positions, path: Path, asked: Asked) -> Result:
    """Raises BadBars, BadAssumption, NoTape, BrokenTape, StrategyFault."""
    from qbtc.hft import bars
    from qbtc.hft.domain.backtest.assumptions import fees

    every, _, source = (asked.bars or "").partition(":")
    made = bars.of(path, every or None, source or "trades")
    fill = asked.fill if _given("fill") else "next_open"
    fee = fees(asked.fees)[1] if asked.fees else None
    runs = bars.backtest(made, positions.wanted(made), fees=fee, fill=fill, trials=asked.trials)
    return runs.result(name=positions.name, parameters=positions.parameters)


def _given(name: str) -> bool:
    return click.get_current_context().get_parameter_source(name) == ParameterSource.COMMANDLINE
