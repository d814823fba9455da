"""What happened in the engine, as the writer stores it and the bus hears it. Made on the hot path, used off it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from qbtc.contracts.trading import OrderEvent, OrderStatus

from .domain.feed import Closed
from .domain.orders import Order
from .domain.positions import Fill, Position
from .domain.units import text


@dataclass(frozen=True, slots=True)
class BarFact:
    """A closed bar; lossy: when the database is away for long, the oldest of these are dropped."""

    closed: Closed
    session: str
    mode: str
    traceparent: str | None
    minute: bool


@dataclass(frozen=True, slots=True)
class OrderFact:
    """One step of an order. `key` is the routing key, if any; `again`: read from the journal, announced only if new."""

    key: str
    event: OrderEvent
    state: str
    filled: str
    created_ns: int
    traceparent: str | None
    again: bool = False


@dataclass(frozen=True, slots=True)
class FillFact:
    """An execution, with the position after it."""

    event: OrderEvent
    quantity: str
    cost: str
    realised: str
    fees: str
    fills: int
    traceparent: str | None


@dataclass(frozen=True, slots=True)
class ResetFact:
    """The paper account began anew at this wall time; told again, it is the same one."""

    at_ns: int
    traceparent: str | None = None


Fact = BarFact | OrderFact | FillFact | ResetFact
MAX_BARS = 120


class Outgoing:
    """The queue between the engine and the writer. Orders and fills are never dropped, bars are."""

    def __init__(self) -> None:
        self.orders: deque[OrderFact | FillFact | ResetFact] = deque()
        self.bars: deque[BarFact] = deque(maxlen=MAX_BARS)

    def put(self, fact: Fact) -> None:
        if isinstance(fact, BarFact):
            self.bars.append(fact)
        else:
            self.orders.append(fact)

    def __len__(self) -> int:
        return len(self.orders) + len(self.bars)


def order_event(order: Order, status: OrderStatus, at_ns: int, *, reason: str | None = None) -> OrderEvent:
    return OrderEvent(
        client_order_id=order.client_order_id, venue_order_id=order.venue_order_id, symbol=order.symbol, side=order.side,
        type=order.type, quantity=text(order.quantity), price=None if order.price is None else text(order.price),
        status=status, strategy=order.strategy, reason=reason, at=at_ns, remaining=text(order.remaining),
    )  # fmt: skip


def fill_event(fill: Fill, order: Order | None) -> OrderEvent:
    """A `filled` event; an execution of an order that is not in the table still says what it is."""
    base = {
        "client_order_id": fill.client_order_id, "venue_order_id": fill.venue_order_id, "symbol": fill.symbol,
        "side": fill.side, "type": order.type if order else "LIMIT",
        "quantity": text(order.quantity if order else fill.quantity),
        "price": text(order.price) if order and order.price is not None else None,
        "remaining": text(order.remaining) if order else None, "strategy": fill.strategy,
    }  # fmt: skip
    return OrderEvent.model_validate(base | {
        "status": OrderStatus.FILLED, "at": fill.at_ns, "trade_id": fill.trade_id, "fill_price": text(fill.price),
        "fill_quantity": text(fill.quantity), "fee": text(fill.fee), "fee_asset": fill.fee_asset, "maker": fill.maker,
    })  # fmt: skip


def fill_fact(fill: Fill, order: Order | None, position: Position, traceparent: str | None) -> FillFact:
    return FillFact(
        fill_event(fill, order), text(position.quantity), str(position.cost), str(position.realised), str(position.all_fees),
        position.fills, traceparent,
    )  # fmt: skip
