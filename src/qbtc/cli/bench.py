"""`qbtc bench NAME`: one benchmark of bench/, which prints one JSON line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from .common import fail


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("name", required=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(name: str | None, arguments: tuple[str, ...]) -> None:
    """Run the benchmark NAME (without it: list them). Figures and their reasons are in bench/README.md."""
    root = Path(__file__).resolve().parents[3]
    known = sorted(p.stem for p in (root / "bench").glob("*.py") if p.stem not in ("__init__", "harness"))
    if name is None:
        click.echo("\n".join(known))
        return
    if name not in known:
        fail(f"no benchmark {name!r}.", f"Allowed: {', '.join(known)}")
        raise SystemExit(2)
    raise SystemExit(subprocess.call([sys.executable, "-m", f"bench.{name}", *arguments], cwd=root))
