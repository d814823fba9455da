"""`python -m qbtc.hft.adapters.hotloop`: the engine process, as HFT starts it and as a person may run it alone."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from .child import Options, main


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="qbtc.hft.adapters.hotloop", description=__doc__)
    parser.add_argument("--rest", required=True)
    parser.add_argument("--ws", required=True)
    parser.add_argument("--ws-api", required=True)
    parser.add_argument("--symbols", required=True, help="comma-separated")
    parser.add_argument("--strategy", required=True)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=NUMBER", help="a parameter of the strategy")
    parser.add_argument("--spin", action="store_true", help="never sleep: takes a core for itself")
    parser.add_argument("--core", type=int, help="pin the loop to this core")
    parser.add_argument("--ca-file", help="certificate authorities to trust instead of the system's")
    parser.add_argument("--alone", action="store_true", help="no control process: the engine watches itself")
    parser.add_argument("--silence", type=float, default=3.0, help="seconds without the control process until HALTED")
    parser.add_argument("--record", action="store_true", help="record the session, for `qbtc session replay`")
    parser.add_argument("--resume", action="store_true", help="end the halt that the last engine was in")
    return parser.parse_args()


given = _arguments()
options = Options(
    home=Path(os.environ.get("QBTC_HOME") or Path.home() / ".qbtc"),
    rest=given.rest,
    ws=given.ws,
    ws_api=given.ws_api,
    symbols=tuple(given.symbols.upper().split(",")),
    spin=given.spin,
    core=given.core,
    ca_file=given.ca_file,
    alone=given.alone,
    silence_seconds=given.silence,
    resume=given.resume,
    record=given.record,
)
parameters = {name: float(value) for name, _, value in (text.partition("=") for text in given.set)}
raise SystemExit(main(options, given.strategy, parameters))
