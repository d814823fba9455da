"""Going live: the keys' rights are asked for, a person confirms, and whatever breaks ends it. The trader obeys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import httpx
import pytest

from qbtc.contracts import Role, Scope, TradingMode
from qbtc.contracts.common import OrderType, Side
from qbtc.hft.actions import Actions
from qbtc.hft.api.live import live_router
from qbtc.hft.domain.desk import Balance
from qbtc.hft.domain.orders import KILL, State
from qbtc.hft.domain.positions import Fill
from qbtc.hft.domain.risk import Proposal
from qbtc.hft.domain.units import units
from qbtc.hft.domain.venues import SITES, Addresses, site
from qbtc.hft.errors import NotConfirmed, NotPaper, OrderRefused, ReadOnly
from qbtc.hft.live import Live, Start
from qbtc.hft.ports import NoAnswer, Venue, VenueError
from qbtc.hft.trader import Origin
from qbtc.kit.health import Health
from qbtc.kit.http import create_app
from qbtc.kit.security import Tokens, ensure_keys
from qbtc.testing.trading import TradingDesk

BUY = Proposal("BTCUSDT", Side.BUY, OrderType.LIMIT, units("0.01"), units("59900"))


class Rights:
    """A venue that says what its key may do: a truth, or an error."""

    def __init__(self, answer: bool | Exception = False) -> None:
        self.answer = answer

    async def withdraws(self, rights_url: str) -> bool:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def balances(self) -> dict[str, Balance]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return {}


def made(rights: Rights, *, venue: str = "binance", keys: bool = True, live: bool = True) -> Live:
    return Live(SITES[venue], cast(Venue, rights), Start(keys=keys, live=live))


async def confirmed(rights: Rights) -> Live:
    live = made(rights)
    await live.check()
    live.confirm("binance", "ada")
    assert live.permission.mode is TradingMode.LIVE
    return live


async def test_good_keys_the_flag_and_the_typed_name_together_are_live() -> None:
    live = made(Rights())
    assert live.permission.mode is TradingMode.READ_ONLY
    await live.check()
    assert list(live.permission.missing) == ["confirmed"]
    live.confirm("binance", "ada")
    assert (live.permission.mode, live.permission.allowed) == (TradingMode.LIVE, True)


@pytest.mark.parametrize("typed", ["", "Binance", "binance ", "yes", "binance-testnet"])
async def test_anything_but_the_venues_name_confirms_nothing(typed: str) -> None:
    live = made(Rights())
    await live.check()
    with pytest.raises(NotConfirmed, match="not the venue's name") as caught:
        live.confirm(typed, "ada")
    assert (caught.value.allowed, live.permission.mode) == ("binance", TradingMode.READ_ONLY)


@pytest.mark.parametrize(
    ("rights", "keys", "flag", "missing"),
    [
        (Rights(True), True, True, "keys"), (Rights(NoAnswer("timeout")), True, True, "keys"),
        (Rights(VenueError(-2015, "Invalid API-key")), True, True, "keys"), (Rights(), False, True, "keys"),
        (Rights(), True, False, "live"),
    ],
)  # fmt: skip
async def test_the_name_is_not_taken_while_another_condition_is_missing(
    rights: Rights, keys: bool, flag: bool, missing: str
) -> None:
    live = made(rights, keys=keys, live=flag)
    if keys:
        await live.check()
    with pytest.raises(NotConfirmed) as caught:
        live.confirm("binance", "ada")
    assert (caught.value.field, live.permission.mode) == (missing, TradingMode.READ_ONLY)


@pytest.mark.parametrize("later", [True, NoAnswer("timeout"), VenueError(-2015, "Invalid API-key"), KeyError("serverTime")])
async def test_a_right_to_withdraw_or_no_answer_ends_live_trading_and_good_news_do_not_bring_it_back(
    later: bool | Exception,
) -> None:
    rights = Rights()
    live = await confirmed(rights)
    rights.answer = later
    await live.check()
    assert live.permission.mode is TradingMode.READ_ONLY
    rights.answer = False
    await live.check()
    assert list(live.permission.missing) == ["confirmed"]


async def test_on_a_test_network_whose_keys_withdraw_nothing_the_account_must_answer() -> None:
    live = made(Rights(VenueError(-2015, "Invalid API-key")), venue="binance-testnet")
    await live.check()
    assert "keys" in live.permission.missing
    good = made(Rights(True), venue="binance-testnet")
    await good.check()
    assert list(good.permission.missing) == ["confirmed"]


async def test_the_local_venue_is_paper_and_cannot_be_confirmed() -> None:
    local = site("local", Addresses(), here="http://127.0.0.1:8450")
    live = Live(local, cast(Venue, Rights()), Start(keys=True, live=True))
    await live.run()
    assert live.permission.mode is TradingMode.PAPER
    with pytest.raises(NotConfirmed, match="paper account"):
        live.confirm("local", "ada")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TradingDesk]:
    found = TradingDesk(tmp_path)
    yield found
    found.close()


async def test_the_trader_refuses_with_the_names_of_all_that_is_missing_and_leaves_no_trace(desk: TradingDesk) -> None:
    live = made(Rights(), live=False)
    desk.trader.permission = lambda: live.permission
    with pytest.raises(ReadOnly, match=r"read-only\. keys: .* live: .* confirmed: ") as caught:
        await desk.trader.place(BUY, Origin())
    assert (caught.value.field, caught.value.allowed) == ("keys", ["keys", "live", "confirmed"])
    assert desk.trader.fire(BUY, Origin(strategy="imbalance")) is None
    assert (desk.venue.placed, desk.desk.orders, desk.trader.refused) == ([], {}, {"permission": 2})


async def test_once_live_orders_go_out_and_taken_back_they_do_not(desk: TradingDesk) -> None:
    live = await confirmed(Rights())
    desk.trader.permission = lambda: live.permission
    await desk.trader.place(BUY, Origin())
    live.withdraw("ada")
    with pytest.raises(OrderRefused, match="nobody has confirmed it"):
        await desk.trader.place(BUY, Origin())
    assert len(desk.venue.placed) == 1


async def test_an_order_that_was_decided_before_the_permission_went_is_not_sent(desk: TradingDesk) -> None:
    live = await confirmed(Rights())
    desk.trader.permission = lambda: live.permission
    order = desk.trader.decide(BUY, Origin())
    live.withdraw("ada")
    with pytest.raises(ReadOnly):
        await desk.trader._send(order, None)
    assert (order.state, desk.venue.placed) == (State.REJECTED, [])


async def test_the_kill_switch_cancels_and_flattens_on_a_read_only_venue(desk: TradingDesk) -> None:
    live = await confirmed(Rights())
    desk.trader.permission = lambda: live.permission
    resting = await desk.trader.place(BUY, Origin())
    desk.trader.count(Fill("BTCUSDT", "1", "", Side.BUY, units("60000"), units("0.5"), 0, "USDT", False, 1))
    live.withdraw("ada")
    desk.trader.switch.seconds = 0.1
    await desk.trader.kill(Scope.FLATTEN, "drill")
    assert desk.venue.cancelled == [resting.client_order_id]
    closing = desk.venue.placed[-1]
    assert (closing.strategy, closing.side, closing.quantity) == (KILL, Side.SELL, units("0.5"))


async def test_a_strategy_that_is_called_kill_has_no_privilege(desk: TradingDesk) -> None:
    live = await confirmed(Rights())
    desk.trader.permission = lambda: live.permission
    resting = await desk.trader.place(BUY, Origin(strategy=KILL))
    live.withdraw("ada")
    assert desk.trader.fire(BUY, Origin(strategy=KILL)) is None
    await desk.trader.kill(Scope.CANCEL, "drill")
    assert desk.venue.cancelled == [resting.client_order_id]


async def test_a_live_account_cannot_be_reset_and_stays_reconciled(desk: TradingDesk) -> None:
    live = made(Rights())
    desk.trader.permission = lambda: live.permission
    with pytest.raises(NotPaper, match="live venue"):
        await Actions(desk.engine, desk.trader).reset_paper()
    assert desk.desk.reconciled


@pytest.fixture
def api(tmp_path: Path) -> tuple[httpx.AsyncClient, Live, Tokens]:
    live, ring = made(Rights()), ensure_keys(tmp_path)
    app = create_app("test", health=Health("hft", "0"), tokens=Tokens(ring, "hft", "local"))
    app.include_router(live_router(live))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://hft")
    return client, live, Tokens(ring, "cli", "local")


def bearer(tokens: Tokens, role: Role) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.sign('ada', role, seconds=60)}"}


Api = tuple[httpx.AsyncClient, Live, Tokens]


async def test_a_trader_confirms_over_http_and_takes_it_back(api: Api) -> None:
    client, live, tokens = api
    await live.check()
    answer = await client.post("/live", json={"confirm": "binance"}, headers=bearer(tokens, Role.TRADER))
    assert (answer.status_code, answer.json()["mode"]) == (200, "LIVE")
    answer = await client.delete("/live", headers=bearer(tokens, Role.TRADER))
    assert (answer.status_code, answer.json()["mode"]) == (200, "READ_ONLY")


async def test_the_conditions_are_there_for_who_may_look(api: Api) -> None:
    client, _, tokens = api
    answer = await client.get("/live", headers=bearer(tokens, Role.VIEWER))
    body = answer.json()
    assert (body["venue"], body["keys"], body["confirmable"]) == ("binance", "unchecked", False)
    assert [(row["name"], row["ok"]) for row in body["conditions"]] == [
        ("keys", False), ("live", True), ("confirmed", False),
    ]  # fmt: skip


async def test_a_wrong_name_is_a_conflict_that_says_the_right_one(api: Api) -> None:
    client, live, tokens = api
    await live.check()
    answer = await client.post("/live", json={"confirm": "yes"}, headers=bearer(tokens, Role.TRADER))
    assert (answer.status_code, answer.json()["allowed"]) == (409, "binance")
    assert answer.json()["type"] == "urn:qbtc:problem:not-confirmed"


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.VIEWER, 403)])
async def test_nobody_else_may_confirm(api: Api, role: Role | None, status: int) -> None:
    client, live, tokens = api
    await live.check()
    answer = await client.post("/live", json={"confirm": "binance"}, headers=bearer(tokens, role) if role else {})
    assert (answer.status_code, live.permission.mode) == (status, TradingMode.READ_ONLY)


async def test_no_service_may_confirm(api: Api, tmp_path: Path) -> None:
    client, live, _ = api
    await live.check()
    headers = {"Authorization": f"Bearer {Tokens(ensure_keys(tmp_path), 'ce3', 'local').as_service()}"}
    answer = await client.post("/live", json={"confirm": "binance"}, headers=headers)
    assert (answer.status_code, live.permission.mode) == (403, TradingMode.READ_ONLY)
