"""Books kept in a dictionary, for tests of the wire: orders rest, fill when told to, and cancel; nothing matches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import msgspec
import numpy as np
import pytest

from qbtc.contracts.common import MarketMode
from qbtc.core.binance.errors import DUPLICATE_ORDER, INSUFFICIENT_BALANCE, ApiError, Code
from qbtc.core.binance.signing import KeyKind, ed25519_pair
from qbtc.core.market.clock import MarketClock
from qbtc.core.market.engine.layout import RULES, Kind, ListKind, ListStatus, Status
from qbtc.core.market.instrument import KNOWN, Instrument
from qbtc.exchange.keys import Key, KeyStore
from qbtc.exchange.limits import Allowance, Limits
from qbtc.exchange.model import (
    ALL,
    AmendView,
    Heard,
    ListView,
    NewList,
    NewOrder,
    OrderView,
    PreventedView,
    Range,
    Report,
    TradeView,
)
from qbtc.exchange.operation import Api
from qbtc.exchange.session import Session
from qbtc.exchange.sockets import Session as Connection

ITEM = KNOWN["BTCUSDT"]
TRIGGERED = (Kind.STOP_LOSS, Kind.STOP_LOSS_LIMIT, Kind.TAKE_PROFIT, Kind.TAKE_PROFIT_LIMIT)


@dataclass
class DictBooks:
    """`waiting` holds what runs at the next commit; orders of more than `most` lots are refused for want of funds."""

    instruments: Mapping[str, Instrument] = field(
        default_factory=lambda: {"BTCUSDT": ITEM, "ETHUSDT": KNOWN["ETHUSDT"]}
    )
    closed: bool = False
    most: int = 10**9
    orders: dict[int, OrderView] = field(default_factory=dict)
    all_lists: dict[int, ListView] = field(default_factory=dict)
    all_trades: list[TradeView] = field(default_factory=list)
    all_prevented: list[PreventedView] = field(default_factory=list)
    all_amendments: list[AmendView] = field(default_factory=list)
    waiting: list[Callable[[], None]] = field(default_factory=list)
    on_report: Callable[[Heard], None] = lambda report: None

    def rules(self, symbol: str) -> np.void:
        row: np.void = np.zeros(1, RULES)[0]
        for name, value in (("min_tick", 1), ("max_tick", 10**8), ("tick_step", 1), ("min_lots", 10)):
            row[name] = value
        for name, value in (("max_lots", 10**9), ("lot_step", 10), ("min_notional", 5 * 10**8), ("max_amends", 10)):
            row[name] = value
        for name, value in (("maker_rate", 100_000), ("taker_rate", 200_000), ("iceberg_parts", 100)):
            row[name] = value
        for name, value in (("bid_up", 5 * 10**8), ("bid_down", 2 * 10**7), ("ask_up", 5 * 10**8)):
            row[name] = value
        return row

    def last_tick(self, symbol: str) -> int:
        return 0

    def place(self, account: int, symbol: str, order: NewOrder, now: int) -> OrderView:
        self.test(account, symbol, order, now)
        view = self._view(account, symbol, order, now)
        self.on_report(Report(account, view, "NEW", now))
        return view

    def _view(self, account: int, symbol: str, order: NewOrder, now: int, list_id: int = 0) -> OrderView:
        number, working = len(self.orders) + 1, order.kind not in TRIGGERED
        view = OrderView(
            number, order.client_id or f"auto{number}", account, self.instruments[symbol], order.side, order.kind,
            order.tif, order.stp, Status.NEW, working, order.tick, order.stop_tick, order.trailing, 0, order.iceberg,
            order.lots, order.budget, 0, 0, 0, list_id, order.strategy_id, order.strategy_type, now, now,
            now if working else 0,
        )  # fmt: skip
        self.orders[number] = view
        return view

    def test(self, account: int, symbol: str, order: NewOrder, now: int) -> None:
        if order.lots > self.most:
            raise ApiError(Code.NEW_ORDER_REJECTED, INSUFFICIENT_BALANCE)

    def screen(self, account: int, symbol: str, order: NewOrder, now: int) -> None:
        """No filter refuses here."""

    def place_list(self, account: int, symbol: str, new: NewList, now: int) -> ListView:
        number = len(self.all_lists) + 1
        if any(row.open and row.client_id == new.client_id for row in self.all_lists.values()):
            raise ApiError(Code.NEW_ORDER_REJECTED, DUPLICATE_ORDER)
        views = tuple(self._view(account, symbol, order, now, number) for order in new.orders)
        if new.kind is not ListKind.OCO:
            views = (
                views[0],
                *(self._change(v, status=Status.PENDING_NEW, working=False, worked=0) for v in views[1:]),
            )
        item, status = self.instruments[symbol], ListStatus.EXEC_STARTED
        found = ListView(number, new.client_id or "", new.kind, status, item, views, now)
        self.all_lists[number] = found
        self.on_report(found)
        return found

    def _change(self, view: OrderView, **fields: object) -> OrderView:
        self.orders[view.order_id] = msgspec.structs.replace(view, **fields)
        return self.orders[view.order_id]

    def cancel(self, account: int, order_id: int, now: int, client_id: str | None = None) -> OrderView:
        view = self._change(self.orders[order_id], status=Status.CANCELED, updated=now)
        self.on_report(Report(account, view, "CANCELED", now, original_client_id=view.client_id))
        return view

    def cancel_list(self, account: int, list_id: int, now: int, client_id: str | None = None) -> ListView:
        found = self.all_lists[list_id]
        views = tuple(self.cancel(account, order.order_id, now) for order in found.orders)
        self.all_lists[list_id] = msgspec.structs.replace(found, status=ListStatus.ALL_DONE, orders=views)
        return self.all_lists[list_id]

    def amend(self, account: int, order_id: int, lots: int, now: int, client_id: str | None = None) -> AmendView:
        before = self.orders[order_id]
        name = client_id or before.client_id
        self._change(before, lots=lots, client_id=name)
        row = AmendView(order_id, len(self.all_amendments) + 1, before.client_id, name, before.lots, lots, now)
        self.all_amendments.append(row)
        return row

    def fill(self, order_id: int, lots: int, now: int, *, maker: bool) -> None:
        """Fill at the order's price."""
        order = self.orders[order_id]
        quote = int(order.instrument.notional(order.tick, lots) * 10**8)
        done = order.filled + lots == order.lots
        status = Status.FILLED if done else Status.PARTIALLY_FILLED
        view = self._change(order, filled=order.filled + lots, quote_filled=order.quote_filled + quote, status=status)
        item, number = order.instrument, len(self.all_trades) + 1
        trade = TradeView(
            number, order_id, 0, item, order.tick, lots, quote, quote // 1000, "USDT", now, not order.side, maker
        )  # fmt: skip
        self.all_trades.append(trade)
        self.on_report(Report(order.account, view, "TRADE", now, trade))

    def order(
        self, account: int, symbol: str, *, order_id: int | None = None, client_id: str | None = None
    ) -> OrderView | None:
        for view in reversed(self.orders.values()):
            if order_id in (None, view.order_id) and client_id in (None, view.client_id) and view.account == account:
                return view
        return None

    def open_orders(self, account: int, symbol: str | None = None) -> Sequence[OrderView]:
        return [view for view in self.orders.values() if view.open and symbol in (None, view.instrument.symbol)]

    def all_orders(self, account: int, symbol: str, within: Range = ALL) -> Sequence[OrderView]:
        found = [view for view in self.orders.values() if view.instrument.symbol == symbol]
        return [view for view in found if _within(view.order_id, view.created, within)]

    def trades(
        self, account: int, symbol: str, order_id: int | None = None, within: Range = ALL
    ) -> Sequence[TradeView]:
        found = [row for row in self.all_trades if order_id in (None, row.order_id)]
        return [row for row in found if _within(row.trade_id, row.time, within)]

    def lists(self, account: int, *, only_open: bool = False, within: Range = ALL) -> Sequence[ListView]:
        found = [row for row in self.all_lists.values() if row.open or not only_open]
        return [row for row in found if _within(row.list_id, row.time, within)]

    def order_list(
        self, account: int, *, list_id: int | None = None, client_id: str | None = None
    ) -> ListView | None:
        for row in reversed(self.all_lists.values()):
            if list_id in (None, row.list_id) and client_id in (None, row.client_id):
                return row
        return None

    def prevented(
        self, account: int, symbol: str, order_id: int | None = None, within: Range = ALL
    ) -> Sequence[PreventedView]:
        rows = [row for row in self.all_prevented if order_id in (None, row.taker_id, row.maker_id)]
        return [row for row in rows if row.prevented_id >= within.first]

    def amendments(self, account: int, order_id: int) -> Sequence[AmendView]:
        return [row for row in self.all_amendments if row.order_id == order_id]

    def balances(self, account: int) -> dict[str, tuple[int, int]]:
        return {"BTC": (2 * 10**8, 0), "USDT": (10**13, 5 * 10**8), "BNB": (0, 0)}

    async def committed(self) -> None:
        self.commit()

    def after_commit(self, call: Callable[[], None]) -> None:
        self.waiting.append(call)

    def send_after_commit(self, connection: Connection, frame: bytes) -> None:
        self.waiting.append(partial(connection.send, frame))

    def enter(self, account: int, symbol: str, order: NewOrder, now: int) -> int:
        return self.place(account, symbol, order, now).order_id

    def commit(self) -> None:
        due, self.waiting = self.waiting, []
        for call in due:
            call()


def _within(number: int, time: int, within: Range) -> bool:
    return number >= within.first and (within.start or 0) <= time <= (within.end or 2**63)


@dataclass
class House:
    """An Api over dictionary books, with an HMAC and an Ed25519 key."""

    books: DictBooks
    api: Api
    hmac: Key
    engine: Key
    private: str


@pytest.fixture
def house() -> House:
    private, public = ed25519_pair()
    hmac, engine = Key("h" * 64, KeyKind.HMAC, "s" * 64), Key("e" * 64, KeyKind.ED25519, public)
    books, session = DictBooks(), Session(MarketMode.SIMULATED, "x", MarketClock(0), ["BTCUSDT"])
    api = Api(books, {}, session, KeyStore([hmac, engine]), Limits(Allowance()), None)  # type: ignore[arg-type]
    return House(books, api, hmac, engine, private)
