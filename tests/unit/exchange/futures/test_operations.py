"""The table of futures operations: weights by parameters as documented, and what its smaller rows answer."""

from __future__ import annotations

import pytest

from qbtc.core.binance.errors import ApiError
from qbtc.core.market.futures.facts import Insured
from qbtc.exchange.futures import api_market, api_positions
from qbtc.exchange.futures.operations import OPERATIONS

from .house import ME, House, d

BY_NAME = {(op.method, op.path): op for op in OPERATIONS}


@pytest.mark.parametrize(
    ("path", "params", "weight"),
    [
        ("/fapi/v1/depth", {}, 10),
        ("/fapi/v1/depth", {"limit": "50"}, 2),
        ("/fapi/v1/depth", {"limit": "100"}, 5),
        ("/fapi/v1/depth", {"limit": "1000"}, 20),
        ("/fapi/v1/depth", {"limit": "9" * 400}, 10),
        ("/fapi/v1/klines", {"limit": "99"}, 1),
        ("/fapi/v1/klines", {"limit": "100"}, 2),
        ("/fapi/v1/klines", {}, 5),
        ("/fapi/v1/klines", {"limit": "1500"}, 10),
        ("/fapi/v1/ticker/24hr", {}, 40),
        ("/fapi/v1/ticker/24hr", {"symbol": "BTCUSDT"}, 1),
        ("/fapi/v1/openOrders", {}, 40),
        ("/fapi/v1/forceOrders", {"symbol": "BTCUSDT"}, 20),
        ("/fapi/v3/account", {}, 5),
    ],
)
def test_a_request_weighs_what_the_documentation_says(path: str, params: dict[str, str], weight: int) -> None:
    assert BY_NAME["GET", path].cost(params) == weight


async def test_the_risk_of_deleveraging_follows_what_the_fund_could_not_pay() -> None:
    house = House("1000000")
    desk = house.desk()

    async def risk() -> object:
        answer = await api_positions.adl_risk(desk, {"symbol": "BTCUSDT"}, ME)
        assert isinstance(answer, dict)
        return answer["adlRisk"]

    assert await risk() == "low"
    house.accounts.leverage(ME, "BTCUSDT", 100, house.now)
    house.place("BUY", quantity="10")
    assert await risk() == "high"
    house.venue.apply(Insured(ME, "BTCUSDT", d("5000"), house.now))
    assert await risk() == "medium"
    house.venue.apply(Insured(ME, "BTCUSDT", d("5000"), house.now))
    assert await risk() == "low"
    everything = await api_positions.adl_risk(desk, {}, ME)
    assert isinstance(everything, list)
    assert [row["symbol"] for row in everything] == ["BTCUSDT"]


async def test_the_index_is_made_of_spot_alone_and_the_book_has_no_hidden_orders() -> None:
    house = House()
    desk = house.desk()
    made = await api_market.constituents(desk, {"symbol": "BTCUSDT"}, 0)
    assert isinstance(made, dict)
    assert made["constituents"][0]["price"] == "10000.00000000"
    assert await api_market.rpi_depth(desk, {"symbol": "BTCUSDT"}, 0) == await api_market.depth(
        desk, {"symbol": "BTCUSDT", "limit": "1000"}, 0
    )
    with pytest.raises(ApiError, match="-4021"):
        await api_market.rpi_depth(desk, {"symbol": "BTCUSDT", "limit": "5"}, 0)
