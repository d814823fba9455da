"""Statistics over HTTP and in their process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from qbtc.contracts.quantum import QuantumCompute
from qbtc.kit.errors import BadInput, Unavailable
from qbtc.kit.health import Health
from qbtc.kit.http import create_app
from qbtc.kit.http.auth import require
from qbtc.qcs.api import bus
from qbtc.qcs.api.statistics import router
from qbtc.qcs.errors import BadStatistic, StatisticsBusy, StatisticTimeout
from qbtc.qcs.statistics import desk as desk_module
from qbtc.qcs.statistics.desk import Statistics
from qbtc.qcs.statistics.methods import METHODS

EXAMPLE = METHODS["compare"].example


@pytest.fixture
async def desk() -> AsyncIterator[Statistics]:
    made = Statistics(seconds=60, idle=60)
    yield made
    await made.close()


class Nobody:
    """Stands for the tokens: routes are called without their guard."""


@pytest.fixture
async def client(desk: Statistics, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app("QCS", health=Health("qcs", "1"), tokens=Nobody())  # type: ignore[arg-type]
    routes = router(desk)
    for guard in [d.dependency for d in routes.dependencies]:
        app.dependency_overrides[guard] = lambda: None  # type: ignore[index]
    app.include_router(routes)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://qcs") as made:
        yield made


async def test_a_method_answers_over_http_from_its_process(client: httpx.AsyncClient) -> None:
    found = (await client.post("/stats/compare", json=EXAMPLE)).json()
    assert found["method"] == "compare"
    assert set(found) == {"method", "words", "words_es", "ms", "result"}


async def test_a_refusal_is_a_problem_with_field_and_reason(client: httpx.AsyncClient) -> None:
    found = await client.post("/stats/hurst", json={"values": [1.0, 2.0, 3.0]})
    assert found.status_code == 400
    assert found.json()["type"] == "urn:qbtc:problem:bad-statistic"
    assert found.json()["detail"] == "values: 3 values; allowed: 128 to 200,000"


async def test_a_method_that_is_not_there_is_refused_with_those_that_are(client: httpx.AsyncClient) -> None:
    found = await client.post("/stats/tarot", json={"values": [1.0]})
    assert found.json()["type"] == "urn:qbtc:problem:bad-statistic"
    assert found.json()["detail"] == "there is no method 'tarot'"
    assert found.json()["allowed"] == list(METHODS)


async def test_the_document_has_the_example_of_every_method_and_they_are_valid(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    listed = (await client.get("/stats")).json()["items"]
    assert [item["name"] for item in listed] == list(METHODS)
    for item in listed:
        schema = document["paths"][item["path"]]["post"]["requestBody"]["content"]["application/json"]["schema"]
        body = METHODS[item["name"]].body
        assert schema["$ref"].endswith(f"/{body.__name__}") if "$ref" in schema else schema["allOf"]
        examples = document["paths"][item["path"]]["post"]["requestBody"]["content"]["application/json"]
        (example,) = schema.get("examples") or examples["examples"]
        body.model_validate(example)


async def test_a_statistic_that_takes_too_long_is_stopped_and_the_next_is_answered(desk: Statistics) -> None:
    desk._limit = 0.01
    with pytest.raises(StatisticTimeout, match=r"compare was stopped after 0\.01 s"):
        await desk.compute("compare", EXAMPLE)
    desk._limit = 60
    assert (await desk.compute("compare", EXAMPLE))["method"] == "compare"


async def test_a_process_that_dies_is_said_and_the_next_is_answered(desk: Statistics) -> None:
    await desk.compute("compare", EXAMPLE)
    assert desk._child is not None
    running = desk._child
    asked = asyncio.create_task(desk.compute("copula", METHODS["copula"].example | {"draws": 1000, "family": "t"}))
    await asyncio.sleep(0)
    running.kill()
    with pytest.raises(Unavailable, match="the process that computed copula ended"):
        await asked
    assert (await desk.compute("compare", EXAMPLE))["method"] == "compare"


async def test_more_than_may_wait_are_refused(desk: Statistics, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "MAX_WAITING", 0)
    with pytest.raises(StatisticsBusy, match="0 statistics wait already"):
        await desk.compute("compare", EXAMPLE)


async def test_the_process_rests_when_nobody_asks(desk: Statistics) -> None:
    desk._idle = 0.0
    await desk.compute("compare", EXAMPLE)
    child = desk._child
    assert child is not None
    await child.wait()
    assert desk._child is None


async def test_the_bus_answers_what_http_answers(desk: Statistics) -> None:
    answers = bus.Answers(None, None, None, None, desk, None)  # type: ignore[arg-type]
    asked = QuantumCompute(kind="statistics", method="compare", parameters=EXAMPLE)
    found = await bus._computed(asked, answers)
    other = await desk.compute("compare", EXAMPLE)
    assert found["result"] == other["result"]  # type: ignore[index, call-overload]


@pytest.mark.parametrize(("method", "error"), [(None, BadInput), ("garhc", BadStatistic)])
async def test_the_bus_refuses_what_is_no_method(desk: Statistics, method: str | None, error: type[Exception]) -> None:
    with pytest.raises(error):
        await bus._computed(
            QuantumCompute(kind="statistics", method=method), bus.Answers(None, None, None, None, desk, None)
        )  # type: ignore[arg-type]


def test_every_path_asks_for_a_reader() -> None:
    assert [d.dependency.__qualname__ for d in router(None).dependencies] == [require(0).__qualname__]  # type: ignore[arg-type, union-attr]
