"""From nothing to a usable page, again to a usable page, down, and what it all weighs when idle. Starts its own system.

Usable page: Web says that it is ready, and GET / through the gateway answers 200. Memory is the proportional set size of
every process below the supervisor, after `--settle` seconds on a simulated market that trades as usual.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench.harness import emit

from qbtc.engines import processes
from qbtc.engines.plan import PORTS
from qbtc.engines.state import read_state
from qbtc.testing.system import QbtcSystem

LIMIT_SECONDS = 180.0
GOALS = {"second_start_s": 8.0, "idle_pss_mib": 1024.0}


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def start(system: QbtcSystem) -> tuple[float, float]:
    """(seconds to a usable page, seconds until `qbtc up --detach` returned)."""
    born = time.monotonic()
    command = [sys.executable, "-m", "qbtc", "up", "--detach", "--market", "sim"]
    with subprocess.Popen(command, env=system.env, stdout=subprocess.DEVNULL) as up:
        pages = [f"http://127.0.0.1:{PORTS['web'] + system.offset}/health/ready", f"{system.url}/"]
        while not all(map(answers, pages)):
            if up.poll() or time.monotonic() - born > LIMIT_SECONDS:
                raise RuntimeError(f"no usable page (exit code {up.poll()})")
            time.sleep(0.05)
        usable = time.monotonic() - born
        up.wait()
    return usable, time.monotonic() - born


def stop(system: QbtcSystem) -> float:
    born = time.monotonic()
    system.cli("down")
    return time.monotonic() - born


def tree(root: int) -> dict[int, int]:
    """The process `root` and all below it: pid -> the pid just below `root` that it belongs to."""
    parents = {stat.pid: stat.parent for pid in processes.pids() if (stat := processes.read_stat(pid))}
    found = {root: root}
    while more := {
        pid: found[up] if up != root else pid for pid, up in parents.items() if up in found and pid not in found
    }:
        found |= more
    return found


def weigh(system: QbtcSystem) -> dict[str, float]:
    """MiB of proportional set size by part; `total` is everything."""
    state = read_state(system.home)
    supervisor = int(state["supervisor"]["pid"])
    names = {row["pid"]: name for name, row in state["processes"].items()} | {supervisor: "supervisor"}
    sizes: dict[str, float] = {}
    for pid, leader in tree(supervisor).items():
        name = names.get(leader, "guard")
        sizes[name] = sizes.get(name, 0.0) + processes.resident_kib(pid) / 1024
    return {"total": sum(sizes.values())} | sizes


def cpu_seconds(system: QbtcSystem) -> float:
    """CPU time that the running system has used so far, its ended helpers included: what load on the machine cannot hide."""
    total = 0
    for pid in tree(int(read_state(system.home)["supervisor"]["pid"])):
        with suppress(OSError):
            total += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


def spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": round(statistics.median(values), 2), "min": round(min(values), 2), "max": round(max(values), 2)}


def one_round(settle: float) -> tuple[dict[str, float], dict[str, float]]:
    """Times in seconds, and sizes in MiB, of one system from its first start to its end."""
    system = QbtcSystem(market="sim")
    try:
        first, first_up = start(system)
        first_down = stop(system)
        second, second_up = start(system)
        cpu = cpu_seconds(system)
        time.sleep(settle)
        sizes = weigh(system)
        down = stop(system)
    finally:
        system.cli("down", check=False)
        shutil.rmtree(system.home, ignore_errors=True)
    times = {
        "first_start_s": first,
        "first_up_s": first_up,
        "second_start_s": second,
        "second_up_s": second_up,
        "second_start_cpu_s": cpu,
        "down_s": (first_down + down) / 2,
    }
    return times, sizes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--settle", type=float, default=20.0, help="seconds before the weighing")
    given = parser.parse_args()
    rounds = []
    for number in range(given.rounds):
        print(f"round {number + 1}/{given.rounds}", file=sys.stderr, flush=True)
        rounds.append(one_round(given.settle))
    times = {name: spread([found[name] for found, _ in rounds]) for name in rounds[0][0]}
    parts = {name: spread([found[name] for _, found in rounds]) for name in rounds[0][1]}
    emit("startup", rounds=given.rounds, goals=GOALS, **times, idle_pss_mib=parts.pop("total"), by_part=parts)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
