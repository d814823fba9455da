"""Order-by-order data (L3): the orders behind a tape, checked, and the levels and trades that they make.

An order has its priority from the message that added it, raised it or moved it to another price; less of it keeps its
place. Its *rank* is the number of that message in the order of the exchange, so that of two orders at a price the one with
the lower rank comes first, whoever asks. Levels and ranks depend on no strategy: they are made once a tape.

    ADD     a new order of `lots`                      MODIFY  from now on `lots` at this price
    CANCEL  `lots` of it are withdrawn, 0: all         FILL    `lots` of it traded; what is left keeps its place

A price of 0 says nothing (the order's own counts). An order that was filled wholly stays known until its CANCEL, which some
venues send behind the last FILL, or until its id is used again. What cannot be is `Wrong`, changes nothing and is told.
"""

# mypy: disable-error-code="no-untyped-def, misc"

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

import numpy as np

from .book import BEST_ASK, BEST_BID, Ladder, distinct, places, set_level
from .compiled import compiled
from .info import NONE
from .layout import ASK, L3, SHIFT, TRADED, Array, Ints, Kind, TapeFault, price_ticks
from .tape import Tape


class Wrong(IntEnum):
    """What is wrong with an event. CROSSED alone is taken as it is: a book may be crossed in an auction."""

    UNKNOWN_ORDER = 1
    KNOWN_ORDER = 2
    NO_QUANTITY = 3
    TOO_MUCH = 4
    OTHER_SIDE = 5
    OTHER_PRICE = 6
    CROSSED = 7


WHY = {
    Wrong.UNKNOWN_ORDER: "no such order is there: it was never added, or is gone",
    Wrong.KNOWN_ORDER: "an order of this id is there already",
    Wrong.NO_QUANTITY: "its quantity (and the price of a new one) must be above 0",
    Wrong.TOO_MUCH: "is for more than is left of the order",
    Wrong.OTHER_SIDE: "the order is on the other side",
    Wrong.OTHER_PRICE: "the order is at another price",
    Wrong.CROSSED: "goes to or through the best price of the other side",
}
REST, CODE, PLACE, RANK = range(4)
"""An order: lots left (-1: not known), `tick << 2 | side`, its level in the ladder, rank."""
MESSAGES, ROWS, CLEARED = range(3)
_ADD, _CANCEL, _MODIFY, _FILL, _CLEAR, _TRADE, _DEPTH = (
    int(k) for k in (Kind.ADD, Kind.CANCEL, Kind.MODIFY, Kind.FILL, Kind.CLEAR, Kind.TRADE, Kind.DEPTH)
)
_UNKNOWN, _KNOWN, _NOTHING, _MUCH, _SIDE, _PRICE, _CROSSED = (int(w) for w in Wrong)


@dataclass(frozen=True, slots=True)
class Levelled:
    """`tape`: what the orders make, in DEPTH, TRADE and CLEAR messages, with one more column of its rows, `mark` int64:
    of a trade the rank of the order that was met, of a level the lots that newly came to it (0: none did).

    `wrong` int64[., 2]: (message of the tape of orders, Wrong), in order of the exchange. `fills`: trades have ranks.
    """

    tape: Tape
    wrong: Ints
    fills: bool


