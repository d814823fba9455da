"""Orders that may only reduce a position: reduce-only ones, and those against their leg in hedge mode.

As stated here: such an order is cut to the position when it is placed or amended (of a leg: refused), and, newest
first, when the position has become smaller; what no position is left for expires. A fill that comes before that is
booked up to the position, the rest of the order expires, and whoever traded with it has the rest from the background.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import events
from .errors import FCode, error
from .facts import Amended
from .records import Account, Order
from .requests import NewOrder
from .state import State

if TYPE_CHECKING:
    from .venue import Venue


def allowed(account: Account, request: NewOrder) -> int:
    """How much of the order its position allows, in 1e-8. Raises ApiError -2022."""
    position = account.position(request.symbol, request.leg)
    if position.side * request.side >= 0:
        raise error(FCode.REDUCE_ONLY)
    if request.leg != "BOTH" and request.quantity > position.size:
        raise error(FCode.REDUCE_ONLY)
    return min(request.quantity, position.size)


def closable(state: State, order: Order) -> int:
    """Size of the position that the order is against, in 1e-8."""
    position = state.account(order.placed.account).position(order.placed.symbol, order.placed.leg)
    return position.size if position.side * order.placed.side < 0 else 0


def shrink(venue: Venue, account_id: int, symbol: str, now: int) -> None:
    """Take from reducing orders what the position has no room for any more, newest first."""
    room: dict[tuple[str, int], int] = {}
    for order in [item for item in venue.state.open_of(account_id, symbol) if item.reduces]:
        key = (order.placed.leg, order.placed.side)
        left = room.setdefault(key, closable(venue.state, order))
        room[key] = left - order.left
        if left <= 0:
            venue.cancel(order, now, "EXPIRED")
        elif left < order.left:
            _cut(venue, order, left, now)


def _cut(venue: Venue, order: Order, left: int, now: int) -> None:
    placed, market = order.placed, venue.markets[order.placed.symbol]
    market.matcher.reduce(placed.order_id, (order.left - left) // market.contract.step, now)
    venue.apply(Amended(placed.order_id, order.price, order.filled + left, now))
    venue.notify(placed.account, events.order_update(order, "AMENDMENT", now))
