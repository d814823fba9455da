"""Jobs on a real PostgreSQL and in real processes: order, limits, owners, cancelling, and an end of the service in between."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import Field

from qbtc.contracts import Envelope
from qbtc.contracts.quantum import QuantumCompute, QuantumResult
from qbtc.kit.errors import BadInput, Unavailable
from qbtc.kit.ids import uuid7
from qbtc.kit.store import Store
from qbtc.qcs.adapters.jobs.process import ProcessRunner
from qbtc.qcs.adapters.jobs.store import PostgresJobs
from qbtc.qcs.api import bus
from qbtc.qcs.errors import BadStatistic, JobEnded, JobsBusy, UnknownJob
from qbtc.qcs.jobs import Job, Jobs, Request
from qbtc.qcs.kinds import KINDS as QCS_KINDS
from qbtc.qcs.settings import QcsSettings
from qbtc.qcs.statistics.methods import METHODS
from qbtc.testing.waiting import eventually


class Add(Request):
    work: ClassVar[str] = "qbtc.testing.jobs:add"
    a: int = Field(ge=0)
    b: int = 1


class Crash(Add):
    work: ClassVar[str] = "qbtc.testing.jobs:crash"


class Wait(Request):
    work: ClassVar[str] = "qbtc.testing.jobs:wait"
    pid: str


KINDS: dict[str, type[Request]] = {"add": Add, "wait": Wait, "crash": Crash}


def made(store: Store, **settings: float) -> Jobs:
    return Jobs(PostgresJobs(store), ProcessRunner(nice=0, megabytes=512), QcsSettings.model_validate(settings), KINDS)


@asynccontextmanager
async def working(jobs: Jobs) -> AsyncIterator[Jobs]:
    task = asyncio.create_task(jobs.run())
    try:
        yield jobs
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def state(jobs: Jobs, job: str) -> str:
    return (await jobs.one(job, "ada")).state


async def test_a_job_is_computed_and_keeps_what_was_asked_and_what_came_out(store: Store) -> None:
    async with working(made(store)) as jobs:
        job = await jobs.computed("add", {"a": 2}, "ada", 30)
    assert (job.state, job.parameters, job.share, job.step) == ("done", {"a": 2, "b": 1}, 1.0, "done")
    assert isinstance(job.result, dict) and job.result["sum"] == 3
    assert job.started_at is not None and job.ended_at is not None and job.created_at <= job.started_at <= job.ended_at


async def test_every_change_of_a_job_is_announced_and_a_screen_that_cannot_be_reached_costs_it_nothing(
    store: Store, tmp_path: Path
) -> None:
    heard: list[tuple[str, float, str]] = []

    async def announce(job: Job) -> None:
        heard.append((job.state, job.share, job.step))
        if job.state == "running":
            raise Unavailable("no outbox")

    settings = QcsSettings()
    jobs = Jobs(PostgresJobs(store), ProcessRunner(nice=0, megabytes=512), settings, KINDS, announce=announce)
    async with working(jobs):
        await jobs.computed("add", {"a": 2}, "ada", 30)
        dropped = await jobs.submit("wait", {"pid": str(tmp_path / "pid")}, "ada")
        await eventually((tmp_path / "pid").exists)
        await jobs.cancel(dropped.id, "ada")

        async def over() -> bool:
            return heard[-1][0] == "cancelled"

        await eventually(over)
    assert heard[:4] == [("queued", 0.0, ""), ("running", 0.0, ""), ("running", 0.5, "adding"), ("done", 1.0, "done")]


async def test_the_crash_of_one_job_is_its_own_error_and_the_next_one_runs(store: Store) -> None:
    async with working(made(store)) as jobs:
        broken = await jobs.submit("crash", {"a": 1}, "ada")
        after = await jobs.computed("add", {"a": 1}, "ada", 30)
        found = await jobs.one(broken.id, "ada")
    assert (after.state, found.state) == ("done", "failed")
    assert found.error is not None and "SIGSEGV" in str(found.error["detail"])


async def test_a_running_job_says_how_far_it_is_and_can_be_cancelled(store: Store, tmp_path: Path) -> None:
    async with working(made(store)) as jobs:
        job = await jobs.computed("wait", {"pid": str(tmp_path / "pid")}, "ada", 0.01)
        assert job.open

        async def told() -> bool:
            return (await jobs.one(job.id, "ada")).step == "waiting"

        await eventually(told)
        assert (await jobs.one(job.id, "ada")).share == 0.25
        await jobs.cancel(job.id, "ada")

        async def over() -> bool:
            return await state(jobs, job.id) == "cancelled"

        await eventually(over)
        assert not Path(f"/proc/{(tmp_path / 'pid').read_text()}").exists()
        with pytest.raises(JobEnded, match="the job is cancelled"):
            await jobs.cancel(job.id, "ada")


async def test_a_batch_of_circuits_is_shared_by_processes_and_answers_in_order(store: Store) -> None:
    jobs = Jobs(PostgresJobs(store), ProcessRunner(nice=0, megabytes=2048), QcsSettings(job_processes=2), QCS_KINDS)
    sweep = QCS_KINDS["circuits"].model_config["json_schema_extra"]["example"]  # type: ignore[index,call-overload]
    async with working(jobs):
        job = await jobs.computed("circuits", sweep, "ada", 300)
    assert job.state == "done", job.error
    assert isinstance(job.result, dict)
    items = job.result["items"]
    assert [round(item["values"][0], 9) for item in items] == [1.0, 0.707106781, 0.0, -0.707106781, -1.0]  # type: ignore[union-attr,index,call-overload,arg-type]


async def test_long_refits_are_a_job_and_a_wrong_parameter_of_a_statistic_is_refused_at_once(store: Store) -> None:
    jobs = Jobs(PostgresJobs(store), ProcessRunner(nice=0, megabytes=2048), QcsSettings(), QCS_KINDS)
    asked = {"method": "garch-rolling", "parameters": METHODS["garch-rolling"].example}
    async with working(jobs):
        job = await jobs.computed("statistics", asked, "ada", 300)
    assert job.state == "done", job.error
    assert isinstance(job.result, dict) and "refits over windows of 100 values" in str(job.result["words"])
    with pytest.raises(BadStatistic, match="there is no method 'astrology'"):
        await jobs.submit("statistics", {"method": "astrology", "parameters": {}}, "ada")
    with pytest.raises(BadStatistic, match="refits; take a larger step"):
        long = {"values": [0.1, -0.1] * 20_000, "window": 100}
        await jobs.submit("statistics", {"method": "garch-rolling", "parameters": long}, "ada")


async def test_a_job_past_its_time_is_stopped(store: Store, tmp_path: Path) -> None:
    async with working(made(store, job_seconds=1.0)) as jobs:
        job = await jobs.computed("wait", {"pid": str(tmp_path / "pid")}, "ada", 30)
    assert job.state == "failed"
    assert job.error is not None and job.error["detail"] == "stopped after 1 s; ask for less"


async def test_a_full_queue_refuses_and_a_waiting_job_can_be_cancelled(store: Store) -> None:
    jobs = made(store, job_queue=2)
    first, _ = await jobs.submit("add", {"a": 1}, "ada"), await jobs.submit("add", {"a": 2}, "bob")
    with pytest.raises(JobsBusy, match="2 jobs wait already"):
        await jobs.submit("add", {"a": 3}, "ada")
    assert (await jobs.cancel(first.id, "ada")).state == "cancelled"
    assert (await jobs.submit("add", {"a": 3}, "ada")).state == "queued"


async def test_nobody_sees_or_cancels_the_job_of_another(store: Store) -> None:
    jobs = made(store)
    job = await jobs.submit("add", {"a": 1}, "ada")
    assert [found.id for found in await jobs.newest("ada", 10)] == [job.id]
    assert await jobs.newest("bob", 10) == []
    for ask in (jobs.one, jobs.cancel):
        with pytest.raises(UnknownJob):
            await ask(job.id, "bob")
    with pytest.raises(UnknownJob, match="no id of a job"):
        await jobs.one("nonsense", "ada")


async def test_what_is_not_allowed_is_refused_before_it_waits(store: Store) -> None:
    jobs = made(store)
    with pytest.raises(BadInput, match="no kind of job 'sing'") as caught:
        await jobs.submit("sing", {}, "ada")
    assert caught.value.allowed == ["add", "crash", "wait"]
    with pytest.raises(BadInput, match="a: Input should be greater than or equal to 0"):
        await jobs.submit("add", {"a": -1}, "ada")
    assert await jobs.newest("ada", 10) == []


async def test_after_a_restart_what_ran_is_interrupted_and_what_waited_runs(store: Store, tmp_path: Path) -> None:
    async with working(made(store)) as jobs:
        ran = await jobs.submit("wait", {"pid": str(tmp_path / "pid")}, "ada")
        waited = await jobs.submit("add", {"a": 1}, "ada")
        await eventually((tmp_path / "pid").exists)
    async with working(made(store)) as jobs:

        async def done() -> bool:
            return await state(jobs, waited.id) == "done"

        await eventually(done)
        assert await state(jobs, ran.id) == "interrupted"


async def test_a_job_that_is_over_before_its_submitter_waits_for_it_is_answered(store: Store) -> None:
    over = asyncio.Event()

    async def announce(job: Job) -> None:
        if job.state == "queued":
            await over.wait()
        elif job.state == "done":
            over.set()

    runner, settings = ProcessRunner(nice=0, megabytes=512), QcsSettings()
    async with working(Jobs(PostgresJobs(store), runner, settings, KINDS, announce=announce)) as jobs:
        assert (await jobs.computed("add", {"a": 2}, "ada", 20.0)).result["sum"] == 3  # type: ignore[index, call-overload]


async def test_a_job_is_found_over_a_connection_that_the_pool_left_in_autocommit(database: tuple[str, str]) -> None:
    """There the owner of a transaction was gone before its first statement, and the row policies hid the owner's own jobs (404)."""
    one = Store(database[1], name="qcs", max_size=1)
    await one.open()
    try:
        jobs = made(one)
        job = await jobs.submit("add", {"a": 1}, "ada")
        async with one._pool.connection() as conn:
            await conn.set_autocommit(True)
        assert (await jobs.one(job.id, "ada")).id == job.id
    finally:
        await one.close()


