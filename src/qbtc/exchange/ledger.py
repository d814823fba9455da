"""Accounts, orders and trades as a fold over facts: `apply` is the only way to change them. Pure and deterministic.

Balances never go below zero: a fact that would do so is refused with `LedgerError`, which is a bug of the caller.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from .facts import AccountOpened, Fact, OrderClosed, OrderPlaced, OrderTraded

ZERO = Decimal(0)
KEEP_CLOSED = 20_000


class LedgerError(RuntimeError):
    """A fact that contradicts the state."""


@dataclass(slots=True)
class Balance:
    free: Decimal = ZERO
    locked: Decimal = ZERO


@dataclass(slots=True)
class OrderState:
    """An order and what became of it. `status` is Binance's."""

    placed: OrderPlaced
    status: str = "NEW"
    filled: Decimal = ZERO
    filled_quote: Decimal = ZERO
    updated: int = 0
    trades: list[OrderTraded] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return self.status in ("NEW", "PARTIALLY_FILLED")

    @property
    def remaining(self) -> Decimal:
        return Decimal(self.placed.quantity) - self.filled

    @property
    def locks(self) -> bool:
        """Only orders with a price lock funds; a MARKET order pays as it trades."""
        return self.placed.kind != "MARKET"


class Ledger:
    def __init__(self) -> None:
        self.accounts: dict[int, dict[str, Balance]] = {}
        self.orders: dict[int, OrderState] = {}
        self.next_order_id = 1
        self.last_trade: dict[str, int] = {}
        self._by_client: dict[tuple[int, str], int] = {}
        self._closed: list[int] = []

    def apply(self, fact: Fact) -> None:
        if isinstance(fact, OrderTraded):
            self._traded(fact)
        elif isinstance(fact, OrderPlaced):
            self._placed(fact)
        elif isinstance(fact, OrderClosed):
            self._close(fact)
        else:
            self._opened(fact)

    def balance(self, account: int, asset: str) -> Balance:
        return self.accounts[account].setdefault(asset, Balance())

    def open_orders(self, account: int | None = None, symbol: str | None = None) -> list[OrderState]:
        return [
            order
            for order in self.orders.values()
            if order.open and account in (None, order.placed.account) and symbol in (None, order.placed.symbol)
        ]

    def find(self, account: int, *, order_id: int | None = None, client_id: str | None = None) -> OrderState | None:
        """An order by either id; both must agree when both are given."""
        if order_id is None and client_id is not None:
            order_id = self._by_client.get((account, client_id))
        found = self.orders.get(order_id) if order_id is not None else None
        if found is None or found.placed.account != account:
            return None
        return found if client_id is None or found.placed.client_id == client_id else None

    def state_hash(self) -> str:
        """SHA-256 over accounts, orders and counters: equal histories give equal hashes."""
        body = {
            "accounts": {a: {k: [str(b.free), str(b.locked)] for k, b in sorted(m.items())} for a, m in self._sorted()},
            "orders": [
                [i, o.status, str(o.filled), str(o.filled_quote), o.updated] for i, o in sorted(self.orders.items())
            ],
            "next": self.next_order_id,
            "trades": sorted(self.last_trade.items()),
        }
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()

    def _sorted(self) -> Iterable[tuple[int, dict[str, Balance]]]:
        return sorted(self.accounts.items())

    def _opened(self, fact: AccountOpened) -> None:
        if fact.account in self.accounts:
            raise LedgerError(f"account {fact.account} exists")
        self.accounts[fact.account] = {a: Balance(Decimal(v)) for a, v in fact.balances.items()}

    def _placed(self, fact: OrderPlaced) -> None:
        if fact.order_id < self.next_order_id:
            raise LedgerError(f"order id {fact.order_id} was used before")
        order = OrderState(fact, updated=fact.time)
        if order.locks:
            self._lock(order, Decimal(fact.quantity))
        self.orders[fact.order_id] = order
        self.next_order_id = fact.order_id + 1
        self._by_client[(fact.account, fact.client_id)] = fact.order_id

    def _lock(self, order: OrderState, quantity: Decimal) -> None:
        asset, amount = _locked(order.placed, quantity)
        balance = self.balance(order.placed.account, asset)
        if balance.free < amount or balance.locked + amount < 0:
            raise LedgerError(f"order {order.placed.order_id} locks {amount} {asset}, free is {balance.free}")
        balance.free -= amount
        balance.locked += amount

    def _traded(self, fact: OrderTraded) -> None:
        order = self.orders[fact.order_id]
        quantity, value = Decimal(fact.quantity), Decimal(fact.price) * Decimal(fact.quantity)
        if order.locks:
            self._lock(order, -quantity)
        buy = order.placed.side == "BUY"
        base, quote = (quantity, -value) if buy else (-quantity, value)
        self._move(order.placed.account, order.placed.base, base)
        self._move(order.placed.account, order.placed.quote_asset, quote)
        self._move(order.placed.account, fact.fee_asset, -Decimal(fact.fee))
        order.filled += quantity
        order.filled_quote += value
        order.updated = fact.time
        order.trades.append(fact)
        self.last_trade[order.placed.symbol] = max(fact.trade_id, self.last_trade.get(order.placed.symbol, 0))
        full = order.placed.quantity != "0" and order.remaining <= 0
        order.status = "FILLED" if full else "PARTIALLY_FILLED"
        if full:
            self._forget_oldest(fact.order_id)

    def _move(self, account: int, asset: str, amount: Decimal) -> None:
        balance = self.balance(account, asset)
        if balance.free + amount < 0:
            raise LedgerError(f"account {account}: {asset} would fall to {balance.free + amount}")
        balance.free += amount

    def _close(self, fact: OrderClosed) -> None:
        order = self.orders[fact.order_id]
        if not order.open:
            raise LedgerError(f"order {fact.order_id} is already {order.status}")
        if order.locks:
            self._lock(order, -order.remaining)
        order.status, order.updated = fact.status, fact.time
        self._forget_oldest(fact.order_id)

    def _forget_oldest(self, closed: int) -> None:
        self._closed.append(closed)
        if len(self._closed) > KEEP_CLOSED:
            gone = self.orders.pop(self._closed.pop(0))
            self._by_client.pop((gone.placed.account, gone.placed.client_id), None)


def _locked(placed: OrderPlaced, quantity: Decimal) -> tuple[str, Decimal]:
    if placed.side == "BUY":
        return placed.quote_asset, Decimal(placed.price) * quantity
    return placed.base, quantity
