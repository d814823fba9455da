"""What closes positions after a kill: market orders that never go beyond what is held. Pure; sends nothing."""

from __future__ import annotations

from qbtc.contracts.common import OrderType, Side

from .desk import Desk
from .risk import Proposal, Purpose


def flatten(desk: Desk) -> list[Proposal]:
    """Market orders that close every position, on the lot grid."""
    return [p for symbol in list(desk.positions) if (p := closing(desk, symbol)) is not None]


def closing(desk: Desk, symbol: str) -> Proposal | None:
    """The market order that closes what no other order closes already; never more than the position."""
    instrument, held = desk.instruments.get(symbol), desk.position(symbol).quantity
    if instrument is None or not held:
        return None
    side = Side.SELL if held > 0 else Side.BUY
    sign = 1 if held > 0 else -1
    left = min(sign * (held + desk.unreported(symbol)), abs(held)) - abs(desk.working(symbol, side))
    size = left // instrument.lot_units * instrument.lot_units
    return Proposal(symbol, side, OrderType.MARKET, size, None, Purpose.FLATTEN) if size > 0 else None


def held(desk: Desk) -> list[str]:
    """Symbols of this session with a position of at least one lot."""
    return [
        symbol
        for symbol, p in desk.positions.items()
        if symbol in desk.instruments and abs(p.quantity) >= desk.instruments[symbol].lot_units
    ]
