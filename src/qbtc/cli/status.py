"""`qbtc status`: what is running, and where."""

from __future__ import annotations

import json
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import click

from qbtc.engines.base import EngineError
from qbtc.engines.plan import PORTS

from .common import ask_supervisor, clear_errors, home_path
from .unserved import unserved_words

NOT_RUNNING = 3
NOT_KNOWN: dict[str, Any] = {"state": None, "reason": None, "unserved": None}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@clear_errors
def status(as_json: bool) -> None:
    """What is running, and where. Exit code 3 when nothing runs, 1 when something is not ready."""
    found = collect()
    if as_json:
        click.echo(json.dumps(found, indent=1))
    else:
        show(found)
    raise SystemExit(exit_code(found))


def collect() -> dict[str, Any]:
    """Exactly {"services", "engines", "market", "trading", "url"}."""
    answer = ask_supervisor({"op": "status"})
    if answer is None:
        stopped = {name: {"state": "stopped", "port": None, "pid": None} for name in PORTS}
        return {"services": stopped, "engines": {}, "market": {"mode": None}, "trading": NOT_KNOWN, "url": None}
    services = answer["services"]
    market = venue_market(services.get("exchange", {}).get("port"))
    return {
        "services": services, "engines": answer["engines"], "market": market, "trading": trading_state(),
        "url": answer["url"],
    }  # fmt: skip


def trading_state() -> dict[str, Any]:
    """State, reason and symbols that are not served, as HFT says; state null when it does not answer."""
    from .engine_http import call

    try:
        found: Any = call("GET", "/trading", seconds=2.0)
    except EngineError:
        return NOT_KNOWN
    return {name: found.get(name) for name in NOT_KNOWN}


def venue_market(port: int | None) -> dict[str, Any]:
    """What the venue says about its market; mode null when it does not answer."""
    unknown: dict[str, Any] = {"mode": None}
    if port is None:
        return unknown
    try:
        with urlopen(f"http://127.0.0.1:{port}/qbtc/v1/market", timeout=2) as answer:
            found = json.load(answer)
    except (URLError, OSError, ValueError):
        return unknown
    return unknown | found if isinstance(found, dict) else unknown


def exit_code(found: dict[str, Any]) -> int:
    if found["url"] is None:
        return NOT_RUNNING
    rows = [*found["services"].values(), *found["engines"].values()]
    return 0 if all(row.get("state", "ready") == "ready" for row in rows) else 1


def show(found: dict[str, Any]) -> None:
    if found["url"] is None:
        click.echo(f"QBTC is not running on {home_path()}. Start it with `qbtc up`.")
        return
    for name, row in found["engines"].items():
        kind = "embedded" if row["embedded"] else "given"
        click.echo(_line(name, row, f"{row.get('version', ''):<8} {kind:<9} {row.get('detail', '')}"))
    for name, row in found["services"].items():
        click.echo(_line(name, row, f"http://127.0.0.1:{row['port']}"))
    click.echo(f"market    {found['market']['mode'] or 'unknown'}")
    trading = found["trading"]
    reason = f"  ({trading['reason']})" if trading["reason"] and trading["state"] != "ACTIVE" else ""
    end = "  `qbtc resume` ends it." if trading["state"] == "HALTED" else ""
    click.echo(f"trading   {trading['state'] or 'unknown'}{reason}{end}")
    if beyond := unserved_words(trading["unserved"]):
        click.secho(beyond, fg="yellow")
    click.echo(f"open      {found['url']}")


def _line(name: str, row: dict[str, Any], rest: str) -> str:
    state = row.get("state", "ready")
    pid = f"pid {row['pid']}" if row.get("pid") else ""
    restarts = f"  (restarted {row['restarts']} times, last: {row['last_end']})" if row.get("restarts") else ""
    return f"{name:<9} {state:<11} {pid:<11} {rest}{restarts}"
