"""What single requests answer and count over a whole venue: order count, lists, amendments, self-trade modes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.unit.exchange.in_process import InProcess

LIMIT = {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.1", "price": "95"}
OTO = {
    "workingType": "LIMIT", "workingSide": "BUY", "workingPrice": "120", "workingQuantity": "0.1",
    "workingTimeInForce": "GTC", "pendingType": "LIMIT", "pendingSide": "SELL", "pendingPrice": "130",
    "pendingQuantity": "0.09", "pendingTimeInForce": "GTC",
}  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    with InProcess(tmp_path_factory.mktemp("requests")) as made:
        yield made


@pytest.fixture
def venue(shared: InProcess) -> InProcess:
    """Without open orders and counts."""
    asked(shared, "DELETE", "/api/v3/openOrders")
    shared.exchange.ws_api._api.limits.accounts.clear()
    return shared


def asked(venue: InProcess, method: str, path: str, **params: object) -> Any:
    pairs = [("symbol", "BTCUSDT"), *((name, str(value)) for name, value in params.items())]
    return venue.rest(method, path, pairs, signed=True).json()


def counts(venue: InProcess) -> list[int]:
    return [row["count"] for row in venue.rest("GET", "/api/v3/rateLimit/order", [], signed=True).json()]


def test_orders_that_fill_at_once_leave_the_count_as_it_was(venue: InProcess) -> None:
    asked(venue, "POST", "/api/v3/orderList/oto", **OTO)
    assert counts(venue) == [1, 1]
    for _ in range(3):
        asked(venue, "POST", "/api/v3/order", side="BUY", type="MARKET", quantity="0.1")
    assert counts(venue) == [1, 1]


def test_an_order_that_is_refused_is_not_counted(venue: InProcess) -> None:
    asked(venue, "POST", "/api/v3/order", **LIMIT)
    assert asked(venue, "POST", "/api/v3/order", **LIMIT | {"quantity": "5000"})["code"] == -2010
    assert asked(venue, "POST", "/api/v3/orderList/oto", **OTO | {"workingQuantity": "5000"})["code"] == -2010
    assert counts(venue) == [1, 1]


def test_a_cancelled_list_reports_only_what_the_cancel_ended(venue: InProcess) -> None:
    made = asked(venue, "POST", "/api/v3/orderList/oto", **OTO)
    assert [row["status"] for row in made["orderReports"]] == ["FILLED", "NEW"]
    gone = asked(venue, "DELETE", "/api/v3/orderList", orderListId=made["orderListId"])
    assert [(row["orderId"], row["status"]) for row in gone["orderReports"]] == [
        (made["orderReports"][1]["orderId"], "CANCELED")
    ]
    assert [row["orderId"] for row in gone["orders"]] == [row["orderId"] for row in made["orderReports"]]


def test_too_many_amendments_are_refused_as_an_amendment_is(venue: InProcess) -> None:
    resting = asked(venue, "POST", "/api/v3/order", **LIMIT | {"quantity": "1"})["orderId"]
    most = int(venue.exchange.desk.rules("BTCUSDT")["max_amends"])
    path = "/api/v3/order/amend/keepPriority"
    answers = [asked(venue, "PUT", path, orderId=resting, newQty=f"0.{90 - n}") for n in range(most + 1)]
    assert [row.get("code") for row in answers] == [None] * most + [-2038]
    assert answers[-1]["msg"] == "Filter failure: MAX_NUM_ORDER_AMENDS"


@pytest.mark.parametrize("path", ["/api/v3/order", "/api/v3/order/test", "/api/v3/orderList/oto"])
def test_a_self_trade_mode_that_no_symbol_has_is_refused_in_its_own_words(venue: InProcess, path: str) -> None:
    answer = asked(venue, "POST", path, **(OTO if "oto" in path else LIMIT), selfTradePreventionMode="TRANSFER")
    text = "This symbol does not allow the specified self-trade prevention mode."
    assert answer == {"code": -1013, "msg": text}
    assert asked(venue, "POST", path, **(OTO if "oto" in path else LIMIT), selfTradePreventionMode="NOPE")["code"] == -1130
