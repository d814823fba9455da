"""The rules of a market in the magnitudes of Binance's: its filters and fees, as the matching core reads them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from .instrument import Instrument

MAX_PRICE = 1_000_000 * 10**8
"""In 1e-8: highest price of an order; the core's range of ticks reaches a little further."""
MAX_QUANTITY = 92_000_000 * 10**8
UNIT = 10**8
MINUTES = 5


@dataclass(frozen=True, slots=True)
class Terms:
    """Fees are shares; notionals of the quote, positions of the base asset; 0: no bound. Without `percent_by_side` the
    filter is PERCENT_PRICE, 0.2 to 5 on both sides."""

    maker_fee: Decimal = Decimal("0.001")
    taker_fee: Decimal = Decimal("0.001")
    min_notional: Decimal = Decimal(5)
    max_notional: Decimal = Decimal(9_000_000)
    max_position: Decimal = Decimal(0)
    percent_by_side: bool = True
    max_orders: int = 200

    def fill(self, item: Instrument, rules: np.void) -> None:
        """Write a layout.RULES record."""
        rules["min_tick"] = rules["tick_step"] = rules["min_lots"] = rules["lot_step"] = 1
        rules["market_min_lots"] = rules["market_lot_step"] = 1
        rules["max_tick"] = MAX_PRICE // item.tick_units
        rules["max_lots"] = rules["market_max_lots"] = MAX_QUANTITY // item.lot_units
        rules["min_notional"], rules["max_notional"] = _units(self.min_notional), _units(self.max_notional)
        rules["min_applies_to_market"] = rules["max_applies_to_market"] = 1
        rules["notional_minutes"] = rules["percent_minutes"] = MINUTES
        rules["bid_up"], rules["bid_down"] = 5 * UNIT, UNIT // (10 if self.percent_by_side else 5)
        rules["ask_up"], rules["ask_down"] = (10 if self.percent_by_side else 5) * UNIT, UNIT // 5
        rules["max_position"] = _units(self.max_position) // item.lot_units
        rules["iceberg_parts"], rules["max_orders"], rules["max_order_lists"] = 100, self.max_orders, 20
        rules["max_algo_orders"], rules["max_iceberg_orders"], rules["max_amends"] = 5, 10, 10
        rules["trail_above_min"] = rules["trail_below_min"] = 10
        rules["trail_above_max"] = rules["trail_below_max"] = 2000
        rules["maker_rate"], rules["taker_rate"] = _units(self.maker_fee), _units(self.taker_fee)


def ticks(item: Instrument) -> int:
    """The range of prices that a core of this market needs."""
    return min(max(MAX_PRICE // item.tick_units + 4096, 1 << 20), 1 << 32)


def _units(value: Decimal) -> int:
    return int(value * UNIT)
