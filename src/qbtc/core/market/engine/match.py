# mypy: disable-error-code=no-any-return
# (records are reached through addresses, whose fields the checker cannot know)
"""Matching: an order takes what it reaches, best price first, background before orders, older before younger.

One step runs to its end here: the order, what it triggers, what that triggers. Nothing allocates, nothing is refused
in between; what cannot go on ends with an event.
"""

from __future__ import annotations

from typing import Any

from .closing import (
    BOOK,
    IS_PARTLY,
    available,
    commit_leg,
    end,
    filled_in_list,
    forget,
    refresh,
    replenish,
    set_used,
    shrunk,
    status_of,
)
from .closing import (
    NOWHERE as NO_PLACE,
)
from .compiled import fused, inner
from .conditional import on_price
from .funds import BUY, charge, due, fee, free_of, need, purse, relock, settle, without_price, worth
from .ladder import NOWHERE, find, key_of, ladder
from .layout import EventKind, Kind, Reason, Status, Stp, Tif
from .memory import load, store
from .pool import emit, remaining, unlink, visible
from .state import (
    BY_QUOTE,
    COLD_SIZE,
    EVENT_SIZE,
    ICEBERG,
    IN_LIST,
    LADDER_SIZE,
    MINUTE_SIZE,
    MINUTES,
    NEVER,
    NODE_SIZE,
    TALLY_SIZE,
    TOO_MUCH,
    TRADED,
    cold_at,
    event_at,
    level_at,
    minute_at,
    node_at,
    rules_at,
    tally_at,
)
from .survey import affordable

TRADE, PREVENTED, ENDED = int(EventKind.TRADE), int(EventKind.PREVENTED), int(EventKind.EXPIRED)
FILLED, IN_MATCH = int(Status.FILLED), int(Status.EXPIRED_IN_MATCH)
UNFILLED, SELF_TRADE, TOO_LARGE = int(Reason.UNFILLED), int(Reason.SELF_TRADE), int(Reason.TOO_LARGE)
POOL_FULL = int(Reason.POOL_FULL)
NONE, EXPIRE_TAKER, EXPIRE_MAKER = int(Stp.NONE), int(Stp.EXPIRE_TAKER), int(Stp.EXPIRE_MAKER)
DECREMENT, GTC = int(Stp.DECREMENT), int(Tif.GTC)
MARKET, LIMIT_MAKER = int(Kind.MARKET), int(Kind.LIMIT_MAKER)


