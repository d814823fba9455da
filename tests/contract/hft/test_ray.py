"""Sweeps on a real Ray cluster of two nodes: the results of threads bit for bit, a killed worker, faults, and going on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from qbtc.cli.sweep import FAULT
from qbtc.cli.sweep import sweep as verb
from qbtc.core.market.instrument import KNOWN
from qbtc.core.market.volume.usual import usual
from qbtc.hft.adapters.data.simulating import Wanted, simulate
from qbtc.hft.adapters.sweep_store import ROWS
from qbtc.hft.sweep import run

pytest.importorskip("ray", reason="Ray is not installed: pip install 'qbtc[scale]'")

GRID = {"step": [1.0, 2.0, 4.0, 8.0], "levels": [1.0, 2.0, 3.0]}
SLOW = """
from qbtc.hft.strategies.api import BUY, POST, Market, Orders, buy, cancel, parameter


class Slow:
    work: int = parameter(1, 1, 100000, "turns")
    total: float = 0.0

    def on_timer(self, market: Market, orders: Orders) -> None:
        for i in range(self.work * 100):
            self.total += (i % 7) * 1e-9
        if market.own == 0:
            buy(orders, market.bid - self.work, 5, POST)
        else:
            cancel(orders, BUY)
"""
BROKEN = SLOW.replace("        if market.own == 0:", "        self.total += 1 // (self.work - 3)\n        if market.own == 0:")


def start() -> Any:
    """Two nodes of one core each, as two machines would be. Ray gives a node 30 s to start, which a busy machine may need."""
    from ray.cluster_utils import Cluster

    made = Cluster()
    try:
        for head in ({"include_dashboard": False}, {}):
            made.add_node(num_cpus=1, object_store_memory=10**8, **head)
    except Exception:
        made.shutdown()
        raise
    return made


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        made = start()
    except Exception:
        made = start()
    try:
        yield made.address
    finally:
        made.shutdown()


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ray") / "tape"
    simulate(usual(KNOWN["BTCUSDT"]), path, Wanted(seed=1, seconds=120.0))
    return path


def test_results_are_those_of_threads_bit_for_bit(cluster: str, tape: Path) -> None:
    here, there = run("grid", tape, GRID), run("grid", tape, GRID, ray=cluster)
    assert np.array_equal(here.returns, there.returns)
    assert here.returns.std() > 0
    for name in ("profit", "fees", "fills", "orders", "position"):
        assert [row[name] for row in here.rows] == [row[name] for row in there.rows]


def test_the_verb_says_the_same_with_and_without_a_cluster(cluster: str, tape: Path, tmp_path: Path) -> None:
    file = tmp_path / "slow.py"
    file.write_text(SLOW)
    words = [str(file), "--data", str(tape), "--param", "work=1:6:1", "--folds", "3", "--json"]
    here, there = CliRunner().invoke(verb, words), CliRunner().invoke(verb, [*words, "--ray", cluster])
    assert here.exit_code == there.exit_code == 0, there.output
    assert json.loads(here.stdout) == json.loads(there.stdout)


def test_legs_are_swept_there_as_in_threads(cluster: str, tape: Path, tmp_path: Path) -> None:
    simulate(usual(KNOWN["ETHUSDT"]), tmp_path / "eth", Wanted(seed=2, seconds=120.0))
    words: dict[str, Any] = {"latency": {"b": "3ms"}, "folds": 3, "sample": "500ms"}
    tapes, grid = {"a": tape, "b": tmp_path / "eth"}, {"half_life": [2.0, 5.0], "enter": [0.5, 1.0]}
    here, there = run("pairs", tapes, grid, **words), run("pairs", tapes, grid, **words, ray=cluster)
    assert np.array_equal(here.returns, there.returns)
    assert here.returns.std() > 0
    assert [{**row, "trial": 0} for row in here.rows] == [{**row, "trial": 0} for row in there.rows]


def workers() -> list[int]:
    """Processes of Ray's that run our tasks now."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"ray::_some" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_trials_of_a_worker_that_is_killed_run_again(cluster: str, tape: Path, tmp_path: Path) -> None:
    file = tmp_path / "slow.py"
    file.write_text(SLOW)
    grid = {"work": [float(each) for each in range(200, 216)]}
    killed: list[int] = []

    def kill() -> None:
        until = time.monotonic() + 60
        while not killed and time.monotonic() < until:
            for pid in workers()[:1]:
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
            time.sleep(0.02)

    killer = threading.Thread(target=kill)
    killer.start()
    there = run(str(file), tape, grid, ray=cluster)
    killer.join()
    assert killed
    assert np.array_equal(run(str(file), tape, grid).returns, there.returns)


def test_a_strategy_that_fails_there_is_named_with_the_file_here(cluster: str, tape: Path, tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    file.write_text(BROKEN)
    done = CliRunner().invoke(verb, [str(file), "--data", str(tape), "--param", "work=1:5:1", "--ray", cluster])
    assert done.exit_code == FAULT, done.output
    assert f"{file}:12" in done.stderr


def test_a_sweep_that_was_killed_goes_on_there_and_runs_nothing_twice(cluster: str, tape: Path, tmp_path: Path) -> None:
    words = ["grid", "--data", str(tape), "--param", "step=1:12:1", "--ray", cluster, "--out", str(tmp_path / "kept"), "--json"]
    process = subprocess.Popen([sys.executable, "-m", "qbtc", "sweep", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    rows = tmp_path / "kept" / ROWS
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None and not (rows.exists() and rows.read_bytes().count(b"\n") >= 2):
        time.sleep(0.01)
    process.kill()
    process.communicate()
    before = [json.loads(line) for line in rows.read_text().splitlines() if line.endswith("}")]
    assert len(before) >= 2
    seen: list[int] = []
    there = run("grid", tape, {"step": [float(n) for n in range(1, 13)]}, ray=cluster, folder=tmp_path / "kept", told=lambda done, of: seen.append(done))
    assert seen[0] == len(before)
    after = [json.loads(line) for line in rows.read_text().splitlines()]
    assert after[: len(before)] == before
    assert sorted(row["trial"] for row in after) == list(range(12))
    assert np.array_equal(run("grid", tape, {"step": [float(n) for n in range(1, 13)]}).returns, there.returns)


@pytest.mark.parametrize("address", ["nowhere.invalid:1", "127.0.0.1:1", "127.0.0.1", "ray://127.0.0.1:1"])
def test_a_cluster_that_does_not_answer_is_said_at_once(tape: Path, address: str) -> None:
    done: Any = CliRunner().invoke(verb, ["grid", "--data", str(tape), "--param", "step=2", "--ray", address])
    assert done.exit_code == 1
    assert f"no Ray cluster answers at {address}" in done.output + done.stderr
