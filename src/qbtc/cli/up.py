"""`qbtc up`: start the supervisor, show its progress, then the address to open."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import IO

import click

from qbtc.engines.plan import check_market, choose_services
from qbtc.engines.supervisor import Event
from qbtc.hft.domain.venues import LOCAL, VENUES

from .common import clear_errors, fail, home_path
from .report import Report, report

INTERRUPTED = 130  # what a shell says of Ctrl+C: a detached start that did not come to its end


@click.command()
@click.option("--detach", "-d", is_flag=True, help="Return when everything is ready; stop later with `qbtc down`.")
@click.option("--only", default="", metavar="A,B", help="Only these services: exchange, hft (with exchange), qcs, cio, ce3, web.")
@click.option("--market", default=None, metavar="auto|binance|replay:PATH|sim", help="Where market data comes from.")
@click.option("--speed", default=None, type=click.FloatRange(0, 1000, min_open=True), help="Replay: times real time.")
@click.option("--symbols", default=None, metavar="A,B", help="For example BTCUSDT,ETHUSDT.")
@click.option("--venue", default=None, type=click.Choice(VENUES), help="Where orders go. All but local are read-only at first.")
@click.option("--live", is_flag=True, help="Allow live trading at a venue that is not local, once a person confirms it.")
@click.option("--loop", is_flag=True, help="Replay: start again at the end.")
@clear_errors
def up(**options: str | float | bool | None) -> None:
    """Start everything and print the address to open.

    Stays in the foreground (Ctrl+C stops in order, a second Ctrl+C kills) unless --detach.
    """
    env = environment(options)
    detach = bool(options["detach"])
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends us ends what we started
    process = start(env, detach=detach)
    try:
        code = show(process, report(), detach=detach)
    except KeyboardInterrupt:
        code = wind_down(process) or (INTERRUPTED if detach else 0)
    raise SystemExit(code)


def environment(options: dict[str, str | float | bool | None]) -> dict[str, str]:
    """The daemon's environment: flags over environment over qbtc.toml. Raises EngineError or BadInput."""
    from qbtc.kit.settings import platform

    flags = {"QBTC_HOME": os.path.abspath(home_path().expanduser())}  # noqa: PTH100
    for name in ("market", "speed", "symbols"):
        if options[name] is not None:
            flags[f"QBTC_{name.upper()}"] = str(options[name])
    if options["loop"]:
        flags["QBTC_LOOP"] = "true"
    flags |= venue_flags(options, os.environ)
    flags["QBTC_ONLY"] = ",".join(choose_services(str(options["only"])))
    env = dict(os.environ) | flags
    known = platform(env)
    env["QBTC_MARKET"] = check_market(known.market)
    env |= {"QBTC_PORT_OFFSET": str(known.port_offset), "QBTC_GATEWAY": known.gateway}
    env |= {"QBTC_SPEED": str(known.speed), "QBTC_LOOP": str(known.loop).lower()}
    env |= {"QBTC_SYMBOLS": ",".join(known.symbols)} if known.symbols else {}
    for name in ("database_url", "redis_url", "bus_url"):
        secret = getattr(known, name)
        env |= {f"QBTC_{name.upper()}": secret.get_secret_value()} if secret is not None else {}
    return env


def venue_flags(options: Mapping[str, str | float | bool | None], env: Mapping[str, str]) -> dict[str, str]:
    """Raises BadInput for `--live` without a venue that could be live."""
    flags = {"QBTC_HFT_VENUE": str(options["venue"])} if options["venue"] is not None else {}
    if not options["live"]:
        return flags
    from qbtc.hft.settings import HftSettings
    from qbtc.kit.errors import BadInput
    from qbtc.kit.settings import load

    settings = load(HftSettings, "hft", env={**env, **flags})
    if settings.venue == LOCAL:
        raise BadInput("--live needs a venue that is not local", field="venue", allowed=[*VENUES[1:]])
    return flags | {"QBTC_HFT_LIVE": "true"}


def start(env: dict[str, str], *, detach: bool) -> subprocess.Popen[str]:
    """The supervisor's process, in a session of its own so that Ctrl+C reaches only us."""
    follow = {} if detach else {"QBTC_FOLLOW": str(os.getpid())}
    return subprocess.Popen(
        [sys.executable, "-m", "qbtc.engines.daemon"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=env | follow | {"PYTHONSAFEPATH": "1"},
        start_new_session=True,
        cwd="/",
    )


def events(stream: IO[str]) -> Iterator[Event]:
    """The supervisor's events; anything else it prints (a defect) is shown as it is."""
    for line in stream:
        try:
            event = json.loads(line)
        except ValueError:
            click.echo(line, nl=False, err=True)
            continue
        if isinstance(event, dict):
            yield event


def show(process: subprocess.Popen[str], view: Report, *, detach: bool) -> int:
    """Follow the events to the end, or to readiness when detached. Returns the exit code."""
    assert process.stdout is not None
    with view:
        for event in events(process.stdout):
            view.add(event)
            if event["event"] == "failed":
                view.close()
                fail(event["error"], event["advice"])
            if event["event"] == "ready":
                view.close()
                announce(event["url"], detach=detach)
                if detach:
                    return 0
    return process.wait() or 0


def announce(url: str, *, detach: bool) -> None:
    from qbtc.kit.security import login_link

    click.echo(f"Open  {login_link(home_path(), url)}")
    click.echo("      (works once, within ten minutes; `qbtc login` makes another)")
    for line in remarks():
        click.echo(line)
    click.echo("Stop with `qbtc down`." if detach else "Ctrl+C stops everything.")


def remarks() -> list[str]:
    """Where prices come from, and what a person should know of the trading account before anything else."""
    from qbtc.kit.settings import platform

    from .status import trading_state, venue_market
    from .unserved import unserved_words

    market, trading = venue_market(platform().port("exchange")), trading_state()
    lines = [f"Market: {market['mode']}" + (f" ({note})" if (note := market.get("note")) else "")] if market["mode"] else []
    if trading["state"] == "HALTED":
        lines.append(f"Trading is halted ({trading['reason']}): `qbtc resume` ends it.")
    beyond = unserved_words(trading["unserved"])
    return [*lines, f"WARNING: {beyond}"] if beyond else lines


def wind_down(process: subprocess.Popen[str]) -> int:
    """After Ctrl+C: stop in order; a second one kills."""
    click.echo("\nStopping (Ctrl+C again kills) ...", err=True)
    process.terminate()
    while True:
        try:
            _drain(process)
            return process.wait()
        except KeyboardInterrupt:
            process.terminate()


def _drain(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for event in events(process.stdout):
        if event["event"] == "stopped":
            click.echo(f"  {event['name']} stopped", err=True)