@fused
def take(s: Any, slot: int) -> int:
    """Trade while the price allows; returns the reason if something else stopped the order, else 0."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    side = 1 - node.side
    other = ladder(s.ladders + side * LADDER_SIZE)
    market = without_price(node.kind)
    limit = NOWHERE - 1 if market else key_of(other, node.tick)
    guarded = node.stp != NONE and node.account > 0
    while node.left > 0:
        key = other.best
        if key > limit:
            return 0
        level = level_at(other.best_level)
        tick = key_of(other, key)
        offered = level.back - level.used
        maker = 0
        if offered <= 0:
            maker = level.head
            if guarded and node_at(s.nodes + maker * NODE_SIZE).account == node.account:
                if _prevent(s, slot, maker, tick):
                    return SELF_TRADE
                continue
            offered = visible(s, maker)
        lots = min(offered, node.left)
        if market:
            lots = _bounded(s, slot, tick, lots)
            if lots == 0:
                _spend_out(s, slot)
                return 0
        if maker:
            _trade(s, slot, maker, other, key, lots)
        else:
            if float(tick) * float(lots) * float(s.multiplier) > TOO_MUCH:
                return TOO_LARGE
            _take_background(s, slot, other, key, lots)
    return 0


@inner
def _bounded(s: Any, slot: int, tick: int, lots: int) -> int:
    """Lots of an order without a price that its budget, or its purse, allows."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    if node.flags & BY_QUOTE:
        cold = cold_at(s.colds + slot * COLD_SIZE)
        lots = affordable(s, cold.budget - node.quote - cold.prevented, tick, cold.lots, lots)
    if node.side == BUY and s.funds and node.account > 0:
        free = free_of(s, node.account, BUY)
        if worth(s, tick, lots) > free:
            lots = min(lots, free // max(worth(s, tick, 1), 1))
    return lots


@fused
def _trade(s: Any, slot: int, maker: int, other: Any, key: int, lots: int) -> None:
    """`slot` takes `lots` of `maker`, the first of the best level."""
    if node_at(s.nodes + maker * NODE_SIZE).flags & IN_LIST:
        commit_leg(s, maker)
    level = level_at(other.best_level)
    tick = key_of(other, key)
    value = worth(s, tick, lots)
    _fill_taker(s, slot, tick, lots, value)
    _fill_maker(s, maker, lots, value)
    side = node_at(s.nodes + slot * NODE_SIZE).side
    s.trade_event = _record(s, side, slot, maker, tick, lots, value)
    _reduce_level(s, maker, other, key, level, lots)
    after_trade(s, tick, lots)


@fused
def _fill_taker(s: Any, slot: int, tick: int, lots: int, value: int) -> None:
    node = node_at(s.nodes + slot * NODE_SIZE)
    node.quote += value
    node.updated = s.now
    node.flags |= TRADED
    if node.flags & BY_QUOTE:
        cold_at(s.colds + slot * COLD_SIZE).lots += lots
        if _spent(s, slot, tick):
            node.left = 0
    else:
        node.left -= lots
        tally_at(s.tallies + node.account * TALLY_SIZE).buying -= lots * (1 - node.side)
    if node.locked:
        node.locked = need(s, node.side, node.kind, node.tick, node.left)


@fused
def _fill_maker(s: Any, slot: int, lots: int, value: int) -> None:
    node = node_at(s.nodes + slot * NODE_SIZE)
    node.quote += value
    node.updated = s.now
    node.flags |= TRADED
    node.left -= lots
    tally_at(s.tallies + node.account * TALLY_SIZE).buying -= lots * (1 - node.side)
    if s.funds and node.account > 0:
        locked = need(s, node.side, node.kind, node.tick, node.left)
        at = purse(s, node.account, node.side)
        store(at, load(at) + node.locked - locked)
        store(at + 8, load(at + 8) - node.locked + locked)
        node.locked = locked


@fused
def _record(s: Any, side: int, slot: int, maker: int, tick: int, lots: int, value: int) -> int:
    """Pay for a trade between two orders, slot 0 being the background, and write its event; `side` is the taker's.

    The event's address. Whole words, each written once, as in `pool.tell`.
    """
    node, made = node_at(s.nodes + slot * NODE_SIZE), node_at(s.nodes + maker * NODE_SIZE)
    taker_account, maker_account = node.account, made.account
    paid, made_paid = 0, 0
    if s.funds:
        paid, made_paid = _pay(s, side, max(taker_account, 0), max(maker_account, 0), lots, value)
    status = (IS_PARTLY if node.left else FILLED) if slot else 0
    made_status = (IS_PARTLY if made.left else FILLED) if maker else 0
    head = TRADE | (side << 16) | (status << 24) | ((s.symbol & 0xFFFF) << 32) | (made_status << 48)
    order, counter, locked, made_locked = node.id, made.id, node.locked, made.locked
    left, made_left, now = remaining(node.left), made.left, s.now
    s.trade_id += 1
    number = s.trade_id
    at = s.events + s.count * EVENT_SIZE
    s.count += 1
    store(at, head)
    store(at + 8, order)
    store(at + 16, counter)
    store(at + 24, (taker_account & 0xFFFFFFFF) | (maker_account << 32))
    store(at + 32, now)
    store(at + 40, tick)
    store(at + 48, lots)
    store(at + 56, value)
    store(at + 64, left)
    store(at + 72, made_left)
    store(at + 80, number)
    store(at + 88, paid)
    store(at + 96, made_paid)
    store(at + 104, locked)
    store(at + 112, made_locked)
    return at


@inner
def _spent(s: Any, slot: int, tick: int) -> bool:
    """Whether what is left of a budget buys nothing more at the price just traded."""
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    return affordable(s, cold.budget - node.quote - cold.prevented, tick, cold.lots, NEVER) == 0


@inner
def _spend_out(s: Any, slot: int) -> None:
    """An order by quote that traded and can afford no more is filled, by what was its last trade."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    if node.flags & BY_QUOTE and s.trade_event:
        node.left = 0
        event_at(s.trade_event).status = FILLED


@fused
def _pay(s: Any, side: int, taker: int, maker: int, lots: int, value: int) -> tuple[int, int]:
    """Move amounts and fees of a trade between accounts; returns the fees of both."""
    rules = rules_at(s.rules)
    base, paid, made_paid = lots * s.lot_units, 0, 0
    buyer, seller = (taker, maker) if side == BUY else (maker, taker)
    received, made_received = (base, value) if side == BUY else (value, base)
    settle(s, buyer, seller, base, value)
    if taker:
        paid = fee(received, rules.taker_rate)
        charge(s, taker, side, paid)
    if maker:
        made_paid = fee(made_received, rules.maker_rate)
        charge(s, maker, 1 - side, made_paid)
    return paid, made_paid


@inner
def after_trade(s: Any, tick: int, lots: int) -> None:
    """What every trade, also a recorded one, does to the averages and to conditional orders."""
    amount, size = float(tick) * float(lots), float(lots)
    bucket = minute_at(s.minutes + (s.minute & (MINUTES - 1)) * MINUTE_SIZE)
    bucket.amount += amount
    bucket.lots += size
    s.percent_amount += amount
    s.percent_lots += size
    s.notional_amount += amount
    s.notional_lots += size
    s.last = tick
    if tick >= s.trip_up or tick <= s.trip_down:
        on_price(s, tick)


@inner
def _filled(s: Any, slot: int) -> None:
    """The end of a filled order, which is in no queue."""
    listed = node_at(s.nodes + slot * NODE_SIZE).flags & IN_LIST
    forget(s, slot, False)
    if listed:
        filled_in_list(s, slot)


@fused
def _take_background(s: Any, slot: int, other: Any, key: int, lots: int) -> None:
    """`slot` takes background size, which is gone until its level refreshes."""
    level = level_at(other.best_level)
    tick = key_of(other, key)
    value = worth(s, tick, lots)
    _fill_taker(s, slot, tick, lots, value)
    s.trade_event = _record(s, node_at(s.nodes + slot * NODE_SIZE).side, slot, 0, tick, lots, value)
    consume(s, other, key, level, lots)
    after_trade(s, tick, lots)


@inner
def consume(s: Any, own: Any, key: int, level: Any, lots: int) -> None:
    """Take background size of a level; nobody of ours can be behind more than is left."""
    set_used(own, key, level, level.used + lots)
    cap_ahead(s, level)
    refresh(s, own, key, level)


@inner
def cap_ahead(s: Any, level: Any) -> None:
    slot, bound = level.head, available(level)
    while slot:
        cold = cold_at(s.colds + slot * COLD_SIZE)
        cold.ahead = min(cold.ahead, bound)
        slot = node_at(s.nodes + slot * NODE_SIZE).next


@inner
def make_fill(s: Any, maker: int, other: Any, key: int, lots: int) -> None:
    """The background takes `lots` of our resting order at its price."""
    if node_at(s.nodes + maker * NODE_SIZE).flags & IN_LIST:
        commit_leg(s, maker)
    node = node_at(s.nodes + maker * NODE_SIZE)
    level = level_at(find(other, key))
    value = worth(s, node.tick, lots)
    _fill_maker(s, maker, lots, value)
    _record(s, 1 - node.side, 0, maker, node.tick, lots, value)
    _reduce_level(s, maker, other, key, level, lots)


@fused
def _reduce_level(s: Any, maker: int, own: Any, key: int, level: Any, lots: int) -> None:
    level.own -= lots
    if node_at(s.nodes + maker * NODE_SIZE).left == 0:
        unlink(s, level, maker)
        cold_at(s.colds + maker * COLD_SIZE).place = NO_PLACE
        _filled(s, maker)
    elif node_at(s.nodes + maker * NODE_SIZE).flags & ICEBERG:
        cold = cold_at(s.colds + maker * COLD_SIZE)
        cold.shown -= lots
        if cold.shown == 0:
            replenish(s, maker, level)
    shrunk(s, own, key, level)


@inner
def _prevent(s: Any, slot: int, maker: int, tick: int) -> bool:
    """Two orders of one account meet. True if the taker ends by it."""
    node, made = node_at(s.nodes + slot * NODE_SIZE), node_at(s.nodes + maker * NODE_SIZE)
    cold, mode = cold_at(s.colds + slot * COLD_SIZE), node.stp
    lots = min(node.left, made.left)
    if node.flags & BY_QUOTE:
        lots = affordable(s, cold.budget - node.quote - cold.prevented, tick, cold.lots, lots)
    if mode == DECREMENT:
        if made.flags & IN_LIST:
            commit_leg(s, maker)
        _decrement(s, slot, maker, lots, tick)
    at = emit(s, PREVENTED, SELF_TRADE)
    event = event_at(at)
    event.side, event.order, event.counter, event.tick, event.lots = node.side, node.id, made.id, tick, lots
    event.account, event.counter_account = node.account, made.account
    event.status, event.counter_status = status_of(s, slot), status_of(s, maker)
    event.locked, event.counter_locked = node.locked, made.locked
    event.remaining, event.counter_remaining = remaining(node.left), made.left
    ends = node.left == 0 or lots == 0 if mode == DECREMENT else mode != EXPIRE_MAKER
    if mode != EXPIRE_TAKER and (mode != DECREMENT or made.left == 0):
        if mode != DECREMENT:
            cold_at(s.colds + maker * COLD_SIZE).prevented += made.left
        end(s, maker, ENDED, SELF_TRADE, IN_MATCH)
    return ends


@inner
def _decrement(s: Any, slot: int, maker: int, lots: int, tick: int) -> None:
    """Both orders lose what they would have traded."""
    node, made = node_at(s.nodes + slot * NODE_SIZE), node_at(s.nodes + maker * NODE_SIZE)
    cold, other = cold_at(s.colds + slot * COLD_SIZE), cold_at(s.colds + maker * COLD_SIZE)
    if node.flags & BY_QUOTE:
        cold.prevented += worth(s, tick, lots)
        if _spent(s, slot, tick):
            node.left = 0
    else:
        cold.prevented += lots
        node.left -= lots
        if node.locked:
            node.locked = need(s, node.side, node.kind, node.tick, node.left)
        if node.side == BUY:
            tally_at(s.tallies + node.account * TALLY_SIZE).buying -= lots
    other.prevented += lots
    cut(s, maker, lots)
    if made.locked:
        relock(s, maker, due(s, maker))


@inner
def cut(s: Any, slot: int, lots: int) -> None:
    """A waiting order is smaller by `lots` and keeps its place."""
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    before = visible(s, slot)
    node.left -= lots
    if node.flags & ICEBERG:
        cold.shown = min(cold.shown, node.left)
    if node.side == BUY:
        tally_at(s.tallies + node.account * TALLY_SIZE).buying -= lots
    if cold.place == BOOK:
        own = ladder(s.ladders + node.side * LADDER_SIZE)
        key = key_of(own, node.tick)
        level = level_at(find(own, key))
        level.own -= before - visible(s, slot)
        if node.left:  # else the order ends, and its level with it: not before it has left the queue
            refresh(s, own, key, level)
