"""The market inside the loop: touch, ladder and the depth rules, symbol by symbol.

A depth update is applied when it follows the last one (spot: U == previous u + 1; futures: pu == previous u), kept when
a snapshot is awaited, and a gap asks for a new snapshot: until it came, the symbol is not traded on depth. A book
ticker is the touch as long as it is newer than the book. `core.market.book.DepthSync` is the plain form and the oracle.
"""

# mypy: disable-error-code="no-untyped-def, misc"
# ruff: noqa: SIM110 - chains of comparisons are what compiles to jumps
from __future__ import annotations

import numpy as np

from qbtc.core.market.engine.ladder import at, best, clear, put, walk
from qbtc.hft.domain.risk_rules import amount
from qbtc.hft.domain.risk_track import observe
from qbtc.hft.domain.strategy_records import LEVELS

from .codes import Note
from .layout import ON_BOOK, ON_TRADE, SNAPSHOT
from .native import hot
from .tape import note

NEED_SNAPSHOT, SYNCED = int(Note.NEED_SNAPSHOT), int(Note.SYNCED)


@hot
def _touch(w, i, bid, bid_lots, ask, ask_lots):
    """A new best bid and ask of symbol `i`."""
    s, m = w.states[i], w.situations[i]
    s.bid, s.bid_lots, s.ask, s.ask_lots = bid, bid_lots, ask, ask_lots
    m.bid, m.ask = bid, ask
    observe(s.pulse, w.received, bid, ask, bid_lots, ask_lots)
    mark(w, i)
    due(w, i, ON_BOOK)


@hot
def due(w, i, what):
    """A method of the strategy is to be called for symbol `i`."""
    w.states[i].due |= what
    w.busy = 1


