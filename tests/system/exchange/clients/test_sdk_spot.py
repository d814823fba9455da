"""Binance's own spot SDK, unmodified, with its models as judges: a reply must fit the model and bring nothing unknown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from qbtc.testing.venue import MortalVenue, VenueProcess
from qbtc.testing.venue_clients import Complaints, extras
from qbtc.testing.waiting import eventually

sdk = pytest.importorskip(
    "binance_sdk_spot.spot", reason="binance-sdk-spot is not installed (see requirements/dev.lock)"
)

from binance_common.configuration import (  # noqa: E402
    ConfigurationRestAPI,
    ConfigurationWebSocketAPI,
    ConfigurationWebSocketStreams,
)
from binance_common.errors import BadRequestError, NetworkError, UnauthorizedError  # noqa: E402

SYMBOL = "BTCUSDT"
SECONDS = 20.0
Allowed = Callable[[str], None]
ENVELOPE = {".id", ".status", ".result", ".rateLimits"}
"""Of every WebSocket API reply; two of the SDK's models leave parts of it out."""
REAL = {".order_reports[].selfTradePreventionMode"}
"""In the documentation, and not in the SDK's model of a cancelled list."""
BUY = {"symbol": SYMBOL, "side": "BUY"}
OCO = {
    "symbol": SYMBOL, "side": "SELL", "quantity": 0.1, "above_type": "LIMIT_MAKER", "above_price": 120.0,
    "below_type": "STOP_LOSS_LIMIT", "below_stop_price": 90.0, "below_price": 89.0, "below_time_in_force": "GTC",
}  # fmt: skip


def connected(target: VenueProcess, **changed: Any) -> Any:
    keys = {"api_key": target.api_key, "api_secret": target.secret} | changed
    rest = ConfigurationRestAPI(base_path=target.rest, timeout=10_000, retries=0, **keys)
    ws_api = ConfigurationWebSocketAPI(stream_url=target.ws_api, reconnect_delay=200, **keys)
    streams = ConfigurationWebSocketStreams(stream_url=f"{target.ws}/stream", reconnect_delay=200)
    return sdk.Spot(rest, ws_api, streams)


class Judge:
    """Reads replies through the SDK's models and remembers what did not fit."""

    def __init__(self, complaints: Complaints) -> None:
        self.complaints = complaints
        self.unknown: dict[str, list[str]] = {}

    def read(self, response: Any) -> Any:
        data = response.data()
        found = [name for name in extras(data) if name not in ENVELOPE | REAL]
        if found:
            self.unknown[type(data).__name__] = found
        return data

    def verdict(self) -> None:
        assert self.complaints.said == []
        assert self.unknown == {}


@pytest.fixture
def judge(complaints: Complaints) -> Iterator[Judge]:
    found = Judge(complaints)
    yield found
    found.verdict()


@pytest.fixture(scope="module")
def rest(quiet: MortalVenue) -> Any:
    return connected(quiet).rest_api


@pytest.fixture(autouse=True)
def nothing_left_open(rest: Any) -> Iterator[None]:
    yield
    if rest.get_open_orders(SYMBOL).data():
        rest.delete_open_orders(SYMBOL)


PUBLIC: list[tuple[str, dict[str, Any]]] = [
    ("ping", {}),
    ("time", {}),
    ("exchange_info", {"symbol": SYMBOL}),
    ("exchange_info", {}),
    ("depth", {"symbol": SYMBOL, "limit": 5}),
    ("get_trades", {"symbol": SYMBOL, "limit": 3}),
    ("historical_trades", {"symbol": SYMBOL, "limit": 3}),
    ("agg_trades", {"symbol": SYMBOL, "limit": 3}),
    ("klines", {"symbol": SYMBOL, "interval": "1s", "limit": 3}),
    ("ui_klines", {"symbol": SYMBOL, "interval": "1m", "limit": 3}),
    ("avg_price", {"symbol": SYMBOL}),
    ("ticker24hr", {"symbol": SYMBOL}),
    ("ticker24hr", {"symbols": [SYMBOL, "ETHUSDT"], "type": "MINI"}),
    ("ticker_trading_day", {"symbol": SYMBOL}),
    ("ticker_price", {"symbol": SYMBOL}),
    ("ticker_price", {}),
    ("ticker_book_ticker", {"symbol": SYMBOL}),
    ("ticker_book_ticker", {"symbols": [SYMBOL, "ETHUSDT"]}),
    ("ticker", {"symbol": SYMBOL, "window_size": "1h"}),
]


