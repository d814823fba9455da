"""The kill switch: halt at once, cancel until nothing is open, close positions until they are flat.

One kill works at a time; another one that comes meanwhile halts at once and then waits for its turn, so that no
position is closed twice. Nothing here waits for a disk, and no failure of one order keeps from the others.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from time import monotonic
from typing import TYPE_CHECKING, TypedDict

from qbtc.contracts.common import Scope, TradingState
from qbtc.kit.logs import get_logger

from .domain.closing import closing, held, unserved
from .domain.orders import Order
from .domain.risk import Proposal
from .errors import OrderRefused, VenueRejected, VenueUnreachable
from .pause import Pause

if TYPE_CHECKING:
    from .trader import Trader

log = get_logger(__name__)

KILL_SECONDS = 3.0
ROUND_SECONDS, ROUND_SECONDS_MAX = 0.05, 1.0
SWEEP_SECONDS, REPORT_SECONDS = 0.5, 0.1
REFUSED_SECONDS = 0.25
PURSUE_SECONDS = 1.0
CANCEL_PAUSE, CANCEL_PAUSE_MAX = 0.25, 5.0
CLOSE_SECONDS, CLOSE_SECONDS_MAX = 1.0, 30.0
"""Between two attempts to close what a kill could not, each twice as long as the one before."""
NO_FUNDS = -2010
FILTER, TOO_MUCH = -1013, -4005
"""An order that a filter of a spot venue refuses; a quantity beyond the largest of futures."""


class Killed(TypedDict):
    """What a kill did, and what it leaves: orders that are still open and, after a flatten, symbols that are not flat."""

    cancelled: int
    closing: int
    still_open: int
    not_flat: list[str]
    unserved: list[str]
    """Symbols with orders or a position that the venue does not serve in this session, which no kill can reach."""


class KillSwitch:
    """`seconds` is the time for cancelling, and again for closing."""

    def __init__(self, trader: Trader, *, seconds: float = KILL_SECONDS) -> None:
        self._trader, self._desk = trader, trader.desk
        self.seconds = seconds
        self._lock = asyncio.Lock()
        self._short: set[str] = set()
        """Symbols of which the venue has just said that the account has too little: of all it holds and of what is free of
        it, the other one is tried next."""
        self._largest: dict[str, int] = {}
        """Of one closing order, in 1e-8, where the venue has refused a larger one: half of that. What the venue says of it
        beforehand changes with its volume, and may be a day old when a kill comes."""
        self._cancels, self._closes = Pause(CANCEL_PAUSE, CANCEL_PAUSE_MAX), Pause(CLOSE_SECONDS, CLOSE_SECONDS_MAX)

    async def kill(self, scope: Scope, reason: str) -> Killed:
        """Halt at once; then, as far as the scope reaches, cancel everything and close positions."""
        self._trader.keep(self._desk.halt(scope, reason or f"kill {scope.value}", self._trader.clock()))
        self._trader.tell_state()
        log.warning("trading halted", scope=scope.value, reason=reason)
        cancelled = sent = 0
        await self._trader.hush()
        if scope is not Scope.PAUSE:
            async with self._lock:
                cancelled = await self._cancel_all()
                self._cancels.over()
                self._closes.over()
                self._short.clear()
                self._largest.clear()
                sent = await self._close_all() if scope is Scope.FLATTEN else 0
        left = sorted(self._held()) if scope is Scope.FLATTEN else []
        beyond = unserved(self._desk) if scope is not Scope.PAUSE else []
        return {"cancelled": cancelled, "closing": sent, "still_open": len(self._open()), "not_flat": left, "unserved": beyond}

    async def pursue(self) -> None:
        """Once more cancel what is still open and close what is still held after a kill; for a task that looks again and
        again until `resume`."""
        if not self._halted or self._desk.scope is Scope.PAUSE or self._lock.locked():
            return
        async with self._lock:
            await self._cancel_again(self._open())
            if self._may_close():
                self._closes.tried()
                if await self._close_round(set()) and self._largest:
                    self._closes.over()  # it is closed part by part

    async def _cancel_again(self, orders: list[Order]) -> None:
        if not orders:
            self._cancels.over()
        elif self._cancels.due:
            self._cancels.tried()
            await self._cancel_round(orders, PURSUE_SECONDS)

    def _may_close(self) -> bool:
        """Later than in the kill itself, only what is certainly held is closed."""
        wanted = self._halted and self._desk.scope is Scope.FLATTEN and self._desk.reconciled
        return wanted and self._closes.due and bool(self._held())

    @property
    def _halted(self) -> bool:
        return self._desk.state is TradingState.HALTED

    def _open(self) -> list[Order]:
        """What closes a position is left to do so; what the venue does not serve cannot be cancelled."""
        beyond = set(unserved(self._desk))
        return [o for o in self._desk.open_orders() if not o.closing and o.symbol not in beyond]

    def _held(self) -> set[str]:
        """What can be closed at all."""
        return set(held(self._desk)) - set(unserved(self._desk))

    async def _cancel_all(self) -> int:
        until, seen, pause = monotonic() + self.seconds, dict[str, Order](), ROUND_SECONDS
        while self._halted and (orders := self._open()):
            seen |= {o.client_order_id: o for o in orders}
            await self._cancel_round(orders, until - monotonic())
            if not self._open():
                break
            if monotonic() >= until:
                log.error("orders are still open after a kill", orders=[o.client_order_id for o in self._open()])
                break
            await asyncio.sleep(min(pause, max(until - monotonic(), 0)))
            pause = min(2 * pause, ROUND_SECONDS_MAX)
        return sum(not o.open for o in seen.values())

    async def _cancel_round(self, orders: list[Order], seconds: float) -> None:
        try:
            async with asyncio.timeout(max(seconds, ROUND_SECONDS)):
                left = await self._sweep(orders)
                done = await asyncio.gather(*(self._trader.cancel_quietly(o) for o in left), return_exceptions=True)
            for error in filter(None, done):
                log.error("a cancel failed", error=f"{type(error).__name__}: {error}")
        except TimeoutError:
            log.warning("cancels were not answered in time", orders=len(orders))

    async def _sweep(self, orders: list[Order]) -> list[Order]:
        """One request for each symbol with several orders, so that many orders do not cost many requests; what that
        leaves open, or does not say is gone, is for single ones."""
        many = [symbol for symbol, count in Counter(o.symbol for o in orders).items() if count > 1]
        if many:
            try:
                async with asyncio.timeout(SWEEP_SECONDS):
                    await asyncio.gather(*(self._sweep_one(symbol) for symbol in many))
            except TimeoutError:
                log.warning("cancelling by symbol was not answered in time", symbols=many)
        return [o for o in orders if o.open]

    async def _sweep_one(self, symbol: str) -> None:
        try:
            await self._trader.cancel_all(symbol)
        except Exception as error:  # whatever it is, the orders are then cancelled one by one
            log.warning("not cancelled by symbol", symbol=symbol, error=f"{type(error).__name__}: {error}")
            return
        if self._desk.futures:
            await asyncio.sleep(REPORT_SECONDS)

    async def _close_all(self) -> int:
        """Market orders until every position is flat; a symbol the venue refuses for good is left alone."""
        until, sent, hopeless = monotonic() + self.seconds, 0, set[str]()
        while self._halted:
            sent += await self._close_round(hopeless)
            if self._held() <= hopeless or monotonic() >= until:
                break
            await asyncio.sleep(ROUND_SECONDS)
        if left := self._held():
            log.error("positions are not flat after a kill", symbols=sorted(left))
        return sent

    async def _close_round(self, hopeless: set[str]) -> int:
        """How many closing orders went out."""
        wanted = sorted(self._held() - hopeless)
        return sum(await asyncio.gather(*(self._close(symbol, hopeless) for symbol in wanted)))

    async def _close(self, symbol: str, hopeless: set[str]) -> bool:
        proposal = closing(self._desk, symbol, free=symbol in self._short, largest=self._largest.get(symbol))
        if proposal is None:
            hopeless |= {symbol} - self._desk.instruments.keys()
            return False
        try:
            await self._trader.close(proposal)
        except VenueRejected as error:
            log.error("position was not closed", symbol=symbol, error=error.detail)
            if not self._smaller(proposal, error):
                hopeless.add(symbol)
            await asyncio.sleep(REFUSED_SECONDS)
            return False
        except OrderRefused as error:
            log.error("position was not closed", symbol=symbol, error=error.detail)
            await asyncio.sleep(REFUSED_SECONDS)
            return False
        except VenueUnreachable as error:
            log.error("position may not be closed", symbol=symbol, error=error.detail)
        except Exception as error:  # the other positions are closed all the same
            log.error("position was not closed", symbol=symbol, error=f"{type(error).__name__}: {error}")
            await asyncio.sleep(REFUSED_SECONDS)
            return False
        return True

    def _smaller(self, p: Proposal, error: VenueRejected) -> bool:
        """Take note of what the venue says is too much, for another attempt. False: it is no matter of the size."""
        if error.code == NO_FUNDS:
            self._short ^= {p.symbol}
            return True
        too_large = error.code == TOO_MUCH or (error.code == FILTER and "LOT_SIZE" in error.detail)
        if too_large and p.quantity // 2 >= self._desk.instruments[p.symbol].lot_units:
            self._largest[p.symbol] = p.quantity // 2
            return True
        self._largest.pop(p.symbol, None)
        return False