async def test_ended_jobs_are_kept_for_their_days_and_open_ones_always(store: Store) -> None:
    jobs = made(store, job_days=1)
    ended, waits = await jobs.submit("add", {"a": 1}, "ada"), await jobs.submit("add", {"a": 2}, "ada")
    await jobs.cancel(ended.id, "ada")
    assert await jobs.purge() == 0
    await store.execute(
        "UPDATE jobs SET ended_at = ended_at - interval '2 days', created_at = now() - interval '3 days'",
        user="service:qcs",
    )
    assert await jobs.purge() == 1
    assert [job.id for job in await jobs.newest("ada", 10)] == [waits.id]


async def test_a_job_can_be_asked_for_over_the_bus_and_belongs_to_who_asked(store: Store) -> None:
    jobs = made(store)
    compute = bus.handlers(None, None, bus.Answers(None, None, None, None, None, jobs))["qcs.compute"]  # type: ignore[arg-type]
    for person, owner in (("ada", "ada"), (None, "service:ce3")):
        body = QuantumCompute(kind="job", method="add", parameters={"a": 1})
        asked = Envelope(
            id=uuid7(), source="ce3", type="qcs.quantum.compute", time=datetime.now(UTC), dataschema="urn:qbtc:qcs.quantum.compute:1",
            data=body.model_dump(mode="json"),
        )  # fmt: skip
        async with store.transaction(user=person) as conn:
            answer = await compute(conn, asked, body)
        assert isinstance(answer, QuantumResult) and isinstance(answer.data, dict)
        assert (await jobs.one(str(answer.data["id"]), owner)).state == "queued"
    async with store.transaction() as conn:
        with pytest.raises(BadInput, match="a job needs its kind"):
            await compute(conn, asked, QuantumCompute(kind="job"))