@pytest.mark.parametrize(("method", "arguments"), PUBLIC, ids=[f"{m}-{n}" for n, (m, _) in enumerate(PUBLIC)])
def test_a_market_data_reply_fits_its_model(
    live: VenueProcess, judge: Judge, method: str, arguments: dict[str, Any]
) -> None:
    response = getattr(connected(live).rest_api, method)(**arguments)
    judge.read(response)
    assert {limit.rateLimitType for limit in response.rate_limits} == {"REQUEST_WEIGHT"}


def test_the_account_replies_fit_their_models(rest: Any, judge: Judge) -> None:
    assert judge.read(rest.get_account()).account_type == "SPOT"
    assert judge.read(rest.account_commission(SYMBOL)).standard_commission.taker == "0.00100000"
    assert judge.read(rest.rate_limit_order())[0].rate_limit_type == "ORDERS"
    for read in (rest.all_orders, rest.my_trades, rest.my_allocations):
        judge.read(read(SYMBOL))
    judge.read(rest.my_prevented_matches(SYMBOL, order_id=1))
    judge.read(rest.all_order_list())
    judge.read(rest.my_filters(SYMBOL))


def test_the_replies_to_orders_fit_their_models(rest: Any, judge: Judge) -> None:
    judge.read(rest.order_test(**BUY, type="MARKET", quantity=0.1))
    judge.read(rest.order_test(**BUY, type="MARKET", quantity=0.1, compute_commission_rates=True))
    ack = judge.read(rest.new_order(**BUY, type="MARKET", quantity=0.1, new_order_resp_type="ACK"))
    assert ack.order_id > 0
    full = judge.read(rest.new_order(**BUY, type="MARKET", quantity=0.1))
    assert (full.status, full.fills[0].price) == ("FILLED", "100.10000000")
    resting = judge.read(rest.new_order(**BUY, type="LIMIT", time_in_force="GTC", quantity=0.5, price=95.0))
    assert judge.read(rest.get_order(SYMBOL, order_id=resting.order_id)).status == "NEW"
    assert [o.order_id for o in judge.read(rest.get_open_orders(SYMBOL))] == [resting.order_id]
    replaced = judge.read(
        rest.order_cancel_replace(
            **BUY, type="LIMIT", cancel_replace_mode="STOP_ON_FAILURE", time_in_force="GTC", quantity=0.2, price=96.0,
            cancel_order_id=resting.order_id,
        )
    )  # fmt: skip
    assert replaced.new_order_result == "SUCCESS"
    gone = judge.read(rest.delete_order(SYMBOL, order_id=replaced.new_order_response.order_id))
    assert gone.status == "CANCELED"
    assert judge.read(rest.my_trades(SYMBOL))[-1].is_buyer


def test_the_replies_to_amendments_fit_their_models(rest: Any, judge: Judge, allowed: Allowed) -> None:
    allowed("amendAllowed")
    resting = judge.read(rest.new_order(**BUY, type="LIMIT", time_in_force="GTC", quantity=0.5, price=95.0))
    amended = judge.read(rest.order_amend_keep_priority(SYMBOL, 0.3, order_id=resting.order_id))
    assert amended.amended_order.qty == "0.30000000"
    assert judge.read(rest.order_amendments(SYMBOL, resting.order_id))[0].new_qty == "0.30000000"


def test_the_replies_to_order_lists_fit_their_models(rest: Any, judge: Judge, allowed: Allowed) -> None:
    allowed("ocoAllowed")
    allowed("otoAllowed")
    oco = judge.read(rest.order_list_oco(**OCO))
    assert oco.contingency_type == "OCO"
    assert judge.read(rest.get_order_list(order_list_id=oco.order_list_id)).list_order_status == "EXECUTING"
    assert len(judge.read(rest.open_order_list())) == 1
    assert judge.read(rest.delete_order_list(SYMBOL, order_list_id=oco.order_list_id)).list_order_status == "ALL_DONE"
    oto = judge.read(
        rest.order_list_oto(
            SYMBOL, working_type="LIMIT", working_side="BUY", working_price=95.0, working_quantity=0.1,
            working_time_in_force="GTC", pending_type="LIMIT", pending_side="SELL", pending_price=120.0,
            pending_quantity=0.1, pending_time_in_force="GTC",
        )
    )  # fmt: skip
    assert oto.contingency_type == "OTO"
    otoco = judge.read(
        rest.order_list_otoco(
            SYMBOL, working_type="LIMIT", working_side="BUY", working_price=95.0, working_quantity=0.1,
            working_time_in_force="GTC", pending_side="SELL", pending_quantity=0.1, pending_above_type="LIMIT_MAKER",
            pending_above_price=120.0, pending_below_type="STOP_LOSS", pending_below_stop_price=90.0,
        )
    )  # fmt: skip
    assert len(otoco.orders) == 3
    judge.read(rest.delete_open_orders(SYMBOL))


