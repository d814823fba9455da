"""The self-model in the service: what tools, orders and trades came to, what that teaches, and its versions.

An outcome is learned in the transaction of the message that brought it, once, and stored with the probability that was
stated before. A version is made every `VERSION_EVERY` outcomes, or with the next one after an hour, so that a person can read
what changed and undo it. What was learned after an undone version is forgotten with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from qbtc.contracts.common import Side
from qbtc.contracts.tools import ToolFinished
from qbtc.contracts.trading import OrderEvent, OrderStatus
from qbtc.kit.clock import Clock
from qbtc.kit.errors import Conflict
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

from .adapters import self_rows
from .adapters.self_rows import Held
from .domain.selfmodel import LONGEST, SEPARATOR, Belief, Outcome, Rule, SelfModel
from .domain.trips import Fill, fee_in_quote, filled
from .domain.versions import History, Version, VersionRefused, begun

VERSION_EVERY, VERSION_NS = 25, 3_600 * 1_000_000_000
DAY_NS = 86_400 * 1_000_000_000
MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Knowledge:
    store: Store
    clock: Clock
    rule: Rule = field(default_factory=Rule)

    async def tool(self, conn: Connection, done: ToolFinished, *, person: bool) -> None:
        """`tool:NAME`; in a person's turn or in a service's own."""
        context = "asked by a person" if person else "asked by a service"
        await self.learn(conn, [self._outcome(f"tool:{done.tool}", context, done.ok)])

    async def order(self, conn: Connection, order: OrderEvent, status: OrderStatus) -> bool | None:
        """`order:TYPE` when it is filled or rejected, and `trade:STRATEGY` when a fill closes something.

        Returns whether what was closed earned more than its fees; None when nothing was.
        """
        if status not in (OrderStatus.FILLED, OrderStatus.REJECTED):
            return None
        kind = f"order:{order.type.value.lower()}"
        made = [self._outcome(kind, order.symbol, status is OrderStatus.FILLED)]
        earned = await self._earned(conn, order) if status is OrderStatus.FILLED else None
        if earned is not None:
            where = f"{order.symbol} {await self_rows.regime(conn, order.symbol)}"
            made.append(self._outcome(f"trade:{order.strategy or MANUAL}", where, earned > 0))
        await self.learn(conn, made)
        return None if earned is None else earned > 0

    async def _earned(self, conn: Connection, order: OrderEvent) -> Decimal | None:
        if order.fill_price is None or order.fill_quantity is None:
            return None
        price, sign = Decimal(order.fill_price), 1 if order.side is Side.BUY else -1
        fee = fee_in_quote(order.symbol, price, Decimal(order.fee or 0), order.fee_asset)
        venue, strategy = order.venue or "local", order.strategy or MANUAL
        held = await self_rows.position(conn, venue, strategy, order.symbol)
        after, earned = filled(held, Fill(sign * Decimal(order.fill_quantity), price, fee))
        await self_rows.put_position(conn, venue, strategy, order.symbol, after)
        return earned

    def _outcome(self, capability: str, context: str, succeeded: bool) -> Outcome:
        """Names that come from outside are made printable and short."""
        return Outcome(_printable(capability), _printable(context), succeeded, self.clock.now_ns())

    async def learn(self, conn: Connection, outcomes: Sequence[Outcome]) -> None:
        held = await self_rows.model(conn, self.rule, lock=True)
        for outcome in outcomes:
            said = held.model.can(outcome.capability, outcome.context, outcome.at).probability
            await self_rows.add_outcome(conn, outcome, said)
            held = Held(held.model.learned([outcome]), held.unversioned + 1)
        await self_rows.put_model(conn, await self._versioned(conn, held))

    async def _versioned(self, conn: Connection, held: Held) -> Held:
        """With a version of the beliefs when it is time for one."""
        now, known = self.clock.now_ns(), await self_rows.history(conn, "self")
        values = dict[str, object](self_rows.entries(held.model.beliefs))
        if known is None:
            await self_rows.add_version(conn, "self", begun(values, at=now, reason="the first outcomes").current)
            return replace(held, unversioned=0)
        if held.unversioned < VERSION_EVERY and now - known.current.at < VERSION_NS:
            return held
        after = known.commit(values, at=now, reason=f"{held.unversioned} outcomes learned")
        if after is not known:
            await self_rows.add_version(conn, "self", after.current)
            await self_rows.drop_old(conn, now - self_rows.KEPT_DAYS * DAY_NS)
        return replace(held, unversioned=0)

    async def now(self, conn: Connection) -> SelfModel:
        return (await self_rows.model(conn, self.rule)).model

    async def undo(self, person: str) -> Version[object]:
        """Back to the beliefs before the last version; what was learned since then is forgotten too."""
        async with self.store.transaction() as conn:
            await self_rows.model(conn, self.rule, lock=True)
            known = await self_rows.history(conn, "self")
            if known is None:
                raise Conflict("nothing was learned yet, so there is nothing to undo")
            try:
                restored = signed(known.undo(at=self.clock.now_ns()), person)
            except VersionRefused as error:
                raise Conflict(str(error)) from None
            await self_rows.add_version(conn, "self", restored)
            beliefs = self_rows.beliefs(restored.values)  # type: ignore[arg-type]
            await self_rows.put_model(conn, Held(SelfModel(self.rule, beliefs), 0))
        return restored


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name).replace(SEPARATOR, " at ")[:LONGEST].strip() or "?"


def signed(history: History[object], person: str) -> Version[object]:
    """The newest version, with who asked for it in the reason."""
    return replace(history.current, reason=f"{history.current.reason}, by {person}")


def shown_belief(entry: object) -> str:
    """A stored belief as people read it: share of successes, decayed count."""
    one = Belief(*entry) if isinstance(entry, list | tuple) else entry
    assert isinstance(one, Belief)
    return f"{one.successes / one.count if one.count else 0.5:.3f} of {one.count:.1f}"
