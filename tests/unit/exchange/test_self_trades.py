"""Self-trade prevention as placing an order answers it, in every mode, after the scenarios of faqs/stp_faq.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.unit.exchange.in_process import InProcess


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    with InProcess(tmp_path_factory.mktemp("stp")) as made:
        yield made


def asked(venue: InProcess, method: str, path: str, **params: object) -> Any:
    pairs = [("symbol", "BTCUSDT"), *((name, str(value)) for name, value in params.items())]
    return venue.rest(method, path, pairs, signed=True).json()


def order(venue: InProcess, side: str, quantity: str, price: str, mode: str) -> Any:
    limit = {"type": "LIMIT", "timeInForce": "GTC", "selfTradePreventionMode": mode}
    return asked(venue, "POST", "/api/v3/order", side=side, quantity=quantity, price=price, **limit)


@pytest.mark.parametrize(
    ("mode", "taker", "maker", "prevented"),
    [
        ("NONE", "FILLED", "PARTIALLY_FILLED", set()),
        ("EXPIRE_TAKER", "EXPIRED_IN_MATCH", "NEW", {"takerPreventedQuantity"}),
        ("EXPIRE_MAKER", "NEW", "EXPIRED_IN_MATCH", {"makerPreventedQuantity"}),
        ("EXPIRE_BOTH", "EXPIRED_IN_MATCH", "EXPIRED_IN_MATCH", {"takerPreventedQuantity", "makerPreventedQuantity"}),
        ("DECREMENT", "EXPIRED_IN_MATCH", "NEW", {"takerPreventedQuantity", "makerPreventedQuantity"}),
    ],
)
def test_the_taker_hears_what_was_prevented(
    venue: InProcess, mode: str, taker: str, maker: str, prevented: set[str]
) -> None:
    resting = order(venue, "BUY", "0.5", "100.05", "NONE")
    answer = order(venue, "SELL", "0.2", "100.05", mode)
    left = asked(venue, "GET", "/api/v3/order", orderId=resting["orderId"])
    asked(venue, "DELETE", "/api/v3/openOrders")
    assert (answer["status"], left["status"]) == (taker, maker)
    rows = answer.get("preventedMatches", [])
    assert [row["makerOrderId"] for row in rows] == ([resting["orderId"]] if prevented else [])
    assert all(prevented == {name for name in row if name.endswith("Quantity")} for row in rows)
    assert ("preventedQuantity" in answer) is (taker == "EXPIRED_IN_MATCH")


def test_a_taker_that_expires_several_makers_names_them_all_and_rests(venue: InProcess) -> None:
    makers = [order(venue, "BUY", "0.1", price, "NONE")["orderId"] for price in ("100.05", "100.04", "100.03")]
    answer = order(venue, "SELL", "0.3", "100.02", "EXPIRE_MAKER")
    asked(venue, "DELETE", "/api/v3/openOrders")
    assert answer["status"] == "NEW"
    assert [row["makerOrderId"] for row in answer["preventedMatches"]] == makers
    assert answer["fills"] == []
