"""What is traded: a symbol with its price and quantity grid, and the exact way between decimals and integers.

Inside QBTC prices are integer ticks and quantities integer lots. A value that is not on the grid is refused, never
rounded. No I/O; knows nothing of venues or accounts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

SCALE = 8
_UNIT = 10**SCALE
QUOTES = ("FDUSD", "USDT", "USDC", "TUSD", "BUSD", "BTC", "ETH", "BNB", "EUR", "TRY", "BRL", "JPY", "USD")


class OffGrid(ValueError):
    """A price or quantity that is not a number, is negative, or is not a multiple of the symbol's step."""


def units(text: str) -> int:
    """`text`, a plain non-negative decimal with at most 8 places, as an integer of 1e-8. Raises OffGrid."""
    whole, _, fraction = text.partition(".")
    if len(fraction) > SCALE:
        fraction, rest = fraction[:SCALE], fraction[SCALE:]
        if rest.strip("0"):
            raise OffGrid(f"{text!r} has more than {SCALE} decimal places")
    digits = whole + fraction
    if not (digits.isascii() and digits.isdigit()):
        raise OffGrid(f"{text!r} is not a plain non-negative decimal number")
    return int(digits.ljust(len(whole) + SCALE, "0"))


def render(value: int, places: int = SCALE) -> str:
    """An integer of 1e-8 as a decimal string with `places` decimals (exact: places may only drop zeros)."""
    whole, fraction = divmod(value, _UNIT)
    if places == 0:
        return str(whole)
    return f"{whole}.{fraction:08d}"[: len(str(whole)) + 1 + places]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A symbol and its grid. Steps must be positive multiples of 1e-8."""

    symbol: str
    base: str
    quote: str
    tick_size: Decimal
    lot_size: Decimal
    tick_units: int = field(init=False, repr=False)
    lot_units: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name, step in (("tick_units", self.tick_size), ("lot_units", self.lot_size)):
            try:
                scaled = units(f"{step:f}")
            except (OffGrid, InvalidOperation, ValueError):
                scaled = 0
            if scaled <= 0:
                raise OffGrid(f"{self.symbol}: step {step} must be a positive multiple of 0.00000001")
            object.__setattr__(self, name, scaled)

    def to_ticks(self, price: str | Decimal) -> int:
        """Price as ticks. Raises OffGrid if it is not on the grid."""
        return self._steps(price, self.tick_units, "price")

    def to_lots(self, quantity: str | Decimal) -> int:
        """Quantity as lots. Raises OffGrid if it is not on the grid."""
        return self._steps(quantity, self.lot_units, "quantity")

    def from_ticks(self, ticks: int) -> Decimal:
        return self.tick_size * ticks

    def from_lots(self, lots: int) -> Decimal:
        return self.lot_size * lots

    def price_text(self, ticks: int) -> str:
        """Ticks as the wire writes them: eight decimals."""
        return render(ticks * self.tick_units)

    def quantity_text(self, lots: int) -> str:
        return render(lots * self.lot_units)

    def notional(self, ticks: int, lots: int) -> Decimal:
        """Price times quantity in the quote asset, exact."""
        return self.tick_size * self.lot_size * (ticks * lots)

    def _steps(self, value: str | Decimal, step: int, what: str) -> int:
        scaled = units(value if isinstance(value, str) else f"{value:f}")
        count, rest = divmod(scaled, step)
        if rest:
            raise OffGrid(f"{self.symbol}: {what} {value} is not a multiple of {render(step)}")
        return count


def split_symbol(symbol: str) -> tuple[str, str]:
    """Base and quote of a Binance symbol by its known quote assets. Raises OffGrid if none fits."""
    for quote in QUOTES:
        if symbol.endswith(quote) and len(symbol) > len(quote):
            return symbol[: -len(quote)], quote
    raise OffGrid(f"{symbol!r} ends in no known quote asset; known: {', '.join(QUOTES)}")


def instrument(symbol: str, tick_size: str = "0.01", lot_size: str = "0.00001") -> Instrument:
    """An Instrument from a Binance symbol and its steps."""
    base, quote = split_symbol(symbol)
    return Instrument(symbol, base, quote, Decimal(tick_size), Decimal(lot_size))


KNOWN = {
    item.symbol: item
    for item in (
        # Orders older than a change of step rest on multiples of a tenth of today's step; a book must hold them too.
        instrument("BTCUSDT", "0.01", "0.000001"),
        instrument("ETHUSDT", "0.01", "0.00001"),
        instrument("BNBUSDT", "0.01", "0.001"),
        instrument("SOLUSDT", "0.01", "0.001"),
        instrument("XRPUSDT", "0.0001", "0.1"),
        instrument("ADAUSDT", "0.0001", "0.1"),
        instrument("DOGEUSDT", "0.00001", "1"),
        instrument("LTCUSDT", "0.01", "0.001"),
        instrument("ETHBTC", "0.00001", "0.0001"),
    )
}
