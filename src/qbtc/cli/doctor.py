"""`qbtc doctor`: checks of this machine and installation, each failing line with what to do."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from qbtc.engines.checks import Check, all_checks

from .common import clear_errors, home_path

MARKS = {"ok": ("ok  ", "green"), "warn": ("warn", "yellow"), "fail": ("FAIL", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@clear_errors
def doctor(as_json: bool) -> None:
    """Check machine, engines, ports, disk and clock, and show where each setting comes from.

    Exit code 1 when something is broken.
    """
    checks = all_checks(home_path())
    settings = setting_rows()
    if as_json:
        click.echo(json.dumps({"checks": [asdict(check) for check in checks], "settings": settings}, indent=1))
    else:
        show(checks, settings)
    raise SystemExit(1 if any(check.state == "fail" for check in checks) else 0)


def setting_rows() -> list[dict[str, str]]:
    """Each platform setting, where its value came from; secrets are masked by `kit.settings`."""
    from qbtc.kit.settings import Platform, load_with_origins

    _, origins = load_with_origins(Platform, "qbtc")
    return [asdict(origin) for origin in origins]


def show(checks: list[Check], settings: list[dict[str, str]]) -> None:
    for check in checks:
        mark, colour = MARKS[check.state]
        click.echo(f"{click.style(mark, fg=colour)}  {check.name:<12} {check.found}")
        if check.advice and check.state != "ok":
            click.echo(f"      {'':<12} -> {check.advice}")
    click.echo("\nSettings")
    for row in settings:
        click.echo(f"  {row['section']}.{row['name']:<18} {row['value']:<36} {row['source']}")
