"""What is traded: contract rules and leverage brackets, a stated table. Integers of 1e-8 as in core.market.margin.

The brackets of BTC and ETH are those of Binance's public examples; every other contract has the smaller table.
Binance changes its table often, so no client should expect these numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..instrument import Instrument, instrument, split_symbol
from ..margin import SCALE, Bracket, brackets

HUNDREDTH = SCALE // 100


@dataclass(frozen=True, slots=True)
class Contract:
    """One perpetual. `grid` carries tick and step; the rest are 1e-8 integers."""

    grid: Instrument
    table: tuple[Bracket, ...]
    min_notional: int
    max_quantity: int
    market_max_quantity: int
    funding_cap: int
    maker: int
    taker: int
    band: int = 5 * HUNDREDTH
    """PERCENT_PRICE: a limit price may be this far from the mark price."""
    take_bound: int = 5 * HUNDREDTH
    """marketTakeBound: a market order trades at most this far from the mark price."""
    trigger_protect: int = 5 * HUNDREDTH
    liquidation_fee: int = SCALE // 80
    max_orders: int = 200
    max_algos: int = 200

    @property
    def symbol(self) -> str:
        return self.grid.symbol

    @property
    def tick(self) -> int:
        return self.grid.tick_units

    @property
    def step(self) -> int:
        return self.grid.lot_units

    @property
    def price_places(self) -> int:
        return places(self.tick)

    @property
    def quantity_places(self) -> int:
        return places(self.step)

    @property
    def max_price(self) -> int:
        return 100_000_000 * self.tick

    @property
    def max_leverage(self) -> int:
        return self.table[0].leverage


def places(step: int) -> int:
    """Decimals that a step of 1e-8 units needs."""
    count, unit = 0, SCALE
    while step % unit:
        count, unit = count + 1, unit // 10
    return count


def _table(*rows: tuple[int, int, str]) -> tuple[Bracket, ...]:
    return brackets((leverage, cap * SCALE, int(Decimal(rate) * SCALE)) for leverage, cap, rate in rows)


MAJOR = _table(
    (125, 50_000, "0.004"),
    (100, 250_000, "0.005"),
    (50, 1_000_000, "0.01"),
    (20, 5_000_000, "0.025"),
    (10, 20_000_000, "0.05"),
    (5, 50_000_000, "0.1"),
    (4, 100_000_000, "0.125"),
    (3, 200_000_000, "0.15"),
    (2, 300_000_000, "0.25"),
    (1, 9_000_000_000, "0.5"),
)
OTHER = _table(
    (75, 10_000, "0.0065"),
    (50, 50_000, "0.01"),
    (25, 250_000, "0.02"),
    (10, 1_000_000, "0.05"),
    (5, 2_000_000, "0.1"),
    (4, 5_000_000, "0.125"),
    (2, 10_000_000, "0.25"),
    (1, 50_000_000, "0.5"),
)
STEPS = {
    "BTCUSDT": ("0.1", "0.001", 100),
    "ETHUSDT": ("0.01", "0.001", 20),
    "BNBUSDT": ("0.01", "0.01", 5),
    "SOLUSDT": ("0.01", "0.01", 5),
    "XRPUSDT": ("0.0001", "0.1", 5),
    "ADAUSDT": ("0.0001", "1", 5),
    "DOGEUSDT": ("0.00001", "1", 5),
    "LTCUSDT": ("0.01", "0.001", 20),
}
"""Tick, step and least notional of known contracts."""


def contract(symbol: str, spot: Instrument | None = None) -> Contract | None:
    """The contract of a symbol; None if it is not quoted in USDT, or neither known nor on spot."""
    if split_symbol(symbol)[1] != "USDT":
        return None
    tick, step, notional = STEPS.get(symbol, ("", "", 5))
    if not tick and spot is None:
        return None
    grid = instrument(symbol, tick, step) if tick else spot
    assert grid is not None
    major = symbol in ("BTCUSDT", "ETHUSDT")
    most = 1_000 * SCALE if symbol == "BTCUSDT" else 10_000_000 * SCALE
    return Contract(
        grid=grid,
        table=MAJOR if major else OTHER,
        min_notional=notional * SCALE,
        max_quantity=most,
        market_max_quantity=most // 8 // grid.lot_units * grid.lot_units,
        funding_cap=300_000 if major else 2_000_000,
        maker=20_000,
        taker=50_000,
    )
