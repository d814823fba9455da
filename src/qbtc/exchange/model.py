"""What the wire asks of the venue and what it gets back: the seam between `requests`/`reports` and the books.

Integers as in core.market.engine.layout. The wire parses into these and renders from these; it never touches the
matching core, and the books never see a JSON name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec
import numpy as np

from ..core.market.engine.layout import Kind, ListKind, ListStatus, Side, Status, Stp, Tif
from ..core.market.instrument import Instrument
from .sockets import Session


class NewOrder(msgspec.Struct, frozen=True):
    """A well-formed order; whether filters and balances allow it is the books' business. Zero: not given."""

    side: Side
    kind: Kind
    tif: Tif = Tif.GTC
    stp: Stp = Stp.NONE
    tick: int = 0
    lots: int = 0
    budget: int = 0
    stop_tick: int = 0
    trailing: int = 0
    iceberg: int = 0
    strategy_id: int = 0
    strategy_type: int = 0
    client_id: str | None = None


class NewList(msgspec.Struct, frozen=True):
    """`orders` in the order that ListKind says."""

    kind: ListKind
    orders: tuple[NewOrder, ...]
    client_id: str | None = None


def default_name(order_id: int) -> str:
    """Client id of an order that came without one."""
    return f"qbtc-{order_id}"


class OrderView(msgspec.Struct, frozen=True):
    """One order now. Amounts of quote are 1e-8; times are market time in ns; `list_id` 0: in no list."""

    order_id: int
    client_id: str
    account: int
    instrument: Instrument
    side: Side
    kind: Kind
    tif: Tif
    stp: Stp
    status: Status
    working: bool
    tick: int
    stop_tick: int
    trailing: int
    trailed_at: int
    iceberg: int
    lots: int
    budget: int
    filled: int
    quote_filled: int
    prevented: int
    list_id: int
    strategy_id: int
    strategy_type: int
    created: int
    updated: int
    worked: int

    @property
    def open(self) -> bool:
        return self.status in (Status.NEW, Status.PENDING_NEW, Status.PARTIALLY_FILLED)


class TradeView(msgspec.Struct, frozen=True):
    """One account's side of a trade. `fee` in 1e-8 of `fee_asset`."""

    trade_id: int
    order_id: int
    list_id: int
    instrument: Instrument
    tick: int
    lots: int
    quote: int
    fee: int
    fee_asset: str
    time: int
    buyer: bool
    maker: bool


class PreventedView(msgspec.Struct, frozen=True):
    """A match that self-trade prevention stopped; `prevented_id` numbers them per symbol."""

    prevented_id: int
    instrument: Instrument
    taker_id: int
    maker_id: int
    tick: int
    taker_lots: int
    maker_lots: int
    stp: Stp
    time: int


class AmendView(msgspec.Struct, frozen=True):
    """One execution of an amendment (`GET /api/v3/order/amendments`)."""

    order_id: int
    execution_id: int
    original_client_id: str
    new_client_id: str
    before: int
    after: int
    time: int


class ListView(msgspec.Struct, frozen=True):
    list_id: int
    client_id: str
    kind: ListKind
    status: ListStatus
    instrument: Instrument
    orders: tuple[OrderView, ...]
    time: int

    @property
    def open(self) -> bool:
        return self.status in (ListStatus.EXEC_STARTED, ListStatus.UPDATED)


NO_ID = -1
"""Order id of an order that was refused before it had one."""


def rejected(account: int, instrument: Instrument, order: NewOrder, reason: str, now: int) -> Report:
    """The report of an order that never was: the new order of a cancel-replace, after its cancel was done."""
    view = OrderView(
        NO_ID, order.client_id or "", account, instrument, order.side, order.kind, order.tif, order.stp, Status.REJECTED,
        False, order.tick, order.stop_tick, order.trailing, 0, order.iceberg, order.lots, order.budget, 0, 0, 0, 0,
        order.strategy_id, order.strategy_type, now, now, 0,
    )  # fmt: skip
    return Report(account, view, "REJECTED", now, reject_reason=reason)


