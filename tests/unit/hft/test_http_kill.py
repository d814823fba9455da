"""The kill switch over HTTP: who may use it, and that it needs only the trader."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import httpx
import pytest

from qbtc.contracts import Role, Scope, TradingState
from qbtc.contracts.common import OrderType, Side
from qbtc.hft.actions import Actions
from qbtc.hft.adapters.journal import FileJournal
from qbtc.hft.api.http import mount
from qbtc.hft.domain.desk import Desk
from qbtc.hft.domain.orders import Order
from qbtc.hft.domain.positions import Fill
from qbtc.hft.domain.risk import Proposal
from qbtc.hft.domain.units import units
from qbtc.hft.engine import Engine
from qbtc.hft.ports import NoAnswer, Venue, VenueError, VenueOrder
from qbtc.hft.settings import HftSettings
from qbtc.hft.trader import Origin, Trader
from qbtc.hft.views import Views
from qbtc.kit.health import Health
from qbtc.kit.http import create_app
from qbtc.kit.security import KeyRing, Tokens, ensure_keys
from qbtc.testing.trading import PlayedVenue, TradingDesk


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
    assert {k: answer.json()[k] for k in ("cancelled", "closing", "still_open", "not_flat")} == {
        "cancelled": 0, "closing": 0, "still_open": 0, "not_flat": [],
    }  # fmt: skip


class Stubborn(PlayedVenue):
    """Takes limit orders, cancels none and closes nothing."""

    async def place(self, order: Order) -> VenueOrder:
        if order.closing:
            raise VenueError(-1013, "Filter failure: NOTIONAL")
        return await super().place(order)

    async def cancel(self, symbol: str, client_order_id: str) -> VenueOrder:
        raise NoAnswer("timeout")


async def test_a_kill_that_failed_says_which_orders_and_positions_are_left(tmp_path: Path) -> None:
    one, ring = TradingDesk(tmp_path), ensure_keys(tmp_path)
    one.trader.venue = cast(Venue, Stubborn())
    app = create_app("test", health=Health("hft", "0"), tokens=Tokens(ring, "hft", "local"))
    mount(app, Views(one.engine), Actions(one.engine, one.trader))
    limit = Proposal("BTCUSDT", Side.BUY, OrderType.LIMIT, units("0.01"), units("59900"))
    await one.trader.place(limit, Origin(client_order_id="c1"))
    one.trader.count(Fill("BTCUSDT", "1", "x", Side.BUY, units("60000"), units("0.1"), 0, "USDT", False, 1))
    one.trader.switch.seconds = 0.1
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://hft") as client:
        said = bearer(Tokens(ring, "cli", "local"), Role.TRADER)
        answers = [await client.post("/kill", json={"scope": s}, headers=said) for s in ("pause", "flatten")]
    one.close()
    assert [(a.json()["still_open"], a.json()["not_flat"]) for a in answers] == [(1, []), (1, ["BTCUSDT"])]


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
