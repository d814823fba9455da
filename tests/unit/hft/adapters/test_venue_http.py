"""Requests to a venue: what is asked on the wire, and when nothing may be asked."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from qbtc.contracts.common import OrderType, Side
from qbtc.core.market.instrument import KNOWN
from qbtc.hft.adapters import backoff
from qbtc.hft.adapters.venue import BinanceVenue
from qbtc.hft.adapters.venue_rest import Rest
from qbtc.hft.adapters.venue_usdm_rest import UsdmRest
from qbtc.hft.domain.orders import Order
from qbtc.hft.domain.requests import cancel_query, order_query
from qbtc.hft.domain.units import units
from qbtc.hft.ports import NoAnswer, VenueError, VenueOrder

KEY = SecretStr("key")
FULL = '{"code": -1003, "msg": "Too many requests."}'


class Played:
    """A venue that gives the answers of a test, one after the other, then an empty object."""

    def __init__(self) -> None:
        self.answers: list[httpx.Response] = []
        self.asked: list[httpx.Request] = []
        self.now = 1000.0

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.answers.pop(0) if self.answers else httpx.Response(200, json={"orderId": 5})

    def at(self, rest: Rest | UsdmRest) -> None:
        rest._http = httpx.AsyncClient(base_url="http://venue", transport=httpx.MockTransport(self.answer))


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Iterator[Played]:
    made = Played()
    monkeypatch.setattr(backoff, "monotonic", lambda: made.now)
    yield made


@pytest.fixture
def rest(played: Played) -> Rest:
    made = Rest("http://venue", KEY, KEY)
    played.at(made)
    return made


async def seconds_of_silence(played: Played, rest: Rest, *answers: httpx.Response) -> int:
    """How long the last of these answers keeps us from asking."""
    for answer in answers:
        played.answers = [answer]
        with pytest.raises((VenueError, NoAnswer)):
            await rest.cancel("BTCUSDT", "c1")
        before, asked = played.now, len(played.asked)
        while True:
            try:
                await rest._ask("GET", "/", {})
            except NoAnswer:
                assert len(played.asked) == asked
                played.now += 0.5
            else:
                break
    return round(played.now - before)


@pytest.mark.parametrize("status", [429, 418])
async def test_nothing_is_asked_before_the_time_that_the_venue_names(played: Played, rest: Rest, status: int) -> None:
    assert await seconds_of_silence(played, rest, httpx.Response(status, text=FULL, headers={"Retry-After": "7"})) == 7


async def test_the_end_of_a_ban_is_read_from_its_words(played: Played, rest: Rest) -> None:
    until = time.time_ns() // 1_000_000 + 20_000
    body = {"code": -1003, "msg": f"Way too much request weight used; IP banned until {until}. Please use WebSocket."}
    assert abs(await seconds_of_silence(played, rest, httpx.Response(418, json=body)) - 20) <= 1


@pytest.mark.parametrize("answer", [httpx.Response(429, text="no"), httpx.Response(400, text=FULL)])
async def test_a_refusal_that_names_no_time_is_heeded_too(played: Played, rest: Rest, answer: httpx.Response) -> None:
    assert await seconds_of_silence(played, rest, answer) == 1


async def test_without_a_time_the_silence_grows_until_an_answer_comes(played: Played, rest: Rest) -> None:
    for seconds in (1, 2, 4):
        played.answers = [httpx.Response(429, text=FULL)]
        with pytest.raises(VenueError):
            await rest.cancel("BTCUSDT", "c1")
        played.now += seconds - 0.5
        with pytest.raises(NoAnswer, match=r"another 0\.5 s"):
            await rest.cancel("BTCUSDT", "c1")
        played.now += 0.5
    await rest._ask("GET", "/", {})
    assert await seconds_of_silence(played, rest, httpx.Response(429, text=FULL)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(429, json={"code": -1015, "msg": "Too many new orders."}),
        httpx.Response(400, json={"code": -2011, "msg": "Unknown order sent."}),
        httpx.Response(502),
    ],
)
async def test_other_refusals_and_a_limit_of_orders_do_not_keep_from_cancelling(
    played: Played, rest: Rest, answer: httpx.Response
) -> None:
    assert await seconds_of_silence(played, rest, answer) == 0


async def test_what_a_request_for_all_orders_has_cancelled_is_named_by_its_own_id(played: Played, rest: Rest) -> None:
    one = {
        "symbol": "BTCUSDT", "origClientOrderId": "c1", "clientOrderId": "x", "orderId": 5, "status": "CANCELED",
        "executedQty": "0.1",
    }  # fmt: skip
    played.answers = [httpx.Response(200, json=[one, {"orderListId": 3, "orderReports": []}])]
    assert await rest.cancel_all("BTCUSDT") == [VenueOrder("c1", "5", "BTCUSDT", "CANCELED", units("0.1"))]
    assert (played.asked[0].method, played.asked[0].url.path) == ("DELETE", "/api/v3/openOrders")


@pytest.mark.parametrize("reduces", [True, False])
async def test_a_futures_order_that_reduces_is_sent_as_reduce_only(played: Played, reduces: bool) -> None:
    rest = UsdmRest("http://venue", KEY, KEY)
    played.at(rest)
    await rest.place(Order("c1", "BTCUSDT", Side.SELL, OrderType.MARKET, units("0.1"), None, 0, reduces=reduces))
    assert played.asked[0].url.params.get("reduceOnly") == ("true" if reduces else None)


async def test_a_user_stream_is_not_opened_either(played: Played) -> None:
    spot = BinanceVenue("http://127.0.0.1:1", KEY, KEY)
    played.at(spot)
    played.answers = [httpx.Response(418, text=FULL, headers={"Retry-After": "7"})]
    with pytest.raises(VenueError):
        await spot.cancel("BTCUSDT", "c1")
    with pytest.raises(NoAnswer, match=r"user stream: not asked, .* another 7\.0 s"):
        await spot.user_stream(lambda: None, lambda _: None)


@pytest.mark.parametrize("kind", [Rest, UsdmRest])
async def test_a_snapshot_with_levels_off_the_grid_is_a_book_of_the_others(
    played: Played, kind: type[Rest] | type[UsdmRest]
) -> None:
    """Orders that are older than a change of step rest where none may be placed any more."""
    venue = kind("http://venue", KEY, KEY)
    played.at(venue)
    bids = [["60000.005", "1"], ["60000.00", "0.0000015"], ["59999.99", "0.0000005"]]
    played.answers = [httpx.Response(200, json={"lastUpdateId": 7, "bids": bids, "asks": []})]
    found = await venue.snapshot(KNOWN["BTCUSDT"])
    assert (found.last_id, found.bids) == (7, [(6_000_000, 1), (5_999_999, 0)])


LATE = '{"code": -1021, "msg": "Timestamp for this request is outside of the recvWindow."}'


def asked(played: Played) -> list[str]:
    return [request.url.path for request in played.asked]


async def test_after_a_step_of_our_clock_a_request_is_sent_once_more_by_the_venues(played: Played, rest: Rest) -> None:
    ahead = httpx.Response(200, json={"serverTime": time.time_ns() // 10**6 + 3_600_000})
    played.answers = [httpx.Response(400, text=LATE), ahead, httpx.Response(200, json={"orderId": 5})]
    assert (await rest.place(Order("c1", "BTCUSDT", Side.SELL, OrderType.MARKET, units("0.1"), None, 0))).venue_order_id == "5"
    assert asked(played) == ["/api/v3/order", "/api/v3/time", "/api/v3/order"]
    first, second = (int(played.asked[n].url.params["timestamp"]) for n in (0, 2))
    assert 3_590_000 < second - first < 3_610_000


@pytest.mark.parametrize("clock", [httpx.Response(200, json={"serverTime": 1}), httpx.Response(500)])
async def test_a_request_whose_time_the_venue_still_refuses_is_refused(
    played: Played, rest: Rest, clock: httpx.Response
) -> None:
    played.answers = [httpx.Response(400, text=LATE), clock, *[httpx.Response(400, text=LATE)] * 3]
    with pytest.raises(VenueError) as caught:
        await rest.cancel("BTCUSDT", "c1")
    assert (caught.value.code, asked(played).count("/api/v3/order") <= 2) == (-1021, True)


def page(*numbers: int) -> httpx.Response:
    row = {"symbol": "BTCUSDT", "price": "1", "qty": "1", "commission": "0", "commissionAsset": "USDT", "time": 1}
    sides = {"isBuyer": True, "isMaker": True, "side": "BUY", "maker": True, "orderId": 1}
    return httpx.Response(200, json=[row | sides | {"id": n} for n in numbers])


@pytest.mark.parametrize("kind", [Rest, UsdmRest])
@pytest.mark.parametrize(
    ("after", "pages", "starts", "found"),
    [
        (None, [range(5000, 6000)], [None], range(5000, 6000)),
        (None, [(), (3, 4)], [None, "1"], (3, 4)),
        (10, [range(11, 1011), (1011,)], ["11", "1011"], range(11, 1012)),
    ],
)
async def test_executions_are_read_from_where_they_are_wanted(
    played: Played,
    kind: type[Rest] | type[UsdmRest],
    after: int | None,
    pages: list[Sequence[int]],
    starts: list[str | None],
    found: Sequence[int],
) -> None:
    """The newest page alone where nothing is known yet, unless it is empty: futures look a week back."""
    venue = kind("http://venue", KEY, KEY)
    played.at(venue)
    played.answers = [page(*numbers) for numbers in pages]
    fills = await venue.fills(KNOWN["BTCUSDT"], after)
    assert [int(fill.trade_id) for fill in fills] == [*found]
    assert [request.url.params.get("fromId") for request in played.asked] == starts


@pytest.mark.parametrize(
    ("price", "said", "sent"),
    [
        ("99", {"fok": True}, "type=LIMIT price=99 timeInForce=FOK"),
        ("99", {"trigger": units("98")}, "type=STOP_LOSS_LIMIT price=99 timeInForce=GTC stopPrice=98"),
        ("99", {"trigger": units("98"), "touched": True}, "type=TAKE_PROFIT_LIMIT price=99 timeInForce=GTC stopPrice=98"),
        (None, {"trigger": units("98")}, "type=STOP_LOSS stopPrice=98"),
        (None, {"trigger": units("98"), "touched": True}, "type=TAKE_PROFIT stopPrice=98"),
    ],
)  # fmt: skip
async def test_fok_and_stop_orders_are_asked_for_in_the_words_of_spot(
    rest: Rest, played: Played, price: str | None, said: dict[str, Any], sent: str
) -> None:
    kind = OrderType.LIMIT if price else OrderType.MARKET
    await rest.place(Order("s-1", "BTCUSDT", Side.BUY, kind, units("1"), units(price) if price else None, 1, **said))
    asked = played.asked[0].url.params
    names = ("type", "price", "timeInForce", "stopPrice")
    assert " ".join(f"{name}={asked[name]}" for name in names if name in asked) == sent


@pytest.mark.parametrize(
    ("kind", "price", "ioc", "post"),
    [(OrderType.LIMIT, "60000.01", False, False), (OrderType.LIMIT, "60000.01", True, False), (OrderType.LIMIT, "1", False, True), (OrderType.MARKET, None, False, False)],
)  # fmt: skip
async def test_what_goes_on_the_wire_is_what_a_session_recording_compares_and_then_time_and_signature(
    rest: Rest, played: Played, kind: OrderType, price: str | None, ioc: bool, post: bool
) -> None:
    order = Order(
        "grid-t-1", "BTCUSDT", Side.SELL, kind, units("0.01"), units(price) if price else None, 1, ioc=ioc, post=post
    )
    await rest.place(order)
    played.answers = [httpx.Response(200, json={"orderId": 5, "symbol": "BTCUSDT", "status": "CANCELED"})]
    await rest.cancel(order.symbol, order.client_order_id)
    for asked, recorded in zip(played.asked, (order_query(order), cancel_query(order)), strict=True):
        sent = f"{asked.method} {asked.url.raw_path.decode()}"
        assert sent.startswith(f"{recorded}&recvWindow=5000&timestamp=")
        added = [pair.partition("=")[0] for pair in sent.removeprefix(recorded).split("&")]
        assert added == ["", "recvWindow", "timestamp", "signature"]
