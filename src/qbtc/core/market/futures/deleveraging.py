"""Auto-deleveraging: whose positions end when neither the book nor the insurance fund takes a liquidated one.

As stated here, after Binance's description: opposing positions in profit are ranked by their profit times their
leverage; the first in the queue loses as much of its position as is wanted, at the bankruptcy price of the liquidated
one and without fee, unless it would lose money at that price, and its open orders of that symbol are cancelled. Its
order has the client id `adl_autoclose`.
The liquidated account's own other leg is not in the queue: its profit is margin of what is liquidated, or its own.
What no position of our accounts is left for, the background's owners, who are not known, give up at the same price.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..margin import SCALE
from ..margin_account import Exposure, totals
from . import events
from .facts import Liquidated, Placed
from .market import Market
from .records import ADL, Order
from .venue import Venue

MOST_LEVERAGE = 10**6 * SCALE
GRADES = 4


@dataclass(frozen=True, slots=True)
class Ranked:
    """A position in the queue; `score` is profit / entry value * notional / margin balance, in 1e-8."""

    account: int
    leg: str
    side: int
    size: int
    score: int


def score(row: Exposure, balance: int) -> int:
    """Rank of a position with this margin balance. Who loses is behind who gains, the more so with less leverage."""
    gain = row.unrealised * SCALE // max(abs(row.position.cost), 1)
    leverage = abs(row.notional) * SCALE // balance if balance > 0 else MOST_LEVERAGE
    return gain * leverage // SCALE if gain > 0 else gain * SCALE // max(leverage, 1)


def queue(venue: Venue, symbol: str) -> list[Ranked]:
    """Every position of a symbol on both sides, who is deleveraged first at the front."""
    found = []
    for account_id, account in venue.state.data.accounts.items():
        rows = venue.exposures(account_id)
        cross = totals(account.wallet, rows.values()).cross_balance
        for (name, leg), row in rows.items():
            if name == symbol and row.position.quantity:
                rank = score(row, row.balance if row.isolated else cross)
                found.append(Ranked(account_id, leg, row.position.side, row.position.size, rank))
    return sorted(found, key=lambda item: (-item.score, item.account, item.leg))


def quantiles(venue: Venue, symbol: str) -> dict[tuple[int, str], int]:
    """0 to 4 by (account, leg): 4 is the first of its side's queue, 0 who would not be deleveraged."""
    found: dict[tuple[int, str], int] = {}
    ranked = queue(venue, symbol)
    for side in (1, -1):
        line = [item for item in ranked if item.side == side]
        for place, item in enumerate(line):
            share = -(-GRADES * (len(line) - place) // len(line))
            found[(item.account, item.leg)] = share if item.score > 0 else 0
    return found


def deleverage(venue: Venue, order: Order, price: int, now: int) -> None:
    """Fill the rest of a liquidation order at `price` against the queue, and the background behind it."""
    placed, market = order.placed, venue.market(order.placed.symbol)
    for item in queue(venue, placed.symbol):
        if (
            order.open
            and item.side == placed.side
            and item.account != placed.account
            and _gains(venue, item, order, price)
        ):
            taken = min(item.size, order.left)
            market.trade_id += 1
            for other in venue.state.open_of(item.account, placed.symbol):
                venue.cancel(other, now)
            _give_up(venue, item, market, (price, taken), now)
            venue.book(order, market.trade_id, (price, taken), rate=0, maker=False, now=now)
    if order.open:
        market.trade_id += 1
        venue.book(order, market.trade_id, (price, order.left), rate=0, maker=False, now=now)


def _gains(venue: Venue, item: Ranked, order: Order, price: int) -> bool:
    """Whether the position is in profit, and not closed at a loss: a bankruptcy price may be far from the mark."""
    position = venue.state.account(item.account).position(order.placed.symbol, item.leg)
    return item.score > 0 and position.unrealised(price) > 0


def _give_up(venue: Venue, item: Ranked, market: Market, level: tuple[int, int], now: int) -> None:
    order_id = venue.state.data.next_order
    venue.apply(
        Placed(
            account=item.account, order_id=order_id, client_id=ADL, symbol=market.symbol, side=-item.side,
            leg=item.leg, kind="LIMIT", tif="IOC", price=level[0], quantity=level[1], reduce=True, time=now,
        )
    )  # fmt: skip
    venue.apply(Liquidated(item.account, order_id, market.symbol, item.leg, now))
    order = venue.state.data.orders[order_id]
    venue.notify(item.account, events.order_update(order, "NEW", now))
    venue.book(order, market.trade_id, level, rate=0, maker=True, now=now)
