"""Cancel and replace over a whole venue: what a refused replacement costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.unit.exchange.in_process import InProcess

LIMIT = {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.1", "price": "95"}


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    with InProcess(tmp_path_factory.mktemp("replace")) as made:
        yield made


def asked(venue: InProcess, method: str, path: str, **params: object) -> Any:
    pairs = [("symbol", "BTCUSDT"), *((name, str(value)) for name, value in params.items())]
    return venue.rest(method, path, pairs, signed=True).json()


def count(venue: InProcess) -> int:
    rows = venue.rest("GET", "/api/v3/rateLimit/order", [], signed=True).json()
    return int(rows[1]["count"])


@pytest.mark.parametrize("mode", ["STOP_ON_FAILURE", "ALLOW_FAILURE"])
@pytest.mark.parametrize(
    ("change", "said"), [({"quantity": "0.01"}, "NOTIONAL"), ({"price": "0.001"}, "PRICE_FILTER")]
)
def test_a_replacement_that_a_filter_refuses_leaves_the_resting_order(
    venue: InProcess, mode: str, change: dict[str, str], said: str
) -> None:
    resting = asked(venue, "POST", "/api/v3/order", **LIMIT)
    before = count(venue)
    replace = {"cancelReplaceMode": mode, "cancelOrderId": resting["orderId"]}
    answer = asked(venue, "POST", "/api/v3/order/cancelReplace", **(LIMIT | change), **replace)
    assert (answer["code"], answer["msg"]) == (-1013, f"Filter failure: {said}")
    assert asked(venue, "GET", "/api/v3/order", orderId=resting["orderId"])["status"] == "NEW"
    assert count(venue) == before


def test_the_order_about_to_go_counts_in_the_filters(venue: InProcess) -> None:
    asked(venue, "DELETE", "/api/v3/openOrders")
    resting = asked(venue, "POST", "/api/v3/order", **LIMIT)
    rules = venue.exchange.desk.rules("BTCUSDT")
    most, rules["max_orders"] = int(rules["max_orders"]), 1
    replace = {"cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrderId": resting["orderId"]}
    answer = asked(venue, "POST", "/api/v3/order/cancelReplace", **LIMIT, **replace)
    assert answer["msg"] == "Filter failure: MAX_NUM_ORDERS"
    rules["max_orders"] = most
    placed = asked(venue, "POST", "/api/v3/order/cancelReplace", **LIMIT, **replace)
    assert (placed["cancelResult"], placed["newOrderResult"]) == ("SUCCESS", "SUCCESS")


def test_a_replacement_may_take_the_name_of_the_order_that_goes(venue: InProcess) -> None:
    resting = asked(venue, "POST", "/api/v3/order", **LIMIT, newClientOrderId="same")
    replace = {"cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrderId": resting["orderId"]}
    placed = asked(venue, "POST", "/api/v3/order/cancelReplace", **LIMIT, **replace, newClientOrderId="same")
    assert placed["newOrderResponse"]["clientOrderId"] == "same"
