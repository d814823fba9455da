"""Finance and jobs over HTTP: every example of the OpenAPI document is computed as it stands, in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from qbtc.contracts import Role
from qbtc.kit.health import Health
from qbtc.kit.http import create_app
from qbtc.kit.security import Tokens
from qbtc.kit.security.keys import ensure_keys
from qbtc.kit.store import Store
from qbtc.qcs.adapters.jobs.process import ProcessRunner
from qbtc.qcs.adapters.jobs.store import PostgresJobs
from qbtc.qcs.api.finance import finance_router
from qbtc.qcs.api.jobs import jobs_router
from qbtc.qcs.finance import REQUESTS
from qbtc.qcs.jobs import Jobs
from qbtc.qcs.kinds import KINDS
from qbtc.qcs.settings import QcsSettings
from qbtc.testing.waiting import eventually

PATHS = [request.kind for request in REQUESTS]


@pytest_asyncio.fixture
async def client(store: Store, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    ring = ensure_keys(tmp_path)
    jobs = Jobs(PostgresJobs(store), ProcessRunner(nice=0, megabytes=2048), QcsSettings(), KINDS)
    app = create_app("QCS", health=Health("qcs", "1"), tokens=Tokens(ring, "qcs", "here"))
    app.include_router(jobs_router(jobs))
    app.include_router(finance_router(jobs))
    token = Tokens(ring, "web", "here").sign("ada", Role.VIEWER, seconds=300)
    working = asyncio.create_task(jobs.run())
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://qcs", headers={"Authorization": f"Bearer {token}"}
    ) as made:
        yield made
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working


async def examples(client: httpx.AsyncClient) -> dict[str, dict]:
    schemas = (await client.get("/openapi.json")).json()["components"]["schemas"]
    return {request.kind: schemas[request.__name__]["example"] for request in REQUESTS}


@pytest.mark.parametrize("kind", PATHS)
async def test_the_example_of_each_path_is_computed(client: httpx.AsyncClient, kind: str) -> None:
    answer = await client.post(f"/finance/{kind}", params={"wait": 50}, json=(await examples(client))[kind])
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "done"
    assert "No quantum advantage is claimed" in answer.json()["result"]["note"]


async def test_the_published_price_of_a_call_on_three_qubits_is_reached_over_http(client: httpx.AsyncClient) -> None:
    """Stamatopoulos et al., arXiv 1905.02666: 0.1623 is that of the grid; a circuit with a nearly straight payoff reaches it."""
    body = {"spot": 2.0, "strike": 1.896, "volatility": 0.4, "rate": 0.05, "days": 40, "qubits": 3, "scaling": 0.02}
    answer = await client.post("/finance/option", params={"wait": 50}, json=body | {"epsilon": 0.002})
    found = answer.json()["result"]
    assert round(found["classical"]["grid"], 4) == round(found["quantum"]["exact"], 4) == 0.1623
    assert round(found["classical"]["value"], 5) == 0.17063


async def test_what_takes_longer_than_one_waits_is_a_job_to_follow(client: httpx.AsyncClient) -> None:
    answer = await client.post("/finance/option", params={"wait": 0}, json=(await examples(client))["option"])
    assert answer.status_code == 202
    path = f"/jobs/{answer.json()['id']}"

    async def done() -> bool:
        return (await client.get(path)).json()["state"] == "done"

    await eventually(done)
    found = (await client.get(path)).json()
    assert found["result"]["classical"]["value"] == pytest.approx(0.17063, abs=5e-6)
    assert found["progress"]["share"] == 1
    assert [row["id"] for row in (await client.get("/jobs")).json()["items"]] == [found["id"]]
    ended = await client.delete(path)
    assert (ended.status_code, ended.json()["type"]) == (409, "urn:qbtc:problem:job-ended")


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("/finance/option", {"spot": 2.0, "strike": 9.0}, 400, "pays nothing on the grid"),
        (
            "/finance/option",
            {"spot": 2.0, "strike": 2.0, "qubits": 8, "epsilon": 1e-4},
            400,
            "fewer qubits or a wider epsilon",
        ),
        ("/finance/option", {"spot": -1, "strike": 2.0}, 400, "spot"),
        ("/jobs", {"kind": "sing"}, 400, "no kind of job 'sing'"),
        ("/jobs", {"kind": "option", "parameters": {"spot": 2.0}}, 400, "strike: is missing"),
    ],
)
async def test_what_cannot_be_done_is_said(
    client: httpx.AsyncClient, path: str, body: dict, status: int, says: str
) -> None:
    answer = await client.post(path, json=body)
    assert answer.status_code == status, answer.text
    assert says in answer.json()["detail"]


async def test_nobody_computes_without_a_token(client: httpx.AsyncClient) -> None:
    assert (await client.get("/jobs", headers={"Authorization": ""})).status_code == 401
