"""What closes positions after a kill, market orders that never go beyond what is held, and what else may move a
position. Pure; sends nothing."""

from __future__ import annotations

from qbtc.contracts.common import OrderType, Side
from qbtc.core.market.instrument import KNOWN

from .desk import Desk
from .risk import Proposal, Purpose


def flatten(desk: Desk) -> list[Proposal]:
    """Market orders that close every position, on the lot grid."""
    return [p for symbol in list(desk.positions) if (p := closing(desk, symbol)) is not None]


def closing(desk: Desk, symbol: str, *, free: bool = False, largest: int | None = None) -> Proposal | None:
    """The market order that closes what no other order closes already; never more than the position, nor than a spot
    account has to sell. `free`: than what it has free, if it says that anything is: the venue has just refused more. `largest` is that of one order, in 1e-8."""
    instrument, held = desk.instruments.get(symbol), desk.position(symbol).quantity
    if instrument is None or not held:
        return None
    side = Side.SELL if held > 0 else Side.BUY
    sign = 1 if held > 0 else -1
    left = min(sign * (held + desk.unreported(symbol)), abs(held)) - abs(desk.working(symbol, side))
    if side is Side.SELL and not desk.futures:
        left = min(left, _to_sell(desk, symbol, instrument.base, free=free))
    left = left if largest is None else min(left, largest)
    size = left // instrument.lot_units * instrument.lot_units
    return Proposal(symbol, side, OrderType.MARKET, size, None, Purpose.FLATTEN) if size > 0 else None


def _to_sell(desk: Desk, symbol: str, base: str, *, free: bool) -> int:
    """Of the base asset, in 1e-8, beside what our open orders sell. A withdrawal, or fees of other symbols paid in it,
    leaves less than the position. What is locked counts at first: cancels of ours may not be in the balance yet."""
    balance = desk.balances.get(base)
    if balance is None:
        return desk.position(symbol).quantity
    return balance.free if free and balance.free else balance.total + desk.working(symbol, Side.SELL)


def held(desk: Desk) -> list[str]:
    """Symbols with a position of at least one lot, or of anything where the lot is not known."""
    found = desk.instruments
    return [s for s, p in desk.positions.items() if abs(p.quantity) >= (found[s].lot_units if s in found else 1)]


def unserved(desk: Desk) -> list[str]:
    """Symbols with a position or an open order that the venue does not serve in this session: nothing can be asked or
    sent for them until it does. Less than one lot, where the lot is known, is nothing."""
    if not desk.session:
        return []
    held_ = {s for s, p in desk.positions.items() if abs(p.quantity) >= (KNOWN[s].lot_units if s in KNOWN else 1)}
    return sorted((held_ | {o.symbol for o in desk.open_orders()}) - desk.instruments.keys())


def outside(desk: Desk) -> list[str]:
    """Symbols that are held and not in this session."""
    return [symbol for symbol, p in desk.positions.items() if p.quantity and symbol not in desk.session]


def reduces(desk: Desk, p: Proposal) -> bool:
    """As the gate judges it: the order can only bring the position nearer to flat, with what already works that way."""
    quantity = desk.position(p.symbol).quantity
    against = quantity < 0 if p.side is Side.BUY else quantity > 0
    return against and p.quantity + abs(desk.working(p.symbol, p.side)) <= abs(quantity)


def within_reach(desk: Desk, symbol: str, reported: int) -> bool:
    """Whether executions of our orders that are not reported yet may have made this position."""
    change = reported - desk.position(symbol).quantity
    side, sign = (Side.BUY, 1) if change > 0 else (Side.SELL, -1)
    return sign * change <= abs(desk.working(symbol, side)) + max(0, sign * desk.unreported(symbol))


def told_late(desk: Desk, symbol: str, reported: int, since_ns: int) -> bool:
    """Whether this was the position before one of the executions that were counted since a time."""
    before = desk.position(symbol).quantity
    for fill in reversed(desk.fills):
        if fill.at_ns < since_ns:
            return False
        if fill.symbol == symbol:
            before -= fill.signed
            if before == reported:
                return True
    return False
