"""The kill switch over HTTP: who may use it, and that it needs only the trader."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from qbtc.contracts import Role, Scope, TradingState
from qbtc.hft.actions import Actions
from qbtc.hft.adapters.journal import FileJournal
from qbtc.hft.api.http import mount
from qbtc.hft.domain.desk import Desk
from qbtc.hft.engine import Engine
from qbtc.hft.settings import HftSettings
from qbtc.hft.trader import Trader
from qbtc.hft.views import Views
from qbtc.kit.health import Health
from qbtc.kit.http import create_app
from qbtc.kit.security import KeyRing, Tokens, ensure_keys


@pytest.fixture
def made(tmp_path: Path) -> tuple[httpx.AsyncClient, Desk, Tokens]:
    desk, journal = Desk({}, HftSettings().limits()), FileJournal(tmp_path / "hft", epoch="e")
    trader = Trader(desk, None, journal, epoch="e")  # type: ignore[arg-type]
    engine = Engine(desk, trader, None, [], symbols=(), unknown_seconds=5)  # type: ignore[arg-type]
    ring = ensure_keys(tmp_path)
    app = create_app("test", health=Health("hft", "0"), tokens=Tokens(ring, "hft", "local"))
    mount(app, Views(engine), Actions(engine, trader))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://hft")
    return client, desk, Tokens(ring, "cli", "local")


def bearer(tokens: Tokens, role: Role) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.sign('ada', role, seconds=60)}"}


async def test_a_trader_halts_and_resumes_without_any_engine(made: tuple[httpx.AsyncClient, Desk, Tokens]) -> None:
    client, desk, tokens = made
    answer = await client.post("/kill", json={"scope": "pause", "reason": "drill"}, headers=bearer(tokens, Role.TRADER))
    assert (answer.status_code, answer.json()["state"], desk.reason) == (200, "HALTED", "drill")
    answer = await client.post("/resume", json={}, headers=bearer(tokens, Role.TRADER))
    assert (answer.status_code, desk.state) == (200, TradingState.ACTIVE)


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.VIEWER, 403)])
async def test_nobody_else_may_kill(
    made: tuple[httpx.AsyncClient, Desk, Tokens], role: Role | None, status: int
) -> None:
    client, desk, tokens = made
    answer = await client.post("/kill", json={"scope": "pause"}, headers=bearer(tokens, role) if role else {})
    assert (answer.status_code, desk.state) == (status, TradingState.ACTIVE)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_no_service_may_kill_or_resume(made: tuple[httpx.AsyncClient, Desk, Tokens], tmp_path: Path) -> None:
    client, desk, tokens = made
    service = {"Authorization": f"Bearer {Tokens(KeyRing(tmp_path), 'ce3', 'local').as_service()}"}
    assert (await client.post("/kill", json={"scope": "pause"}, headers=service)).status_code == 403
    await client.post("/kill", json={"scope": "pause"}, headers=bearer(tokens, Role.TRADER))
    answer = await client.post("/resume", json={}, headers=service)
    assert (answer.status_code, desk.state) == (403, TradingState.HALTED)
    assert "only a person" in answer.json()["detail"]
    assert (await client.get("/risk", headers=service)).status_code == 200


async def test_a_kill_says_how_many_orders_are_still_open(made: tuple[httpx.AsyncClient, Desk, Tokens]) -> None:
    client, _, tokens = made
    answer = await client.post("/kill", json={"scope": "flatten"}, headers=bearer(tokens, Role.TRADER))
    assert {k: answer.json()[k] for k in ("cancelled", "closing", "still_open")} == {
        "cancelled": 0, "closing": 0, "still_open": 0,
    }  # fmt: skip


async def test_an_unknown_scope_names_what_is_allowed(made: tuple[httpx.AsyncClient, Desk, Tokens]) -> None:
    client, desk, tokens = made
    answer = await client.post("/kill", json={"scope": "everything"}, headers=bearer(tokens, Role.TRADER))
    assert answer.status_code == 400
    assert all(scope.value in answer.json()["allowed"] for scope in Scope)
    assert desk.state is TradingState.ACTIVE


async def test_every_reading_needs_a_viewer_and_answers_before_a_market_is_there(
    made: tuple[httpx.AsyncClient, Desk, Tokens],
) -> None:
    client, _, tokens = made
    for path in ("/market", "/symbols", "/positions", "/orders", "/fills", "/pnl", "/risk", "/strategies", "/latency"):
        assert (await client.get(path)).status_code == 401, path
        assert (await client.get(path, headers=bearer(tokens, Role.VIEWER))).status_code == 200, path
    missing = await client.get("/book?symbol=BTCUSDT", headers=bearer(tokens, Role.VIEWER))
    assert (missing.status_code, missing.json()["type"]) == (404, "urn:qbtc:problem:no-such-symbol")
