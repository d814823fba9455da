"""Bring the desk and the venue to the same account: at every start, after every break of the user stream, and
every `reconcile_seconds` while trading goes on (an event may be lost on a connection that looks well)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from qbtc.core.binance.errors import Code
from qbtc.kit.logs import get_logger

from .domain.closing import outside, within_reach
from .domain.desk import Balance, Desk
from .domain.orders import Order
from .domain.positions import Fill
from .domain.reconcile import Difference, differences, opening_from
from .domain.units import text
from .ports import Margin, NoAnswer, VenueError, VenueOrder
from .trader import NEVER_CAME, Trader

log = get_logger(__name__)

TRIES = 5
LAG_SECONDS = 0.2
"""Between two looks at an account whose list of executions is behind its positions."""
LATE_NS = 120 * 10**9
KEPT_NAMES = 10_000


@dataclass(frozen=True, slots=True)
class Report:
    """What the last reconciliation found."""

    missed_fills: int = 0
    resolved_orders: int = 0
    foreign_orders: tuple[str, ...] = ()
    transfers: tuple[Difference, ...] = field(default=())
    settled: bool = True


async def reconcile(trader: Trader) -> Report:
    """As `audit`, and no order passes the gate meanwhile. Raises VenueError or NoAnswer, also for a restless account."""
    trader.desk.compared(agrees=False)
    report = await audit(trader, given_up=list(trader.desk.orders.values()))
    if not report.settled:
        raise NoAnswer("the account did not stand still long enough to be compared")
    trader.desk.compared(agrees=True)
    log.info("reconciled with the venue", **_words(report))
    return report


async def audit(trader: Trader, *, given_up: Sequence[Order] | None = None) -> Report:
    """Count missed fills, settle orders of unknown state, compare balances. Raises VenueError or NoAnswer.

    `given_up`: where to look for orders that came after all; those of the last minutes if left out.
    """
    desk = trader.desk
    await _learn_outside(trader)
    open_here = desk.open_orders()
    there = {o.client_order_id: o for o in await trader.venue.open_orders()}
    # Orders first: the venue's order id is how its executions are matched to ours.
    for order_id in there.keys() & desk.orders.keys():
        trader.learn(desk.orders[order_id], there[order_id])
    gone = [o for o in open_here if o.client_order_id not in there]
    late = [o for o in (given_up or _lately_lost(trader)) if not o.open and o.reason == NEVER_CAME]
    await trader.resolve([*gone, *late])
    await _cancel_lost(trader, there.values())
    margin = await _learn_margin(trader)
    told = {o.client_order_id: o.venue_filled for o in desk.orders.values() if o.venue_filled > o.filled}
    missed, balances = await _standing_still(trader)
    # Nothing is waited for from here on: what is booked is what was compared.
    if balances is not None:
        trader.accounted(told)
    report = Report(
        missed,
        sum(not o.open for o in open_here),
        tuple(sorted(there.keys() - set(desk.orders))),
        () if balances is None else _book_transfers(trader, balances, margin),
        balances is not None,
    )
    if desk.reconciled and (report.missed_fills or report.transfers):
        log.warning("the account and the desk had grown apart", **_words(report))
    return report


async def _learn_outside(trader: Trader) -> None:
    """Grid and last price of what is held outside this session, so that it counts and can be closed."""
    for symbol in outside(trader.desk):
        try:
            await _learn_symbol(trader, symbol)
        except VenueError as error:
            log.warning("the venue does not know what is held", symbol=symbol, error=str(error))


async def _learn_symbol(trader: Trader, symbol: str) -> None:
    desk = trader.desk
    if symbol not in desk.instruments:
        desk.know(await trader.venue.instruments([symbol]))
        log.warning("a position outside this session", symbol=symbol, known=symbol in desk.instruments)
    instrument = desk.instruments.get(symbol)
    price = await trader.venue.last_price(instrument) if instrument else None
    if price is not None:
        desk.know_price(symbol, price)


async def _learn_margin(trader: Trader) -> Margin | None:
    margin = await trader.venue.margin()
    if margin is not None:
        trader.desk.take_margin(margin.ratio, margin.rates)
    return margin


def _lately_lost(trader: Trader) -> list[Order]:
    return [o for o in trader.desk.orders.values() if trader.wall() - o.sent_ns < LATE_NS]


async def _standing_still(trader: Trader) -> tuple[int, dict[str, Balance] | None]:
    """Missed fills that were counted, and balances that belong to exactly what is counted; None if it moved all the time."""
    desk, missed = trader.desk, 0
    for turn in range(TRIES):
        counted, before = desk.counted, await trader.venue.balances()
        found = await _missed_fills(trader)
        after = await trader.venue.balances()
        missed += found
        if desk.counted == counted + found and _totals(before) == _totals(after):
            if turn == TRIES - 1 or not _on_its_way(desk, after):
                desk.take_balances(after)
                return missed, after
            await asyncio.sleep(LAG_SECONDS)
    return missed, None


def _on_its_way(desk: Desk, balances: Mapping[str, Balance]) -> bool:
    """Whether a futures position is what an order of ours would make it, whose execution the venue has not listed yet."""
    if not desk.futures or not desk.opening:
        return False
    held = {symbol: balances.get(desk.assets(symbol)[0], Balance()).total for symbol in desk.instruments}
    return any(q != desk.position(symbol).quantity and within_reach(desk, symbol, q) for symbol, q in held.items())


def _totals(balances: Mapping[str, Balance]) -> dict[str, int]:
    return {asset: balance.total for asset, balance in balances.items()}


def _words(report: Report) -> dict[str, JsonValue]:
    return {
        "missed_fills": report.missed_fills,
        "resolved_orders": report.resolved_orders,
        "foreign_orders": [*report.foreign_orders],
        "transfers": [{**_shown(d)} for d in report.transfers],
    }


async def _cancel_lost(trader: Trader, there: Iterable[VenueOrder]) -> None:
    """A live order that carries our id and that nothing here remembers can only be taken out of the market."""
    for order in there:
        name = order.client_order_id
        if (
            name in trader.desk.orders
            or not trader.owns(name)
            or (trader.hot_prefix and name.startswith(trader.hot_prefix))
        ):
            continue
        log.warning("an order of ours that is not remembered is cancelled", client_order_id=order.client_order_id)
        try:
            await trader.venue.cancel(order.symbol, order.client_order_id)
        except VenueError as error:
            log.warning("it was not cancelled", client_order_id=order.client_order_id, error=str(error))


async def _missed_fills(trader: Trader) -> int:
    """A fresh desk on an account that already traded starts from now: those fills belong to the opening balance."""
    return sum([await _missed_in(trader, symbol) for symbol in list(trader.desk.instruments)])


async def _missed_in(trader: Trader, symbol: str) -> int:
    desk = trader.desk
    fills = await trader.venue.fills(desk.instruments[symbol], desk.begins_after(symbol))
    missed = 0
    for fill in fills:
        mine = await _claimed(trader, fill)
        missed += mine is not None and trader.count(mine)
    record = desk.settle(symbol, int(fills[-1].trade_id) if fills else desk.settled(symbol))
    if record is not None:
        trader.keep(record)
    return missed


async def _claimed(trader: Trader, fill: Fill) -> Fill | None:
    """The execution with the id of its order; None if it is another client's and the desk does not net.

    A list of executions names only the venue's number. One that no order here has, is asked for: its answer may have
    been lost. Before there is an opening balance, and in a symbol that is new here, such an execution is part of it.
    """
    orders, number = trader.desk.orders, fill.venue_order_id or ""
    name = fill.client_order_id or _numbered(orders.values(), fill.symbol, number)
    if not name and number and _may_be_lost(trader.desk, fill.symbol):
        name = await _name_of(trader, fill.symbol, number)
    order = orders.get(name)
    if order is not None and order.symbol != fill.symbol:
        return None
    if order is not None:
        if not order.venue_order_id:
            trader.desk.told(name, number=number)
        return replace(fill, client_order_id=name, strategy=order.strategy)
    counts = trader.owns(name) or trader.desk.nets(fill.symbol)
    return replace(fill, client_order_id=name, strategy=trader.strategy_of(name)) if counts else None


def _may_be_lost(desk: Desk, symbol: str) -> bool:
    """Whether an execution that no order here has may all the same be ours."""
    traded = desk.begins_after(symbol) is not None or any(o.symbol == symbol for o in desk.orders.values())
    return bool(desk.opening) and traded


def _numbered(orders: Iterable[Order], symbol: str, number: str) -> str:
    """The id of our order with a venue's number, which is one only within its symbol; empty if there is none."""
    found = (o.client_order_id for o in orders if o.venue_order_id == number and o.symbol == symbol)
    return next(found, "")


