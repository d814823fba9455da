"""CIO's ears on the bus: one handler a queue, each in the transaction that makes its effect happen once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from qbtc.contracts import Envelope, Message
from qbtc.contracts.memory import ConsciousnessQuery, StoredMemory, StoreMemory
from qbtc.contracts.quantum import QuantumState
from qbtc.contracts.tools import ToolFinished
from qbtc.contracts.trading import OrderEvent
from qbtc.kit.clock import Clock
from qbtc.kit.store.pool import Connection

from ..domain.memory import Draft, State, state_of
from ..domain.moments import SECOND
from ..domain.wording import fill_text
from ..errors import BadMemory
from ..keeping import Keeper, draft_of
from ..observing import Observer
from ..recalling import Recaller
from .asking import question_of

TOOL_TEXT = 500
# Only HFT may publish it; what the body of another order step says of itself is no proof.
FILLED = "hft.order.filled"
# Their results are memories already: keeping them again would echo.
ECHOES = ("memory", "memories", "recall", "remember", "cio")


@dataclass(frozen=True, slots=True)
class BusApi:
    keeper: Keeper
    recaller: Recaller
    observer: Observer
    clock: Clock

    async def queries(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        """`cio.consciousness.query` and `cio.memory.store` as requests."""
        if isinstance(body, StoreMemory):
            return await self.memories(conn, envelope, body)
        if not isinstance(body, ConsciousnessQuery):
            raise BadMemory(f"{envelope.type} is not asked here")
        person = await person_of(conn)
        return await self.recaller.recall_in(conn, question_of(body, person), checked_state(body))

    async def memories(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        """`cio.memory.store`."""
        if not isinstance(body, StoreMemory):
            raise BadMemory(f"{envelope.type} is not kept here")
        draft = draft_of(body, person=await person_of(conn), now=self.clock.now())
        return StoredMemory(memory_id=await self.keeper.keep(conn, draft))

    async def states(self, conn: Connection, _envelope: Envelope, body: Message) -> Message | None:
        """`qcs.quantum.state`, one a bar."""
        if isinstance(body, QuantumState):
            await self.observer.observe(conn, body)
        return None

    async def orders(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        """`hft.order.*`: fills become memories and make their symbol's next state a moment."""
        if isinstance(body, OrderEvent) and envelope.type == FILLED and body.fill_price is not None:
            await self.keeper.keep(conn, fill_draft(body))
            self.observer.filled(body.symbol)
        return None

    async def tools(self, conn: Connection, _envelope: Envelope, body: Message) -> Message | None:
        """`ce3.tools.finished`: good results of a person's turns, kept for that person."""
        person = await person_of(conn)
        if isinstance(body, ToolFinished) and person is not None and worth_keeping(body):
            await self.keeper.keep(conn, tool_draft(body, person=person, now=self.clock.now()))
        return None


async def person_of(conn: Connection) -> str | None:
    """The person on whose behalf this transaction runs: the verified actor, which the row policies see too."""
    cursor = await conn.execute("SELECT nullif(current_setting('qbtc.user', true), '') AS person")
    row = await cursor.fetchone()
    return str(row["person"]) if row and row["person"] else None


def checked_state(query: ConsciousnessQuery) -> State | None:
    if query.state is None:
        return None
    try:
        return state_of(*query.state)
    except ValueError as error:
        raise BadMemory(str(error), field="state") from None


def fill_draft(order: OrderEvent) -> Draft:
    quantity, price = (
        order.fill_quantity or order.quantity,
        order.fill_price or order.price or "",
    )
    fee = f"{order.fee} {order.fee_asset or ''}".strip() if order.fee else None
    return Draft(
        text=fill_text(
            side=order.side.value,
            quantity=quantity,
            symbol=order.symbol,
            price=price,
            fee=fee,
            strategy=order.strategy,
        ),
        kind="trade",
        scope="desk",
        owner=None,
        happened_at=datetime.fromtimestamp(order.at / SECOND, UTC),
        session=order.client_order_id,
        symbol=order.symbol,
        metadata={
            "client_order_id": order.client_order_id,
            "trade_id": order.trade_id,
            "side": order.side.value,
            "quantity": quantity,
            "price": price,
            "maker": order.maker,
            "reason": order.reason,
            "venue": order.venue,
            "strategy": order.strategy,
            "fee": order.fee,
            "fee_asset": order.fee_asset,
        },
    )


def worth_keeping(result: ToolFinished) -> bool:
    """A result that succeeded, says something, and is not itself a memory."""
    empty = result.result in (None, "", [], {})
    return result.ok and not empty and not any(word in result.tool.lower() for word in ECHOES)


def tool_draft(result: ToolFinished, *, person: str, now: datetime) -> Draft:
    shown = result.result if isinstance(result.result, str) else json.dumps(result.result, ensure_ascii=False)
    cut = shown.replace("\x00", "")[:TOOL_TEXT]
    return Draft(
        text=f"{result.tool}: {cut}" + ("…" if len(shown) > len(cut) else ""),
        kind="tool",
        scope="chat",
        owner=person,
        happened_at=now,
        session=result.conversation,
        metadata={
            "tool": result.tool,
            "turn": result.turn,
            "call_id": result.call_id,
            "milliseconds": result.milliseconds,
        },
    )
