"""What HTTP promises, the same for FastAPI and for its Flask twin: problems, authority, limits, health, OpenAPI."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import pytest_asyncio
from a2wsgi import WSGIMiddleware
from fastapi import Depends, FastAPI
from flask import Response, jsonify
from flask_openapi3 import Info, OpenAPI
from openapi_spec_validator import validate
from pydantic import BaseModel, ConfigDict, Field

from qbtc.contracts import Role
from qbtc.kit import tracing
from qbtc.kit.errors import Conflict, Unavailable
from qbtc.kit.health import Health
from qbtc.kit.http import Observed, create_app, require
from qbtc.kit.http.flask import BEARER, equip, require_actor
from qbtc.kit.metrics import exposition
from qbtc.kit.security import KeyRing, Tokens
from qbtc.kit.security.tokens import LEEWAY

LIMIT = 2_000


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")

    size: int = Field(ge=1, le=10)
    side: str = Field(default="buy", pattern="^(buy|sell)$")


def fastapi_app(health: Health, tokens: Tokens) -> FastAPI:
    app = create_app("Test", health=health, tokens=tokens, prefix="/api/test")

    @app.post("/orders", dependencies=[Depends(require(Role.TRADER))])
    async def place(order: Order) -> dict[str, int]:
        return {"size": order.size}

    @app.get("/crash")
    async def crash() -> None:
        raise RuntimeError("secret detail of the inside")

    @app.get("/conflict")
    async def conflict() -> None:
        raise Conflict("not now", field="state", allowed=["later"])

    @app.get("/away")
    async def away() -> None:
        raise Unavailable("the database is away")

    return app


def _refused(error: object) -> Response:
    raise error  # type: ignore[misc]


def flask_app(health: Health, tokens: Tokens, loop: asyncio.AbstractEventLoop) -> OpenAPI:
    app = OpenAPI(__name__, info=Info(title="Test", version="1"), doc_ui=False, security_schemes=BEARER, validation_error_callback=_refused)
    equip(app, health=health, tokens=tokens, loop=loop)

    @app.post("/orders")
    def place(body: Order) -> Response:
        require_actor(Role.TRADER)
        return jsonify({"size": body.size})

    @app.get("/crash")
    def crash() -> Response:
        raise RuntimeError("secret detail of the inside")

    @app.get("/conflict")
    def conflict() -> Response:
        raise Conflict("not now", field="state", allowed=["later"])

    @app.get("/away")
    def away() -> Response:
        raise Unavailable("the database is away")

    @app.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(app.api_doc)

    return app


@pytest.fixture(autouse=True)
def traced() -> Iterator[None]:
    tracing.configure("test", None)
    yield
    tracing.shutdown()


@pytest.fixture
def health() -> Health:
    return Health("test", "1")


@pytest.fixture
def loop_in_a_thread() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest_asyncio.fixture(params=["fastapi", "flask"])
async def client(
    request: pytest.FixtureRequest, health: Health, web: Tokens, loop_in_a_thread: asyncio.AbstractEventLoop
) -> AsyncIterator[httpx.AsyncClient]:
    if request.param == "fastapi":
        app = fastapi_app(health, web)
    else:
        app = WSGIMiddleware(flask_app(health, web, loop_in_a_thread), workers=2)
    transport = httpx.ASGITransport(Observed(app, "test", max_body=LIMIT), raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as made:
        yield made


@pytest.fixture
def trader(web: Tokens) -> dict[str, str]:
    return {"Authorization": f"Bearer {web.sign('ann', Role.TRADER, seconds=60)}"}


def problem(response: httpx.Response, status: int, slug: str) -> dict[str, object]:
    body: dict[str, object] = response.json()
    assert (response.status_code, body["type"], body["status"]) == (status, f"urn:qbtc:problem:{slug}", status)
    assert response.headers["content-type"].startswith("application/problem+json")
    assert body["title"]
    assert body["detail"]
    return body


async def test_a_good_request_is_answered_with_its_trace_id(client: httpx.AsyncClient, trader: dict[str, str]) -> None:
    parent = f"00-{'a' * 32}-{'b' * 16}-01"
    response = await client.post("/orders", json={"size": 3}, headers=trader | {"traceparent": parent})
    assert (response.status_code, response.json()) == (200, {"size": 3})
    assert response.headers["x-trace-id"] == "a" * 32


@pytest.mark.parametrize(("order", "field"), [
    ({"size": 11}, "size"), ({"size": "x"}, "size"), ({}, "size"), ({"size": 1, "side": "hold"}, "side"),
    ({"size": 1, "hidden": 1}, "hidden"),
])
async def test_bad_input_names_the_field(
    client: httpx.AsyncClient, trader: dict[str, str], order: dict[str, object], field: str
) -> None:
    body = problem(await client.post("/orders", json=order, headers=trader), 400, "bad-input")
    assert body["field"] == field
    assert str(body["detail"]).startswith(f"{field}: ")
    assert body["trace_id"]


async def test_a_body_that_is_no_json_is_a_problem_too(client: httpx.AsyncClient, trader: dict[str, str]) -> None:
    headers = trader | {"Content-Type": "application/json"}
    response = await client.post("/orders", content=b'{"size": ', headers=headers)
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.json().get("field") in (None, "size")


async def test_an_unknown_path_is_a_problem(client: httpx.AsyncClient) -> None:
    problem(await client.get("/nothing"), 404, "not-found")


async def test_a_wrong_method_is_a_problem_that_says_which_is_right(client: httpx.AsyncClient) -> None:
    response = await client.delete("/orders")
    problem(response, 405, "method-not-allowed")
    assert "POST" in response.headers["allow"]


async def test_a_crash_tells_the_caller_nothing_but_a_trace_id(client: httpx.AsyncClient) -> None:
    response = await client.get("/crash")
    body = problem(response, 500, "internal-error")
    assert "secret detail" not in response.text
    assert body["trace_id"] == response.headers["x-trace-id"]


async def test_a_crash_is_counted(client: httpx.AsyncClient) -> None:
    before = crashes()
    await client.get("/crash")
    assert crashes() == before + 1


def crashes() -> float:
    wanted = 'qbtc_http_requests_total{method="GET",service="test",status="500"}'
    return sum(float(line.split()[-1]) for line in exposition().decode().splitlines() if line.startswith(wanted))


async def test_a_domain_error_keeps_its_field_and_what_is_allowed(client: httpx.AsyncClient) -> None:
    body = problem(await client.get("/conflict"), 409, "conflict")
    assert (body["detail"], body["field"], body["allowed"]) == ("not now", "state", ["later"])
    problem(await client.get("/away"), 503, "unavailable")


async def test_an_oversized_body_is_refused_by_its_length(client: httpx.AsyncClient, trader: dict[str, str]) -> None:
    body = problem(await client.post("/orders", content=b"x" * (LIMIT + 1), headers=trader), 413, "too-large")
    assert body["allowed"] == LIMIT


async def test_an_oversized_body_is_refused_when_it_comes_in_pieces(client: httpx.AsyncClient, trader: dict[str, str]) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b" " * 100

    headers = trader | {"Content-Type": "application/json"}
    problem(await client.post("/orders", content=pieces(), headers=headers), 413, "too-large")


async def test_a_body_in_small_pieces_is_taken(client: httpx.AsyncClient, trader: dict[str, str]) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for part in (b'{"si', b'ze": ', b"4}"):
            yield part

    headers = trader | {"Content-Type": "application/json"}
    response = await client.post("/orders", content=pieces(), headers=headers)
    assert response.json() == {"size": 4}


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Basic YTpi", "Token x"])
async def test_without_a_good_token_the_answer_is_401(client: httpx.AsyncClient, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    problem(await client.post("/orders", json={"size": 1}, headers=headers), 401, "unauthorised")


async def test_an_expired_token_has_a_type_of_its_own(client: httpx.AsyncClient, web: Tokens) -> None:
    old = web.sign("ann", Role.TRADER, seconds=-LEEWAY - 5)
    headers = {"Authorization": f"Bearer {old}"}
    problem(await client.post("/orders", json={"size": 1}, headers=headers), 401, "session-expired")


async def test_a_role_that_does_not_suffice_is_403_and_names_the_needed_one(client: httpx.AsyncClient, web: Tokens) -> None:
    headers = {"Authorization": f"Bearer {web.sign('ann', Role.VIEWER, seconds=60)}"}
    body = problem(await client.post("/orders", json={"size": 1}, headers=headers), 403, "forbidden")
    assert body["allowed"] == "trader"
    assert "'viewer'" in str(body["detail"])


async def test_health_and_metrics_are_open_and_tell_the_state(client: httpx.AsyncClient, health: Health) -> None:
    async def ill() -> None:
        raise ConnectionError("away")

    assert (await client.get("/health/live")).json() == {"state": "alive"}
    assert (await client.get("/health/ready")).status_code == 200
    health.check("database", ill)
    response = await client.get("/health/ready")
    assert (response.status_code, response.json()["state"]) == (503, "degraded")
    assert "qbtc_http_requests_total" in (await client.get("/metrics")).text


async def test_the_openapi_document_is_valid(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    validate(document)
    assert "/orders" in document["paths"]


async def test_the_openapi_document_says_where_the_gateway_mounts_the_service(health: Health, web: Tokens) -> None:
    document = fastapi_app(health, web).openapi()
    assert document["servers"] == [{"url": "/api/test"}]


def test_creating_an_app_warns_of_nothing(health: Health, web: Tokens, recwarn: pytest.WarningsRecorder) -> None:
    create_app("Test", health=health, tokens=web, prefix="/api/test")
    assert [str(w.message) for w in recwarn] == []


async def test_a_service_of_another_home_does_not_let_its_tokens_in(client: httpx.AsyncClient, ring: KeyRing) -> None:
    token = Tokens(ring, "web", "elsewhere").sign("ann", Role.ADMIN, seconds=60)
    problem(await client.post("/orders", json={"size": 1}, headers={"Authorization": f"Bearer {token}"}), 401, "unauthorised")


async def test_paths_are_no_labels_so_that_callers_cannot_fill_the_memory(client: httpx.AsyncClient) -> None:
    await client.get("/made-up-by-a-caller")
    assert "made-up" not in exposition().decode()
