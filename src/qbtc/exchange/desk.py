"""Order entry of the venue: the `Books` of `model` over the matching core, every step booked and journaled.

An order goes to its market's core, which says what follows from it as events; each is booked (`bookkeeper`) and then
reported, in order. State changes at once in memory, answers and reports wait for the journal's group commit. No
sockets and no clock: times are passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
import numpy as np

from ..core.binance.errors import DUPLICATE_ORDER, ApiError, Code
from ..core.market.engine.layout import EVENT, ORDER, EventKind, Kind, ListStatus, Reason, Side, Status, Tif
from ..core.market.engine.market import Accounts, Events, Market, Spec
from ..core.market.instrument import Instrument
from ..core.market.terms import ticks
from . import books_state as bs
from .bookkeeper import EVENT_WORDS, Bookkeeper
from .books import ORDER_ROW, bytes_of, packer
from .books_entry import Said
from .desk_questions import Questions
from .journal_format import AccountStep, Record
from .model import (
    AmendView,
    Heard,
    ListView,
    Moved,
    NewList,
    NewOrder,
    OrderView,
    PreventedView,
    Report,
    TradeView,
    default_name,
)
from .refusals import refusal
from .sockets import Session
from .symbol_market import BackgroundSymbol, Publish, SymbolMarket

EVENT_ROW = packer(EVENT)
ACCEPTED, TRADE, CANCELED, EXPIRED = (
    int(kind) for kind in (EventKind.ACCEPTED, EventKind.TRADE, EventKind.CANCELED, EventKind.EXPIRED)
)
REJECTED, LIST, PREVENTED, AMENDED = (
    int(kind) for kind in (EventKind.REJECTED, EventKind.LIST, EventKind.PREVENTED, EventKind.AMENDED)
)
RESERVED = 1 << 20
"""Trade ids of a symbol that a crash may skip."""
IMMEDIATE = (Kind.MARKET, Kind.STOP_LOSS, Kind.TAKE_PROFIT)
SELF_TRADE = int(Reason.SELF_TRADE)
IS_NEW, LIMIT_MAKER = int(Status.NEW), int(Kind.LIMIT_MAKER)
# Plain numbers: reading a member of an enum costs ten times as much, and this is done for every order.
_WORDS = {
    CANCELED: "CANCELED",
    EXPIRED: "EXPIRED",
    int(EventKind.TRIGGERED): "NEW",
    int(EventKind.STARTED): "NEW",
    AMENDED: "REPLACED",
}
IN_FORCE = (int(ListStatus.EXEC_STARTED), int(ListStatus.UPDATED))
GONE = {"kind": EXPIRED, "reason": int(Reason.MARKET_CLOSED), "status": int(Status.EXPIRED)}


class Desk(Questions):
    """`terms` fills the rules of a new market. `on_report` hears everything at once, in order."""

    def __init__(self, keeper: Bookkeeper, terms: Callable[[Instrument, np.void], None]) -> None:
        self.keeper = keeper
        self.books = keeper.books
        self.accounts = Accounts(bs.ACCOUNTS, bs.ASSETS)
        self.markets: dict[str, SymbolMarket] = {}
        self.instruments: dict[str, Instrument] = {}
        self.on_report: Callable[[Heard], None] = lambda report: None
        self.publish: Callable[[SymbolMarket, int], None] = lambda market, now: market.flush(now)
        """Told when a market's book changed by an order; may publish it a little later, several changes at once."""
        self.heard: Callable[[int], bool] = lambda account: True
        """Whether somebody listens to an account; else reports of what concerns one order alone are left out."""
        self._terms = terms
        self._numbers: dict[str, int] = {}
        self._closed = False
        self._order = np.zeros(3, ORDER)
        self._order_words = self._order.view(np.int64).reshape(3, -1)
        self._buffer = bytes_of(self._order)
        self._order_at = int(self._order.ctypes.data)
        self._stopped: dict[int, PreventedView] = {}
        """Orders that end by a prevented match in the step that is being booked, and by which."""
        self._called: tuple[int, str] = (0, "")
        """The order that is being cancelled, and what the cancel is called."""
        self._copy_balances()

    # ---- markets

    def add(self, item: Instrument, publish: Publish, *, recorded: bool) -> SymbolMarket:
        """A market for a symbol; `recorded`: its background comes as Binance's frames."""
        number = self.keeper.symbol(item)
        known = self.keeper.state.symbols[number]
        base, quote = int(known["base"]), int(known["quote"])
        core = Market(Spec(number, base, quote, item.tick_units, item.lot_units, ticks=ticks(item)), self.accounts)
        self._terms(item, core.rules)
        market = (BackgroundSymbol if recorded else SymbolMarket)(item, core, publish, self.settle)
        self._go_on(market)
        self.markets[item.symbol], self.instruments[item.symbol] = market, item
        self._numbers[item.symbol] = number
        return market

    def _go_on(self, market: SymbolMarket) -> None:
        """Trade ids rise over restarts, and the last price is known, whatever grid the symbol had then."""
        item, symbols, last = market.instrument, self.books.symbols, self.keeper.state.last
        same = [i for i, other in enumerate(symbols) if other.symbol == item.symbol]
        newest = max(same, key=lambda number: int(last[number, 0]))
        market.trade_id = market.core.trade_id = int(last[newest, 0])
        market.core.last_tick = int(last[newest, 1]) * symbols[newest].tick_units // item.tick_units

    def reserve_ids(self) -> None:
        """Call it often: writes down, ahead of time, ids that the trades of a market may take before the next call."""
        for symbol, market in self.markets.items():
            number = self._numbers[symbol]
            if market.trade_id + RESERVED // 4 > self.keeper.state.last[number, 0]:
                self.keeper.mark(number, market.trade_id + RESERVED, market.core.last_tick)

    def keep_ids(self) -> None:
        """At the end: the next start goes on exactly here."""
        for symbol, market in self.markets.items():
            self.keeper.mark(self._numbers[symbol], market.trade_id, market.core.last_tick)

    def restore(self, now: int) -> int:
        """After a restart: open orders rest again; those whose market or grid is not served expire. How many rest."""
        served, rows = set(self._numbers.values()), self.books.open_rows()
        orders = self.keeper.state.orders
        for row in rows.tolist():
            if int(orders["symbol"][row]) not in served:
                self._expire(int(orders["id"][row]), now)
        self._end_lists(now)
        self._copy_balances()
        for symbol, number in self._numbers.items():
            open_rows = self.books.open_rows()
            mine = orders[open_rows[orders["symbol"][open_rows] == number]]
            mine = np.ascontiguousarray(mine[np.argsort(mine["worked"], kind="stable")])  # queues are by time at work
            market = self.markets[symbol]
            market.core.restore(mine, hold=False)
            market.flush(now)
        return int(self.keeper.state.counts[bs.N_OPEN])

    def _expire(self, order_id: int, now: int) -> None:
        self._event(now, order=order_id, **GONE)

    def _end_lists(self, now: int) -> None:
        """Lists none of whose orders is open any more."""
        state = self.keeper.state
        lists = state.lists[: state.counts[bs.N_LISTS]]
        for row in lists[np.isin(lists["status"], IN_FORCE)]:
            found = [self.books.row(int(order)) for order in row["orders"][: row["legs"]]]
            if not any(place >= 0 and state.place[place] >= 0 for place in found):
                self._event(now, kind=LIST, order=int(row["id"]), lots=int(ListStatus.ALL_DONE))

    def _event(self, now: int, **fields: int) -> None:
        event = np.zeros(1, EVENT)
        for name, value in fields.items():
            event[name] = value
        event["time"] = now
        self.keeper.event(event.view(np.int64))

    def _copy_balances(self) -> None:
        self.accounts.array[:] = self.keeper.state.balances

    @property
    def in_step(self) -> bool:
        """Whether the books hold the balances that the core works with (its account 0 is the world outside)."""
        return bool((self.accounts.array[1:] == self.keeper.state.balances[1:]).all())

    @property
    def closed(self) -> bool:
        return self._closed

    @closed.setter
    def closed(self, closed: bool) -> None:
        self._closed = closed
        for market in self.markets.values():
            market.core.closed = closed

    def market(self, symbol: str) -> SymbolMarket:
        """Raises ApiError -1121."""
        found = self.markets.get(symbol)
        if found is None:
            raise ApiError(Code.BAD_SYMBOL)
        return found

    def rules(self, symbol: str) -> np.void:
        rules: np.void = self.market(symbol).core.rules
        return rules

    def last_tick(self, symbol: str) -> int:
        return self.market(symbol).core.last_tick

    # ---- order entry

    def place(self, account: int, symbol: str, order: NewOrder, now: int) -> OrderView:
        return self.books.order_at(self.books.row(self.enter(account, symbol, order, now)))

    def enter(self, account: int, symbol: str, order: NewOrder, now: int) -> int:
        """As `place`; returns the order's id alone."""
        market = self.market(symbol)
        identity = self._next(bs.NEXT_ORDER)
        self._write(0, account, symbol, order, identity, now)
        named, quiet = bool(order.client_id), not self.heard(account)
        said = self.keeper.enter(market.core, self._order_at, named=named, quiet=quiet, now=now)
        if said:
            self._entered(said, symbol, now)
        self.publish(market, now)
        return identity

    def _entered(self, said: int, symbol: str, now: int) -> None:
        """What `enter` did not book."""
        if said == Said.TELL:
            self.settle(symbol, self.markets[symbol].core.told(), now)
        elif said == Said.DUPLICATE:
            raise ApiError(Code.NEW_ORDER_REJECTED, DUPLICATE_ORDER)
        elif said == Said.NO_ACCOUNT:
            raise ApiError(Code.REJECTED_KEY)
        else:
            raise refusal(Said.REFUSED - said)

    def test(self, account: int, symbol: str, order: NewOrder, now: int) -> None:
        self._check(account, order.client_id)
        reason = self._refused(account, symbol, order, now)
        if reason:
            raise refusal(reason)

    def screen(self, account: int, symbol: str, order: NewOrder, now: int) -> None:
        reason = self._refused(account, symbol, order, now)
        if 0 < reason < Reason.INSUFFICIENT_BALANCE:
            raise refusal(reason)

    def _refused(self, account: int, symbol: str, order: NewOrder, now: int) -> int:
        """The Reason that the core would refuse it with, 0: none."""
        market = self.market(symbol)
        self._write(0, account, symbol, order, self._next(bs.NEXT_ORDER), now)
        return market.core.refusal(self._order[0], now)

    def place_list(self, account: int, symbol: str, new: NewList, now: int) -> ListView:
        market = self.market(symbol)
        self._check_list(account, new)
        first, list_id = self._next(bs.NEXT_ORDER), self._next(bs.NEXT_LIST)
        for leg, order in enumerate(new.orders):
            self._write(leg, account, symbol, order, first + leg, now, (list_id, int(new.kind), leg))
        legs = self._order[: len(new.orders)]
        reason = market.core.refusal_of_list(legs, now)
        if reason:
            raise refusal(reason)
        self._open_list(account, symbol, new, (list_id, first), now)
        self._accepted(symbol, market.core.submit_list(legs, now), now)
        self.publish(market, now)
        return self.books.list_at(self.books.list_row(account, list_id=list_id))

    def _check_list(self, account: int, new: NewList) -> None:
        for order in new.orders:
            self._check(account, order.client_id)
        names = [order.client_id for order in new.orders if order.client_id]
        if len(set(names)) != len(names):
            raise ApiError(Code.NEW_ORDER_REJECTED, DUPLICATE_ORDER)
        row = self.books.list_row(account, client_id=new.client_id) if new.client_id else -1
        if row >= 0 and self.books.list_at(row).open:
            raise ApiError(Code.NEW_ORDER_REJECTED, DUPLICATE_ORDER)

    def _open_list(self, account: int, symbol: str, new: NewList, ids: tuple[int, int], now: int) -> None:
        list_id, first = ids
        orders = [first + leg for leg in range(len(new.orders))]
        self.keeper.record(
            Record.LIST,
            id=list_id,
            client=(new.client_id or f"qbtc-list-{list_id}").encode(),
            account=account,
            symbol=self._numbers[symbol],
            kind=int(new.kind),
            status=int(ListStatus.EXEC_STARTED),
            legs=len(orders),
            created=now,
            updated=now,
            orders=orders + [0] * (3 - len(orders)),
        )

    def cancel(self, account: int, order_id: int, now: int, client_id: str | None = None) -> OrderView:
        row = self._open_row(account, order_id)
        market = self.markets[self.books.symbols[self.keeper.state.orders["symbol"][row]].symbol]
        said = self.keeper.leave(market.core, account, order_id, quiet=not self.heard(account), now=now)
        if said == Said.TELL:
            self._called = (order_id, client_id or "")
            self._changed(market, market.core.told(), now)
        elif said:
            raise refusal(Said.REFUSED - said)
        else:
            self.publish(market, now)
        return self.books.order_at(self.books.row(order_id))

    def cancel_list(self, account: int, list_id: int, now: int, client_id: str | None = None) -> ListView:
        row = self.books.list_row(account, list_id=list_id)
        legs = [order for order in self.books.list_at(row).orders if order.open] if row >= 0 else []
        if not legs:
            raise ApiError(Code.CANCEL_REJECTED)
        self.cancel(account, legs[0].order_id, now, client_id)
        return self.books.list_at(self.books.list_row(account, list_id=list_id))

    def amend(self, account: int, order_id: int, lots: int, now: int, client_id: str | None = None) -> AmendView:
        """`client_id`: what the order is called from now on; its present name may be used again."""
        row = self._open_row(account, order_id)
        if client_id is not None and client_id.encode() != self.keeper.state.orders["client"][row]:
            self._check(account, client_id)
        market = self.markets[self.books.symbols[self.keeper.state.orders["symbol"][row]].symbol]
        self._called = (order_id, client_id or "")
        self._changed(market, market.core.amend(order_id, lots, now, account), now)
        return self.books.amendments(account, order_id)[-1]

    def _changed(self, market: SymbolMarket, events: Events, now: int) -> None:
        try:
            if len(events) and events[0]["kind"] == REJECTED:
                raise refusal(int(events[0]["reason"]))
            self.settle(market.instrument.symbol, events, now)
        finally:
            self._called = (0, "")
        self.publish(market, now)

    def _open_row(self, account: int, order_id: int) -> int:
        row = self.books.row(order_id)
        if row < 0 or self.keeper.state.place[row] < 0 or self.keeper.state.orders["account"][row] != account:
            raise ApiError(Code.CANCEL_REJECTED)
        return row

    def _check(self, account: int, client_id: str | None) -> None:
        if not self.keeper.opened(account):
            raise ApiError(Code.REJECTED_KEY)
        row = self.books.row_by_client(account, client_id) if client_id else -1
        if row >= 0 and self.keeper.state.place[row] >= 0:
            raise ApiError(Code.NEW_ORDER_REJECTED, DUPLICATE_ORDER)

    def _next(self, which: int) -> int:
        return int(self.keeper.state.counts[which])

    def _write(
        self,
        place: int,
        account: int,
        symbol: str,
        order: NewOrder,
        identity: int,
        now: int,
        listed: tuple[int, int, int] = (0, 0, 0),
    ) -> None:
        """The order as a row for the core and the books."""
        market_kind = order.kind in IMMEDIATE
        tif = Tif.IOC if market_kind else order.tif
        ORDER_ROW.pack_into(
            self._buffer, place * ORDER_ROW.size, identity, (order.client_id or default_name(identity)).encode(), account,
            self._numbers[symbol], order.side, order.kind, tif, order.stp, IS_NEW, 0, listed[1], listed[2], 0,
            order.tick, order.stop_tick, order.trailing, order.strategy_type, order.strategy_id, 0, order.lots,
            order.iceberg, 0, 0, order.budget, 0, listed[0], now, now, 0, 0, 0,
        )  # fmt: skip

    def _accepted(self, symbol: str, events: Events, now: int) -> None:
        """Events of new orders; nothing is booked if they were refused."""
        if events[0]["kind"] == REJECTED:
            raise refusal(int(events[0]["reason"]))
        self.settle(symbol, events, now)

    # ---- what the cores did

    def settle(self, symbol: str, events: Events, now: int) -> None:
        """Book and report the events of one symbol. A new list is told when all its orders have been, and before
        anything happens to them."""
        market, words = self.markets[symbol], events.view(np.int64).reshape(-1, EVENT_WORDS)
        data = bytes_of(events)
        begun: tuple[int, ...] | None = None
        for number in range(len(events)):
            event = EVENT_ROW.unpack_from(data, number * EVENT_ROW.size)
            kind, order, counter = event[0], event[7], event[8]
            if begun is not None and kind != ACCEPTED:
                self._tell(begun)
                begun = None
            if kind == TRADE:
                self._traded(market, words[number], event)
            elif kind == ACCEPTED:
                self._book_order(order, event)
            elif order > 0:
                self.keeper.event(words[number])
                if kind == LIST and not self._list_of(event).orders:  # its orders are still to come
                    begun = event
                elif kind == PREVENTED:
                    self._prevented(order, counter, event[11], events[number + 1 :])
                else:
                    self._tell(event)
        if begun is not None:
            self._tell(begun)
        self.keeper.journal.stepped()

    def _list_of(self, event: tuple[int, ...]) -> ListView:
        return self.books.list_at(self.books.list_row(event[9], list_id=event[7]))

    def _book_order(self, identity: int, event: tuple[int, ...]) -> None:
        """The row that the core accepted, with what it says of it."""
        place = next(i for i in range(3) if self._order[i]["id"] == identity)
        row, status, time = self._order[place], event[3], event[11]
        works = status == IS_NEW and row["kind"] <= LIMIT_MAKER
        row["status"], row["locked"] = status, event[20]
        row["working"], row["worked"] = int(works), time if works else 0
        self.keeper.order(self._order_words[place])
        self._report(identity, "NEW", time)

    def _traded(
        self, market: SymbolMarket, words: np.ndarray[tuple[int], np.dtype[np.int64]], event: tuple[int, ...]
    ) -> None:
        side, order, counter, time, tick, lots, trade_id = (
            event[2],
            event[7],
            event[8],
            event[11],
            event[12],
            event[13],
            event[17],
        )
        market.own_trade(trade_id)
        if order > 0 or counter > 0:
            self.keeper.event(words)
        market.trade(tick, lots, Side(side), time)
        newest = (int(self.keeper.state.counts[bs.N_TRADES]) - 1) * 2
        if counter > 0:
            self._report(counter, "TRADE", time, trade=self.books.trade_at(newest + 1))
        if order > 0:
            self._report(order, "TRADE", time, trade=self.books.trade_at(newest))

    def _tell(self, event: tuple[int, ...]) -> None:
        kind, order, time = event[0], event[7], event[11]
        if kind == LIST:
            self.on_report(self._list_of(event))
        elif event[1] == SELF_TRADE and order in self._stopped:
            self._report(order, "TRADE_PREVENTION", time, prevented=self._stopped.pop(order))
        elif kind == AMENDED:
            self._amended(order, time)
        elif kind in _WORDS:
            self._ended(order, _WORDS[kind], time)

    def _prevented(self, taker: int, maker: int, time: int, rest: Events) -> None:
        """Only who lost quantity hears of it, and once: who ends by it, with its end, which is in the `rest` of the
        step."""
        found = self.books.prevented_at(int(self.keeper.state.counts[bs.N_PREVENTED]) - 1)
        for order, lost in ((taker, found.taker_lots), (maker, found.maker_lots)):
            if _ends(order, rest):
                self._stopped[order] = found
            elif lost:
                self._report(order, "TRADE_PREVENTION", time, prevented=found)

    def _amended(self, order: int, time: int) -> None:
        before = self.books.order_at(self.books.row(order)).client_id
        named, name = self._called
        if named == order and name:
            self.keeper.rename(order, name)
        self._report(order, "REPLACED", time, original=before)
        view = self.books.order_at(self.books.row(order))
        if view.list_id and view.client_id != before:
            found = self.books.list_at(self.books.list_row(view.account, list_id=view.list_id))
            self.on_report(msgspec.structs.replace(found, status=ListStatus.UPDATED))

    def _ended(self, order: int, execution: str, time: int) -> None:
        if execution != "CANCELED":
            self._report(order, execution, time)
            return
        view = self.books.order_at(self.books.row(order))
        named, name = self._called
        shown = msgspec.structs.replace(view, client_id=name) if named == order and name else view
        self.on_report(Report(view.account, shown, execution, time, None, None, view.client_id))

    def _report(
        self,
        order: int,
        execution: str,
        time: int,
        *,
        trade: TradeView | None = None,
        prevented: PreventedView | None = None,
        original: str = "",
    ) -> None:
        view = self.books.order_at(self.books.row(order))
        self.on_report(Report(view.account, view, execution, time, trade, prevented, original))

    # ---- accounts

    def open_account(self, account: int, balances: Mapping[str, int], now: int) -> None:
        """A new account with these amounts (1e-8). Raises ApiError if it exists or the number cannot be one."""
        if not 0 < account < bs.ACCOUNTS or self.keeper.opened(account):
            raise ApiError(Code.INVALID_PARAMETER, f"account {account} exists or is not 1 to {bs.ACCOUNTS - 1}")
        self.keeper.account(AccountStep.OPEN, account, now)
        self._fund(account, balances, now)

    def reset_account(self, account: int, balances: Mapping[str, int], now: int) -> None:
        """Cancel all orders of an account and give it these amounts and no others."""
        for row in self.books.open_rows(account).tolist():
            order = self.books.order_at(row)
            if self.keeper.state.place[self.books.row(order.order_id)] >= 0:
                self.cancel(account, order.order_id, now)
        before = self.balances(account)
        self.keeper.account(AccountStep.RESET, account, now)
        self._fund(account, balances, now)
        after = self.balances(account)
        for asset in sorted(before | after):
            change = sum(after.get(asset, (0, 0))) - sum(before.get(asset, (0, 0)))
            if change:
                self.on_report(Moved(account, asset, change, now))

    def _fund(self, account: int, balances: Mapping[str, int], now: int) -> None:
        for asset, amount in balances.items():
            number = self.keeper.asset(asset)
            self.keeper.account(AccountStep.DEPOSIT, account, now, number, amount)
        self.accounts.array[account] = self.keeper.state.balances[account]

    # ---- commits

    async def committed(self) -> None:
        await self.keeper.journal.commit()

    def after_commit(self, call: Callable[[], None]) -> None:
        self.keeper.journal.after_commit(call)

    def send_after_commit(self, connection: Session, frame: bytes) -> None:
        self.keeper.journal.send(connection, frame)


def _ends(order: int, rest: Events) -> bool:
    """Whether what happens next to an order in a step is its end by a prevented match."""
    mine = (rest["kind"] != LIST) & ((rest["order"] == order) | (rest["counter"] == order))
    following = rest[mine]
    return bool(len(following)) and following[0]["kind"] == EXPIRED and following[0]["reason"] == SELF_TRADE
