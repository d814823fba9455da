"""User data events and account shapes of Binance spot: what an account hears about itself.

Events arrive on the WebSocket API as `{"subscriptionId": n, "event": {...}}` (`UserEvent`).
Source: binance/binance-spot-api-docs, user-data-stream.md and rest-api.md.
"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from .messages import MalformedFrame


class ExecutionReport(msgspec.Struct, kw_only=True):
    """`executionReport`: one step in the life of an order. Fields without a value do not appear."""

    event: str = msgspec.field(name="e", default="executionReport")
    event_ms: int = msgspec.field(name="E")
    symbol: str = msgspec.field(name="s")
    client_order_id: str = msgspec.field(name="c")
    side: str = msgspec.field(name="S")
    order_type: str = msgspec.field(name="o")
    time_in_force: str = msgspec.field(name="f")
    quantity: str = msgspec.field(name="q")
    price: str = msgspec.field(name="p")
    stop_price: str = msgspec.field(name="P", default="0.00000000")
    iceberg: str = msgspec.field(name="F", default="0.00000000")
    order_list: int = msgspec.field(name="g", default=-1)
    original_client_order_id: str = msgspec.field(name="C", default="")
    execution: str = msgspec.field(name="x")
    status: str = msgspec.field(name="X")
    reject_reason: str = msgspec.field(name="r", default="NONE")
    order_id: int = msgspec.field(name="i")
    last_quantity: str = msgspec.field(name="l", default="0.00000000")
    filled: str = msgspec.field(name="z", default="0.00000000")
    last_price: str = msgspec.field(name="L", default="0.00000000")
    fee: str = msgspec.field(name="n", default="0")
    fee_asset: str | None = msgspec.field(name="N", default=None)
    transaction_ms: int = msgspec.field(name="T")
    trade_id: int = msgspec.field(name="t", default=-1)
    execution_id: int = msgspec.field(name="I", default=0)
    on_book: bool = msgspec.field(name="w", default=False)
    maker: bool = msgspec.field(name="m", default=False)
    ignore: bool = msgspec.field(name="M", default=False)
    created_ms: int = msgspec.field(name="O")
    filled_quote: str = msgspec.field(name="Z", default="0.00000000")
    last_quote: str = msgspec.field(name="Y", default="0.00000000")
    quote_quantity: str = msgspec.field(name="Q", default="0.00000000")
    working_ms: int | UnsetType = msgspec.field(name="W", default=UNSET)
    stp: str = msgspec.field(name="V", default="NONE")
    trailing: int | UnsetType = msgspec.field(name="d", default=UNSET)
    trailing_ms: int | UnsetType = msgspec.field(name="D", default=UNSET)
    strategy_id: int | UnsetType = msgspec.field(name="j", default=UNSET)
    strategy_type: int | UnsetType = msgspec.field(name="J", default=UNSET)
    prevented_id: int | UnsetType = msgspec.field(name="v", default=UNSET)
    prevented: str | UnsetType = msgspec.field(name="A", default=UNSET)
    last_prevented: str | UnsetType = msgspec.field(name="B", default=UNSET)
    trade_group: int | UnsetType = msgspec.field(name="u", default=UNSET)
    counter_order_id: int | UnsetType = msgspec.field(name="U", default=UNSET)
    counter_symbol: str | UnsetType = msgspec.field(name="Cs", default=UNSET)
    prevented_execution: str | UnsetType = msgspec.field(name="pl", default=UNSET)
    prevented_price: str | UnsetType = msgspec.field(name="pL", default=UNSET)
    prevented_quote: str | UnsetType = msgspec.field(name="pY", default=UNSET)
    expiry_reason: str | UnsetType = msgspec.field(name="eR", default=UNSET)


class AssetBalance(msgspec.Struct):
    asset: str = msgspec.field(name="a")
    free: str = msgspec.field(name="f")
    locked: str = msgspec.field(name="l")


class AccountPosition(msgspec.Struct, kw_only=True):
    """`outboundAccountPosition`: balances that may have changed."""

    event: str = msgspec.field(name="e", default="outboundAccountPosition")
    event_ms: int = msgspec.field(name="E")
    updated_ms: int = msgspec.field(name="u")
    balances: list[AssetBalance] = msgspec.field(name="B")


class BalanceUpdate(msgspec.Struct, kw_only=True):
    """`balanceUpdate`: something came to the account or left it, not by trading."""

    event: str = msgspec.field(name="e", default="balanceUpdate")
    event_ms: int = msgspec.field(name="E")
    asset: str = msgspec.field(name="a")
    change: str = msgspec.field(name="d")
    cleared_ms: int = msgspec.field(name="T")


class ListedOrder(msgspec.Struct):
    symbol: str = msgspec.field(name="s")
    order_id: int = msgspec.field(name="i")
    client_order_id: str = msgspec.field(name="c")


class ListStatusEvent(msgspec.Struct, kw_only=True):
    """`listStatus`: one step in the life of an order list."""

    event: str = msgspec.field(name="e", default="listStatus")
    event_ms: int = msgspec.field(name="E")
    symbol: str = msgspec.field(name="s")
    list_id: int = msgspec.field(name="g")
    contingency: str = msgspec.field(name="c")
    status: str = msgspec.field(name="l")
    order_status: str = msgspec.field(name="L")
    reject_reason: str = msgspec.field(name="r", default="NONE")
    client_id: str = msgspec.field(name="C")
    transaction_ms: int = msgspec.field(name="T")
    orders: list[ListedOrder] = msgspec.field(name="O")


class EventStreamTerminated(msgspec.Struct, kw_only=True):
    """`eventStreamTerminated`: no more events come for this subscription."""

    event: str = msgspec.field(name="e", default="eventStreamTerminated")
    event_ms: int = msgspec.field(name="E")


class UserEvent(msgspec.Struct):
    """Envelope of one user data event on the WebSocket API."""

    event: msgspec.Raw
    subscriptionId: int = 0  # noqa: N815


class _Kind(msgspec.Struct):
    e: str


_outer = msgspec.json.Decoder(UserEvent)
_kind = msgspec.json.Decoder(_Kind)
_report = msgspec.json.Decoder(ExecutionReport)
_position = msgspec.json.Decoder(AccountPosition)
_terminated = msgspec.json.Decoder(EventStreamTerminated)


def decode_user_event(frame: bytes | str) -> ExecutionReport | AccountPosition | EventStreamTerminated | None:
    """A user data frame, or None if the frame is an event of another kind. Raises MalformedFrame."""
    try:
        inner = _outer.decode(frame).event
        kind = _kind.decode(inner).e
        if kind == "executionReport":
            return _report.decode(inner)
        if kind == "eventStreamTerminated":
            return _terminated.decode(inner)
        return _position.decode(inner) if kind == "outboundAccountPosition" else None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedFrame(f"not a user data event: {error}") from None
