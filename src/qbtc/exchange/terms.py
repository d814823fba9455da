"""The rules of a new market from the venue's settings: filters in the magnitudes of Binance's, and fees."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import numpy as np

from ..core.market.instrument import Instrument
from .desk import MAX_PRICE
from .settings import ExchangeSettings

MAX_QUANTITY = 92_000_000 * 10**8
UNIT = 10**8
MINUTES = 5


def terms(settings: ExchangeSettings) -> Callable[[Instrument, np.void], None]:
    def fill(item: Instrument, rules: np.void) -> None:
        rules["min_tick"] = rules["tick_step"] = rules["min_lots"] = rules["lot_step"] = 1
        rules["market_min_lots"] = rules["market_lot_step"] = 1
        rules["max_tick"] = MAX_PRICE // item.tick_units
        rules["max_lots"] = rules["market_max_lots"] = MAX_QUANTITY // item.lot_units
        rules["min_notional"], rules["max_notional"] = _units(settings.min_notional), _units(settings.max_notional)
        rules["min_applies_to_market"] = rules["max_applies_to_market"] = 1
        rules["notional_minutes"] = rules["percent_minutes"] = MINUTES
        by_side = settings.percent_by_side
        rules["bid_up"], rules["bid_down"] = 5 * UNIT, UNIT // (10 if by_side else 5)
        rules["ask_up"], rules["ask_down"] = (10 if by_side else 5) * UNIT, UNIT // 5
        rules["max_position"] = _units(settings.max_position) // item.lot_units
        rules["iceberg_parts"], rules["max_orders"], rules["max_order_lists"] = 100, settings.max_orders, 20
        rules["max_algo_orders"], rules["max_iceberg_orders"], rules["max_amends"] = 5, 10, 10
        rules["trail_above_min"] = rules["trail_below_min"] = 10
        rules["trail_above_max"] = rules["trail_below_max"] = 2000
        rules["maker_rate"], rules["taker_rate"] = _units(settings.maker_fee), _units(settings.taker_fee)

    return fill


def _units(value: Decimal) -> int:
    return int(value * UNIT)
