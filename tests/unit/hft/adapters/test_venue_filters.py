"""What the venue's filters allow, as our page and command line say it beside the venue's own refusal."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import JsonValue

from qbtc.contracts.common import Side
from qbtc.core.market.instrument import KNOWN
from qbtc.hft.adapters.venue_filters import allowed, words

BTC = KNOWN["BTCUSDT"]
BY_SIDE: dict[str, JsonValue] = {
    "filterType": "PERCENT_PRICE_BY_SIDE", "bidMultiplierUp": "1.3", "bidMultiplierDown": "0.5", "askMultiplierUp": "2",
    "askMultiplierDown": "0.8",
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "side", "says"),
    [
        (BY_SIDE, Side.BUY, "a price from 30000.01 to 78000.02 USDT"),
        (BY_SIDE, Side.SELL, "a price from 48000.02 to 120000.04 USDT"),
        ({"filterType": "PERCENT_PRICE", "multiplierUp": "5", "multiplierDown": "0.2"}, Side.BUY, "a price from 12000.01 to 300000.1 USDT"),
        ({"filterType": "PRICE_FILTER", "minPrice": "0.01000000", "maxPrice": "1000000.00000000", "tickSize": "0.01000000"}, Side.BUY,
         "a price from 0.01 to 1000000 USDT, in steps of 0.01"),
        ({"filterType": "LOT_SIZE", "minQty": "0.00001", "maxQty": "9000", "stepSize": "0.00001"}, Side.BUY,
         "a quantity from 0.00001 to 9000 BTC, in steps of 0.00001"),
        ({"filterType": "NOTIONAL", "minNotional": "5.0", "maxNotional": "9000000"}, Side.BUY,
         "a value (price x quantity) of at least 5 and at most 9000000 USDT"),
        ({"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 200}, Side.BUY, "at most 200"),
    ],
)  # fmt: skip
def test_a_filter_says_what_it_allows(rule: dict[str, JsonValue], side: Side, says: str) -> None:
    assert words(rule, side, BTC, Decimal("60000.02")) == says


def test_a_percent_filter_without_an_average_price_promises_nothing() -> None:
    assert words(BY_SIDE, Side.BUY, BTC, Decimal(0)) is None


async def test_a_refusal_that_names_no_filter_is_not_explained() -> None:
    assert await allowed(object(), BTC, Side.BUY, "Account has insufficient balance for requested action.") is None