class Report(msgspec.Struct, frozen=True):
    """What one account hears of one step. `execution`: NEW, CANCELED, REPLACED, REJECTED, TRADE, EXPIRED or
    TRADE_PREVENTION. Balances are read from the books when it is rendered, before the next step."""

    account: int
    order: OrderView
    execution: str
    time: int
    trade: TradeView | None = None
    prevented: PreventedView | None = None
    original_client_id: str = ""
    reject_reason: str = "NONE"


class Moved(msgspec.Struct, frozen=True):
    """What came to an account (negative: left it) not by trading: `amount` of an asset in 1e-8."""

    account: int
    asset: str
    amount: int
    time: int


Heard = Report | ListView | Moved
"""What an account hears of."""


class Range(NamedTuple):
    """Which of the orders, lists or trades: ids from `first`, times (ns) from `start` to `end`."""

    first: int = 0
    start: int | None = None
    end: int | None = None


ALL = Range()


class Books(Protocol):
    """The venue's books. `now` is market time. What changes something raises ApiError, and then nothing changed;
    it is answered after `committed()` or in `after_commit`. Lists of orders and trades are oldest first."""

    @property
    def instruments(self) -> Mapping[str, Instrument]: ...

    @property
    def closed(self) -> bool: ...

    on_report: Callable[[Heard], None]
    """Called at once for everything an account should hear, in order, before the method that caused it returns."""

    def rules(self, symbol: str) -> np.void:
        """The symbol's layout.RULES record. Raises ApiError -1121."""

    def last_tick(self, symbol: str) -> int:
        """Tick of the last trade, 0: none yet."""

    def place(self, account: int, symbol: str, order: NewOrder, now: int) -> OrderView: ...

    def enter(self, account: int, symbol: str, order: NewOrder, now: int) -> int:
        """As `place`; returns the order's id alone."""

    def test(self, account: int, symbol: str, order: NewOrder, now: int) -> None:
        """Refuses as `place` would, and changes nothing."""

    def screen(self, account: int, symbol: str, order: NewOrder, now: int) -> None:
        """Refuses as `place` would for a filter, and for nothing else; changes nothing."""

    def place_list(self, account: int, symbol: str, new: NewList, now: int) -> ListView: ...

    def cancel(self, account: int, order_id: int, now: int, client_id: str | None = None) -> OrderView:
        """Cancels the whole list if the order is in one. `client_id`: what the cancel is called."""

    def cancel_list(self, account: int, list_id: int, now: int, client_id: str | None = None) -> ListView: ...

    def amend(self, account: int, order_id: int, lots: int, now: int, client_id: str | None = None) -> AmendView: ...

    def order(
        self, account: int, symbol: str, *, order_id: int | None = None, client_id: str | None = None
    ) -> OrderView | None: ...

    def open_orders(self, account: int, symbol: str | None = None) -> Sequence[OrderView]: ...

    def all_orders(self, account: int, symbol: str, within: Range = ALL) -> Sequence[OrderView]: ...

    def trades(
        self, account: int, symbol: str, order_id: int | None = None, within: Range = ALL
    ) -> Sequence[TradeView]: ...

    def lists(self, account: int, *, only_open: bool = False, within: Range = ALL) -> Sequence[ListView]: ...

    def order_list(
        self, account: int, *, list_id: int | None = None, client_id: str | None = None
    ) -> ListView | None:
        """By its id, or the newest with this client id."""

    def prevented(
        self, account: int, symbol: str, order_id: int | None = None, within: Range = ALL
    ) -> Sequence[PreventedView]:
        """Those of one order, as taker or maker, if it is named. Their ids rise."""

    def amendments(self, account: int, order_id: int) -> Sequence[AmendView]: ...

    def balances(self, account: int) -> dict[str, tuple[int, int]]:
        """Asset -> (free, locked) in 1e-8; every asset the account ever had."""

    def reset_account(self, account: int, balances: Mapping[str, int], now: int) -> None:
        """Cancel all orders of an account and give it these amounts (1e-8) and no others."""

    async def committed(self) -> None:
        """Returns when everything done so far is on disk."""

    def after_commit(self, call: Callable[[], None]) -> None:
        """Run `call` once everything done so far is on disk, in the order of these requests."""

    def send_after_commit(self, connection: Session, frame: bytes) -> None:
        """Send a frame then, in the same order."""
