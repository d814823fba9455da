# mypy: disable-error-code="no-any-return,return-value,arg-type,call-arg,attr-defined"
# (compiled code, whose types the checker cannot know)
"""One cheap call from Python into the compiled fold: arrays go by a table of their addresses, made once.

Passing the twenty arrays of the books to compiled code costs 8 us a call, by their addresses 0.5. `Table` keeps the
arrays alive for as long as their addresses are used.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from ..core.market.engine.layout import EVENT, ORDER
from . import books_state as bs
from .books_fold import Row, apply, by_client, find
from .books_state import AMENDMENT, PREVENTED, TRADE, State
from .compiled import entry, inner
from .journal_format import (
    ACCOUNT,
    ASSET,
    ENDS,
    FRAME,
    LIST,
    OK,
    RENAME,
    SYMBOL,
    WIDTHS,
    Words,
    decode,
    encode,
    frame,
)

FIELDS = len(State._fields)
ROW, OUT = FIELDS, FIELDS + 1


@intrinsic  # type: ignore[untyped-decorator]
def _pointer(_: Any, __: Any) -> Any:
    """An address as a pointer."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(types.voidptr))

    return types.voidptr(types.int64), build


class Table:
    """Addresses and lengths of the books' arrays, of a row and of the buffer that records are encoded into."""

    def __init__(self, state: State, row: Row, out: Words) -> None:
        self._alive = (*state, row.words, out)
        self.addresses = np.array([[a.ctypes.data, len(a)] for a in self._alive], np.int64)


@inner
def _state(table: NDArray[np.int64]) -> State:
    t = table
    return State(
        carray(_pointer(t[0, 0]), (t[0, 1],), np.int64),
        carray(_pointer(t[1, 0]), (t[1, 1],), ORDER),
        carray(_pointer(t[2, 0]), (t[2, 1], WIDTHS[1]), np.int64),
        carray(_pointer(t[3, 0]), (t[3, 1],), np.int64),
        carray(_pointer(t[4, 0]), (t[4, 1],), np.int64),
        carray(_pointer(t[5, 0]), (t[5, 1],), np.int64),
        carray(_pointer(t[6, 0]), (t[6, 1],), TRADE),
        carray(_pointer(t[7, 0]), (t[7, 1],), LIST),
        carray(_pointer(t[8, 0]), (t[8, 1],), PREVENTED),
        carray(_pointer(t[9, 0]), (t[9, 1],), AMENDMENT),
        carray(_pointer(t[10, 0]), (t[10, 1], 256, 2), np.int64),
        carray(_pointer(t[11, 0]), (t[11, 1], 256), np.uint8),
        carray(_pointer(t[12, 0]), (t[12, 1],), np.uint8),
        carray(_pointer(t[13, 0]), (t[13, 1],), SYMBOL),
        carray(_pointer(t[14, 0]), (t[14, 1], 4), np.int64),
        carray(_pointer(t[15, 0]), (t[15, 1],), ASSET),
        carray(_pointer(t[16, 0]), (t[16, 1],), np.int64),
    )


@inner
def _views(t: NDArray[np.int64]) -> tuple[NDArray[np.void], ...]:
    return (
        carray(_pointer(t[17, 0]), (1,), ORDER),
        carray(_pointer(t[17, 0]), (1,), EVENT),
        carray(_pointer(t[17, 0]), (1,), LIST),
        carray(_pointer(t[17, 0]), (1,), ACCOUNT),
        carray(_pointer(t[17, 0]), (1,), SYMBOL),
        carray(_pointer(t[17, 0]), (1,), ASSET),
        carray(_pointer(t[17, 0]), (1,), RENAME),
    )


@entry
def step(table: NDArray[np.int64], kind: int, at: int) -> int:
    """Fold the row as a record of this kind and encode it at out[at:]. Returns where the next goes, or -Refusal."""
    row = carray(_pointer(table[17, 0]), (table[17, 1],), np.int64)
    code = apply(_state(table), kind, row, _views(table))
    if code != 0:
        return -code
    return encode(kind, row, WIDTHS[kind], carray(_pointer(table[18, 0]), (table[18, 1],), np.int64), at)


@entry
def row_of(table: NDArray[np.int64], order: int) -> int:
    """Row of an order, -1 if there is none."""
    return find(_state(table), order)


@entry
def row_of_client(table: NDArray[np.int64], key: Words) -> int:
    """Row of the newest order of a client id and account, -1 if there is none."""
    return by_client(_state(table), key)


@entry
def replay(table: NDArray[np.int64], words: Words, at: int, number: int, within: int) -> tuple[int, int, int, int]:
    """Fold the frames of a segment from `at`, the first being `number`; `within`: the record to go on with, 0: the first.

    Returns why it stopped, and at, number and within. FRAME_ENDS is the good end; INDEX_FULL asks for a larger index.
    """
    state, views = _state(table), _views(table)
    row = carray(_pointer(table[17, 0]), (table[17, 1],), np.int64)
    while True:
        kind, end = frame(words, at, number)
        if kind != OK:
            return 16 if kind == ENDS else 17, at, number, 0
        position = within if within else at + FRAME
        within = 0
        while position < end:
            if 2 * state.counts[bs.INDEXED] >= state.ids.size:
                return 18, at, number, position
            what = words[position] & 0xFF
            if not 0 < what < WIDTHS.size:
                return 4, position, number, 0
            position = decode(words, position, end, row, WIDTHS[what])
            if position < 0:
                return 4, at, number, 0
            code = apply(state, what, row, views)
            if code != 0:
                return code, at, number, 0
        if state.counts[bs.NEGATIVE] != 0:
            return 6, at, number, 0
        at, number = end, number + 1
