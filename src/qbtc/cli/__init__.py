"""The command line: one module a verb, imported only when that verb is used.

This file is imported at every start, so it imports nothing heavy: `qbtc --version` must be instant.
"""

from __future__ import annotations

import sys

from qbtc import __version__

VERBS: dict[str, tuple[str, str]] = {
    "up": ("qbtc.cli.up:up", "Start everything and print the address to open."),
    "down": ("qbtc.cli.down:down", "Stop everything."),
    "status": ("qbtc.cli.status:status", "What is running, and where."),
    "doctor": ("qbtc.cli.doctor:doctor", "Check this machine and say what to do."),
    "logs": ("qbtc.cli.logs:logs", "Show the logs of one or all processes."),
    "run": ("qbtc.cli.run:run", "Run one service in the foreground."),
    "exchange": ("qbtc.cli.exchange:exchange", "Run the local Binance-compatible venue alone."),
    "ask": ("qbtc.cli.ask:ask", "Ask the assistant a question."),
    "memory": ("qbtc.cli.memory:memory", "The long memory: keep, find, show, import, forget."),
    "archetypes": ("qbtc.cli.archetypes:archetypes", "How a text tells its story; no personality test."),
    "kill": ("qbtc.cli.kill:kill", "Stop trading at once (the kill switch)."),
    "resume": ("qbtc.cli.resume:resume", "Let strategies and orders trade again after a halt."),
    "hft": ("qbtc.cli.hft:hft", "The trading engine: the kill switch and its measurements."),
    "sweep": ("qbtc.cli.sweep:sweep", "Try many parameters of a strategy on recorded market data."),
    "propose": ("qbtc.cli.propose:propose", "Look for better parameters, approve or reject them."),
    "stats": ("qbtc.cli.stats:stats", "Statistics of the columns of a file."),
    "data": ("qbtc.cli.data:data", "Import, fetch, check and look at market data."),
    "backtest": ("qbtc.cli.backtest:backtest", "Run a strategy on recorded market data and report it."),
    "strategy": ("qbtc.cli.strategy:strategy", "List, copy, check and time strategies."),
    "session": ("qbtc.cli.session:session", "Recorded sessions of strategies, and their replay."),
    "states": ("qbtc.cli.states:states", "Stored states of the market: list, show, find what is like one."),
    "jobs": ("qbtc.cli.jobs:jobs", "Long computations: queue, follow, cancel."),
    "finance": ("qbtc.cli.finance:finance", "Quantum finance, the classical value beside it."),
    "infer": ("qbtc.cli.infer:infer", "Forecasts by channel and POVM beside classical ones."),
    "qasm": ("qbtc.cli.qasm:qasm", "Run, check, export and draw OpenQASM circuits."),
    "alerts": ("qbtc.cli.alerts:alerts", "Be told when a price is reached or a fill comes."),
    "paper": ("qbtc.cli.paper:paper", "Reset the paper account."),
    "login": ("qbtc.cli.login:login", "A new one-time login link."),
    "token": ("qbtc.cli.token:token", "A bearer token for scripts."),
    "user": ("qbtc.cli.user:user", "Add and list users, set passwords."),
    "keys": ("qbtc.cli.keys:keys", "Keys of exchanges and model providers."),
    "reset": ("qbtc.cli.reset:reset", "Delete all data of this installation."),
    "db": ("qbtc.cli.db:db", "Migrate the database, show its state."),
    "bus": ("qbtc.cli.bus:bus", "List and replay dead letters."),
    "resonance": ("qbtc.cli.resonance:resonance", "Scan verse: syllables, stresses, metre and rhyme of a text."),
    "compile": ("qbtc.cli.compile:compile_code", "Compile the numeric code ahead of time."),
    "bench": ("qbtc.cli.bench:bench", "Run a benchmark."),
    "test": ("qbtc.cli.test:test", "Run the tests."),
}


def main() -> None:
    """The entry point of `qbtc`."""
    if sys.argv[1:] == ["--version"]:
        print(f"qbtc {__version__}")
        return
    from .root import root

    root(prog_name="qbtc")
