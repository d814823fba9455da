# mypy: disable-error-code="no-any-return,return-value,arg-type,call-arg,attr-defined"
# (compiled code, whose types the checker cannot know)
"""Order entry in one compiled call: through the matching core, the books and the journal's buffer.

What only concerns the order itself (it rests, it expires, it is cancelled) is booked here. Where others are concerned (a
trade, a list, a prevented match, or somebody who listens) the core has acted, nothing is booked yet, and `Said.TELL`
asks the caller to book and report what the market tells, event by event. Both ways end in the same books and bytes.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numba import carray

from ..core.market.engine.calls import process
from ..core.market.engine.layout import EVENT, ORDER, EventKind, Status
from ..core.market.engine.state import EVENT_SIZE, Op, command_at, event_at, market_at
from . import books_state as bs
from .books_calls import FIELDS, OUT, _pointer, _state
from .books_fold import KEY, LIMIT_MAKER, by_client, fold_event, fold_order
from .compiled import entry, inner
from .journal_format import Record, encode


class Said(IntEnum):
    """What `enter` and `leave` return if nothing, or not all, is booked; else where the journal goes on."""

    DUPLICATE = -1
    NO_ACCOUNT = -2
    TELL = -3
    """The core acted: book what it tells, event by event."""
    CRAMPED = -4
    """The core wants more memory first."""
    REFUSED = -1000
    """Minus the core's Reason."""
    BROKEN = -2000
    """Minus the books' Refusal."""


DUPLICATE, NO_ACCOUNT, TELL, CRAMPED = (
    int(code) for code in (Said.DUPLICATE, Said.NO_ACCOUNT, Said.TELL, Said.CRAMPED)
)
REFUSED, BROKEN = int(Said.REFUSED), int(Said.BROKEN)
ACCEPTED, EXPIRED, CANCELED = int(EventKind.ACCEPTED), int(EventKind.EXPIRED), int(EventKind.CANCELED)
REJECTED, NEW = int(EventKind.REJECTED), int(Status.NEW)
SUBMIT, CANCEL = int(Op.SUBMIT), int(Op.CANCEL)
R_ORDER, R_EVENT = int(Record.ORDER), int(Record.EVENT)
ORDER_WORDS, EVENT_WORDS = ORDER.itemsize // 8, EVENT.itemsize // 8
ROOM = 4096


@inner
def _command(at: int, order: Any, now: int) -> None:
    c = command_at(at)
    c.op = SUBMIT
    c.side = order["side"]
    c.kind = order["kind"]
    c.tif = order["tif"]
    c.stp = order["stp"]
    c.list_kind = 0
    c.leg = 0
    c.legs = 1
    c.account = order["account"]
    c.trailing = order["trailing"]
    c.id = order["id"]
    c.list_id = 0
    c.tick = order["tick"]
    c.stop_tick = order["stop_tick"]
    c.lots = order["lots"]
    c.iceberg = order["iceberg"]
    c.budget = order["budget"]
    c.time = now


@inner
def _event(state: bs.State, at: int, out: Any, to: int) -> int:
    """Fold the event at an address and encode it; where the journal goes on, or BROKEN - Refusal."""
    code = fold_event(state, event_at(at))
    if code != 0:
        return BROKEN - code
    return encode(R_EVENT, carray(_pointer(at), (EVENT_WORDS,), np.int64), EVENT_WORDS, out, to)


@entry
def enter(table: int, market: int, command: int, order: int, named: bool, quiet: bool, now: int, to: int) -> int:
    """Submit the layout.ORDER at the address `order` (its client id given if `named`), and book it at out[to:] if
    `quiet`: nobody hears of it. Returns where the journal goes on, or a Said."""
    t = carray(_pointer(table), (FIELDS + 2, 2), np.int64)
    state, words = _state(t), carray(_pointer(order), (ORDER_WORDS,), np.int64)
    row = carray(_pointer(order), (1,), ORDER)[0]
    if not 0 < row["account"] < state.accounts.size or state.accounts[row["account"]] == 0:
        return NO_ACCOUNT
    if named:
        known = by_client(state, words[KEY : KEY + 5])
        if known >= 0 and state.place[known] >= 0:
            return DUPLICATE
    _command(command, row, now)
    if process(market, command, 1, ROOM) == 0:
        return CRAMPED
    s = market_at(market)
    first, second = event_at(s.events), event_at(s.events + EVENT_SIZE)
    if first.kind == REJECTED:
        return REFUSED - first.reason
    alone = s.count == 1 or (s.count == 2 and second.kind == EXPIRED and second.order == row["id"])
    if not (quiet and alone) or 2 * (state.counts[bs.INDEXED] + 1) >= state.ids.size:
        return TELL
    works = first.status == NEW and row["kind"] <= LIMIT_MAKER
    row["status"] = first.status
    row["locked"] = first.locked
    row["working"] = 1 if works else 0
    row["worked"] = first.time if works else 0
    code = fold_order(state, words)
    if code != 0:
        return BROKEN - code
    out = carray(_pointer(t[OUT, 0]), (t[OUT, 1],), np.int64)
    to = encode(R_ORDER, words, ORDER_WORDS, out, to)
    return to if s.count == 1 else _event(state, s.events + EVENT_SIZE, out, to)


@entry
def leave(table: int, market: int, command: int, account: int, order: int, quiet: bool, now: int, to: int) -> int:
    """Cancel an open order, as `enter` submits one."""
    t = carray(_pointer(table), (FIELDS + 2, 2), np.int64)
    c = command_at(command)
    c.op = CANCEL
    c.id = order
    c.account = account
    c.time = now
    if process(market, command, 1, ROOM) == 0:
        return CRAMPED
    s = market_at(market)
    first = event_at(s.events)
    if first.kind == REJECTED:
        return REFUSED - first.reason
    if not quiet or s.count != 1 or first.kind != CANCELED:
        return TELL
    return _event(_state(t), s.events, carray(_pointer(t[OUT, 0]), (t[OUT, 1],), np.int64), to)
