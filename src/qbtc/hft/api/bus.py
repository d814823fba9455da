"""HFT's queues: signals, states, reflections, orders, queries, and the fan-out's kill and resume."""

from __future__ import annotations

from qbtc.contracts import Envelope, Message
from qbtc.contracts.memory import Reflection
from qbtc.contracts.quantum import QuantumState, SymbolState
from qbtc.contracts.trading import (
    CancelOrder,
    Kill,
    OrderEvent,
    PlaceOrder,
    Resume,
    SetStrategy,
    Signal,
    TradingAnswer,
    TradingQuery,
)
from qbtc.kit.errors import NotFound
from qbtc.kit.messaging import Handler
from qbtc.kit.store.pool import Connection

from ..actions import Actions
from ..adapters import repository
from ..domain.orders import Order, message_order_id
from ..engine import Engine
from ..views import Views, order


class BusApi:
    def __init__(self, engine: Engine, actions: Actions, views: Views) -> None:
        self._engine, self._actions, self._views = engine, actions, views
        self.states: dict[str, SymbolState] = {}
        self.reflections: dict[str, Reflection] = {}

    def handlers(self) -> dict[str, Handler]:
        return {
            "hft.signals": self.on_signal,
            "hft.states": self.on_state,
            "hft.reflections": self.on_reflection,
            "hft.orders": self.on_order,
            "hft.queries": self.on_query,
        }

    async def on_signal(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        if isinstance(body, Signal):
            self._engine.signal(body)
        return None

    async def on_state(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        """Keep the newest quantum state of each symbol."""
        if isinstance(body, QuantumState):
            self.states |= {state.symbol: state for state in body.states}
        return None

    async def on_reflection(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        """Keep the newest reflection of each symbol; only `hft.trading.signal` moves strategies."""
        if isinstance(body, Reflection) and body.symbol:
            self.reflections[body.symbol] = body
        return None

    async def on_order(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        if isinstance(body, PlaceOrder):
            key = envelope.idempotencykey
            placed = await self._actions.place(
                body, client_order_id=message_order_id(key or envelope.id), operation=key
            )
            return self._answer(placed)
        if isinstance(body, CancelOrder):
            refused = await repository.refuse_proposal(conn, body.client_order_id)
            return self._refused(refused) if refused else self._answer(await self._actions.cancel(body))
        if isinstance(body, SetStrategy):
            return await self._set_strategy(conn, body)
        if isinstance(body, OrderEvent):
            return await self._proposal(conn, envelope, body)
        return None

    async def _set_strategy(self, conn: Connection, body: SetStrategy) -> Message:
        parameters = self._actions.set_strategy(body)
        await repository.save_strategy(
            conn, body.strategy, running=self._actions.running(body.strategy), parameters=parameters
        )
        return TradingAnswer(what="strategies", data={"items": self._views.strategies()})

    async def _proposal(self, conn: Connection, envelope: Envelope, body: OrderEvent) -> Message | None:
        """`proposed` waits for a person; `approved` places exactly what was proposed, and only once."""
        if envelope.type == "hft.order.proposed":
            await repository.save_proposal(conn, body)
            return None
        proposed = await repository.take_proposal(conn, body.client_order_id)
        if proposed is None:
            raise NotFound(f"no proposal {body.client_order_id!r} waits for approval", field="client_order_id")
        return self._answer(await self._actions.place_approved(proposed, body))

    async def on_query(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        if not isinstance(body, TradingQuery):
            return None
        return TradingAnswer(what=body.what, data=self._views.answer(body.what, body.symbol, body.limit))

    async def on_control(self, key: str, body: Message, envelope: Envelope | None = None) -> None:
        if isinstance(body, Kill):
            await self._actions.kill(body.scope, body.reason)
        elif isinstance(body, Resume):
            self._actions.resume(body.reason)

    def _refused(self, proposed: OrderEvent) -> TradingAnswer:
        """Cancelling what was only proposed means that it is never placed."""
        row = proposed.model_dump(mode="json", exclude_none=True)
        return TradingAnswer(what="orders", data={"items": [{**row, "state": "cancelled"}]})

    def _answer(self, placed: Order) -> TradingAnswer:
        return TradingAnswer(what="orders", data={"items": [order(placed)]})
