"""Decisions into orders: strategy or person -> risk gate -> journal -> venue, and the venue's reports back to the desk.

Nothing on this path waits for database, bus or Redis: what they must hear goes to `Outgoing`. Sits between the pure
`Desk` and the ports Venue and Journal.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from time import perf_counter_ns

from qbtc.contracts.common import Scope, Side, TradingMode, TradingState
from qbtc.contracts.trading import OrderStatus
from qbtc.core.binance.errors import DUPLICATE_ORDER, Code
from qbtc.core.binance.user_data import AccountPosition, ExecutionReport
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import counter

from .domain.closing import reduces, unserved
from .domain.desk import Balance, Desk, Record
from .domain.latency import Stages
from .domain.orders import KILL, NO_MARK, Order, State, hot_strategy, made_here, strategy_order_id
from .domain.permission import Permission
from .domain.positions import Fill
from .domain.requests import Origin, cancel_query, order_query
from .domain.risk import Proposal, Verdict, shown
from .domain.risk_situation import Market
from .domain.session.ear import Ear, heard
from .domain.units import units
from .doubts import Doubts
from .errors import AlreadyPlaced, JournalBroken, NoSuchOrder, OrderRefused, ReadOnly, VenueRejected, VenueUnreachable
from .facts import OrderFact, Outgoing, ResetFact, fill_fact, order_event
from .kill import Killed, KillSwitch
from .ports import Journal, NoAnswer, UserEvent, Venue, VenueError, VenueOrder
from .reports import fill_of, order_of, why

log = get_logger(__name__)
REFUSED = counter("qbtc_hft_risk_refused", "Orders that a rule of the risk gate refused", ("rule",))

STATUS = {
    "NEW": State.ACKED,
    "PARTIALLY_FILLED": State.PARTIALLY_FILLED,
    "FILLED": State.FILLED,
    "CANCELED": State.CANCELLED,
    "EXPIRED": State.CANCELLED,
    "EXPIRED_IN_MATCH": State.CANCELLED,
    "REJECTED": State.REJECTED,
}
_ANNOUNCED = {
    State.CANCELLED: ("hft.order.cancelled", OrderStatus.CANCELLED),
    State.REJECTED: ("hft.order.rejected", OrderStatus.REJECTED),
}
OPEN_STATUS = ("NEW", "PARTIALLY_FILLED", "FILLED")
NO_SUCH_ORDER = -2013
KEPT_ORPHANS = 1_000
UNSURE = frozenset({-1000, -1001, -1006, -1007, -4116})
NEVER_CAME = "the venue never received it"
CLOSED = Market(None, None, False, ended=True)
ON_PAPER = Permission(TradingMode.PAPER, {})


class Trader:
    """Until an engine has called `follow`, every market is closed, so the gate refuses."""

    def __init__(
        self,
        desk: Desk,
        venue: Venue,
        journal: Journal,
        *,
        epoch: str,
        mark: str = NO_MARK,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        """`mark` is the installation's; `clock` is wall time in ns; market time comes from the engine."""
        self.desk, self.venue, self.journal, self.clock = desk, venue, journal, clock
        self.ear = desk.ear = Ear(perf_counter_ns)
        self.spawn: Callable[[Coroutine[object, object, None]], None] = self._spawn
        """How what takes time is begun."""
        self.switch = KillSwitch(self)
        self.doubts = Doubts(desk)
        self.out = Outgoing()
        self.stages = Stages()
        self.refused: dict[str, int] = {}
        self.last_refusal: Verdict | None = None
        self.trace: str | None = None
        self.on_fill: Callable[[Fill], None] = lambda _: None
        self.permission: Callable[[], Permission] = lambda: ON_PAPER
        """Asked before every order but those that close a position after a kill."""
        self.on_state: Callable[[], None] = lambda: None
        self.before_cancel: Callable[[], Awaitable[None]] = _nothing
        self.hot_prefix = ""
        """Of the ids of the hot engine that runs: its open orders are not lost ones."""
        self.hot_names: dict[str, str] = {}
        """Strategies by their words in such ids."""
        self.names: dict[tuple[str, str], str] = {}
        """Client order ids by symbol and the venue's number, of orders that the venue was asked for."""
        self._epoch, self.mark = epoch, mark
        self._market_of: Callable[[str], Market] = lambda _: CLOSED
        self._now: Callable[[], int] = lambda: 0
        self._unknown_ns = 0
        self._backlog: deque[Record] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._cancelling: set[str] = set()
        self._orphans: dict[str, list[Fill]] = {}

    def follow(
        self,
        market_of: Callable[[str], Market],
        now: Callable[[], int],
        *,
        on_fill: Callable[[Fill], None],
        unknown_seconds: float = 5.0,
    ) -> None:
        """Take markets and market time (ns) from an engine, and tell it every new fill."""
        self._market_of, self._now, self.on_fill = market_of, now, on_fill
        self._unknown_ns = int(unknown_seconds * 1e9)

    @heard("trader")
    def decide(self, p: Proposal, origin: Origin) -> Order:
        """Gate, desk and journal, without waiting for anything. Raises OrderRefused with the rule that said no, ReadOnly
        with what is missing for live trading."""
        self._permitted(closing=origin.closing)
        self._sendable(p)
        start = perf_counter_ns()
        verdict = self.desk.refusal(p, self._market_of(p.symbol), self.wall())
        self.stages.record("risk", perf_counter_ns() - start)
        if verdict is not None:
            raise self._refuse(verdict)
        order = self._order(p, origin)
        order.reduces = reduces(self.desk, p)
        start = perf_counter_ns()
        self._intend(order)
        self.desk.accept(order, self.wall())
        self.stages.record("journal", perf_counter_ns() - start)
        self._announce(order, "hft.order.sent", OrderStatus.SENT)
        self.ear.says("order", lambda: (order.client_order_id, order.strategy, order_query(order)))
        return order

    def would_refuse(self, p: Proposal) -> Verdict | None:
        """The first rule that says no to an order now; nothing is counted and nothing sent."""
        return self.desk.refusal(p, self._market_of(p.symbol), self.wall())

    def _sendable(self, p: Proposal) -> None:
        if p.trigger is None or not self.desk.futures:
            return
        self.refused["trigger"] = self.refused.get("trigger", 0) + 1
        why = "Stop and if-touched orders are not sent to USD-M futures"
        self.ear.says("refusal", lambda: ("trigger", None, why))
        raise OrderRefused(why, field="trigger", allowed="limit and market orders")

    def _permitted(self, *, closing: bool) -> None:
        given = self.permission()
        if given.allowed or closing:
            return
        self.refused["permission"] = self.refused.get("permission", 0) + 1
        why = "; ".join(f"{name.value}: {text}" for name, text in given.missing.items())
        names = [name.value for name in given.missing]
        raise ReadOnly(f"the venue is read-only. {why}", field=names[0], allowed=[*names])

    def _intend(self, order: Order) -> None:
        """No order without its intent in the journal, but what closes a position must not wait for a disk."""
        if order.closing:
            self.keep(self.desk.intent(order))
            return
        self.flush_journal()
        self.journal.append(self.desk.intent(order))

    def fire(self, p: Proposal, origin: Origin) -> Order | None:
        """For strategies: decide and send in the background; None when the gate refused."""
        try:
            order = self.decide(p, origin)
        except OrderRefused:
            return None
        except JournalBroken as error:  # market data must go on: without them nothing can be closed
            self.refused["journal"] = self.refused.get("journal", 0) + 1
            self.ear.says("refusal", lambda: ("journal", origin.strategy, "the journal takes no intent"))
            if self.refused["journal"] == 1:
                log.error("strategies cannot send: the journal takes no intent", error=error.detail)
            return None
        self.spawn(self._send_quietly(order, origin.frame_ns))
        return order

    async def place(self, p: Proposal, origin: Origin) -> Order:
        """For people: decide, send and wait for the venue's answer. Raises OrderRefused, VenueRejected, VenueUnreachable."""
        known = self.desk.orders.get(origin.client_order_id or "")
        if known is not None:
            return known
        if origin.client_order_id is not None and self.desk.was_placed(origin.client_order_id):
            raise AlreadyPlaced(f"the order {origin.client_order_id!r} was placed before and is closed")
        order = self.decide(p, origin)
        await self._send(order, origin.frame_ns)
        return order

    async def close(self, p: Proposal) -> Order:
        """For a kill: what closes a position is sent although trading is halted."""
        return await self.place(p, Origin(strategy=KILL, closing=True))

    async def _send_quietly(self, order: Order, frame_ns: int | None) -> None:
        try:
            await self._send(order, frame_ns)
        except (OrderRefused, VenueRejected, VenueUnreachable) as error:
            log.warning("order was not taken", client_order_id=order.client_order_id, error=error.detail)

    async def _send(self, order: Order, frame_ns: int | None) -> None:
        if self.desk.state is TradingState.HALTED and not order.closing:
            # A halt may come between the gate and this task's turn.
            self._step(order, State.REJECTED, reason="halted")
            raise OrderRefused("Trading was halted before the order was sent", field="trading_state")
        self._still_permitted(order)
        start = perf_counter_ns()
        if frame_ns is not None:
            self.stages.record("frame_to_sent", start - frame_ns)
        try:
            known = await self.venue.place(order)
        except (VenueError, NoAnswer) as error:
            raise self._not_taken(order, error) from None
        except Exception as error:  # an answer that cannot be read says nothing about the outcome
            raise self._not_taken(order, NoAnswer(f"{type(error).__name__}: {error}")) from error
        self.desk.told(order.client_order_id, number=known.venue_order_id)
        self.desk.accepted()
        self._step(order, State.ACKED)
        self.stages.record("ack", perf_counter_ns() - start)

    def _still_permitted(self, order: Order) -> None:
        """Permission may have gone between the gate and this task's turn."""
        try:
            self._permitted(closing=order.closing)
        except ReadOnly as error:
            self._step(order, State.REJECTED, reason=error.detail)
            raise

    def _not_taken(self, order: Order, error: VenueError | NoAnswer) -> VenueRejected | VenueUnreachable:
        """A refusal ends an order, unless it leaves open whether the venue has it."""
        if isinstance(error, VenueError) and not _unsure(error):
            self.desk.turned_down(self.wall())
            self._step(order, State.REJECTED, reason=str(error))
            return VenueRejected(error.code, error.message)
        self._step(order, State.UNKNOWN, reason=str(error))
        return VenueUnreachable(f"{error}; the order {order.client_order_id} is checked until its state is known")

    async def cancel(self, symbol: str, client_order_id: str) -> Order:
        order = self.desk.orders.get(client_order_id)
        if order is None or order.symbol != symbol:
            raise NoSuchOrder(f"no order {client_order_id!r} in {symbol}", field="client_order_id")
        self.desk.cancelling(self.wall())
        try:
            known = await self.venue.cancel(symbol, client_order_id)
        except VenueError as error:
            if order.open and error.code == Code.CANCEL_REJECTED:  # it is gone, and what we heard of it is not all
                with contextlib.suppress(NoAnswer):
                    await self.resolve([order])
            if not order.open:
                return order
            raise VenueRejected(error.code, error.message) from None
        except NoAnswer as error:
            raise VenueUnreachable(str(error)) from None
        self.desk.told(client_order_id, filled=known.filled)
        self._step(order, State.CANCELLED, reason="cancelled on request")
        return order

    def start_anew(self) -> None:
        """The account was given its starting balances: for the desk, the journal and the tables."""
        at_ns = self.wall()
        self.keep({**self.desk.start_anew(), "at": at_ns})
        self.out.put(ResetFact(at_ns))

    def end_unserved(self, reason: str) -> None:
        """Orders in symbols that the venue does not serve: nobody can ask for them, and the account began anew."""
        beyond = set(unserved(self.desk))
        for order in [o for o in self.desk.open_orders() if o.symbol in beyond]:
            self._step(order, State.CANCELLED, reason=reason)

    async def cancel_all(self, symbol: str) -> None:
        """One request for everything that is open in a symbol, also of other clients. Raises VenueError and NoAnswer."""
        self.desk.cancelling(self.wall())
        for known in await self.venue.cancel_all(symbol):
            order = self.desk.orders.get(known.client_order_id)
            if order is not None:
                self.desk.told(known.client_order_id, filled=known.filled)
                self._step(order, State.CANCELLED, reason="cancelled on request")

    def cancel_mine(self, symbol: str, strategy: str, *, side: Side | None = None, price: int | None = None) -> None:
        """Cancel a strategy's open orders, of one side and at one price if said; one that is being cancelled is left."""
        for order in self.desk.open_orders(symbol):
            wanted = side in (None, order.side) and price in (None, order.price)
            if order.strategy == strategy and wanted:
                self.cancel_soon(order)

    def cancel_soon(self, order: Order) -> None:
        if order.client_order_id not in self._cancelling:
            self._cancelling.add(order.client_order_id)
            self.ear.says("cancel", lambda: (order.client_order_id, order.strategy, cancel_query(order)))
            self.spawn(self._cancel_once(order))

    async def _cancel_once(self, order: Order) -> None:
        try:
            await self.cancel_quietly(order)
        finally:
            self.cancel_ended(order.client_order_id)

    @heard("trader")
    def cancel_ended(self, order_id: str) -> None:
        """A cancel was answered or failed; the order may be cancelled again."""
        self._cancelling.discard(order_id)

    def halt(self, scope: Scope, reason: str) -> None:
        """Halt at once, without waiting for what the scope asks for beyond that."""
        self.keep(self.desk.halt(Scope.PAUSE, reason, self.clock()))
        self.tell_state()
        self.spawn(self._kill(scope, reason))

    def tell_state(self) -> None:
        """To whoever must hear of it; their failure is not ours."""
        try:
            self.on_state()
        except Exception as error:
            log.error("the trading state was not passed on", error=f"{type(error).__name__}: {error}")

    async def hush(self) -> None:
        """Wait for `before_cancel`; its failure keeps nothing from being cancelled."""
        try:
            await self.before_cancel()
        except Exception as error:
            log.error("what must stop before a cancel may go on", error=f"{type(error).__name__}: {error}")

    async def _kill(self, scope: Scope, reason: str) -> None:
        await self.kill(scope, reason)

    async def cancel_quietly(self, order: Order) -> None:
        try:
            await self.cancel(order.symbol, order.client_order_id)
        except (VenueRejected, VenueUnreachable, NoSuchOrder) as error:
            log.warning("order was not cancelled", client_order_id=order.client_order_id, error=error.detail)

    async def kill(self, scope: Scope, reason: str) -> Killed:
        return await self.switch.kill(scope, reason)

    def resume(self, reason: str) -> None:
        """Raises JournalBroken and stays halted if the journal cannot take it: orders could not be sent anyway."""
        reason = reason or "resumed"
        self.flush_journal()
        self.journal.append(self.desk.state_record(TradingState.ACTIVE, reason))
        self.desk.set_state(TradingState.ACTIVE, reason)
        self.tell_state()

    @heard("trader")
    def on_user_event(self, event: UserEvent) -> None:
        if isinstance(event, AccountPosition):
            for row in event.balances:
                self.desk.balances[row.asset] = Balance(units(row.free), units(row.locked))
            self.doubts.compare(event)
        else:
            self._on_report(event)

    def _on_report(self, report: ExecutionReport) -> None:
        # A cancel report names the order in C and the cancel request in c.
        order_id = report.original_client_order_id or report.client_order_id
        order = self.desk.orders.get(order_id)
        if order is None and not self.owns(order_id):
            log.warning("another client uses this account", client_order_id=order_id, execution=report.execution)
            if report.execution == "TRADE" and self.desk.nets(report.symbol):
                self.count(fill_of(report, order_id, None))
            return
        if order is None and hot_strategy(order_id) is not None and report.status in OPEN_STATUS:
            order = self.adopt(order_of(report, order_id, self.strategy_of(order_id)))
        if order is not None:
            self.desk.told(order_id, number=str(report.order_id), on_book=report.on_book)
        if report.execution == "TRADE":
            self.count(fill_of(report, order_id, order.strategy if order else self.strategy_of(order_id)))
        state = STATUS.get(report.status)
        if order is not None and state not in (None, State.FILLED, State.PARTIALLY_FILLED):
            self._step(order, state, reason=why(report))

    def owns(self, order_id: str) -> bool:
        """Executions of our own orders count; those of other clients are booked as transfers unless the desk nets."""
        return self.desk.was_placed(order_id) or made_here(order_id, self._epoch, self.mark)

    @heard("trader")
    def count(self, fill: Fill) -> bool:
        """Count an execution if it is new: desk, journal, writer, strategy."""
        record = self.desk.fill(fill)
        if record is None:
            return False
        self.keep(record)
        self.desk.counters.on_fill(self.wall())
        self._orphan(fill)
        order = self.desk.orders.get(fill.client_order_id)
        self.out.put(fill_fact(fill, order, self.desk.position(fill.symbol), self.trace))
        if order is not None and order.state is State.FILLED:
            self.keep(_reached(order, fill.at_ns))
            self._put(order, "", OrderStatus.FILLED, None)
        self.on_fill(fill)
        return True

    # Orders of the hot engine, which it sends itself.

    def strategy_of(self, order_id: str) -> str | None:
        """The strategy that a hot engine's order id names."""
        word = hot_strategy(order_id)
        return None if word is None else self.hot_names.get(word, word)

    @heard("trader")
    def adopt(self, order: Order) -> Order:
        """An order that the hot engine has sent becomes one of the desk's."""
        known = self.desk.orders.get(order.client_order_id)
        if known is not None:
            return known
        early = self._orphans.pop(order.client_order_id, [])
        self.desk.accept(order, self.wall())
        for fill in early:
            order.fill(fill.quantity, fill.at_ns)
        self.keep(self.desk.intent(order) | {"filled": str(order.filled)})
        self._announce(order, "hft.order.sent", OrderStatus.SENT)
        if early:
            self.keep(_reached(order, early[-1].at_ns))
            self._put(order, "", OrderStatus.FILLED, None)
        return order

    def _orphan(self, fill: Fill) -> None:
        """An execution that was counted before its order was heard of."""
        if fill.client_order_id not in self.desk.orders and hot_strategy(fill.client_order_id) is not None:
            self._orphans.setdefault(fill.client_order_id, []).append(fill)
            if len(self._orphans) > KEPT_ORPHANS:
                del self._orphans[next(iter(self._orphans))]

    def not_answered(self, order_id: str) -> None:
        """An order that the engine has no answer to, and of which nothing was heard here either, is asked for."""
        order = self.desk.orders.get(order_id)
        if order is not None and order.state is State.SENT:
            self._step(order, State.UNKNOWN, reason="the venue did not answer the engine")

    def refused_by_venue(self, order_id: str, code: int) -> None:
        order = self.desk.orders.get(order_id)
        if order is not None:
            self._step(order, State.REJECTED, reason=f"the venue refused it (code {code})")

    async def resolve(self, orders: Iterable[Order]) -> None:
        """Ask the venue about orders of unknown state; one it does not have is rejected once it must have arrived."""
        for order in list(orders):
            try:
                known = await self.venue.order(order.symbol, order.client_order_id)
            except VenueError as error:
                if error.code == NO_SUCH_ORDER and self._overdue(order):
                    self._step(order, State.REJECTED, reason=NEVER_CAME)
                continue
            self.learn(order, known)

    def learn(self, order: Order, known: VenueOrder) -> None:
        """What the venue says of an order. It is filled here only when its executions are counted."""
        self.desk.told(order.client_order_id, number=known.venue_order_id, filled=known.filled)
        state = STATUS.get(known.status)
        if state is not None and not (state is State.FILLED and order.filled < known.filled):
            self._step(order, state, reason="found at the venue")

    def accounted(self, told: Mapping[str, int]) -> None:
        """`told`: what the venue had said orders had filled (1e-8) before every execution of the account was counted. What
        an order still lacks of it was counted before the order was heard of."""
        for order_id, filled in told.items():
            order = self.desk.orders.get(order_id)
            if order is None or order.symbol not in self.desk.instruments or order.filled >= filled:
                continue
            self.desk.counted_before(order_id, filled)
            if filled == order.quantity:
                self._step(order, State.FILLED, reason="its executions were counted before")

    def _overdue(self, order: Order) -> bool:
        """An order of an earlier process is as old as our first question about it."""
        if not order.sent_ns:
            self.desk.asked_about(order.client_order_id, self.wall())
        return self.wall() - order.sent_ns >= self._unknown_ns

    def recover(self) -> None:
        """After a restart: whatever the journal knows is stored again; the tables take each step and fill once. Then the
        desk keeps no more closed orders than usual: a journal that was never compacted has all of them."""
        for order in self.desk.orders.values():
            event = order_event(order, OrderStatus.SENT, max(order.created_ns, order.updated_ns))
            fact = OrderFact(
                "hft.order.sent", event, order.state.value, str(order.filled), order.created_ns, None, again=True
            )
            self.out.put(fact)
        for fill in self.desk.fills:
            self._orphan(fill)
            order_of = self.desk.orders.get(fill.client_order_id)
            self.out.put(fill_fact(fill, order_of, self.desk.position(fill.symbol), None))
        if self.desk.reset_ns:
            self.out.put(ResetFact(self.desk.reset_ns))
        self.desk.prune()

    def _order(self, p: Proposal, origin: Origin) -> Order:
        name = origin.strategy or "manual"
        order_id = origin.client_order_id or strategy_order_id(name, self._epoch, self.desk.next_sequence())
        return Order(
            order_id,
            p.symbol,
            p.side,
            p.type,
            p.quantity,
            p.price,
            self._now(),
            strategy=origin.strategy,
            operation=origin.operation,
            ioc=origin.ioc,
            post=origin.post,
            fok=origin.fok,
            trigger=p.trigger,
            touched=p.touched,
            closing=origin.closing,
        )

    def _refuse(self, verdict: Verdict) -> OrderRefused:
        self.refused[verdict.rule] = self.refused.get(verdict.rule, 0) + 1
        REFUSED.labels(rule=verdict.rule).inc()
        self.last_refusal = verdict
        self.ear.says("refusal", lambda: (verdict.rule, None, verdict.reason))
        return OrderRefused(
            f"{verdict.reason[:1].upper()}{verdict.reason[1:]}", field=verdict.rule, allowed=shown(verdict.unit, verdict.limit)
        )

    def _step(self, order: Order, state: State, *, reason: str | None = None) -> None:
        record = self.desk.step(order.client_order_id, state, self._at(order), reason=reason)
        if record is None:
            return
        self.keep(record)
        key, status = _ANNOUNCED.get(state, ("", OrderStatus.SENT))
        self._put(order, key, status, reason)

    def _at(self, order: Order) -> int:
        """Market time of a step. Before the first frame it is not known, and a step is never before the last one: the
        tables would take it for an old one."""
        return max(self._now(), order.updated_ns)

    def keep(self, record: Record) -> None:
        """Journal what has happened. A disk that is full must not stop a cancel or a fill: the record waits."""
        self._backlog.append(record)
        try:
            self.flush_journal()
        except JournalBroken as error:
            log.error("a fact is not journalled yet", kind=record["k"], waiting=len(self._backlog), error=error.detail)

    def flush_journal(self) -> None:
        """Write what waits, in its order. Raises JournalBroken."""
        while self._backlog:
            self.journal.append(self._backlog[0])
            self._backlog.popleft()

    def catch_up(self) -> None:
        """Write what waits for the disk, if it takes it now."""
        waiting = len(self._backlog)
        with contextlib.suppress(JournalBroken):
            self.flush_journal()
        if waiting and not self._backlog:
            log.info("what waited is journalled", records=waiting)

    def compact(self) -> bool:
        """Start the journal again from a checkpoint, which holds what waited for the disk too. False if it cannot be."""
        try:
            self.journal.compact(self.desk.checkpoint())
        except JournalBroken as error:
            log.error("the journal was not compacted", error=error.detail)
            return False
        self._backlog.clear()
        return True

    def _announce(self, order: Order, key: str, status: OrderStatus) -> None:
        self._put(order, key, status, None)

    def _put(self, order: Order, key: str, status: OrderStatus, reason: str | None) -> None:
        event = order_event(order, status, self._at(order), reason=reason)
        self.out.put(OrderFact(key, event, order.state.value, str(order.filled), order.created_ns, self.trace))

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def wall(self) -> int:
        """ns of the clock that counts rates and ages; while one thing is heard it stands still."""
        return self.ear.now()


def _reached(order: Order, at_ns: int) -> Record:
    """The record of the state that executions brought an order to."""
    return {"k": "order", "id": order.client_order_id, "state": order.state.value, "at": at_ns, "reason": None}


async def _nothing() -> None:
    return


def _unsure(error: VenueError) -> bool:
    """Errors whose meaning is that the outcome is not known, and the answer to an order that came twice."""
    return error.code in UNSURE or (error.code, error.message) == (Code.NEW_ORDER_REJECTED, DUPLICATE_ORDER)