async def _name_of(trader: Trader, symbol: str, number: str) -> str:
    """Asked for once an order, however many executions another client's has."""
    known = trader.names.get((symbol, number))
    if known is not None:
        return known
    try:
        name = (await trader.venue.order_numbered(symbol, number)).client_order_id
    except VenueError as error:
        if error.code != Code.NO_SUCH_ORDER:
            raise
        return ""
    trader.names[symbol, number] = name
    if len(trader.names) > KEPT_NAMES:
        del trader.names[next(iter(trader.names))]
    return name


def _book_transfers(trader: Trader, balances: Mapping[str, Balance], margin: Margin | None) -> tuple[Difference, ...]:
    desk = trader.desk
    if not desk.opening:
        _adopt(trader, balances, margin, desk.instruments)
        trader.keep(desk.set_opening(opening_from(desk, balances)))
        return ()
    found = tuple(differences(desk, balances))
    if found:
        moved = {d.asset for d in found}
        _adopt(trader, balances, margin, [s for s in desk.instruments if desk.assets(s)[0] in moved])
        trader.keep(desk.set_opening(opening_from(desk, balances)))
    return found


def _adopt(
    trader: Trader, balances: Mapping[str, Balance], margin: Margin | None, symbols: Iterable[str]
) -> None:
    """A futures position is what the venue says, at its entry price, when a desk begins and whenever no execution that
    could be learned explains it: whatever is traded next is netted with it there."""
    for symbol in list(symbols) if margin is not None else ():
        held = balances.get(trader.desk.assets(symbol)[0], Balance()).total
        if held != trader.desk.position(symbol).quantity:
            trader.keep(trader.desk.adopt(symbol, held, margin.entries.get(symbol, 0) if margin else 0))


def _shown(d: Difference) -> dict[str, str]:
    return {"asset": d.asset, "expected": text(d.expected), "found": text(d.found)}
