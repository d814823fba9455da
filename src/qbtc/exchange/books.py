"""Reading the venue's books: rows of the arrays as the views of `model`, made when somebody looks at them.

Nothing here changes anything (`bookkeeper` does). A symbol may stand in several rows of `symbols`: one for each grid of
ticks and lots that it has had; orders keep the grid they were placed on.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

import numpy as np
from numpy.typing import NDArray

from ..core.market.engine.layout import ORDER, Kind, ListKind, ListStatus, Side, Status, Stp, Tif
from ..core.market.instrument import Instrument
from . import books_state as bs
from .books_calls import Table, row_of, row_of_client
from .books_fold import Row
from .books_index import Index, Values, among
from .books_state import TRADE, State
from .journal_format import Words
from .model import ALL, AmendView, ListView, OrderView, PreventedView, Range, TradeView

if TYPE_CHECKING:
    from typing_extensions import Buffer

T = TypeVar("T")
_CODES = {"i8": "q", "i4": "i", "i2": "h", "u1": "B", "u2": "H", "S36": "36s"}


def bytes_of(rows: np.ndarray) -> memoryview:
    """The memory of an array, for a `packer`."""
    return memoryview(cast("Buffer", rows.view(np.uint8))).cast("B")


def packer(dtype: np.dtype[np.void]) -> struct.Struct:
    """A Struct with the fields of a row in order."""
    text, at, fields = "<", 0, dtype.fields
    assert fields is not None
    for name in dtype.names or ():
        field, offset = fields[name][:2]
        text += "x" * (offset - at) + _CODES[field.str[1:]]
        at = offset + field.itemsize
    return struct.Struct(text + "x" * (dtype.itemsize - at))


ORDER_ROW, TRADE_ROW = packer(ORDER), packer(TRADE)
_SIDES, _KINDS, _TIFS = tuple(Side), (Kind.LIMIT, *Kind), (Tif.GTC, *Tif)
_STPS, _STATUSES = tuple(Stp), (Status.NEW, *Status)


class Views(Sequence[T], Generic[T]):
    """Rows as views, each made when asked for."""

    def __init__(self, rows: Words, make: Callable[[int], T]) -> None:
        self._rows, self._make = rows, make

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return Views(self._rows[index], self._make)
        return self._make(int(self._rows[index]))

    def __iter__(self) -> Iterator[T]:
        return map(self._make, self._rows.tolist())


@lru_cache
def _instrument(name: str, base: str, quote: str, tick_units: int, lot_units: int) -> Instrument:
    unit = Decimal("0.00000001")
    return Instrument(name, base, quote, (unit * tick_units).normalize(), (unit * lot_units).normalize())


class Archive:
    """The books as views. `state` is replaced by `bookkeeper` when the index grows."""

    def __init__(self, state: State, row: Row, out: Words) -> None:
        self._row, self._out = row, out
        self.symbols: list[Instrument] = []
        self._indexes: dict[tuple[str, int, str], Index] = {}
        self._dropped = (0, 0)
        """Orders and trades that had been dropped when the indexes were begun."""
        self.use(state)

    def use(self, state: State) -> None:
        self.state = state
        self.table = Table(state, self._row, self._out)
        self._orders, self._trades = bytes_of(state.orders), bytes_of(state.trades)
        self.learn()

    def learn(self) -> None:
        """Read symbols and assets again."""
        state = self.state
        self.assets = [name.decode() for name in state.assets["name"][: state.counts[bs.N_ASSETS]]]
        self.symbols = [
            _instrument(r["name"].decode(), self.assets[r["base"]], self.assets[r["quote"]], *_grid(r))
            for r in state.symbols[: state.counts[bs.N_SYMBOLS]]
        ]

    def state_hash(self) -> str:
        """Equal histories give equal hashes."""
        return bs.state_hash(self.state)

    # ---- orders

    def order_at(self, row: int) -> OrderView:
        (
            identity, client, account, symbol, side, kind, tif, stp, status, working, _, _, _, tick, stop_tick,
            trailing, strategy_type, strategy_id, _, lots, iceberg, filled, quote_filled, budget, prevented, list_id,
            created, updated, worked, trailed, _,
        ) = ORDER_ROW.unpack_from(self._orders, row * ORDER_ROW.size)  # fmt: skip
        return OrderView(
            identity, client.rstrip(b"\0").decode(), account, self.symbols[symbol], _SIDES[side], _KINDS[kind],
            _TIFS[tif], _STPS[stp], _STATUSES[status], bool(working), tick, stop_tick, trailing, trailed, iceberg,
            lots, budget, filled, quote_filled, prevented, list_id, strategy_id, strategy_type, created, updated,
            worked,
        )  # fmt: skip

    def row(self, order_id: int) -> int:
        """Row of an order, -1 if there is none."""
        return row_of(self.table.addresses, order_id)

    def row_by_client(self, account: int, client_id: str) -> int:
        """Row of the newest order with this client id, -1 if there is none."""
        key = np.frombuffer(bytearray(struct.pack("<36si", client_id.encode(), account)), np.int64)
        return row_of_client(self.table.addresses, key)

    def order_row(self, account: int, symbol: str, order_id: int | None, client_id: str | None) -> int:
        """Row of the account's order by either id; both must agree when both are given. -1 if there is none."""
        row = self.row(order_id) if order_id is not None else self.row_by_client(account, client_id or "")
        if row < 0:
            return -1
        order = self.state.orders[row]
        agrees = client_id is None or order["client"].decode() == client_id
        mine = order["account"] == account and self.symbols[order["symbol"]].symbol == symbol
        return row if mine and agrees else -1

    def open_rows(self, account: int | None = None, symbol: str | None = None) -> Words:
        """Rows of open orders, oldest first."""
        rows = np.sort(self.state.open[: self.state.counts[bs.N_OPEN]])
        if account is not None:
            rows = rows[self.state.orders["account"][rows] == account]
        return rows if symbol is None else rows[np.isin(self.state.orders["symbol"][rows], self._ids(symbol))]

    def open_orders(self, account: int, symbol: str | None = None) -> Sequence[OrderView]:
        return Views(self.open_rows(account, symbol), self.order_at)

    def all_orders(self, account: int, symbol: str, within: Range = ALL) -> Sequence[OrderView]:
        def scan(start: int, stop: int) -> Words:
            return self._mine(self.state.orders["account"], self.state.orders["symbol"], account, symbol, start, stop)

        index = self._index("orders", account, symbol, scan, self._columns("orders", "created", 1))
        return Views(index.page(int(self.state.counts[bs.N_ORDERS]), within), self.order_at)

    def _index(
        self, what: str, account: int, symbol: str, scan: Callable[[int, int], Words], columns: tuple[Values, Values]
    ) -> Index:
        counts = self.state.counts
        dropped = int(counts[bs.DROPPED_ORDERS]), int(counts[bs.DROPPED_TRADES])
        if dropped != self._dropped:
            self._indexes, self._dropped = {}, dropped
        key = what, account, symbol
        found = self._indexes.get(key)
        if found is None:
            found = self._indexes[key] = Index(scan, *columns)
        return found

    def _columns(self, array: str, time: str, coding: int) -> tuple[Values, Values]:
        """Ids and times of rows that are coded as row * `coding` and more."""
        rows: NDArray[np.void] = getattr(self.state, array)
        return (lambda codes: rows["id"][codes // coding]), (lambda codes: rows[time][codes // coding])

    def _mine(
        self, accounts: Words, symbols: Words, account: int, symbol: str, start: int, stop: int
    ) -> Words:
        """Rows from `start` to `stop` of an account in a symbol."""
        rows: Words = np.flatnonzero(accounts[start:stop] == account) + start
        return rows[np.isin(symbols[rows], self._ids(symbol))]

    def _ids(self, symbol: str) -> list[int]:
        return [i for i, item in enumerate(self.symbols) if item.symbol == symbol]

    def _of(self, rows: NDArray[np.void], symbol: str) -> NDArray[np.bool_]:
        return np.isin(rows["symbol"], self._ids(symbol))

    # ---- trades

    def trade_at(self, coded: int) -> TradeView:
        """`coded`: row * 2, + 1 for the maker's side."""
        row, maker = divmod(coded, 2)
        (
            identity, taker_id, maker_id, _, _, symbol, side, time, tick, lots, quote, fee, maker_fee, _, _,
        ) = TRADE_ROW.unpack_from(self._trades, row * TRADE_ROW.size)  # fmt: skip
        item, order_id = self.symbols[symbol], maker_id if maker else taker_id
        buyer = (side == Side.BUY) != bool(maker)
        found = self.row(order_id)
        list_id = int(self.state.orders["list_id"][found]) if found >= 0 else 0
        asset = item.base if buyer else item.quote
        paid = maker_fee if maker else fee
        return TradeView(
            identity, order_id, list_id, item, tick, lots, quote, paid, asset, time, buyer, bool(maker)
        )  # fmt: skip

    def trades(
        self, account: int, symbol: str, order_id: int | None = None, within: Range = ALL
    ) -> Sequence[TradeView]:
        trades = self.state.trades
        if order_id is not None:
            row = self.order_row(account, symbol, order_id, None)
            coded = self._trades_of(row) if row >= 0 else np.empty(0, np.int64)
            chosen = trades[coded // 2]
            return Views(coded[among(chosen["id"], chosen["time"], within)], self.trade_at)

        def scan(start: int, stop: int) -> Words:
            sides = (trades["taker_account"], trades["maker_account"])
            taken, made = (self._mine(side, trades["symbol"], account, symbol, start, stop) for side in sides)
            return np.sort(np.concatenate([taken * 2, made * 2 + 1]))

        index = self._index("trades", account, symbol, scan, self._columns("trades", "time", 2))
        return Views(index.page(int(self.state.counts[bs.N_TRADES]), within), self.trade_at)

    def _trades_of(self, row: int) -> Words:
        """An order's trades by the chain that its newest one begins."""
        dropped = int(self.state.counts[bs.DROPPED_TRADES])
        order, number, found = int(self.state.orders["id"][row]), int(self.state.newest[row]), []
        while number > dropped:
            trade = self.state.trades[number - dropped - 1]
            maker = int(trade["maker"] == order)
            found.append((number - dropped - 1) * 2 + maker)
            number = int(trade["maker_before" if maker else "taker_before"])
        return np.array(found[::-1], np.int64)

    # ---- the rest

    def list_at(self, row: int) -> ListView:
        found = self.state.lists[row]
        rows = [self.row(int(order)) for order in found["orders"][: found["legs"]]]
        return ListView(
            int(found["id"]), found["client"].decode(), ListKind(found["kind"]), ListStatus(found["status"]),
            self.symbols[found["symbol"]], tuple(self.order_at(row) for row in rows if row >= 0), int(found["updated"]),
        )  # fmt: skip

    def list_row(self, account: int, *, list_id: int | None = None, client_id: str | None = None) -> int:
        """Row of a list (the newest of that client id), -1 if there is none."""
        rows = self.state.lists[: self.state.counts[bs.N_LISTS]]
        mine = rows["account"] == account
        mine &= rows["id"] == list_id if list_id is not None else rows["client"] == (client_id or "").encode()
        found = np.flatnonzero(mine)
        return int(found[-1]) if found.size else -1

    def lists(self, account: int, *, only_open: bool = False, within: Range = ALL) -> Sequence[ListView]:
        rows = self.state.lists[: self.state.counts[bs.N_LISTS]]
        mine = (rows["account"] == account) & among(rows["id"], rows["updated"], within)
        if only_open:
            mine &= (rows["status"] == ListStatus.EXEC_STARTED) | (rows["status"] == ListStatus.UPDATED)
        return Views(np.flatnonzero(mine), self.list_at)

    def prevented(
        self, account: int, symbol: str, order_id: int | None = None, within: Range = ALL
    ) -> Sequence[PreventedView]:
        rows = self.state.prevented[: self.state.counts[bs.N_PREVENTED]]
        mine = (rows["taker_account"] == account) & self._of(rows, symbol) & among(rows["id"], rows["time"], within)
        if order_id is not None:
            mine &= (rows["taker"] == order_id) | (rows["maker"] == order_id)
        return Views(np.flatnonzero(mine), self.prevented_at)

    def prevented_at(self, row: int) -> PreventedView:
        r = self.state.prevented[row]
        return PreventedView(
            prevented_id=int(r["id"]),
            instrument=self.symbols[r["symbol"]],
            taker_id=int(r["taker"]),
            maker_id=int(r["maker"]),
            tick=int(r["tick"]),
            taker_lots=int(r["taker_lots"]),
            maker_lots=int(r["maker_lots"]),
            stp=Stp(r["stp"]),
            time=int(r["time"]),
        )

    def amendments(self, account: int, order_id: int) -> Sequence[AmendView]:
        rows = self.state.amended[: self.state.counts[bs.N_AMENDED]]
        return Views(np.flatnonzero((rows["order"] == order_id) & (rows["account"] == account)), self.amendment_at)

    def amendment_at(self, row: int) -> AmendView:
        r = self.state.amended[row]
        names = r["old_client"].decode(), r["client"].decode()
        return AmendView(int(r["order"]), int(r["id"]), *names, int(r["before"]), int(r["after"]), int(r["time"]))

    def balances(self, account: int) -> dict[str, tuple[int, int]]:
        """Asset -> (free, locked) in 1e-8; every asset the account ever had."""
        had = np.flatnonzero(self.state.had[account]).tolist()
        kept = self.state.balances[account]
        return {self.assets[asset]: (int(kept[asset, 0]), int(kept[asset, 1])) for asset in had}


def _grid(row: Any) -> tuple[int, int]:
    return int(row["tick_units"]), int(row["lot_units"])
