"""Writing the venue's books: each record is folded and encoded for the journal in one compiled call.

Live operation and recovery fold the same records by the same code, so that they end in the same state. Who decides
what is written is `desk`; what is on disk is `segments`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..core.market.engine.layout import FREE, LOCKED
from ..core.market.engine.market import Market
from ..core.market.instrument import Instrument
from . import books_state as bs
from .books import Archive
from .books_calls import step
from .books_entry import BROKEN, CRAMPED, enter, leave
from .books_fold import Refusal, Row
from .books_state import State
from .journal_format import ROWS, AccountStep, Record, Words
from .recovery import larger_index
from .segments import Journal, Unwritten

EVENT_WORDS = ROWS[Record.EVENT].itemsize // 8
_EVENT, _ORDER = int(Record.EVENT), int(Record.ORDER)
ORDER_WORDS = ROWS[Record.ORDER].itemsize // 8


class BooksError(RuntimeError):
    """A record that contradicts the books: a defect of the venue, which must not go on."""


class Bookkeeper:
    def __init__(self, state: State, journal: Journal | Unwritten) -> None:
        self._row = Row()
        self._views = dict(zip(ROWS, self._row.views, strict=False))
        self.journal = journal
        self.books = Archive(state, self._row, journal.out)
        self._learn_table()
        self.words: Words = self._row.words
        """The row that the next record is made in."""
        self.on_fault: Callable[[BooksError], None] = lambda error: None
        """Told before a BooksError is raised; a venue ends then."""
        journal.check = self._check_balances

    @property
    def state(self) -> State:
        return self.books.state

    def put(self, kind: int) -> None:
        """Fold and journal the row. Raises BooksError."""
        at = step(self._table, kind, self.journal.at)
        if at < 0:
            raise self._fault(f"a record of kind {Record(kind).name} contradicts the books: {Refusal(-at).name}")
        self.journal.appended(at)
        counts = self.state.counts
        if 2 * counts[bs.INDEXED] >= self.state.ids.size:
            self.books.use(larger_index(self.state))
            self._learn_table()

    def _learn_table(self) -> None:
        self._table = self.books.table.addresses
        self._table_at = int(self._table.ctypes.data)

    # ---- whole steps (`books_entry`)

    def enter(self, market: Market, order: int, *, named: bool, quiet: bool, now: int) -> int:
        """Submit the order at an address: 0 if it is booked, else a Said. Raises BooksError."""
        at, command = market.addresses
        code = enter(self._table_at, at, command, order, named, quiet, now, self.journal.at)
        if code == CRAMPED:
            market.make_room()
            code = enter(self._table_at, at, command, order, named, quiet, now, self.journal.at)
        return self._booked(code)

    def leave(self, market: Market, account: int, order_id: int, *, quiet: bool, now: int) -> int:
        """Cancel an order, alike."""
        at, command = market.addresses
        code = leave(self._table_at, at, command, account, order_id, quiet, now, self.journal.at)
        if code == CRAMPED:
            market.make_room()
            code = leave(self._table_at, at, command, account, order_id, quiet, now, self.journal.at)
        return self._booked(code)

    def _booked(self, code: int) -> int:
        if code >= 0:
            self.journal.appended(code)
            self.journal.stepped()
            return 0
        if code <= BROKEN:
            raise self._fault(f"an order contradicts the books: {Refusal(BROKEN - code).name}")
        return code

    def _check_balances(self) -> None:
        """Before a group is written: recovery would refuse a journal after which somebody owes. Raises BooksError."""
        if self.state.counts[bs.NEGATIVE]:
            raise self._fault("a balance is below zero")

    def _fault(self, text: str) -> BooksError:
        error = BooksError(text)
        self.on_fault(error)
        return error

    def event(self, words: Words) -> None:
        """One layout.EVENT, as words."""
        self.words[:EVENT_WORDS] = words
        self.put(_EVENT)

    def order(self, words: Words) -> None:
        """One layout.ORDER, as words."""
        self.words[:ORDER_WORDS] = words
        self.put(_ORDER)

    def record(self, kind: Record, /, **fields: object) -> None:
        """A record of a rare kind, by its fields."""
        self.words[:] = 0
        view: NDArray[np.void] = self._views[kind][0]
        for name, value in fields.items():
            view[name] = value
        self.put(int(kind))

    def mark(self, symbol: int, trade_id: int, tick: int) -> None:
        """From what trade id and last price a symbol goes on after a restart."""
        for what, value in ((2 * symbol, trade_id), (2 * symbol + 1, tick)):
            self.words[:] = 0
            self.words[:2] = what, value
            self.put(int(Record.MARK))

    # ---- symbols and accounts

    def asset(self, name: str) -> int:
        """Number of an asset, given one if it is new."""
        if name not in self.books.assets:
            self.record(Record.ASSET, id=len(self.books.assets), name=name.encode())
            self.books.learn()
        return self.books.assets.index(name)

    def symbol(self, item: Instrument) -> int:
        """Number of a symbol on its grid, given one if it is new."""
        for number, known in enumerate(self.books.symbols):
            if (known.symbol, known.tick_units, known.lot_units) == (item.symbol, item.tick_units, item.lot_units):
                return number
        base, quote = self.asset(item.base), self.asset(item.quote)
        grid = {"tick_units": item.tick_units, "lot_units": item.lot_units}
        number = len(self.books.symbols)
        self.record(Record.SYMBOL, id=number, name=item.symbol.encode(), base=base, quote=quote, **grid)
        self.books.learn()
        return number

    def account(self, step_: AccountStep, account: int, time: int, asset: int = 0, amount: int = 0) -> None:
        fields = {"step": int(step_), "account": account, "asset": asset, "amount": amount, "time": time}
        self.record(Record.ACCOUNT, **fields)

    def opened(self, account: int) -> bool:
        return 0 < account < bs.ACCOUNTS and bool(self.state.accounts[account])

    def rename(self, order_id: int, client_id: str) -> None:
        """A new client id for an order that was just amended."""
        self.words[0] = order_id
        self.words[1:6] = np.frombuffer(struct.pack("<40s", client_id.encode()), np.int64)
        self.put(int(Record.RENAME))

    @property
    def consistent(self) -> bool:
        """Whether no balance is negative and locked amounts are those of the open orders."""
        state = self.state
        if state.balances.min() < 0:
            return False
        locked = np.zeros_like(state.balances[:, :, LOCKED])
        for row in state.open[: state.counts[bs.N_OPEN]]:
            order = state.orders[row]
            symbol = state.symbols[order["symbol"]]
            locked[order["account"], symbol["base" if order["side"] else "quote"]] += order["locked"]
        return bool((locked == state.balances[:, :, LOCKED]).all()) and FREE == 0
