"""A job's own process: its result, its progress, and every way in which it can end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qbtc.engines.processes import read_stat
from qbtc.kit.errors import QbtcError
from qbtc.qcs.adapters.jobs.process import MODULE, ProcessRunner
from qbtc.qcs.errors import JobCrashed, JobRefused, JobTooLarge
from qbtc.testing.waiting import eventually, until

HERE = "qbtc.testing.jobs"


async def nothing(_share: float, _step: str) -> None:
    return


async def run(name: str, **parameters: object) -> object:
    return await ProcessRunner(nice=7, megabytes=512).run(f"{HERE}:{name}", parameters, nothing)


async def test_a_job_runs_elsewhere_at_low_priority_and_says_how_far_it_is() -> None:
    seen = []

    async def told(share: float, step: str) -> None:
        seen.append((share, step))

    found = await ProcessRunner(nice=7, megabytes=512).run(f"{HERE}:add", {"a": 1, "b": 2}, told)
    assert found["sum"] == 3
    assert found["pid"] != os.getpid()
    assert found["nice"] == min(os.nice(0) + 7, 19)
    assert seen == [(0.5, "adding")]


@pytest.mark.parametrize(
    ("name", "error", "says"),
    [
        ("refuse", JobRefused, "a is -1; it must be at least 0"),
        ("undefined", JobRefused, "not JSON compliant"),
        ("crash", JobCrashed, "by signal SIGSEGV"),
        ("fault", JobCrashed, "RuntimeError: a defect of ours"),
    ],
)
async def test_what_goes_wrong_in_a_job_is_said_and_stays_in_it(name: str, error: type[QbtcError], says: str) -> None:
    with pytest.raises(error, match=says):
        await run(name)


async def test_a_job_over_its_memory_is_refused_and_the_same_within_it_is_not() -> None:
    with pytest.raises(JobTooLarge, match="more memory"):
        await eat(900)
    assert await eat(100) == 100_000_000


def begun(folder: Path) -> int:
    """The process id of `wait`, 0 before it runs."""
    path = folder / "pid"
    return int(path.read_text() or 0) if path.exists() else 0


async def eat(megabytes: int) -> object:
    return await ProcessRunner(nice=0, megabytes=400).run(f"{HERE}:eat", {"megabytes": megabytes}, nothing)


async def test_to_cancel_is_to_end_the_process(tmp_path: Path) -> None:
    task = asyncio.create_task(run("wait", pid=str(tmp_path / "pid")))
    await eventually(lambda: begun(tmp_path))
    pid = begun(tmp_path)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not Path(f"/proc/{pid}").exists()


PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-m", sys.argv[1]], stdin=subprocess.PIPE)
child.stdin.write(sys.argv[2].encode() + b"\\n"); child.stdin.flush()
child.wait()
"""


def test_a_job_dies_with_the_service(tmp_path: Path) -> None:
    asked = {"work": f"{HERE}:wait", "parameters": {"pid": str(tmp_path / "pid")}, "nice": 0, "megabytes": 512}
    parent = subprocess.Popen([sys.executable, "-c", PARENT, MODULE, json.dumps(asked)], stdout=subprocess.DEVNULL)
    pid = until(lambda: begun(tmp_path))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until(lambda: (found := read_stat(pid)) is None or found.state == "Z", what="the end of the job")
