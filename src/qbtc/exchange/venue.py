"""The venue's heart: accounts and order entry over the symbols' markets, every step a journaled fact.

State changes at once in memory; answers and user events wait for the journal's group commit. No sockets and no
clock: times are passed in, facts go to `record`, user events to `notify` through `after_commit`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from ..core.binance.errors import DUPLICATE_ORDER, INSUFFICIENT_BALANCE, MARKET_CLOSED, WOULD_MATCH, ApiError, Code
from ..core.market.book import Side
from ..core.market.orders import (
    BACKGROUND,
    Cancelled,
    Event,
    Kind,
    Order,
    Reason,
    Rejected,
    SelfTrade,
    TimeInForce,
    Traded,
)
from .facts import Fact, OrderClosed, OrderPlaced, OrderTraded
from .ledger import Ledger, OrderState
from .reports import Report
from .requests import Limits, OrderRequest, check_notional
from .symbol_market import SymbolMarket

_EIGHT = Decimal("0.00000001")
_CLOSED = {
    Reason.REQUESTED: "CANCELED",
    Reason.UNFILLED: "EXPIRED",
    Reason.SELF_TRADE: "EXPIRED_IN_MATCH",
}


@dataclass(frozen=True, slots=True)
class Fees:
    maker: Decimal
    taker: Decimal


class Venue:
    """`markets` by symbol; `closed` says whether orders are refused."""

    def __init__(self, ledger: Ledger, fees: Fees, limits: Limits, record: Callable[[Fact], None]) -> None:
        self.ledger = ledger
        self.fees = fees
        self.limits = limits
        self.markets: dict[str, SymbolMarket] = {}
        self.closed = False
        self._record = record
        self.on_report: Callable[[Report], None] = lambda report: None

    def market(self, symbol: str) -> SymbolMarket:
        found = self.markets.get(symbol)
        if found is None:
            raise ApiError(Code.BAD_SYMBOL)
        return found

    # ---- order entry

    def place(self, account: int, request: OrderRequest, now: int) -> OrderState:
        """Accept and match an order. Raises ApiError; then nothing changed."""
        market = self.market(request.symbol)
        if self.closed:
            raise ApiError(Code.NEW_ORDER_REJECTED, MARKET_CLOSED)
        self._check_unique(account, request.client_id)
        order = self._order(account, request, market)
        self._check_maker(order, market)
        placed = self._placed(account, request, market, now)
        self._check_funds(order, placed, market)
        self._apply(placed)
        self._report(placed.order_id, "NEW", None, now)
        self.settle(request.symbol, market.submit(order, now), now)
        market.flush(now)
        return self.ledger.orders[placed.order_id]

    def cancel(self, account: int, order: OrderState, now: int) -> OrderState:
        """Cancel an open order. Raises ApiError -2011 if it is not open."""
        if not order.open or order.placed.account != account:
            raise ApiError(Code.CANCEL_REJECTED)
        market = self.markets.get(order.placed.symbol)
        events = market.cancel(order.placed.order_id, now) if market else []
        if market and any(isinstance(event, Cancelled) for event in events):
            self.settle(order.placed.symbol, events, now)
            market.flush(now)
        else:
            self._close(order.placed.order_id, "CANCELED", now)
        return order

    def restore(self, now: int) -> int:
        """After a restart: open orders rest again; those that cannot are expired. Returns how many rest."""
        resting = 0
        for state in self.ledger.open_orders():
            market = self.markets.get(state.placed.symbol)
            order = self._again(state, market) if market else None
            if market is None or order is None or state.placed.tif != TimeInForce.GTC:
                self._close(state.placed.order_id, "EXPIRED", now)
                continue
            market.liquidity.restore(order, order.quantity)
            market.flush(now)
            resting += 1
        return resting

    # ---- what the markets did

    def settle(self, symbol: str, events: list[Event], now: int) -> None:
        """Book the events of one symbol that concern our orders, and publish our trades."""
        market = self.markets[symbol]
        for event in events:
            if isinstance(event, Traded):
                trade_id = market.next_trade_id()
                market.liquidity.last_tick = event.tick
                market.trade(event, trade_id)
                self._book(event.maker_id, event, trade_id, market)
                self._book(event.taker_id, event, trade_id, market)
            elif isinstance(event, Cancelled) and event.order_id > 0:
                self._close(event.order_id, _CLOSED[event.reason], now)
            elif isinstance(event, Rejected) and event.order_id > 0:
                self._close(event.order_id, "EXPIRED", now)

    def _book(self, order_id: int, event: Traded, trade_id: int, market: SymbolMarket) -> None:
        if order_id <= BACKGROUND:
            return
        instrument, placed = market.instrument, self.ledger.orders[order_id].placed
        maker = order_id == event.maker_id
        rate = self.fees.maker if maker else self.fees.taker
        quantity = instrument.from_lots(event.quantity)
        buy = placed.side == "BUY"
        received = quantity if buy else instrument.notional(event.tick, event.quantity)
        fact = OrderTraded(
            order_id=order_id,
            trade_id=trade_id,
            price=f"{instrument.from_ticks(event.tick):f}",
            quantity=f"{quantity:f}",
            fee=f"{(received * rate).quantize(_EIGHT, ROUND_DOWN):f}",
            fee_asset=instrument.base if buy else instrument.quote,
            maker=maker,
            time=event.time,
        )
        self._apply(fact)
        self._report(order_id, "TRADE", fact, event.time)

    # ---- checks

    def _check_unique(self, account: int, client_id: str | None) -> None:
        found = self.ledger.find(account, client_id=client_id) if client_id else None
        if found is not None and found.open:
            raise ApiError(Code.NEW_ORDER_REJECTED, DUPLICATE_ORDER)

    def _check_maker(self, order: Order, market: SymbolMarket) -> None:
        bid, ask = market.liquidity.published_touch()
        best = ask if order.side is Side.BUY else bid
        if order.kind is Kind.LIMIT_MAKER and best is not None and order.reaches(best[0]):
            raise ApiError(Code.NEW_ORDER_REJECTED, WOULD_MATCH)
        if order.kind is Kind.MARKET and best is None:
            raise ApiError(Code.NO_DEPTH)

    def _check_funds(self, order: Order, placed: OrderPlaced, market: SymbolMarket) -> None:
        instrument = market.instrument
        asset = instrument.quote if order.side is Side.BUY else instrument.base
        needed = instrument.from_lots(order.quantity)
        if order.side is Side.BUY:
            needed = self._cost(order, Decimal(placed.quote), market)
        if self.ledger.balance(placed.account, asset).free < needed:
            raise ApiError(Code.NEW_ORDER_REJECTED, INSUFFICIENT_BALANCE)
        if order.kind is Kind.MARKET:
            bid, ask = market.liquidity.published_touch()
            best = ask if order.side is Side.BUY else bid
            value = Decimal(placed.quote) or instrument.notional(best[0] if best else 0, order.quantity)
            check_notional(value, self.limits)

    def _cost(self, order: Order, quote: Decimal, market: SymbolMarket) -> Decimal:
        """Quote that a buy order needs: its limit, its quote quantity, or what the displayed book costs."""
        instrument = market.instrument
        if order.kind is not Kind.MARKET:
            return instrument.notional(order.tick, order.quantity)
        if quote:
            return quote
        left, cost = order.quantity, 0
        for tick, lots in market.liquidity.top(1000, Side.SELL):
            cost += tick * min(left, lots)
            left -= min(left, lots)
            if not left:
                break
        return instrument.notional(1, cost)

    # ---- making

    def _order(self, account: int, request: OrderRequest, market: SymbolMarket) -> Order:
        """A market buy is bounded by what the account can pay, a quote order by its quote quantity."""
        instrument = market.instrument
        lots, budget = request.lots, 0
        if request.kind is Kind.MARKET:
            unit = instrument.notional(1, 1)
            free = self.ledger.balance(account, instrument.quote).free
            bound = request.quote or (free if request.side is Side.BUY else Decimal(0))
            budget = int(bound / unit)
            lots = lots or self._lots_for(request, account, market)
        return Order(
            order_id=self.ledger.next_order_id,
            account=account,
            side=request.side,
            kind=request.kind,
            quantity=lots,
            tick=request.tick,
            tif=request.tif,
            stp=request.stp,
            budget=budget,
        )

    def _lots_for(self, request: OrderRequest, account: int, market: SymbolMarket) -> int:
        """Most lots that a quote quantity could be: the touch is the best price there is."""
        instrument = market.instrument
        bid, ask = market.liquidity.published_touch()
        best = ask if request.side is Side.BUY else bid
        if best is None:
            raise ApiError(Code.NO_DEPTH)
        price = instrument.from_ticks(best[0])
        lots = int(request.quote / price / instrument.lot_size)
        if lots <= 0:
            raise ApiError(Code.INVALID_MESSAGE, "Filter failure: LOT_SIZE")
        return lots

    def _placed(self, account: int, request: OrderRequest, market: SymbolMarket, now: int) -> OrderPlaced:
        instrument, order_id = market.instrument, self.ledger.next_order_id
        return OrderPlaced(
            account=account,
            order_id=order_id,
            client_id=request.client_id or f"qbtc-{order_id}",
            symbol=instrument.symbol,
            base=instrument.base,
            quote_asset=instrument.quote,
            side=request.side.name,
            kind=request.kind.value,
            tif=request.tif.value,
            stp=request.stp.value,
            price=f"{instrument.from_ticks(request.tick):f}" if request.tick else "0",
            quantity=f"{instrument.from_lots(request.lots):f}" if request.lots else "0",
            quote=f"{request.quote:f}",
            time=now,
        )

    def _again(self, state: OrderState, market: SymbolMarket) -> Order | None:
        """The rest of an order as it stood before a restart; None if it cannot rest now."""
        placed, instrument = state.placed, market.instrument
        if not state.locks:
            return None
        order = Order(
            order_id=placed.order_id,
            account=placed.account,
            side=Side[placed.side],
            kind=Kind(placed.kind),
            quantity=instrument.to_lots(state.remaining),
            tick=instrument.to_ticks(placed.price),
            stp=SelfTrade(placed.stp),
        )
        bid, ask = market.liquidity.published_touch()
        best = ask if order.side is Side.BUY else bid
        return None if best is not None and order.reaches(best[0]) else order

    def _apply(self, fact: Fact) -> None:
        self.ledger.apply(fact)
        self._record(fact)

    def _close(self, order_id: int, status: str, now: int) -> None:
        order = self.ledger.orders[order_id]
        if order.placed.quantity == "0" and order.filled:
            status = "FILLED"  # a quote order is done when the rest of its quote buys no lot
        if order.open:
            self._apply(OrderClosed(order_id, status, now))
            if status != "FILLED":
                self._report(order_id, "CANCELED" if status == "CANCELED" else "EXPIRED", None, now)

    def _report(self, order_id: int, execution: str, trade: OrderTraded | None, now: int) -> None:
        self.on_report(Report.of(self.ledger, order_id, execution, trade, now))