def test_refusals_are_the_exceptions_of_the_sdk(rest: Any, quiet: MortalVenue) -> None:
    def refused(call: Callable[[], Any], kind: type[Exception], code: int) -> None:
        with pytest.raises(kind) as error:
            call()
        assert getattr(error.value, "status_code") == code  # noqa: B009

    limit = {"type": "LIMIT", "time_in_force": "GTC", "price": 95.0}
    refused(lambda: rest.new_order(**BUY, **limit, quantity=0.01), BadRequestError, -1013)
    refused(lambda: rest.new_order(**BUY, **limit, quantity=8000), BadRequestError, -2010)
    refused(lambda: rest.depth("NOPEUSDT"), BadRequestError, -1121)
    refused(lambda: rest.get_order(SYMBOL, order_id=999_999), BadRequestError, -2013)
    refused(lambda: rest.delete_order(SYMBOL, order_id=999_999), BadRequestError, -2011)
    refused(connected(quiet, api_secret="x" * 64).rest_api.get_account, BadRequestError, -1022)
    refused(connected(quiet, api_key="x" * 64).rest_api.get_account, UnauthorizedError, -2015)


@asynccontextmanager
async def websocket_api(target: VenueProcess, **changed: Any) -> AsyncIterator[Any]:
    client = connected(target, **changed).websocket_api
    connection = await client.create_connection()
    try:
        yield connection
    finally:
        await connection.close_connection(close_session=True)


async def test_the_websocket_api_replies_fit_their_models(quiet: MortalVenue, judge: Judge) -> None:
    async with asyncio.timeout(SECONDS), websocket_api(quiet) as api:
        for name, arguments in (
            ("ping", {}), ("time", {}), ("exchange_info", {"symbol": SYMBOL}), ("depth", {"symbol": SYMBOL}),
            ("trades_recent", {"symbol": SYMBOL}), ("trades_aggregate", {"symbol": SYMBOL}),
            ("klines", {"symbol": SYMBOL, "interval": "1s"}), ("avg_price", {"symbol": SYMBOL}),
            ("ticker24hr", {"symbol": SYMBOL}), ("ticker_price", {"symbol": SYMBOL}),
            ("ticker_book", {"symbol": SYMBOL}), ("account_status", {}), ("account_commission", {"symbol": SYMBOL}),
            ("account_rate_limits_orders", {}), ("all_orders", {"symbol": SYMBOL}), ("my_trades", {"symbol": SYMBOL}),
            ("open_orders_status", {}), ("open_order_lists_status", {}), ("all_order_lists", {}),
            ("session_status", {}),
        ):  # fmt: skip
            judge.read(await getattr(api, name)(**arguments))
        placed = judge.read(await api.order_place(**BUY, type="LIMIT", time_in_force="GTC", quantity=0.5, price=95.0))
        order = placed.result.order_id
        assert judge.read(await api.order_status(SYMBOL, order_id=order)).result.status == "NEW"
        assert judge.read(await api.order_cancel(SYMBOL, order_id=order)).result.status == "CANCELED"
        judge.read(await api.order_test(**BUY, type="MARKET", quantity=0.1))


async def test_lists_and_amendments_over_the_websocket_api_fit_their_models(
    quiet: MortalVenue, judge: Judge, allowed: Allowed
) -> None:
    allowed("ocoAllowed")
    allowed("amendAllowed")
    async with asyncio.timeout(SECONDS), websocket_api(quiet) as api:
        placed = judge.read(await api.order_place(**BUY, type="LIMIT", time_in_force="GTC", quantity=0.5, price=95.0))
        judge.read(await api.order_amend_keep_priority(SYMBOL, 0.4, order_id=placed.result.order_id))
        oco = judge.read(await api.order_list_place_oco(**OCO))
        judge.read(await api.order_list_status(order_list_id=oco.result.order_list_id))
        judge.read(await api.order_list_cancel(SYMBOL, order_list_id=oco.result.order_list_id))


