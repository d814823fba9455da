"""`qbtc doctor`: checks of this machine and installation, each failing line with what to do."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib import import_module

import click

from qbtc.engines.checks import Check, all_checks

from .common import clear_errors, home_path
from .retention import Kept, retention

SETTINGS = {
    "qbtc": "qbtc.kit.settings:Platform",
    "exchange": "qbtc.exchange.settings:ExchangeSettings",
    "paper": "qbtc.exchange.settings:PaperSettings",
    "hft": "qbtc.hft.settings:HftSettings",
    "qcs": "qbtc.qcs.settings:QcsSettings",
    "cio": "qbtc.cio.settings:CioSettings",
    "ce3": "qbtc.ce3.settings:Ce3Settings",
    "web": "qbtc.web.settings:WebSettings",
}
MARKS = {"ok": ("ok  ", "green"), "warn": ("warn", "yellow"), "fail": ("FAIL", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@clear_errors
def doctor(as_json: bool) -> None:
    """Check machine, engines, ports, disk and clock.

    It also shows where each setting comes from, and how long everything that is stored is kept.

    Exit code 1 when something is broken.
    """
    from qbtc.kit.settings import platform

    shared = platform()
    given = {"database": shared.database_url, "cache": shared.redis_url, "bus": shared.bus_url}
    urls = {kind: url.get_secret_value() for kind, url in given.items() if url is not None}
    checks = all_checks(home_path(), offset=shared.port_offset, given=urls)
    settings, kept = setting_rows(), retention()
    if as_json:
        found = {"checks": [asdict(check) for check in checks], "settings": settings, "retention": [asdict(row) for row in kept]}
        click.echo(json.dumps(found, indent=1))
    else:
        show(checks, settings, kept)
    raise SystemExit(1 if any(check.state == "fail" for check in checks) else 0)


def setting_rows() -> list[dict[str, str]]:
    """Each setting of platform and services, and where its value came from; secrets are masked by `kit.settings`."""
    from qbtc.kit.settings import load_with_origins

    found: list[dict[str, str]] = []
    for section, place in SETTINGS.items():
        module, _, name = place.partition(":")
        _, origins = load_with_origins(getattr(import_module(module), name), section)
        found += [asdict(origin) for origin in origins]
    return found


def show(checks: list[Check], settings: list[dict[str, str]], kept: list[Kept]) -> None:
    for check in checks:
        mark, colour = MARKS[check.state]
        click.echo(f"{click.style(mark, fg=colour)}  {check.name:<12} {check.found}")
        if check.advice and check.state != "ok":
            click.echo(f"      {'':<12} -> {check.advice}")
    click.echo("\nSettings")
    for row in settings:
        name = f"{row['section']}.{row['name']}"
        click.echo(f"  {name:<32} {row['value'] or '-':<36} {row['source']}")
    click.echo("\nHow long it is kept")
    for line in kept:
        click.echo(f"  {line.what:<34} {line.how_long:<58} {line.setting}".rstrip())
