"""A venue that was warmed compiles nothing while somebody waits for an order, a cancel, a kill or an answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("market", "prices"), [("quiet", ("90", "110.5", "80")), ("sim", ("30000", "110000", "25000"))], ids=["replay", "sim"]
)
def test_a_warm_venue_compiles_nothing_at_its_first_orders_cancels_and_questions(
    tmp_path: Path, market: str, prices: tuple[str, str, str]
) -> None:
    command = [sys.executable, "-m", "tests.unit.exchange.first_session", str(tmp_path), market, *prices]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == {"late": [], "refused": [], "faults": []}
