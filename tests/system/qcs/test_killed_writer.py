"""kill -9 of a writer at any moment leaves whole bars of valid states, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
from tests.sizes import examples

from qbtc.kit.store import Store
from qbtc.qcs.adapters.repository import PostgresStates
from qbtc.qcs.adapters.rows import fault_of, matrix_fault

ROOT = Path(__file__).resolve().parents[3]


def killed_while_writing(dsn: str, session: str, seconds: float) -> int:
    """Start the writer, let it commit one bar, kill it a moment later; the last bar that it said was committed."""
    argv = [sys.executable, "-m", "tests.system.qcs.writing_states", dsn, session]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        first = next(line for line in process.stdout if line.startswith("committed"))
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        lines = [first, *process.stdout.read().splitlines()]
    return max(int(line.split()[1]) for line in lines if line.startswith("committed "))


async def test_a_killed_writer_leaves_whole_bars_of_valid_states(database: tuple[str, str], store: Store):
    rng, said = np.random.default_rng(15), {}
    for i in range(examples(10)):
        said[f"k{i}"] = killed_while_writing(database[1], f"k{i}", rng.uniform(0.0, 0.3))
    rows = await store.fetch("SELECT * FROM states")
    assert [fault for row in rows if (fault := fault_of(row))] == []
    assert [fault for row in await store.fetch("SELECT * FROM matrices") if (fault := matrix_fault(row))] == []
    for session, last in said.items():
        found = sorted((row["bar"], row["symbol"]) for row in rows if row["session"] == session)
        whole = len(found) // 2
        assert found == [(bar, symbol) for bar in range(whole) for symbol in ("BTCUSDT", "ETHUSDT")]
        assert whole in (last + 1, last + 2)
    assert max(said.values()) > 5
    states = PostgresStates(store)
    assert len(await states.of_symbol(None, 5000)) == min(len(rows), 5000)
