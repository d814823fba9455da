"""Bring the desk and the venue to the same account: at every start and after every break of the user stream."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from qbtc.kit.logs import get_logger

from .domain.orders import Order
from .domain.reconcile import Difference, differences, opening_from
from .domain.units import text
from .ports import VenueError, VenueOrder
from .trader import NEVER_CAME, Trader

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """What the last reconciliation found."""

    missed_fills: int = 0
    resolved_orders: int = 0
    foreign_orders: tuple[str, ...] = ()
    transfers: tuple[Difference, ...] = field(default=())


async def reconcile(trader: Trader) -> Report:
    """Count missed fills, settle orders of unknown state, compare balances. Raises VenueError or NoAnswer."""
    desk = trader.desk
    desk.reconciled = False
    open_here = {o.client_order_id: o for o in desk.open_orders()}
    there = {o.client_order_id: o for o in await trader.venue.open_orders()}
    # Orders first: the venue's order id is how its executions are matched to ours.
    await trader.resolve([*open_here.values(), *_thought_closed(trader, there)])
    await _cancel_lost(trader, there.values())
    missed = await _missed_fills(trader)
    desk.balances = await trader.venue.balances()
    transfers = _book_transfers(trader)
    desk.reconciled = True
    report = Report(
        missed, sum(not o.open for o in open_here.values()), tuple(sorted(there.keys() - set(desk.orders))), transfers
    )
    log.info(
        "reconciled with the venue",
        missed_fills=missed,
        resolved_orders=report.resolved_orders,
        foreign_orders=list(report.foreign_orders),
        transfers=[_shown(d) for d in transfers],
    )
    return report


def _thought_closed(trader: Trader, there: Iterable[str]) -> list[Order]:
    """Orders that the venue still has, or may have got after all, although we had given them up."""
    live = set(there)
    return [
        o for o in trader.desk.orders.values() if not o.open and (o.client_order_id in live or o.reason == NEVER_CAME)
    ]


async def _cancel_lost(trader: Trader, there: Iterable[VenueOrder]) -> None:
    """A live order that carries our id and that nothing here remembers can only be taken out of the market."""
    for order in there:
        if order.client_order_id in trader.desk.orders or not trader.owns(order.client_order_id):
            continue
        log.warning("an order of ours that is not remembered is cancelled", client_order_id=order.client_order_id)
        try:
            await trader.venue.cancel(order.symbol, order.client_order_id)
        except VenueError as error:
            log.warning("it was not cancelled", client_order_id=order.client_order_id, error=str(error))


async def _missed_fills(trader: Trader) -> int:
    """A fresh desk on an account that already traded starts from now: those fills belong to the opening balance."""
    desk, missed = trader.desk, 0
    for instrument in list(desk.instruments.values()):
        last = desk.last_trade(instrument.symbol)
        fills = await trader.venue.fills(instrument, last)
        by_venue_id = {o.venue_order_id: o for o in desk.orders.values() if o.venue_order_id}
        for fill in fills:
            order = desk.orders.get(fill.client_order_id) or by_venue_id.get(fill.venue_order_id or "")
            if order is not None:
                missed += trader.count(replace(fill, client_order_id=order.client_order_id, strategy=order.strategy))
            elif trader.owns(fill.client_order_id):
                missed += trader.count(fill)
    return missed


def _book_transfers(trader: Trader) -> tuple[Difference, ...]:
    desk = trader.desk
    if not desk.opening:
        trader.keep(desk.set_opening(opening_from(desk, desk.balances)))
        return ()
    found = tuple(differences(desk, desk.balances))
    if found:
        trader.keep(desk.set_opening(opening_from(desk, desk.balances)))
    return found


def _shown(d: Difference) -> dict[str, str]:
    return {"asset": d.asset, "expected": text(d.expected), "found": text(d.found)}
