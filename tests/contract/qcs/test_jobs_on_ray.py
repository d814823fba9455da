"""Jobs on a real Ray cluster end as those in processes of their own do."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from qbtc.kit.cluster import NoCluster
from qbtc.kit.errors import QbtcError
from qbtc.qcs.adapters.jobs.cluster import RayRunner
from qbtc.qcs.errors import JobCrashed, JobRefused
from qbtc.testing.waiting import eventually

pytest.importorskip("ray", reason="Ray is not installed: pip install 'qbtc[scale]'")

HERE = "qbtc.testing.jobs"


async def nothing(_share: float, _step: str) -> None:
    return


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    from ray.cluster_utils import Cluster

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    made: Any = Cluster()
    made.add_node(num_cpus=2, object_store_memory=10**8, include_dashboard=False)
    try:
        yield made.address
    finally:
        made.shutdown()


@pytest_asyncio.fixture
async def runner(address: str) -> AsyncIterator[RayRunner]:
    made = RayRunner(address, megabytes=100)
    yield made
    await made.close()


async def test_a_job_is_computed_on_the_cluster(runner: RayRunner) -> None:
    found = await runner.run(f"{HERE}:add", {"a": 1, "b": 2}, nothing)
    assert found["sum"] == 3
    assert found["pid"] != os.getpid()


@pytest.mark.parametrize(
    ("name", "error", "says"), [("refuse", JobRefused, "must be at least 0"), ("crash", JobCrashed, "on the cluster")]
)
async def test_what_goes_wrong_there_is_said_here(
    runner: RayRunner, name: str, error: type[QbtcError], says: str
) -> None:
    with pytest.raises(error, match=says):
        await runner.run(f"{HERE}:{name}", {}, nothing)


async def test_a_cancelled_job_ends_there(runner: RayRunner, tmp_path: Path) -> None:
    task = asyncio.create_task(runner.run(f"{HERE}:wait", {"pid": str(tmp_path / "pid")}, nothing))
    await eventually(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    pid = (tmp_path / "pid").read_text()
    await eventually(lambda: not Path(f"/proc/{pid}").exists())


async def test_a_cluster_that_does_not_answer_is_said_at_once() -> None:
    with pytest.raises(NoCluster, match=r"no Ray cluster answers at 127\.0\.0\.1:1"):
        await RayRunner("127.0.0.1:1", megabytes=100).run(f"{HERE}:add", {}, nothing)
