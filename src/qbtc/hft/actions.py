"""What people may ask of trading, from HTTP and the bus alike: orders, cancels, strategies, kill and resume."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import replace

from pydantic import JsonValue

from qbtc.contracts import Scope, TradingMode
from qbtc.contracts.common import OrderType, Side
from qbtc.contracts.trading import CancelOrder, OrderEvent, PlaceOrder, SetStrategy
from qbtc.core.market.instrument import Instrument, OffGrid

from .domain.orders import Order
from .domain.requests import Origin
from .domain.risk import Proposal, shown
from .domain.strategy import Strategy
from .engine import Engine
from .errors import ApprovalMismatch, BadParameter, HotConflict, NoSuchSymbol, NotPaper, VenueRejected, VenueUnreachable
from .hot import HotTier
from .kill import Killed
from .ports import Files, NoAnswer, StrategyChoice, VenueError
from .reconciler import reconcile
from .sessions.recorder import Recorder
from .trader import Trader

Allowed = Callable[[Instrument, Side, str], Awaitable[str | None]]
"""What the venue would take instead of what it refused with these words; None when that is not known."""


async def _not_known(_instrument: Instrument, _side: Side, _refusal: str) -> str | None:
    return None


class Actions:
    def __init__(
        self, engine: Engine, trader: Trader, *, hot: HotTier | None = None, shelf: Files | None = None,
        allowed: Allowed = _not_known, recorder: Recorder | None = None,
    ) -> None:
        """Without a `shelf` strategies stay what they were when HFT started, without a `recorder` nothing is recorded."""
        self._engine, self._trader, self._hot, self._shelf = engine, trader, hot, shelf
        self._allowed, self._recorder = allowed, recorder

    async def place(self, body: PlaceOrder, *, client_order_id: str, operation: str | None) -> Order:
        """Place an order once: the same `client_order_id` again gives the order that already exists."""
        instrument = self._instrument(body.symbol)
        p = Proposal(
            body.symbol, body.side, body.type, _quantity(instrument, body.quantity), _price(instrument, body.price)
        )
        try:
            return await self._trader.place(p, Origin(client_order_id=client_order_id, operation=operation))
        except VenueRejected as error:
            error.allowed = await self._allowed(instrument, body.side, error.detail)
            raise

    def check(self, body: PlaceOrder) -> dict[str, JsonValue]:
        """Whether the gate would let it pass now: `ok`, or else `rule`, `reason`, `value` and `allowed`. Nothing is sent.

        Raises NoSuchSymbol and BadParameter as placing it would.
        """
        instrument = self._instrument(body.symbol)
        p = Proposal(
            body.symbol, body.side, body.type, _quantity(instrument, body.quantity), _price(instrument, body.price)
        )
        wrong = self._trader.would_refuse(p)
        if wrong is None:
            return {"ok": True}
        return {"ok": False, "rule": wrong.rule, "reason": wrong.reason, "value": shown(wrong.unit, wrong.value),
                "allowed": shown(wrong.unit, wrong.limit) if wrong.unit != "flag" else None}  # fmt: skip

    async def place_approved(self, proposed: OrderEvent, approved: OrderEvent) -> Order:
        """Place what was proposed, if that is what was approved."""
        for name in ("symbol", "side", "type", "quantity", "price"):
            if getattr(proposed, name) != getattr(approved, name):
                raise ApprovalMismatch(
                    f"{name}: proposed {getattr(proposed, name)!r}, approved {getattr(approved, name)!r}", field=name
                )
        body = PlaceOrder(
            symbol=proposed.symbol,
            side=Side(proposed.side),
            type=OrderType(proposed.type),
            quantity=proposed.quantity,
            price=proposed.price,
        )
        return await self.place(body, client_order_id=proposed.client_order_id, operation=None)

    async def cancel(self, body: CancelOrder) -> Order:
        return await self._trader.cancel(body.symbol, body.client_order_id)

    async def set_strategy(self, body: SetStrategy) -> StrategyChoice:
        """A start reads and compiles the strategy's file as it is now, unless it runs already.

        Raises NoSuchStrategy, BrokenStrategy, BadParameter for what it cannot take, HotConflict for a tier that is not free.
        """
        name, start = body.strategy, body.action == "start"
        if start and self._shelf is not None:
            await self._shelf.fresh(name)
        self._check_legs(self._engine.strategist.find(name), body)
        chosen = self._choose(name, body)
        in_service = start and chosen.tier == "service"
        if in_service and self._recorder is not None and (name not in self._engine.running or body.record is not None):
            self._recorder.starting(name, wanted=chosen.record)
        try:
            strategy = self._engine.set_strategy(name, start=in_service, parameters=body.parameters, legs=body.legs)
        except ValueError as error:
            raise BadParameter(str(error), field="legs" if body.legs else "parameters") from None
        if start and not in_service:
            self._tier.start(strategy, spin=chosen.spin, record=chosen.record)
        elif self._hot is not None and self._hot.name == name:
            self._hot.stop()
        return replace(chosen, parameters=strategy.chosen, legs=strategy.placement)

    def _check_legs(self, strategy: Strategy, body: SetStrategy) -> None:
        """Raises BadParameter for legs without a symbol of this session each, and for a tier that takes one market."""
        if body.action != "start" or not (strategy.legs or body.legs):
            return
        if body.tier == "hot":
            raise BadParameter(f"{strategy.name} trades several markets at once, which the hot loop does not", field="tier", allowed="service")
        if {*(body.legs or strategy.placement)} != {*strategy.legs}:
            wanted = " ".join(f"{leg}=SYMBOL" for leg in strategy.legs) or "none: it trades one market"
            raise BadParameter(f"{strategy.name} needs a symbol for each of its legs", field="legs", allowed=wanted)
        session = self._engine.feed.symbols if self._engine.feed is not None else ()
        missing = [symbol for symbol in body.legs.values() if session and symbol not in session]
        if missing:
            raise BadParameter(f"not in this session: {', '.join(missing)}", field="legs", allowed=[*session])

    def _choose(self, name: str, body: SetStrategy) -> StrategyChoice:
        """The tier that is asked for, or where it runs now; recorded as is asked for, or as it is now. Raises HotConflict when
        the tier is not free, BadParameter where nothing can be recorded."""
        start, here = body.action == "start", self._hot is not None and self._hot.name == name
        tier = body.tier or ("hot" if here else "service")
        spin = tier == "hot" and (body.spin or (body.tier is None and here and self._tier.spins(name)))
        if start and tier == "hot":
            self._tier.check(name)
        elif start and self._hot is not None:
            self._hot.check_service(name)
        return StrategyChoice(start, {}, tier, spin, self._record(name, body) if start else None)

    def _record(self, name: str, body: SetStrategy) -> bool | None:
        if body.record and self._recorder is None and self._hot is None:
            raise BadParameter("sessions at a live venue are not recorded", field="record", allowed="the local venue, or --no-record")
        if body.record is not None or not self._engine.strategist.busy(name):
            return body.record
        if self._hot is not None and self._hot.name == name:
            return self._hot.recorded(name)
        return self._recorder.chosen(name) if self._recorder is not None else None

    @property
    def _tier(self) -> HotTier:
        if self._hot is None:
            raise HotConflict("the hot tier trades on the local venue only", field="tier", allowed=["service"])
        return self._hot

    async def reset_paper(self) -> None:
        """Starting balances at the venue, and a desk without positions. Nothing is sent while it lasts.

        Raises NotPaper for a live venue; Unavailable when the venue does not answer, and then nothing has changed here.
        """
        if self._trader.permission().mode is not TradingMode.PAPER:
            raise NotPaper("orders go to a live venue: its account cannot be reset", field="venue", allowed="local")
        async with self._hot.held() if self._hot is not None else nullcontext():
            await self._reset_paper()

    async def _reset_paper(self) -> None:
        trader, desk = self._trader, self._engine.desk
        desk.compared(agrees=False)
        try:
            await trader.venue.reset_paper()
        except (VenueError, NoAnswer) as error:
            raise VenueUnreachable(f"the venue did not reset the account: {error}") from None
        trader.start_anew()
        trader.end_unserved("paper reset")
        try:
            self._engine.report = await reconcile(trader)
        except (VenueError, NoAnswer) as error:
            raise VenueUnreachable(f"reset, but not yet reconciled: {error}; it is tried again") from None

    async def kill(self, scope: Scope, reason: str) -> Killed:
        return await self._trader.kill(scope, reason)

    def resume(self, reason: str) -> None:
        self._trader.resume(reason)
        if self._hot is not None:
            self._hot.resumed()

    def _instrument(self, symbol: str) -> Instrument:
        found = self._engine.desk.instruments.get(symbol)
        if found is None:
            raise NoSuchSymbol(
                f"{symbol!r} is not in this session", field="symbol", allowed=[*sorted(self._engine.desk.instruments)]
            )
        return found


def _quantity(instrument: Instrument, quantity: str) -> int:
    try:
        return instrument.to_lots(quantity) * instrument.lot_units
    except OffGrid as error:
        raise BadParameter(str(error), field="quantity", allowed=f"multiples of {instrument.lot_size:f}") from None


def _price(instrument: Instrument, price: str | None) -> int | None:
    if price is None:
        return None
    try:
        return instrument.to_ticks(price) * instrument.tick_units
    except OffGrid as error:
        raise BadParameter(str(error), field="price", allowed=f"multiples of {instrument.tick_size:f}") from None
