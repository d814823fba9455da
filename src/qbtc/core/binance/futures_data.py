"""User data events of Binance's USD-M futures: order reports in the terms of spot, and what changed in the account.

Source: the official SDK's models of the USD-M user data streams.
"""

from __future__ import annotations

import msgspec

from .messages import MalformedFrame
from .user_data import ExecutionReport


class AccountUpdate(msgspec.Struct):
    """`ACCOUNT_UPDATE`: wallet balance by asset and quantity by symbol, of those that changed."""

    event_ms: int
    wallets: dict[str, str]
    positions: dict[str, str]


class Expired(msgspec.Struct):
    """`listenKeyExpired`: nothing more comes on this connection."""

    event_ms: int = msgspec.field(name="E")


class OrderUpdate(msgspec.Struct, kw_only=True):
    """The object `o` of `ORDER_TRADE_UPDATE`."""

    symbol: str = msgspec.field(name="s")
    client_order_id: str = msgspec.field(name="c")
    side: str = msgspec.field(name="S")
    order_type: str = msgspec.field(name="o")
    time_in_force: str = msgspec.field(name="f")
    quantity: str = msgspec.field(name="q")
    price: str = msgspec.field(name="p")
    execution: str = msgspec.field(name="x")
    status: str = msgspec.field(name="X")
    order_id: int = msgspec.field(name="i")
    last_quantity: str = msgspec.field(name="l", default="0")
    filled: str = msgspec.field(name="z", default="0")
    last_price: str = msgspec.field(name="L", default="0")
    fee: str = msgspec.field(name="n", default="0")
    fee_asset: str | None = msgspec.field(name="N", default=None)
    transaction_ms: int = msgspec.field(name="T")
    trade_id: int = msgspec.field(name="t", default=-1)
    maker: bool = msgspec.field(name="m", default=False)


class _Order(msgspec.Struct):
    event_ms: int = msgspec.field(name="E")
    order: OrderUpdate = msgspec.field(name="o")


class _Wallet(msgspec.Struct):
    asset: str = msgspec.field(name="a")
    balance: str = msgspec.field(name="wb")


class _Leg(msgspec.Struct):
    symbol: str = msgspec.field(name="s")
    amount: str = msgspec.field(name="pa")


class _Changes(msgspec.Struct):
    balances: list[_Wallet] = msgspec.field(name="B", default_factory=list)
    positions: list[_Leg] = msgspec.field(name="P", default_factory=list)


class _Account(msgspec.Struct):
    event_ms: int = msgspec.field(name="E")
    changes: _Changes = msgspec.field(name="a")


class _Kind(msgspec.Struct):
    e: str


_kind = msgspec.json.Decoder(_Kind)
_order = msgspec.json.Decoder(_Order)
_account = msgspec.json.Decoder(_Account)
_expired = msgspec.json.Decoder(Expired)


def decode_futures_event(frame: bytes | str) -> ExecutionReport | AccountUpdate | Expired | None:
    """A user data frame, or None if the frame is an event of another kind. Raises MalformedFrame."""
    try:
        kind = _kind.decode(frame).e
        if kind == "ORDER_TRADE_UPDATE":
            return _report(_order.decode(frame))
        if kind == "ACCOUNT_UPDATE":
            return _changed(_account.decode(frame))
        return _expired.decode(frame) if kind == "listenKeyExpired" else None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedFrame(f"not a futures user data event: {error}") from None


def _report(update: _Order) -> ExecutionReport:
    """The fields have spot's names; only when the order was made is not said."""
    said = msgspec.structs.asdict(update.order)
    return ExecutionReport(event_ms=update.event_ms, created_ms=update.order.transaction_ms, **said)


def _changed(update: _Account) -> AccountUpdate:
    """Of one-way mode: a hedge-mode leg would stand for the position."""
    wallets = {row.asset: row.balance for row in update.changes.balances}
    return AccountUpdate(update.event_ms, wallets, {row.symbol: row.amount for row in update.changes.positions})
