"""`qbtc compile`: make the numeric code of the venue, the trading engine and the simulators ready before the first start.

The launcher runs it beside the build of the user interface; the result is in Numba's cache, next to the sources.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import click

from .common import fail

# The longest first, so that no processor waits for it at the end.
PARTS = {
    "venue": "from qbtc.exchange.warming import warm, warm_views; warm(); warm_views()",
    "statistics": "from qbtc.qcs.statistics.warming import warm; warm()",
    "backtests": "from qbtc.hft.warming import warm_backtest; warm_backtest()",
    "journal": "from qbtc.exchange.warming import warm_recovery; warm_recovery()",
    "circuits": "from qbtc.qcs.warming import warm; warm()",
    "engine": "from qbtc.hft.warming import warm; warm()",
    "states": "from qbtc.qcs.domain.warming import warm; warm()",
    "data": "from qbtc.hft.adapters.data.warming import warm; warm()",
    "simulator": "from qbtc.exchange.warming import warm_crowd; warm_crowd()",
    "simulated tapes": "from qbtc.hft.adapters.data.warming import warm_simulation; warm_simulation()",
    "search of states": "from qbtc.core.hilbert.search import warm; warm()",
}


@click.command("compile")
def compile_code() -> None:
    """Compile the numeric code ahead of time (the first start would do it otherwise)."""
    begun = time.monotonic()
    # A process a processor: each takes half a gigabyte while it compiles.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failed = [name for name, code in zip(PARTS, pool.map(_run, PARTS.values()), strict=True) if code != 0]
    if failed:
        fail(f"The code of {' and '.join(failed)} could not be compiled.", "The message above says why.")
        raise SystemExit(1)
    click.echo(f"compiled in {time.monotonic() - begun:.1f} s")


def _run(code: str) -> int:
    return subprocess.run([sys.executable, "-c", code], check=False).returncode