@compiled
def _slot(table, number):
    """Where an id is in a table of ids (open addressing, Fibonacci hashing), or where it may go."""
    mask = np.uint64(table.shape[0] - 1)
    at = ((np.uint64(number) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask
    while table[at, 1] != 0 and table[at, 0] != number:
        at = (at + np.uint64(1)) & mask
    return at


@compiled
def _count_orders(ids, start, table, known, who):
    """Number ids[start:] from 0 in the order of their first appearance: where it stopped (the end, or half is full)."""
    for i in range(start, ids.size):
        at = _slot(table, ids[i])
        if table[at, 1] == 0:
            if 2 * known[0] >= table.shape[0]:
                return np.int64(i)
            known[0] += 1
            table[at, 0], table[at, 1] = ids[i], known[0]
        who[i] = table[at, 1] - 1
    return np.int64(ids.size)


@compiled
def _move(table, wider):
    for i in range(table.shape[0]):
        if table[i, 1] != 0:
            at = _slot(wider, table[i, 0])
            wider[at, 0], wider[at, 1] = table[i, 0], table[i, 1]


def numbered(ids: Ints) -> tuple[int, Ints]:
    """(how many different ids, which of them each is, numbered in the order of their first appearance)."""
    table, known, who = np.zeros((1 << 12, 2), np.int64), np.zeros(1, np.int64), np.empty(ids.size, np.int64)
    at = 0
    while (at := int(_count_orders(ids, at, table, known, who))) < ids.size:
        wider = np.zeros((4 * len(table), 2), np.int64)
        _move(table, wider)
        table = wider
    return int(known[0]), who


@compiled
def _message(made, source, kind, m, what):
    at = made[MESSAGES]
    source[at], kind[at] = m, what
    made[MESSAGES] = at + 1


@compiled
def _row(made, first, code, lots, mark, a_code, quantity, a_mark):
    """One more row of the last message."""
    at = made[ROWS]
    code[at], lots[at], mark[at] = a_code, quantity, a_mark
    made[ROWS] = at + 1
    first[made[MESSAGES]] = at + 1


@compiled
def _fault(what, given, quantity, order, cleared):
    """What is wrong with an event of an order, or 0."""
    known = order[REST] >= 0 and order[RANK] >= cleared
    if what == _ADD:
        if known and order[REST] > 0:
            return _KNOWN
        return 0 if quantity > 0 and given >> SHIFT > 0 else _NOTHING
    if not known:
        return _UNKNOWN
    side = given & ASK if what != _FILL else 1 - (given & ASK)
    if side != order[CODE] & ASK:
        return _SIDE
    if what == _MODIFY:
        return 0 if quantity > 0 else _NOTHING
    if given >> SHIFT != 0 and given >> SHIFT != order[CODE] >> SHIFT:
        return _PRICE
    if what == _FILL and quantity <= 0:
        return _NOTHING
    return _MUCH if quantity > order[REST] else 0


@compiled
def _enter(order, book, best, code, quantity, place, rank):
    """The order rests at a price; True if it crosses the other side."""
    side = code & ASK
    order[REST], order[CODE], order[PLACE], order[RANK] = quantity, code, place, rank
    set_level(book, best, side, place, book[side, place] + quantity)
    return place <= best[BEST_BID] if side else place >= best[BEST_ASK]


@compiled
def _leave(order, book, best, quantity):
    """So many lots go; returns what the level has left."""
    side, place = order[CODE] & ASK, order[PLACE]
    order[REST] -= quantity
    left = book[side, place] - quantity
    set_level(book, best, side, place, left)
    return left


@compiled
def _wipe(book, best):
    for side in range(2):
        for at in range(book.shape[1]):
            book[side, at] = 0
    best[BEST_BID], best[BEST_ASK] = -1, book.shape[1]


@compiled
def follow(sequence, kinds, given, quantities, who, level, held, book, best, made, source, kind, first, code, lots, mark, wrong):
    """Follow the events `sequence` (numbers of messages, in the order of the exchange).

    `kinds`, `given` (tick << 2 | bits), `quantities`, `who` (number of the order) and `level` (place in the ladder) are
    one a message; `held` int64[orders, 4]; messages and rows are appended to the arrays from `source` on, which must have
    twice as much room; `wrong` gets a Wrong or 0 a message.
    """
    for i in range(sequence.size):
        m = np.int64(sequence[i])
        what = kinds[m]
        if what == _CLEAR:
            _wipe(book, best)
            _message(made, source, kind, m, _CLEAR)
            made[CLEARED] = made[MESSAGES]
            first[made[MESSAGES]] = made[ROWS]
            continue
        here, quantity = np.int64(given[m]), np.int64(quantities[m])
        if what == _TRADE:
            _message(made, source, kind, m, _TRADE)
            _row(made, first, code, lots, mark, here, quantity, np.int64(0))
            continue
        order = held[who[m]]
        fault = _fault(what, here, quantity, order, made[CLEARED])
        if fault:
            wrong[m] = fault
            continue
        rank = made[MESSAGES]
        if what == _FILL:
            _message(made, source, kind, m, _TRADE)
            _row(made, first, code, lots, mark, (order[CODE] ^ ASK) | TRADED, quantity, order[RANK])
        _message(made, source, kind, m, _DEPTH)
        if what == _ADD:
            wrong[m] = _CROSSED if _enter(order, book, best, here, quantity, level[m], rank) else 0
            _row(made, first, code, lots, mark, here, book[here & ASK, level[m]], quantity)
        elif what == _MODIFY:
            more, old = quantity - order[REST], order[CODE]
            moved = here >> SHIFT != 0 and here >> SHIFT != old >> SHIFT
            if not moved and more <= 0:
                left = _leave(order, book, best, -more)
                _row(made, first, code, lots, mark, old, left, np.int64(0))
                continue
            left = _leave(order, book, best, order[REST])
            if moved:
                _row(made, first, code, lots, mark, old, left, np.int64(0))
                more = quantity
            now, place = (here, level[m]) if moved else (old, order[PLACE])
            wrong[m] = _CROSSED if _enter(order, book, best, now, quantity, place, rank) else 0
            _row(made, first, code, lots, mark, now, book[now & ASK, place], more)
        else:
            gone = what == _CANCEL and (quantity == 0 or quantity == order[REST])
            left = _leave(order, book, best, order[REST] if gone else quantity)
            _row(made, first, code, lots, mark, order[CODE], left, np.int64(0))
            if gone:
                order[REST] = -1


def levelled(tape: Tape) -> Levelled:
    """The levels and trades that a tape of orders makes. Only orders and CLEAR are read, and TRADE where no FILL says the
    same order by order. Raises TapeFault for a tape without orders, or an event that is not of one order."""
    if tape.order is None:
        raise TapeFault("the tape holds no orders (ADD, CANCEL, MODIFY, FILL)")
    fills = bool(tape.info.kinds.get(Kind.FILL.name))
    read = [*L3, Kind.CLEAR, *(() if fills else (Kind.TRADE,))]
    taken = np.flatnonzero(np.isin(tape.kind, read))
    kinds, rows = np.array(tape.kind[taken], np.uint8), _rows(tape, taken)
    given, quantities = np.array(tape.tick[rows]), np.array(tape.lots[rows])
    orders, who = numbered(np.array(tape.order[rows], np.int64))
    ladder = _ladder(given)
    held = np.full((orders, 4), -1, np.int64)
    room = 2 * taken.size
    made = np.zeros(3, np.int64)
    source, kind, first = np.empty(room, np.int64), np.empty(room, np.uint8), np.zeros(room + 1, np.int64)
    code, lots, mark = (np.empty(room, np.int64) for _ in range(3))
    wrong = np.zeros(taken.size, np.uint8)
    exchange = tape.exchange[taken]
    sequence = np.argsort(exchange, kind="stable")
    follow(
        sequence, kinds, given, quantities, who, places(ladder, given), held, ladder.lots, ladder.state, made,
        source, kind, first, code, lots, mark, wrong,
    )  # fmt: skip
    messages, count = int(made[MESSAGES]), int(made[ROWS])
    columns: dict[str, Array] = {
        "kind": kind[:messages], "first": first[: messages + 1], "tick": code[:count], "lots": lots[:count], "mark": mark[:count],
    }  # fmt: skip
    found = sequence[wrong[sequence] > 0]
    told = np.stack([taken[found], wrong[found]], axis=1).astype(np.int64)
    return Levelled(_tape(tape, _received(columns, source[:messages]), taken), told, fills)


def _rows(tape: Tape, taken: Ints) -> Ints:
    """The row of each message; that of a CLEAR, which has none, is any. Raises TapeFault."""
    first = np.asarray(tape.first)
    begin = first[taken].astype(np.int64)
    many = first[taken + 1].astype(np.int64) - begin
    odd = np.flatnonzero(many != (tape.kind[taken] != Kind.CLEAR))
    if odd.size:
        raise TapeFault(f"message {taken[odd[0]]}: an event of an order has one row, not {many[odd[0]]}")
    return np.minimum(begin, max(tape.info.rows - 1, 0))


def _ladder(given: Array) -> Ladder:
    ticks = distinct(price_ticks(given))
    return Ladder(ticks, np.zeros((2, ticks.size), np.int64), np.array([-1, ticks.size, -1], np.int64))


def _received(columns: dict[str, Array], source: Ints) -> dict[str, Array]:
    """Columns in the order of the exchange as columns in that of receipt; `source` is the message that each is of."""
    if (np.diff(source) >= 0).all():
        return {**columns, "source": source}
    order = np.argsort(source, kind="stable")
    first = columns["first"]
    counts = np.diff(first)[order]
    starts = np.concatenate([[0], np.cumsum(counts)])
    rows = np.arange(starts[-1]) + np.repeat(first[:-1][order] - starts[:-1], counts)
    moved = {name: columns[name][rows] for name in ("tick", "lots", "mark")}
    return {**moved, "kind": columns["kind"][order], "first": starts, "source": source[order]}


def _tape(tape: Tape, columns: dict[str, Array], taken: Ints) -> Tape:
    """As narrow as the tape of orders was, where that still fits."""
    of = taken[columns.pop("source")]
    first = columns["first"].astype(np.uint32 if columns["first"][-1] < 1 << 32 else np.uint64)
    lots = columns["lots"]
    narrow: Any = tape.lots.dtype if lots.max(initial=0) <= np.iinfo(tape.lots.dtype).max else np.int64
    values, counts = np.unique(columns["kind"], return_counts=True)
    kinds = {Kind(v).name: int(c) for v, c in zip(values.tolist(), counts.tolist(), strict=True)}
    info = replace(
        tape.info, columns={}, messages=of.size, rows=lots.size, kind=None, rows_per_message=None, seq=NONE, kinds=kinds,
        snapshots=(), gaps=(),
    )  # fmt: skip
    made = {
        "local": tape.local[of], "lag": np.asarray(tape.lag)[of], "kind": columns["kind"], "first": first,
        "tick": columns["tick"].astype(tape.tick.dtype), "lots": lots.astype(narrow), "mark": columns["mark"],
    }  # fmt: skip
    return Tape(info, made)


def counts(found: Levelled) -> dict[str, int]:
    """How many of each Wrong there are, by its name as a finding has it."""
    return {wrong.name.lower(): int(n) for wrong in Wrong if (n := np.count_nonzero(found.wrong[:, 1] == wrong))}


def untold(tape: Tape, found: Levelled) -> str:
    """The first event that is passed over though tape.json does not say so, in words; empty: it tells of them all."""
    for wrong in (each for each in Wrong if each is not Wrong.CROSSED):
        of = found.wrong[found.wrong[:, 1] == wrong, 0]
        if of.size != tape.info.finding_counts.get(wrong.name.lower(), 0):
            said = f"{of.size:,} such events, and tape.json tells of {tape.info.finding_counts.get(wrong.name.lower(), 0):,}"
            return f"message {of[0]}: {told(tape, int(of[0]), wrong)} ({said})" if of.size else f"{wrong.name.lower()}: {said}"
    return ""


def told(tape: Tape, message: int, wrong: int) -> str:
    """`fill of order 901: …`."""
    order, row = tape.order, int(tape.first[message])
    name = Kind(int(tape.kind[message])).name.lower()
    return f"{name} of order {order[row] if order is not None else '?'}: {WHY[Wrong(wrong)]}"
