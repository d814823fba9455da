"""Load the compiled code of the venue before the first request: a tiny desk in memory trades once.

Compiled once, it comes from Numba's cache on disk in a fraction of a second; the first start of a version compiles.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from ..core.binance.errors import ApiError
from ..core.market.engine.layout import Kind, ListKind, Side, Tif
from ..core.market.engine.market import Accounts, Market, Spec
from ..core.market.instrument import KNOWN
from ..core.market.simulator import MarketSimulator
from .bookkeeper import Bookkeeper
from .books_state import empty
from .desk import Desk
from .model import NewList, NewOrder
from .recovery import compact, recover
from .segments import Journal, Unwritten, lock
from .settings import ExchangeSettings
from .symbol_market import as_rows
from .terms import terms

COINS = 10**8


def warm_all() -> None:
    """Everything that a start, an order, a cancel, a kill or a question may call, whatever the market."""
    for part in (warm, warm_views, warm_recovery, warm_crowd):
        part()


def warm() -> None:
    """Place, fill, amend and cancel; snapshot, diff, ticker and trade of the background."""
    desk = Desk(Bookkeeper(empty(64), Unwritten()), terms(ExchangeSettings()))
    item = KNOWN["BTCUSDT"]
    desk.open_account(1, {"USDT": 10**7 * COINS, "BTC": 10 * COINS}, 0)
    core = desk.add(item, lambda name, frame: None, recorded=True).core
    core.snapshot(as_rows([(9_900, 10**8)]), as_rows([(10_100, 10**8)]), 1, 0)
    lots = item.to_lots("1")
    placed = desk.place(1, "BTCUSDT", NewOrder(Side.BUY, Kind.LIMIT, Tif.GTC, tick=10_000, lots=lots, client_id="a"), 1)
    desk.test(1, "BTCUSDT", NewOrder(Side.SELL, Kind.MARKET, lots=lots), 1)
    core.depth(as_rows([(9_900, 5)]), as_rows([]), 2, 2)
    core.ticker(3, (9_901, 5), (10_100, 5), 2)
    desk.settle("BTCUSDT", core.trade(10_000, lots // 4, Side.SELL, 2), 2)
    desk.amend(1, placed.order_id, lots // 2, 3)
    desk.place(1, "BTCUSDT", NewOrder(Side.BUY, Kind.MARKET, lots=lots), 3)
    desk.cancel(1, placed.order_id, 4)
    try:
        desk.cancel(1, placed.order_id, 4)
    except ApiError:
        core.restore(np.zeros(0, desk.keeper.state.orders.dtype), hold=False)


def warm_views() -> None:
    """What is asked now and then: depth, one order, lists, open orders that rest again."""
    desk = Desk(Bookkeeper(empty(64), Unwritten()), terms(ExchangeSettings()))
    item = KNOWN["BTCUSDT"]
    desk.open_account(1, {"USDT": 10**7 * COINS, "BTC": 10 * COINS}, 0)
    core, lots = desk.add(item, lambda name, frame: None, recorded=True).core, item.to_lots("1")
    core.snapshot(as_rows([(9_900, 10**8)]), as_rows([(10_100, 10**8)]), 1, 0)
    core.trade(10_000, lots, Side.SELL, 1)
    above = NewOrder(Side.SELL, Kind.LIMIT_MAKER, tick=11_000, lots=lots)
    below = NewOrder(Side.SELL, Kind.STOP_LOSS, stop_tick=9_000, lots=lots)
    placed = desk.place_list(1, "BTCUSDT", NewList(ListKind.OCO, (above, below)), 2)
    core.top(5, Side.SELL)
    core.displayed(Side.SELL, 10_100)
    core.order(placed.orders[0].order_id)
    desk.books.row_by_client(1, "nobody's")
    core.state_hash()
    desk.cancel_list(1, placed.list_id, 3)
    again = Market(Spec(0, 1, 0, item.tick_units, item.lot_units), Accounts(2, 2))
    again.restore(desk.keeper.state.orders[:2].copy(), hold=False)


def warm_recovery() -> None:
    """A journal is written, read back and compacted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        held = lock(folder)
        found = recover(folder, keep=64)
        journal = Journal(folder, found.segment, found.number, lock_descriptor=held)
        desk = Desk(Bookkeeper(found.state, journal), terms(ExchangeSettings()))
        desk.open_account(1, {"USDT": 10**7 * COINS}, 0)
        journal.close()
        recover(folder, keep=64)
        compact(folder, 1, keep=64)


def warm_crowd() -> None:
    """The simulated market, which only a simulated venue needs."""
    item = KNOWN["BTCUSDT"]
    spec = Spec(0, 1, 0, item.tick_units, item.lot_units, funds=False)
    simulator = MarketSimulator(1, {item.symbol: (item, Market(spec, Accounts(1, 2)))}, 0)
    for _ in simulator.advance(COINS):
        pass
