"""`qbtc compile`: make the numeric code of the venue, the trading engine and the simulators ready before the first start.

The launcher runs it beside the build of the user interface; the result is in Numba's cache, next to the sources.
"""

from __future__ import annotations

import subprocess
import sys
import time

import click

from .common import fail

PARTS = {
    "venue": "from qbtc.exchange.warming import warm, warm_views; warm(); warm_views()",
    "journal": "from qbtc.exchange.warming import warm_recovery; warm_recovery()",
    "simulator": "from qbtc.exchange.warming import warm_crowd; warm_crowd()",
    "data": "from qbtc.hft.adapters.data.warming import warm; warm()",
    "simulated tapes": "from qbtc.hft.adapters.data.warming import warm_simulation; warm_simulation()",
    "backtests": "from qbtc.hft.warming import warm_backtest; warm_backtest()",
    "search of states": "from qbtc.core.hilbert.search import warm; warm()",
    "states": "from qbtc.qcs.domain.warming import warm; warm()",
    "statistics": "from qbtc.qcs.statistics.warming import warm; warm()",
    "circuits": "from qbtc.qcs.warming import warm; warm()",
    "engine": "from qbtc.hft.warming import warm; warm()",
}


@click.command("compile")
def compile_code() -> None:
    """Compile the numeric code ahead of time (the first start would do it otherwise)."""
    begun = time.monotonic()
    running = {name: subprocess.Popen([sys.executable, "-c", code]) for name, code in PARTS.items()}
    failed = [name for name, process in running.items() if process.wait() != 0]
    if failed:
        fail(f"The code of {' and '.join(failed)} could not be compiled.", "The message above says why.")
        raise SystemExit(1)
    click.echo(f"compiled in {time.monotonic() - begun:.1f} s")
