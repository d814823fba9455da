"""The workspace in the service: what the bus says becomes candidates, every few seconds some of them win, all are told.

Everything between cycles is in the database: whichever replica of CIO locks the state runs the next cycle, a restart loses
nothing, and a cycle, its record and its broadcast are one transaction. Offers are made in the transaction of the message
that they come from. Without an offer there is no cycle and no broadcast.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from qbtc.contracts import Envelope, Message
from qbtc.contracts.memory import Recall, Reflection
from qbtc.contracts.quantum import QuantumState
from qbtc.contracts.tools import ToolFinished
from qbtc.contracts.trading import OrderEvent, Signal
from qbtc.contracts.workspace import Attended, WorkspaceBroadcast, WorkspaceHeard
from qbtc.kit.clock import Clock
from qbtc.kit.metrics import counter
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

from .adapters import attention
from .adapters.attention import Heard, Pending
from .domain import offers
from .domain.moments import SECOND
from .domain.workspace import Broadcast, Candidate, Goal, Rules, WorkspaceState, begin, cycle, learn
from .ports import States

Emit = Callable[[Connection, str, Message], Awaitable[object]]
FILLED, REJECTED = "hft.order.filled", "hft.order.rejected"


@dataclass(frozen=True, slots=True)
class Attending:
    """How it is set: `every` seconds a cycle, `horizon` market seconds until a regime or a reflection proves right."""

    rules: Rules
    every: float
    horizon: float


class Attention:
    """Offers, outcomes and cycles. Methods that take `conn` work in the transaction of the message."""

    def __init__(self, store: Store, states: States, emit: Emit, clock: Clock, *, how: Attending) -> None:
        self._store, self._states, self._emit, self._clock, self.how = store, states, emit, clock, how
        self._cycles = counter("qbtc_cio_workspace_cycles_total", "Cycles of the workspace that had candidates")
        self._offered = counter("qbtc_cio_workspace_offers_total", "Candidates offered to the workspace", ("kind",))

    async def tool(self, conn: Connection, done: ToolFinished) -> None:
        """A tool's result: whether it succeeded is also what becomes of the candidate."""
        one = offers.of_tool(done, self._clock.now_ns())
        await self._offer(conn, one)
        await self._became(conn, one, done.ok)

    async def order(self, conn: Connection, envelope: Envelope, order: OrderEvent, earned: bool | None) -> None:
        """A fill or a rejection; `earned`: whether the fill closed something with a gain, None when it closed nothing."""
        now = self._clock.now_ns()
        if envelope.type == FILLED and order.fill_price is not None:
            one = offers.of_fill(order, now)
            await self._offer(conn, one)
            if earned is not None:
                await self._became(conn, one, earned)
        elif envelope.type == REJECTED:
            await self._offer(conn, offers.of_rejection(order, now))

    async def market(self, conn: Connection, bar: QuantumState) -> None:
        """Regime changes are offered; those said earlier prove right when the regime is still the same now."""
        now = self._clock.now_ns()
        for state in bar.states:
            for said, regime in await attention.regimes_due(conn, state.symbol, bar.session, bar.bar_end):
                await self._became(conn, said, regime == state.regime)
            if state.regime_changed:
                one = offers.of_regime(state, bar.bar_end, now)
                await self._offer(conn, one)
                due = bar.bar_end + int(self.how.horizon * SECOND)
                await attention.await_outcome(conn, [Pending(one, state.symbol, due, bar.session, state.regime)])

    async def signal(self, conn: Connection, envelope: Envelope, signal: Signal) -> None:
        """It proves right when its regime is still there once it is no longer valid."""
        one = offers.of_signal(signal, envelope.source, envelope.id, self._clock.now_ns())
        await self._offer(conn, one)
        await attention.await_outcome(conn, [Pending(one, signal.symbol, signal.valid_until, regime=signal.regime)])

    async def reflected(self, conn: Connection, reflection: Reflection) -> None:
        """A reflection that leans one way proves right when what followed went that way."""
        moment = reflection.moment_id
        state = (await self._states.get(conn, [moment])).get(moment) if moment is not None else None
        seen = tuple(state.vector.tolist()) if state is not None else ()
        one = offers.of_reflection(reflection, seen, self._clock.now_ns())
        await self._offer(conn, one)
        if reflection.bias and reflection.symbol:
            wait = Pending(one, reflection.symbol, 0, moment_id=reflection.moment_id, bias=reflection.bias)
            await attention.await_outcome(conn, [wait])

    async def question(self, conn: Connection, envelope: Envelope, answer: Recall) -> None:
        one = offers.of_question(envelope.source, envelope.id, self._clock.now_ns())
        await self._offer(conn, one)
        await self._became(conn, one, offers.answered(answer))

    async def heard(self, conn: Connection, envelope: Envelope, said: WorkspaceHeard) -> None:
        await attention.hear(conn, Heard(envelope.source, said.number, self._clock.now_ns(), said.held))

    async def _offer(self, conn: Connection, one: Candidate) -> None:
        await attention.offer(conn, [one])
        self._offered.labels(one.kind).inc()

    async def _became(self, conn: Connection, one: Candidate, right: bool) -> None:
        await attention.become(conn, [offers.outcome(one, right)], self._clock.now_ns())

    async def goals(self, weights: Sequence[Goal]) -> WorkspaceState:
        """Set what people want; the next cycle goes by it. Raises ValueError for a bad weight."""
        async with self._store.transaction() as conn:
            begin(offers.MODULES, weights, self.how.rules)
            now = replace(await self._state(conn), goals=tuple(weights))
            await attention.put_state(conn, now)
        return now

    async def state(self, conn: Connection) -> WorkspaceState:
        found = await attention.state(conn)
        return replace(found or begin(offers.MODULES, offers.GOALS, self.how.rules), rules=self.how.rules)

    async def _state(self, conn: Connection) -> WorkspaceState:
        """The state, locked; made when there is none yet."""
        if await attention.state(conn, lock=True) is None:
            await attention.put_state(conn, begin(offers.MODULES, offers.GOALS, self.how.rules))
        return await self.state(conn)

    async def once(self) -> Broadcast | None:
        """One cycle over what waits; None when nothing does."""
        async with self._store.transaction() as conn:
            before = await self._state(conn)
            waiting = await attention.offers(conn)
            if not waiting:
                return None
            return await self._cycle(conn, before, waiting)

    async def _cycle(self, conn: Connection, before: WorkspaceState, waiting: list[Candidate]) -> Broadcast:
        for said, right in await attention.followed(conn):
            await self._became(conn, said, right)
        names = {one.name for one in waiting}
        # What becomes of a candidate may be known already; it is learned after the cycle in which the candidate competes.
        outcomes = [one for one in await attention.open_outcomes(conn) if one.name not in names]
        now, context = max(self._clock.now_ns(), before.at), await attention.present(conn)
        ready = replace(learn(before, outcomes), context=context)
        after, told = cycle(ready, [replace(one, at=min(one.at, now)) for one in waiting], now)
        await attention.learned(conn, outcomes, told.number)
        await attention.taken(conn, [one.name for one in waiting])
        await attention.put_state(conn, after)
        await attention.put_cycle(conn, told, context)
        await attention.hear(conn, Heard("cio", told.number, now, ()))
        await self._emit(conn, "cio.workspace.broadcast", broadcast(told))
        self._cycles.inc()
        return told

    async def run(self) -> None:
        while True:
            await asyncio.sleep(self.how.every)
            await self.once()


def broadcast(told: Broadcast) -> WorkspaceBroadcast:
    """What the others are told of a cycle."""
    winners = tuple(
        Attended.model_validate({
            "name": one.candidate.name, "source": one.candidate.source, "kind": one.candidate.kind,
            "topic": one.candidate.topic, "at": one.candidate.at, "salience": one.salience,
        })
        for one in told.winners
    )  # fmt: skip
    return WorkspaceBroadcast(number=told.number, at=told.at, winners=winners, passed_over=len(told.passed_over))
