"""`qbtc exchange`: the venue alone, for any Binance client."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from .common import clear_errors
from .exchange_keys import keys


@click.group(invoke_without_command=True)
@click.option("--data", help="Recorded raw frames: a file, a comma-separated list of files, or a folder.")
@click.option("--sim", is_flag=True, help="Generate a seeded market.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to serve on; given explicitly it ignores the offset.")
@click.option("--speed", type=click.FloatRange(0, 1000, min_open=True), help="Market time runs this much faster.")
@click.option("--loop", is_flag=True, help="Begin again at the end of the recording.")
@click.option("--symbols", help="Comma-separated symbols to serve; all of the recording if left out.")
@click.option("--json", "as_json", is_flag=True, help="First line: addresses and the paper account's key, as JSON.")
@click.option(
    "--faults", is_flag=True, help="Take plans of faults for tests at /qbtc/v1/faults, from this machine only."
)
@click.pass_context
@clear_errors
def exchange(
    context: click.Context,
    data: str | None,
    sim: bool,
    port: int | None,
    speed: float | None,
    loop: bool,
    symbols: str | None,
    as_json: bool,
    faults: bool,
) -> None:
    """Run the local Binance-compatible venue alone, in the foreground.

    Without --data or --sim the market is chosen as `qbtc up` does: QBTC_MARKET, then qbtc.toml, then auto.
    """
    if context.invoked_subcommand:
        return
    if data and sim:
        raise click.UsageError("--data and --sim exclude each other; give one of them.")
    chosen = {
        "QBTC_MARKET": f"replay:{_absolute(data)}" if data else "sim" if sim else None,
        "QBTC_SPEED": str(speed) if speed else None,
        "QBTC_LOOP": "true" if loop else None,
        "QBTC_SYMBOLS": symbols,
        "QBTC_EXCHANGE_FAULTS": "true" if faults else None,
    }
    os.environ.update({name: value for name, value in chosen.items() if value})
    from qbtc.exchange.service import run

    raise SystemExit(run(port=port, announce=sys.stdout if as_json else None))


def _absolute(data: str) -> str:
    return ",".join(str(Path(part.strip()).expanduser().resolve()) for part in data.split(",") if part.strip())


exchange.add_command(keys)
