"""HFT's queues: signals, states, reflections, orders, queries, and the fan-out's kill and resume."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from qbtc.contracts import Envelope, Message
from qbtc.contracts.memory import Reflection
from qbtc.contracts.quantum import QuantumState, SymbolState
from qbtc.contracts.trading import (
    CancelOrder,
    DecideParameters,
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
from qbtc.kit.logs import get_logger
from qbtc.kit.messaging import Handler
from qbtc.kit.store.pool import Connection

from ..actions import Actions
from ..adapters import repository
from ..domain.orders import Order, message_order_id
from ..domain.venues import LOCAL
from ..engine import Engine
from ..errors import BadParameter, NoSuchSymbol, OrderRefused, TooLate, VenueRejected
from ..views import Views, order

log = get_logger(__name__)

MAX_WAIT_SECONDS = 30
NANOS = 1_000_000_000
MOMENTARY = frozenset(
    {"trading_state", "kill_switch", "market_open", "venue_connected", "reconciled", "unknown_orders", "trading_hours",
     "market_data_age", "clock_skew", "order_rate", "order_rate_10s", "cancel_rate", "fill_rate", "spread", "volatility"}
)  # fmt: skip
"""Rules that may say yes to the same order a moment later: a proposal that they refuse goes on waiting."""


Decide = Callable[[Connection, Envelope, DecideParameters], Coroutine[object, object, None]]


async def _undecided(_conn: Connection, _envelope: Envelope, body: DecideParameters) -> None:
    raise NotFound(f"no proposal {body.proposal!r}", field="proposal")


async def _nothing(_: str) -> None:
    """Without a database there is no proposal to end."""


class BusApi:
    def __init__(self, engine: Engine, actions: Actions, views: Views, *, venue: str = LOCAL) -> None:
        self._engine, self._actions, self._views, self._venue = engine, actions, views, venue
        self.states: dict[str, SymbolState] = {}
        self.reflections: dict[str, Reflection] = {}
        self.settle: Callable[[str], Coroutine[object, object, None]] = _nothing
        """Ends a proposal, by its id, that can never be placed as it is."""
        self.decide: Decide = _undecided
        """Takes a person's word on proposed parameters."""
        self._tasks: set[asyncio.Task[None]] = set()

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
            return await self._place(conn, envelope, body)
        if isinstance(body, CancelOrder):
            refused = await repository.refuse_proposal(conn, body.client_order_id, venue=self._venue)
            return self._refused(refused) if refused else self._answer(await self._actions.cancel(body))
        if isinstance(body, SetStrategy):
            return await self._set_strategy(conn, body)
        if isinstance(body, DecideParameters):
            self._in_time(envelope)
            await self.decide(conn, envelope, body)
            return TradingAnswer(what="strategies", data={"items": self._views.strategies()})
        if isinstance(body, OrderEvent):
            return await self._proposal(conn, envelope, body)
        return None

    async def _place(self, conn: Connection, envelope: Envelope, body: PlaceOrder) -> Message:
        key = envelope.idempotencykey
        order_id = message_order_id(key or envelope.id, self._engine.trader.mark)
        known = await self._placed_before(conn, order_id)
        if known is not None:
            return self._answer(known)
        self._in_time(envelope)
        return self._answer(await self._actions.place(body, client_order_id=order_id, operation=key))

    async def _placed_before(self, conn: Connection, order_id: str) -> Order | None:
        """A message may come again long after its order has left the memory."""
        known = self._engine.desk.orders.get(order_id)
        return known or await repository.load_order(conn, order_id, venue=self._venue)

    def _in_time(self, envelope: Envelope) -> None:
        """What waited for us was wanted in another market, or before somebody said stop. Raises TooLate."""
        sent = _wall_ns(envelope)
        if sent <= self._engine.desk.halted_at:
            raise TooLate("the order was accepted before the last halt and is not sent", field="time")
        waited = (self._engine.trader.clock() - sent) // NANOS
        if waited > MAX_WAIT_SECONDS:
            raise TooLate(
                f"the order waited {waited} s and is not sent", field="time", allowed=f"up to {MAX_WAIT_SECONDS} s"
            )

    async def _set_strategy(self, conn: Connection, body: SetStrategy) -> Message:
        chosen = await self._actions.set_strategy(body)
        await repository.save_strategy(conn, body.strategy, chosen, venue=self._venue)
        return TradingAnswer(what="strategies", data={"items": self._views.strategies()})

    async def _proposal(self, conn: Connection, envelope: Envelope, body: OrderEvent) -> Message | None:
        """`proposed` waits for a person; `approved` places exactly what was proposed, and only once."""
        if envelope.type == "hft.order.proposed":
            await repository.save_proposal(conn, body, venue=self._venue)
            return None
        self._in_time(envelope)
        proposed = await repository.take_proposal(conn, body.client_order_id, venue=self._venue)
        if proposed is None:
            raise NotFound(f"no proposal {body.client_order_id!r} waits for approval", field="client_order_id")
        known = await self._placed_before(conn, body.client_order_id)
        try:
            return self._answer(known or await self._actions.place_approved(proposed, body))
        except (NoSuchSymbol, BadParameter, OrderRefused, VenueRejected) as error:
            if error.field not in MOMENTARY:
                self._later(self.settle(body.client_order_id))
            raise

    def _later(self, work: Coroutine[object, object, None]) -> None:
        """After this message: its own transaction is rolled back with the refusal."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def on_query(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        if not isinstance(body, TradingQuery):
            return None
        if body.order is not None:
            return TradingAnswer(what=body.what, data=self._actions.check(body.order))
        return TradingAnswer(what=body.what, data=self._views.answer(body.what, body.symbol, body.limit))

    async def on_control(self, key: str, body: Message, envelope: Envelope | None = None) -> None:
        """A resume that was sent before the last halt is not about that halt."""
        if isinstance(body, Kill):
            await self._actions.kill(body.scope, body.reason)
        elif isinstance(body, Resume):
            if envelope is not None and _wall_ns(envelope) <= self._engine.desk.halted_at:
                log.warning("a resume from before the last halt is ignored", reason=body.reason)
                return
            self._actions.resume(body.reason)

    def _refused(self, proposed: OrderEvent) -> TradingAnswer:
        """Cancelling what was only proposed means that it is never placed."""
        row = proposed.model_dump(mode="json", exclude_none=True)
        return TradingAnswer(what="orders", data={"items": [{**row, "state": "cancelled"}]})

    def _answer(self, placed: Order) -> TradingAnswer:
        return TradingAnswer(what="orders", data={"items": [order(placed)]})


def _wall_ns(envelope: Envelope) -> int:
    return int(envelope.time.timestamp() * 1_000_000) * 1_000
