"""Futures accounts, orders, positions and records as a fold over facts: `apply` is the only way to change them. Pure.

Deterministic: equal facts give equal state hashes. `dump` and `load` are the checkpoint of a compacted journal.
Histories are bounded (`KEEP`), oldest first out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

import msgspec

from ..margin import Position, fill, initial, value
from ..margin_funding import payment
from .facts import (
    AlgoChanged,
    AlgoPlaced,
    AlgoTrailed,
    Amended,
    AssetMode,
    Countdown,
    Ended,
    Fact,
    Funded,
    Insured,
    Leverage,
    Liquidated,
    MarginMoved,
    MarginType,
    Opened,
    Placed,
    PositionMode,
    Reset,
    Traded,
)
from .records import Account, Algo, Change, Data, Income, Moved, Order, Trade

T = TypeVar("T")
KEEP = 20_000


class StateError(RuntimeError):
    """A fact that contradicts the state."""


_encoder = msgspec.json.Encoder()


class State:
    def __init__(self, data: Data | None = None) -> None:
        self.data = data or Data()
        self.open_orders: dict[int, Order] = {i: o for i, o in self.data.orders.items() if o.open}
        self.open_algos: dict[int, Algo] = {i: a for i, a in self.data.algos.items() if a.open}
        self._clients = {(o.placed.account, o.placed.client_id): i for i, o in self.data.orders.items()}
        self._algo_clients = {(a.placed.account, a.placed.client_id): i for i, a in self.data.algos.items()}

    def dump(self) -> bytes:
        return _encoder.encode(self.data)

    @classmethod
    def load(cls, body: bytes) -> State:
        return cls(msgspec.json.decode(body, type=Data))

    def state_hash(self) -> str:
        return hashlib.sha256(self.dump()).hexdigest()

    # ---- reading

    def account(self, account: int) -> Account:
        return self.data.accounts[account]

    def find(self, account: int, *, order_id: int | None = None, client_id: str | None = None) -> Order | None:
        """By the order id if there is one, else by the client's."""
        if order_id is None and client_id is not None:
            order_id = self._clients.get((account, client_id))
        found = self.data.orders.get(order_id or 0)
        return found if found is not None and found.placed.account == account else None

    def find_algo(self, account: int, *, algo_id: int | None = None, client_id: str | None = None) -> Algo | None:
        if algo_id is None and client_id is not None:
            algo_id = self._algo_clients.get((account, client_id))
        found = self.data.algos.get(algo_id or 0)
        return found if found is not None and found.placed.account == account else None

    def open_of(self, account: int, symbol: str | None = None) -> list[Order]:
        return [
            order
            for order in self.open_orders.values()
            if order.placed.account == account and symbol in (None, order.placed.symbol)
        ]

    def open_algos_of(self, account: int, symbol: str | None = None) -> list[Algo]:
        return [
            algo
            for algo in self.open_algos.values()
            if algo.placed.account == account and symbol in (None, algo.placed.symbol)
        ]

    # ---- the fold

    def apply(self, fact: Fact) -> None:
        _FOLD[type(fact)](self, fact)

    def _opened(self, fact: Opened) -> None:
        if fact.account in self.data.accounts:
            raise StateError(f"account {fact.account} exists")
        self.data.accounts[fact.account] = Account(wallet=fact.wallet, updated=fact.time)

    def _reset(self, fact: Reset) -> None:
        account = self.account(fact.account)
        change, account.wallet = fact.wallet - account.wallet, fact.wallet
        account.updated = fact.time
        account.positions.clear()
        if change:
            self._income(fact.account, "", "TRANSFER", change, fact.time)

    def _placed(self, fact: Placed) -> None:
        if fact.order_id < self.data.next_order:
            raise StateError(f"order id {fact.order_id} was used before")
        order = Order(fact, fact.price, fact.quantity, updated=fact.time)
        self.data.orders[fact.order_id] = self.open_orders[fact.order_id] = order
        self.data.next_order = fact.order_id + 1
        self._clients[(fact.account, fact.client_id)] = fact.order_id
        if fact.algo_id:
            algo = self.open_algos.pop(fact.algo_id)
            algo.status, algo.order_id = "TRIGGERED", fact.order_id
            algo.triggered = algo.updated = fact.time

    def _order(self, order_id: int) -> Order:
        order = self.open_orders.get(order_id)
        if order is None:
            raise StateError(f"order {order_id} is not open")
        return order

    def _traded(self, fact: Traded) -> None:
        order = self._order(fact.order_id)
        if fact.quantity > order.left:
            raise StateError(f"order {fact.order_id} has {order.left} left, {fact.quantity} traded")
        order.filled += fact.quantity
        order.quote += value(fact.price, fact.quantity)
        order.updated = fact.time
        order.status = "PARTIALLY_FILLED" if order.left else "FILLED"
        symbol = order.placed.symbol
        self.data.last_trade[symbol] = max(fact.trade_id, self.data.last_trade.get(symbol, 0))
        self._book(order.placed, fact)
        if not order.left:
            self._forget(fact.order_id)

    def _book(self, placed: Placed, fact: Traded) -> None:
        account = self.account(placed.account)
        setting, position = account.setting(placed.symbol), account.own_position(placed.symbol, placed.leg)
        done = fill(position, placed.side * fact.quantity, fact.price, fact.fee)
        if setting.isolated and done.opened:
            position.wallet += initial(done.opened, setting.leverage)
        position.updated = account.updated = fact.time
        account.wallet += done.realised - fact.fee
        _keep(
            self.data.trades,
            Trade(
                placed.account, placed.symbol, fact.trade_id, fact.order_id, placed.side, placed.leg,
                fact.price, fact.quantity, fact.fee, done.realised, fact.maker, fact.time,
            ),
        )  # fmt: skip
        if done.realised:
            self._income(placed.account, placed.symbol, "REALIZED_PNL", done.realised, fact.time, fact.trade_id)
        if fact.fee:
            self._income(placed.account, placed.symbol, "COMMISSION", -fact.fee, fact.time, fact.trade_id)

    def _income(self, account: int, symbol: str, kind: str, amount: int, time: int, trade_id: int = 0) -> None:
        _keep(self.data.incomes, Income(account, symbol, kind, amount, time, self._record(), trade_id))

    def _record(self) -> int:
        self.data.next_record += 1
        return self.data.next_record - 1

    def _ended(self, fact: Ended) -> None:
        order = self._order(fact.order_id)
        order.status, order.updated = fact.status, fact.time
        self._forget(fact.order_id)

    def _forget(self, order_id: int) -> None:
        order = self.open_orders.pop(order_id)
        algo = self.data.algos.get(order.placed.algo_id)
        if algo is not None:
            algo.status, algo.updated = "FINISHED", order.updated
            self._prune_algos()
        while len(self.data.orders) - len(self.open_orders) > KEEP:
            oldest = next(i for i in self.data.orders if i not in self.open_orders)
            gone = self.data.orders.pop(oldest).placed
            if self._clients.get((gone.account, gone.client_id)) == oldest:
                del self._clients[(gone.account, gone.client_id)]

    def _amended(self, fact: Amended) -> None:
        order = self._order(fact.order_id)
        order.amends += 1
        change = Change(
            self._record(), fact.order_id, fact.time,
            order.price, fact.price, order.quantity, fact.quantity, order.amends,
        )  # fmt: skip
        _keep(self.data.changes, change)
        order.price, order.quantity, order.updated = fact.price, fact.quantity, fact.time

    def _algo_placed(self, fact: AlgoPlaced) -> None:
        if fact.algo_id < self.data.next_algo:
            raise StateError(f"algo id {fact.algo_id} was used before")
        algo = Algo(fact, updated=fact.time)
        self.data.algos[fact.algo_id] = self.open_algos[fact.algo_id] = algo
        self.data.next_algo = fact.algo_id + 1
        self._algo_clients[(fact.account, fact.client_id)] = fact.algo_id

    def _algo_changed(self, fact: AlgoChanged) -> None:
        algo = self.data.algos[fact.algo_id]
        algo.status, algo.updated, algo.reason = fact.status, fact.time, fact.reason
        self.open_algos.pop(fact.algo_id, None)
        self._prune_algos()

    def _prune_algos(self) -> None:
        """Closed ones beyond `KEEP`, oldest first; one whose order is open (TRIGGERED) is not closed yet."""
        while len(self.data.algos) - len(self.open_algos) > KEEP:
            oldest = next((i for i, algo in self.data.algos.items() if algo.status not in ("NEW", "TRIGGERED")), None)
            if oldest is None:
                return
            gone = self.data.algos.pop(oldest).placed
            if self._algo_clients.get((gone.account, gone.client_id)) == oldest:
                del self._algo_clients[(gone.account, gone.client_id)]

    def _algo_trailed(self, fact: AlgoTrailed) -> None:
        self.data.algos[fact.algo_id].best = fact.best

    def _leverage(self, fact: Leverage) -> None:
        self.account(fact.account).own_setting(fact.symbol).leverage = fact.leverage

    def _margin_type(self, fact: MarginType) -> None:
        self.account(fact.account).own_setting(fact.symbol).isolated = fact.isolated

    def _position_mode(self, fact: PositionMode) -> None:
        self.account(fact.account).dual = fact.dual

    def _asset_mode(self, fact: AssetMode) -> None:
        self.account(fact.account).multi = fact.multi

    def _margin_moved(self, fact: MarginMoved) -> None:
        position = self.account(fact.account).own_position(fact.symbol, fact.leg)
        if position.wallet + fact.amount < 0:
            raise StateError(f"isolated wallet of {fact.symbol} would fall below zero")
        position.wallet += fact.amount
        _keep(self.data.moves, Moved(fact.account, fact.symbol, fact.leg, fact.amount, fact.time))

    def _countdown(self, fact: Countdown) -> None:
        key = f"{fact.account}:{fact.symbol}"
        if fact.due:
            self.data.countdowns[key] = fact.due
        else:
            self.data.countdowns.pop(key, None)

    def _funded(self, fact: Funded) -> None:
        _keep(self.data.fundings, fact)
        for account_id, account in sorted(self.data.accounts.items()):
            for symbol, _, position in list(account.held()):
                if symbol == fact.symbol:
                    self._fund(account_id, account, position, fact)

    def _fund(self, account_id: int, account: Account, position: Position, fact: Funded) -> None:
        amount = payment(position, fact.mark, fact.rate)
        if not amount:
            return
        account.wallet += amount
        position.paid -= amount
        if account.setting(fact.symbol).isolated:
            position.wallet += amount
        account.updated = fact.time
        self._income(account_id, fact.symbol, "FUNDING_FEE", amount, fact.time)

    def _liquidated(self, fact: Liquidated) -> None:
        _keep(self.data.liquidations, fact.order_id)

    def _insured(self, fact: Insured) -> None:
        account = self.account(fact.account)
        account.wallet -= fact.amount
        account.updated = fact.time
        self.data.insurance += fact.amount
        self._income(fact.account, fact.symbol, "INSURANCE_CLEAR", -fact.amount, fact.time)


def _keep(rows: list[T], row: T) -> None:
    rows.append(row)
    if len(rows) > 2 * KEEP:
        del rows[:KEEP]


_FOLD: dict[type, Callable[..., None]] = {
    Opened: State._opened,
    Reset: State._reset,
    Placed: State._placed,
    Traded: State._traded,
    Ended: State._ended,
    Amended: State._amended,
    AlgoPlaced: State._algo_placed,
    AlgoChanged: State._algo_changed,
    AlgoTrailed: State._algo_trailed,
    Leverage: State._leverage,
    MarginType: State._margin_type,
    PositionMode: State._position_mode,
    AssetMode: State._asset_mode,
    MarginMoved: State._margin_moved,
    Countdown: State._countdown,
    Funded: State._funded,
    Liquidated: State._liquidated,
    Insured: State._insured,
}
