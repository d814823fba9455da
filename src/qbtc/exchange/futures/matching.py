"""The seam to matching: orders in ticks and lots in, fills and ends out; behind it the venue's matching core.

Funds, positions and filters are not its business. A MARKET order comes as an IOC order at the price that bounds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from ...core.market import background
from ...core.market.book import Level, Side
from ...core.market.orders import Cancelled, Event, Kind, Rejected, SelfTrade, TimeInForce, Traded
from ...core.market.orders import Order as CoreOrder
from ...core.market.orders import Reason as CoreReason

BACKGROUND = 0


class Fill(NamedTuple):
    """Ids of our orders, or BACKGROUND. `side` 1: the taker bought."""

    maker: int
    taker: int
    side: int
    tick: int
    lots: int


class Gone(NamedTuple):
    """An order left the book, or never entered it, with `lots` not traded."""

    order_id: int
    lots: int
    self_trade: bool


Step = Fill | Gone


class Wanted(NamedTuple):
    """An order for the book. `tif` GTC, IOC, FOK or GTX; `side` 1 buys."""

    order_id: int
    account: int
    side: int
    tick: int
    lots: int
    tif: str
    stp: str


class Matcher(Protocol):
    """One symbol. `side` of levels: 0 bids, 1 asks."""

    def submit(self, order: Wanted, now: int) -> list[Step]: ...
    def restore(self, order: Wanted) -> None: ...
    def cancel(self, order_id: int, now: int) -> bool: ...
    def update(self, bids: Iterable[Level], asks: Iterable[Level], now: int) -> list[Step]: ...
    def replace(self, bids: Iterable[Level], asks: Iterable[Level], now: int) -> list[Step]: ...
    def traded(self, tick: int, lots: int, side: int, now: int) -> list[Step]: ...
    def top(self, count: int, side: int) -> list[Level]: ...
    def changes(self) -> tuple[list[Level], list[Level]]: ...


class BackgroundMatcher:
    """`core.market.background` behind the seam: our orders against a set of levels."""

    def __init__(self) -> None:
        self._market = background.BackgroundMarket()
        self._update_id = 0
        self._touched: set[tuple[int, int]] = set()

    def submit(self, order: Wanted, now: int) -> list[Step]:
        return self._steps(self._market.submit(_core(order), now))

    def restore(self, order: Wanted) -> None:
        self._market.restore(_core(order), order.lots)

    def cancel(self, order_id: int, now: int) -> bool:
        return any(isinstance(event, Cancelled) for event in self._market.cancel(order_id, now))

    def update(self, bids: Iterable[Level], asks: Iterable[Level], now: int) -> list[Step]:
        bids, asks = list(bids), list(asks)
        self._touched.update((side, tick) for side, rows in ((0, bids), (1, asks)) for tick, _ in rows)
        self._update_id += 1
        return self._steps(self._market.on_depth(bids, asks, self._update_id, now))

    def replace(self, bids: Iterable[Level], asks: Iterable[Level], now: int) -> list[Step]:
        bids, asks = list(bids), list(asks)
        for side, rows in ((0, bids), (1, asks)):
            self._touched.update((side, tick) for tick, _ in [*self._market.book.walk(side), *rows])
        self._update_id += 1
        return self._steps(self._market.on_snapshot(bids, asks, self._update_id, now))

    def traded(self, tick: int, lots: int, side: int, now: int) -> list[Step]:
        return self._steps(self._market.on_trade(tick, lots, Side.BUY if side > 0 else Side.SELL, now))

    def top(self, count: int, side: int) -> list[Level]:
        return self._market.top(count, side)

    def changes(self) -> tuple[list[Level], list[Level]]:
        """Of the background and of our orders."""
        touched, self._touched = self._touched, set()
        for side, rows in enumerate(self._market.take_changes()):
            touched.update((side, tick) for tick, _ in rows)
        changed: tuple[list[Level], list[Level]] = ([], [])
        for side, tick in sorted(touched):
            changed[side].append((tick, self._market.displayed(side, tick)))
        return changed

    def _steps(self, events: Sequence[Event]) -> list[Step]:
        found: list[Step] = []
        for event in events:
            if isinstance(event, Traded):
                side = 1 if event.side is Side.BUY else -1
                found.append(Fill(event.maker_id, event.taker_id, side, event.tick, event.quantity))
            elif isinstance(event, Cancelled):
                found.append(Gone(event.order_id, event.remaining, event.reason is CoreReason.SELF_TRADE))
            elif isinstance(event, Rejected):
                found.append(Gone(event.order_id, 0, False))
        return found


_KIND = {"GTX": Kind.LIMIT_MAKER}
_TIF = {"IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}


def _core(order: Wanted) -> CoreOrder:
    return CoreOrder(
        order_id=order.order_id,
        account=order.account,
        side=Side.BUY if order.side > 0 else Side.SELL,
        kind=_KIND.get(order.tif, Kind.LIMIT),
        quantity=order.lots,
        tick=order.tick,
        tif=_TIF.get(order.tif, TimeInForce.GTC),
        stp=SelfTrade(order.stp),
    )