@hot
def mark(w, i):
    """Value of what we hold in symbol `i` and its share of the exposure, at today's mid."""
    s, m = w.states[i], w.situations[i]
    if s.bid <= 0 or s.ask <= 0:
        return
    twice = s.bid + s.ask
    value = amount(s.base // m.lot_units, twice, m)
    position = amount(m.position, twice, m)
    worst = max(abs(m.position + m.working_buy), abs(m.position - m.working_sell))
    gross, net = amount(worst, twice, m), (position if m.position >= 0 else -position)
    w.value += value - s.value
    w.gross += gross - s.gross
    w.net += net - s.net
    s.value, s.gross, s.net = value, gross, net


@hot
def on_ticker(w):
    """A book ticker: newer than what the touch is known from, or nothing."""
    k = w.market
    s = w.states[k.symbol]
    if k.last <= s.ticker_id or (s.synced and k.last < s.last_id):
        return
    s.ticker_id = k.last
    _touch(w, k.symbol, k.bid, k.bid_lots, k.ask, k.ask_lots)


@hot
def on_trade(w):
    k = w.market
    s = w.states[k.symbol]
    s.last, s.last_lots, s.last_side = k.tick, k.lots, k.buyer_is_maker
    due(w, k.symbol, ON_TRADE)
    w.situations[k.symbol].last = k.tick


@hot
def on_depth(w, p):
    """A depth update, applied, kept or dropped."""
    k = w.market
    s = w.states[k.symbol]
    if not s.synced:
        _keep(w)
        if not s.asked:
            s.asked = 1
            note(w, p, NEED_SNAPSHOT, -1, k.symbol, 0, 0)
        return
    fits = _fits(s, k.first, k.last, k.previous)
    if fits < 0:
        p.head.gaps += 1
        s.synced, s.asked = 0, 1
        _keep(w)
        note(w, p, NEED_SNAPSHOT, -1, k.symbol, s.last_id, k.first)
    elif fits > 0 and _apply(w, k.symbol, w.levels[0], w.levels[1], k.bids, k.asks):
        s.last_id, s.fresh = k.last, 0
        _from_book(w, k.symbol)
    elif fits > 0:
        _lose(w, p, k.symbol)


@hot
def _lose(w, p, i):
    """The book does not hold what came: it is not one any more."""
    s = w.states[i]
    s.synced, s.asked = 0, 1
    note(w, p, NEED_SNAPSHOT, -1, i, s.last_id, -1)


@hot
def _fits(s, first, last, previous):
    """1: apply, 0: an old one, -1: a gap."""
    if previous >= 0:
        if s.fresh:
            return 0 if last < s.last_id else 1 if first <= s.last_id else -1
        return 0 if last <= s.last_id else 1 if previous == s.last_id else -1
    if last <= s.last_id:
        return 0
    if s.fresh:
        return 1 if first <= s.last_id + 1 else -1
    return 1 if first == s.last_id + 1 else -1


@hot
def _apply(w, i, bids, asks, bid_count, ask_count):
    """Set levels; False if one does not fit the ladder."""
    s = w.states[i]
    for n in range(bid_count):
        if not put(s.bids_book, bids[n, 0], bids[n, 1]):
            return False
    for n in range(ask_count):
        if not put(s.asks_book, asks[n, 0], asks[n, 1]):
            return False
    return True


@hot
def _from_book(w, i):
    """The touch of the book, if it is newer than the ticker's."""
    s = w.states[i]
    bid, ask = best(s.bids_book), best(s.asks_book)
    due(w, i, ON_BOOK)
    if s.last_id >= s.ticker_id and bid > 0 and ask > 0:
        _touch(w, i, bid, at(s.bids_book, bid), ask, at(s.asks_book, ask))


@hot
def _keep(w):
    """Keep the update until the snapshot comes; when there is no room the oldest are forgotten, all of them."""
    k = w.market
    need = k.bids + k.asks
    if w.pending >= w.pendings.size or w.pending_rows + need > w.pending_levels.shape[0]:
        w.pending, w.pending_rows = 0, 0
    if need > w.pending_levels.shape[0]:
        return
    row = w.pendings[w.pending]
    row.symbol, row.first, row.last, row.previous = k.symbol, k.first, k.last, k.previous
    row.bids, row.asks, row.at = k.bids, k.asks, w.pending_rows
    for side in range(2):
        for n in range(k.asks if side else k.bids):
            w.pending_levels[w.pending_rows, 0] = w.levels[side, n, 0]
            w.pending_levels[w.pending_rows, 1] = w.levels[side, n, 1]
            w.pending_rows += 1
    w.pending += 1


@hot
def on_snapshot(w, p, i):
    """Take the staged snapshot and what was kept since. If it is older than that, ask again."""
    s, staged = w.states[i], p.snapshot
    clear(s.bids_book)
    clear(s.asks_book)
    s.last_id, s.fresh, s.asked = staged.last_id, 1, 0
    bids, asks = min(staged.bids, SNAPSHOT), min(staged.asks, SNAPSHOT)
    ok = _apply(w, i, staged.rows[0], staged.rows[1], bids, asks)
    for n in range(w.pending):
        row = w.pendings[n]
        if not ok or row.symbol != i:
            continue
        fits = _fits(s, row.first, row.last, row.previous)
        ok = fits >= 0
        if fits > 0:
            below, middle = row.at, row.at + row.bids
            levels = w.pending_levels
            ok = _apply(w, i, levels[below:middle], levels[middle : middle + row.asks], row.bids, row.asks)
            s.last_id, s.fresh = row.last, 0
    _forget(w, i)
    s.synced = np.int64(ok)
    if ok:
        _from_book(w, i)
        note(w, p, SYNCED, -1, i, s.last_id, 0)
    else:
        s.asked = 1
        note(w, p, NEED_SNAPSHOT, -1, i, s.last_id, 0)


@hot
def _forget(w, i):
    """Drop what was kept of symbol `i`; room is made when nothing is left."""
    left = 0
    for n in range(w.pending):
        if w.pendings[n].symbol == i:
            w.pendings[n].symbol = -1
        elif w.pendings[n].symbol >= 0:
            left += 1
    if left == 0:
        w.pending, w.pending_rows = 0, 0


@hot
def show(w, i):
    """Symbol `i` as a strategy sees it: touch, five levels where the book is in sync, our position and orders."""
    s, v, m = w.states[i], w.sight, w.situations[i]
    v.now = s.event_us * 1000 if s.event_us else w.received + w.wall
    v.bid, v.ask, v.bid_lots, v.ask_lots = s.bid, s.ask, s.bid_lots, s.ask_lots
    bids = asks = np.int64(0)
    if s.synced:
        bids = np.int64(walk(s.bids_book, LEVELS, v.bid_ticks, v.bid_sizes))
        asks = np.int64(walk(s.asks_book, LEVELS, v.ask_ticks, v.ask_sizes))
    if bids == 0 or asks == 0:
        v.bid_ticks[0], v.bid_sizes[0], v.ask_ticks[0], v.ask_sizes[0] = s.bid, s.bid_lots, s.ask, s.ask_lots
        bids = asks = np.int64(1)
    buy = sell = np.int64(0)
    for n in range(LEVELS):
        if n >= bids:
            v.bid_ticks[n], v.bid_sizes[n] = 0, 0
        if n >= asks:
            v.ask_ticks[n], v.ask_sizes[n] = 0, 0
        buy += v.bid_sizes[n]
        sell += v.ask_sizes[n]
    v.imbalance = np.float64(buy - sell) / np.float64(buy + sell) if buy + sell > 0 else 0.0
    v.trade, v.trade_lots, v.trade_side = s.last, s.last_lots, s.last_side
    v.fill, v.fill_lots, v.fill_side, v.fill_maker = s.fill, s.fill_lots, s.fill_side, s.fill_maker
    v.position, v.working_buy, v.working_sell = m.position, m.working_buy, m.working_sell
    v.tick_size = np.float64(w.symbols[i].tick_units) / 1e8
    v.lot_size = np.float64(w.symbols[i].lot_units) / 1e8
    slow = w.slow[i]
    fresh = slow.until > w.received
    v.regime = slow.regime if fresh else 0
    v.confidence, v.bias = (slow.confidence, slow.bias) if fresh else (0.0, 0.0)
