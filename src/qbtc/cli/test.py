"""`qbtc test`: the tests of a checkout, in four sizes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from .common import clear_errors, fail

PARALLEL = ("-n", "2", "--dist", "loadfile")
# Real processes on a busy machine: a test that fails is run once more, and the summary names it. Twice is a failure.
# Each worker has engines and a system of its own; they wait most of the time.
ON_REAL_PARTS = ("--timeout", "300", "--reruns", "1", "-rR")
Phase = tuple[str, ...]

FAST: list[Phase] = [("tests/unit", *PARALLEL)]
NORMAL: list[Phase] = [*FAST, ("tests/contract", "tests/system", *PARALLEL, *ON_REAL_PARTS)]
CAMPAIGN = "tests/chaos/test_hft_faults.py"
# Its processes wait most of the time: four seeds at once.
FULL: list[Phase] = [
    *NORMAL,
    ("tests/chaos", "--ignore", CAMPAIGN, *PARALLEL, *ON_REAL_PARTS),
    # By themselves: the browser keeps an event loop running in its worker, beside which no other can run.
    ("tests/ui", *PARALLEL, *ON_REAL_PARTS),
    (CAMPAIGN, "-n", "4", "--dist", "load", *ON_REAL_PARTS),
]


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--fast", "size", flag_value="fast", help="Pure code only (a minute).")
@click.option(
    "--normal",
    "size",
    flag_value="normal",
    default=True,
    help="Adds contract and system tests on embedded engines (default).",
)
@click.option("--full", "size", flag_value="full", help="Adds browser, RabbitMQ and chaos tests; what CI runs.")
@click.option("--exhaustive", "size", flag_value="exhaustive", help="Everything, with more examples and seeds.")
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
@clear_errors
def test(size: str, pytest_arguments: tuple[str, ...]) -> None:
    """Run the tests. Anything after the options goes to pytest (`qbtc test --fast -k book`)."""
    root = Path(__file__).resolve().parents[3]
    if not (root / "tests").is_dir():
        fail("the tests are not here.", "They are in the repository; run ./qbtc test in a checkout.")
        raise SystemExit(1)
    phases = {"fast": FAST, "normal": NORMAL}.get(size, FULL)
    environment = {**os.environ, "QBTC_TEST_SIZE": size}
    codes = [_pytest(root, phase, pytest_arguments, environment) for phase in phases]
    raise SystemExit(max(codes))


def _pytest(root: Path, phase: Phase, extra: tuple[str, ...], environment: dict[str, str]) -> int:
    paths = [p for p in phase if not p.startswith("tests/") or (root / p).exists()]
    click.secho(f"== pytest {' '.join(p for p in paths if p.startswith('tests/'))}", bold=True)
    sys.stdout.flush()
    code = subprocess.call([sys.executable, "-m", "pytest", *paths, *extra], cwd=root, env=environment)
    nothing_selected = code == 5 and bool(extra)
    return 0 if nothing_selected else code
