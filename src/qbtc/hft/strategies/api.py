"""What a strategy's file imports: parameters, the words of a record, and how to ask for orders. Nothing else is needed."""

from __future__ import annotations

from typing import Any

from ..domain.strategy_class import parameter
from ..domain.strategy_records import (
    BOTH,
    BUY,
    FOK,
    GTC,
    IOC,
    LAST,
    LEVELS,
    MARK,
    OWN,
    POST,
    REGIMES,
    SELL,
    buy,
    buy_if_touched,
    buy_market,
    buy_stop,
    cancel,
    helper,
    sell,
    sell_if_touched,
    sell_market,
    sell_stop,
)

Market = Any
"""The record `MARKET_VIEW`; compiled code knows its fields, and so does `qbtc strategy check`."""
Orders = Any
"""The record `INTENT_BUFFER`, written with buy, sell and cancel."""
UNKNOWN, CALM, TREND_UP, TREND_DOWN, TURBULENT, STRESS = range(len(REGIMES))

__all__ = [
    "BOTH", "BUY", "CALM", "FOK", "GTC", "IOC", "LAST", "LEVELS", "MARK", "Market", "OWN", "Orders", "POST", "REGIMES", "SELL", "STRESS", "TREND_DOWN", "TREND_UP",
    "TURBULENT", "UNKNOWN", "buy", "buy_if_touched", "buy_market", "buy_stop", "cancel", "helper", "parameter", "sell",
    "sell_if_touched", "sell_market", "sell_stop",
]  # fmt: skip