async def heard_of(quiet: MortalVenue, rest: Any, acts: list[tuple[str, dict[str, Any]]], wanted: set[str]) -> None:
    """The user data events of these acts are of the wanted kinds and bring nothing the models do not know."""
    async with asyncio.timeout(SECONDS), websocket_api(quiet) as api:
        subscribed = await api.user_data_stream_subscribe_signature()
        heard: list[Any] = []
        subscribed.stream.on("message", heard.append)
        for name, arguments in acts:
            await asyncio.to_thread(getattr(rest, name), **arguments)
        await eventually(lambda: {type(e.actual_instance).__name__ for e in heard} == wanted, SECONDS)
        assert [name for event in heard for name in extras(event)] == []


async def test_events_of_orders_fit_their_models(quiet: MortalVenue, rest: Any, judge: Judge) -> None:
    resting = {**BUY, "type": "LIMIT", "time_in_force": "GTC", "quantity": 0.5, "price": 95.0}
    market = {**BUY, "type": "MARKET", "quantity": 0.1}
    acts = [("new_order", market), ("new_order", resting), ("delete_open_orders", {"symbol": SYMBOL})]
    await heard_of(quiet, rest, acts, {"ExecutionReport", "OutboundAccountPosition"})


async def test_events_of_lists_fit_their_models(quiet: MortalVenue, rest: Any, judge: Judge, allowed: Allowed) -> None:
    allowed("ocoAllowed")
    acts = [("order_list_oco", OCO), ("delete_open_orders", {"symbol": SYMBOL})]
    await heard_of(quiet, rest, acts, {"ExecutionReport", "OutboundAccountPosition", "ListStatus"})


async def test_a_refusal_on_the_websocket_api_leaves_the_connection_usable(quiet: MortalVenue) -> None:
    async with asyncio.timeout(SECONDS), websocket_api(quiet) as api:
        assert (await api.order_cancel(SYMBOL, order_id=999_999)).data()["error"]["code"] == -2011
        assert (await api.depth("NOPEUSDT")).data()["error"]["code"] == -1121
        assert (await api.ping()).data().status == 200


STREAMS: list[tuple[str, dict[str, Any]]] = [
    ("agg_trade", {"symbol": "btcusdt"}),
    ("trade", {"symbol": "btcusdt"}),
    ("book_ticker", {"symbol": "btcusdt"}),
    ("kline", {"symbol": "btcusdt", "interval": "1s"}),
    ("mini_ticker", {"symbol": "btcusdt"}),
    ("ticker", {"symbol": "btcusdt"}),
    ("all_mini_ticker", {}),
    ("rolling_window_ticker", {"symbol": "btcusdt", "window_size": "1h"}),
    ("avg_price", {"symbol": "btcusdt"}),
    ("diff_book_depth", {"symbol": "btcusdt", "update_speed": "100ms"}),
    ("partial_book_depth", {"symbol": "btcusdt", "levels": "5", "update_speed": "100ms"}),
]


async def test_every_public_stream_fits_its_model(live: VenueProcess, judge: Judge) -> None:
    client = connected(live).websocket_streams
    connection = await client.create_connection()
    heard: dict[str, Any] = {}
    try:
        for name, arguments in STREAMS:
            stream = await getattr(connection, name)(**arguments)
            stream.on("message", lambda event, name=name: heard.setdefault(name, event))
        wanted = {name for name, _ in STREAMS}
        await eventually(lambda: wanted <= set(heard), SECONDS, what=f"streams {wanted}")
        assert {name: extras(event) for name, event in heard.items() if extras(event)} == {}
    finally:
        await connection.close_connection(close_session=True)


def test_after_a_kill_the_same_client_goes_on_with_what_it_had(rest: Any, quiet: MortalVenue) -> None:
    placed = rest.new_order(**BUY, type="LIMIT", time_in_force="GTC", quantity=0.5, price=95.0).data()
    quiet.die()
    with pytest.raises(NetworkError):
        rest.get_account()
    quiet.revive()
    assert [row.order_id for row in rest.get_open_orders(SYMBOL).data()] == [placed.order_id]
