"""Inference over HTTP and over the bus: the example as it stands, stored states of a symbol, progress, cancelling, refusals."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np
import pytest
import pytest_asyncio
from tests.system.qcs.test_market_fold import bars, feed, fresh

from qbtc.contracts import Envelope, Role
from qbtc.contracts.quantum import QuantumCompute, QuantumResult
from qbtc.kit.errors import BadInput
from qbtc.kit.health import Health
from qbtc.kit.http import create_app
from qbtc.kit.ids import uuid7
from qbtc.kit.security import Tokens
from qbtc.kit.security.keys import ensure_keys
from qbtc.kit.store import Store
from qbtc.qcs.adapters.jobs.process import ProcessRunner
from qbtc.qcs.adapters.jobs.store import PostgresJobs
from qbtc.qcs.adapters.repository import PostgresStates
from qbtc.qcs.api import bus
from qbtc.qcs.api.inference import inference_router
from qbtc.qcs.api.jobs import jobs_router
from qbtc.qcs.errors import JobRefused
from qbtc.qcs.inference import Infer, RowsOf
from qbtc.qcs.jobs import Jobs
from qbtc.qcs.kinds import KINDS
from qbtc.qcs.settings import QcsSettings
from qbtc.testing.waiting import eventually

LARGE = {
    "features": np.random.default_rng(0).normal(size=(3000, 26)).round(3).tolist(), "target": "B", "train": 1000, "test": 100,
}  # fmt: skip


@dataclass
class Running:
    client: httpx.AsyncClient
    jobs: Jobs


@pytest_asyncio.fixture
async def running(store: Store, tmp_path: Path) -> AsyncIterator[Running]:
    ring = ensure_keys(tmp_path)
    bring = {Infer.kind: RowsOf(PostgresStates(store))}
    jobs = Jobs(PostgresJobs(store), ProcessRunner(nice=0, megabytes=2048), QcsSettings(), KINDS, bring)
    app = create_app("QCS", health=Health("qcs", "1"), tokens=Tokens(ring, "qcs", "here"))
    app.include_router(jobs_router(jobs))
    app.include_router(inference_router(jobs))
    head = {"Authorization": f"Bearer {Tokens(ring, 'web', 'here').sign('ada', Role.VIEWER, seconds=300)}"}
    working = asyncio.create_task(jobs.run())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://qcs", headers=head) as made:
        yield Running(made, jobs)
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working


async def ask(store: Store, jobs: Jobs, body: QuantumCompute) -> QuantumResult:
    compute = bus.handlers(None, None, bus.Answers(None, None, None, None, None, jobs))["qcs.compute"]  # type: ignore[arg-type]
    asked = Envelope(
        id=uuid7(), source="ce3", type="qcs.quantum.compute", time=datetime.now(UTC), dataschema="urn:qbtc:qcs.quantum.compute:1",
        data=body.model_dump(mode="json"),
    )  # fmt: skip
    async with store.transaction() as conn:
        answer = await compute(conn, asked, body)
    assert isinstance(answer, QuantumResult)
    return answer


async def test_the_example_of_the_document_is_answered_and_the_bus_says_the_same(running: Running, store: Store) -> None:
    schemas = (await running.client.get("/openapi.json")).json()["components"]["schemas"]
    example = schemas["Infer"]["example"]
    answer = await running.client.post("/infer", params={"wait": 50}, json=example)
    assert answer.status_code == 200, answer.text
    found = answer.json()["result"]
    assert next(row["model"] for row in found["models"]) == "base rate"
    assert found["change"]["p"] > 0
    over_bus = await ask(store, running.jobs, QuantumCompute(kind="infer", parameters=example))
    assert isinstance(over_bus.data, dict) and over_bus.data["result"] == found


async def test_the_stored_states_of_a_symbol_are_forecast_and_too_few_are_refused(running: Running, store: Store, redis) -> None:
    fold = fresh(store, redis)
    stream = bars(240)
    for market in stream[:60]:
        await feed(fold, store, market)
    early = await running.client.post("/infer", params={"wait": 50}, json={"symbol": "BTCUSDT"})
    assert (early.status_code, early.json()["type"]) == (400, "urn:qbtc:problem:job-refused")
    assert "60 states of BTCUSDT stand in a row" in early.json()["detail"]
    with pytest.raises(JobRefused, match="60 states"):
        await ask(store, running.jobs, QuantumCompute(kind="infer", parameters={"symbol": "BTCUSDT"}))
    for market in stream[60:]:
        await feed(fold, store, market)
    small = {"symbol": "BTCUSDT", "target": "B", "train": 150, "test": 89, "window": 20, "lag": 5}
    answer = await running.client.post("/infer", params={"wait": 50}, json=small)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["result"]["rows"], found["result"]["dimensions"]) == (240, 26)
    assert "states" not in found["parameters"], "a job keeps what was asked, not what it read"


async def test_a_long_fit_is_a_job_with_progress_that_can_be_cancelled_and_lists_without_its_data(running: Running) -> None:
    answer = await running.client.post("/infer", params={"wait": 0}, json=LARGE)
    assert answer.status_code == 202
    path = f"/jobs/{answer.json()['id']}"

    async def fits() -> bool:
        progress = (await running.client.get(path)).json()["progress"]
        return progress["share"] > 0 and progress["step"] != "rows"

    await eventually(fits, seconds=60)
    listed = (await running.client.get("/jobs")).json()["items"][0]
    assert listed["parameters"]["features"] == "3000 items"
    assert (await running.client.delete(path)).status_code == 202

    async def over() -> bool:
        return (await running.client.get(path)).json()["state"] == "cancelled"

    await eventually(over)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "give exactly one of features, bars and symbol; none given"),
        ({"features": [[1.0] * 30] * 300, "target": "0"}, "one width from 2 to 26"),
        ({"symbol": "BTCUSDT", "target": "nonsense"}, "a letter A to Z"),
    ],
)
async def test_what_cannot_be_asked_is_refused_at_once(running: Running, body: dict, says: str) -> None:
    answer = await running.client.post("/infer", json=body)
    assert answer.status_code == 400, answer.text
    assert says in answer.json()["detail"]
    assert (await running.client.get("/jobs")).json()["items"] == []


async def test_coherence_of_given_numbers_is_answered_over_the_bus_too(running: Running, store: Store) -> None:
    half = QuantumCompute(kind="coherence", parameters={"matrix": {"real": [[0.5, 0.5], [0.5, 0.5]]}})
    found = (await ask(store, running.jobs, half)).data
    assert isinstance(found, dict) and found["l1"] == pytest.approx(1)
    with pytest.raises(BadInput, match="matrix"):
        await ask(store, running.jobs, QuantumCompute(kind="coherence", parameters={"matrix": 3}))
