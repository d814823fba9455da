"""Order entry of the futures venue: checks, matching, booking and who hears of it. No sockets, no clock, no disk.

State changes at once in memory; every change is a fact given to `record`, every user event goes to `notify`, which
must hold it back until the fact is on disk. Algo orders, liquidation and settings stand on this (`algos`,
`liquidation`, `accounts`); what reduce-only means is in `reducing`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...binance.errors import ApiError, Code
from ..margin import SCALE, Position, cap_at, initial, value
from ..margin_account import Exposure, Totals, totals
from . import events, reducing
from .contracts import MAJOR
from .errors import FCode, error, not_required
from .facts import Amended, Ended, Fact, MarginMoved, Placed, Traded
from .market import Market
from .matching import Fill, Gone, Step, Wanted
from .records import Account, Order, Trade, closes
from .requests import NewOrder
from .state import State, StateError
from .wire import Json, dec

Notify = Callable[[int, Json], None]
MAX_AMENDS = 10_000


def turning(row: Exposure, side: int) -> int:
    """What the orders of a side, if they turn an isolated position, take from the cross wallet beyond the margin that
    they bind: the margin of what they open, less what is left of the position that they close."""
    opened = (row.bids if side > 0 else row.asks) - abs(row.notional)
    if not row.isolated or row.hedged or row.notional * side >= 0 or opened <= 0:
        return 0
    return max(initial(opened, row.leverage) - row.balance - row.order_margin, 0)


class Venue:
    def __init__(self, state: State, record: Callable[[Fact], None], notify: Notify) -> None:
        self.state = state
        self.markets: dict[str, Market] = {}
        self.closed = False
        self.notify = notify
        self.on_end: list[Callable[[Order, int], None]] = []
        self.on_fault: Callable[[Exception], None] = lambda error: None
        """Told of a fact that contradicts the state, before it is raised; a venue ends then."""
        self._record = record

    def apply(self, fact: Fact) -> None:
        """Raises StateError or KeyError for a fact that contradicts the state: a defect, which must not go on."""
        try:
            self.state.apply(fact)
        except (StateError, KeyError) as error:
            self.on_fault(error)
            raise
        self._record(fact)

    def market(self, symbol: str) -> Market:
        found = self.markets.get(symbol)
        if found is None:
            raise ApiError(Code.BAD_SYMBOL)
        return found

    def trading(self, symbol: str) -> Market:
        """The market, if it takes orders now. Raises ApiError -1121 or -4141."""
        market = self.market(symbol)
        if self.closed or market.waiting:
            raise error(FCode.SYMBOL_CLOSED)
        return market

    # ---- margin

    def exposure(self, account: Account, symbol: str, leg: str, orders: list[Order]) -> Exposure:
        """A position (flat or not) with the opening orders of its leg."""
        market, setting = self.markets.get(symbol), account.setting(symbol)
        position = account.positions.get(f"{symbol}:{leg}") or Position()
        bids = asks = 0
        for order in orders:
            placed = order.placed
            if placed.symbol != symbol or placed.leg != leg or order.reduces:
                continue
            worth = value(order.price, order.left)
            bids, asks = (bids + worth, asks) if placed.side > 0 else (bids, asks + worth)
        return Exposure(
            symbol=symbol,
            position=position,
            mark=(market.prices.mark if market else 0) or position.entry,
            leverage=setting.leverage,
            table=market.contract.table if market else MAJOR,
            isolated=setting.isolated,
            bids=bids,
            asks=asks,
            hedged=leg != "BOTH",
        )

    def exposures(self, account_id: int) -> dict[tuple[str, str], Exposure]:
        """Everything that binds margin, by (symbol, leg)."""
        account, orders = self.state.account(account_id), self.state.open_of(account_id)
        keys = {(symbol, leg) for symbol, leg, _ in account.held()}
        keys |= {(order.placed.symbol, order.placed.leg) for order in orders}
        return {key: self.exposure(account, *key, orders) for key in sorted(keys)}

    def totals(self, account_id: int) -> Totals:
        return totals(self.state.account(account_id).wallet, self.exposures(account_id).values())

    # ---- placing

    def place(self, account_id: int, request: NewOrder, now: int) -> Order:
        """Accept and match. Raises ApiError; then nothing changed."""
        self.apply(placed := self.check(account_id, request, now))
        order = self.state.data.orders[placed.order_id]
        self.notify(account_id, events.order_update(order, "NEW", now))
        self._submit(order, now)
        return order

    def check(self, account_id: int, request: NewOrder, now: int) -> Placed:
        """The order as it would be placed. Raises ApiError."""
        market, account = self.trading(request.symbol), self.state.account(account_id)
        leg = self._leg(account, request)
        used = self.state.find(account_id, client_id=request.client_id) if request.client_id else None
        if used is not None and used.open:
            raise error(FCode.CLIENT_ID_USED)
        if len(self.state.open_of(account_id, request.symbol)) >= market.contract.max_orders:
            raise error(FCode.MAX_OPEN_ORDERS)
        request = replace(request, leg=leg, price=self._limit(market, request))
        reduce = request.reduce or request.close or closes(leg, request.side)
        request = replace(request, quantity=reducing.allowed(account, request) if reduce else request.quantity)
        self._check_rules(market, request, reduce=reduce)
        self.check_matching(market, request)
        if not reduce:
            self._check_margin(account_id, request, market)
        return self._placed(account_id, request, now)

    def _leg(self, account: Account, request: NewOrder) -> str:
        leg = request.leg or "BOTH"
        if (leg == "BOTH") is account.dual:
            raise error(FCode.SIDE_MISMATCH)
        if account.dual and request.reduce_sent:
            raise not_required("reduceonly")
        return leg

    def _limit(self, market: Market, request: NewOrder) -> int:
        """The price that bounds the order: its own, of a price match, or of a market order."""
        if request.match != "NONE":
            return market.matched_price(request.side, request.match)
        if request.kind == "LIMIT":
            return request.price
        mark, bound = market.prices.mark, market.contract.take_bound
        price = mark * (SCALE + request.side * bound) // SCALE // market.contract.tick * market.contract.tick
        best = market.top(1, 1 if request.side > 0 else 0)
        if not best or price <= 0 or (best[0][0] - price) * request.side > 0:
            raise error(FCode.COUNTERPARTY)
        return price

    def _check_rules(self, market: Market, request: NewOrder, *, reduce: bool) -> None:
        rules, mark = market.contract, market.prices.mark
        if request.kind == "LIMIT" and mark:
            most, least = mark * (SCALE + rules.band) // SCALE, mark * (SCALE - rules.band) // SCALE
            if request.side > 0 and request.price > most:
                raise error(FCode.PRICE_HIGH, f"Limit price can't be higher than {dec(most, rules.price_places)}.")
            if request.side < 0 and request.price < least:
                raise error(FCode.PRICE_LOW, f"Limit price can't be lower than {dec(least, rules.price_places)}.")
        worth = value(mark if request.kind == "MARKET" else request.price, request.quantity)
        if worth < rules.min_notional and not reduce:
            least_text = rules.min_notional // SCALE
            text = f"Order's notional must be no smaller than {least_text} (unless you choose reduce only)."
            raise error(FCode.NOTIONAL, text)

    def check_matching(self, market: Market, request: NewOrder) -> None:
        """Post-only must not take, fill-or-kill must fill."""
        if request.tif == "GTX" and market.reachable(request.side, request.price):
            raise error(FCode.POST_ONLY)
        if request.tif == "FOK" and market.reachable(request.side, request.price) < request.quantity:
            raise error(FCode.FOK)

    def _check_margin(self, account_id: int, request: NewOrder, market: Market) -> None:
        """Initial margin of the worse side and the loss at which the order would open must be free, and what turning
        an isolated position takes."""
        account = self.state.account(account_id)
        rows = self.exposures(account_id)
        key = (request.symbol, request.leg)
        before = rows.get(key) or self.exposure(account, *key, [])
        price = self._expected(market, request)
        worth = value(price, request.quantity)
        bids, asks = (worth, 0) if request.side > 0 else (0, worth)
        after = replace(before, bids=before.bids + bids, asks=before.asks + asks)
        if after.worst > max(cap_at(after.table, after.leverage), before.worst):
            raise error(FCode.MAX_POSITION)
        turned = turning(after, request.side)
        if after.initial_margin <= before.initial_margin and not turned:
            return
        rows[key] = after
        loss = max(request.side * value(price - market.prices.mark, request.quantity), 0)
        if totals(account.wallet, rows.values()).free < loss + turned:
            raise error(FCode.MARGIN)

    def _expected(self, market: Market, request: NewOrder) -> int:
        """The price at which the order's margin is reckoned: a market order's is the touch and 0.05 %."""
        if request.kind == "LIMIT":
            return request.price
        (bid, _), (ask, _) = market.touch()
        mark = market.prices.mark
        return max(ask * 10_005 // 10_000, mark) if request.side > 0 else max(bid, mark)

    def _placed(self, account_id: int, request: NewOrder, now: int) -> Placed:
        order_id = self.state.data.next_order
        return Placed(
            account=account_id,
            order_id=order_id,
            client_id=request.client_id or f"qbtc{order_id}",
            symbol=request.symbol,
            side=request.side,
            leg=request.leg,
            kind=request.kind,
            origin=request.origin,
            tif=request.tif,
            stp=request.stp,
            match=request.match,
            price=0 if request.kind == "MARKET" else request.price,
            quantity=request.quantity,
            reduce=request.reduce or request.close,
            close=request.close,
            gtd=request.gtd,
            algo_id=request.algo_id,
            stop=request.stop,
            working=request.working,
            protect=request.protect,
            time=now,
        )

    # ---- cancelling and amending

    def cancel(self, order: Order, now: int, status: str = "CANCELED") -> Order:
        """Raises ApiError -2011 if it is not open."""
        if not order.open:
            raise error(FCode.CANCEL_REJECTED)
        market = self.markets.get(order.placed.symbol)
        if market is not None:
            market.matcher.cancel(order.placed.order_id, now)
        self.end(order, status, now)
        return order

    def end(self, order: Order, status: str, now: int) -> None:
        self.apply(Ended(order.placed.order_id, status, now))
        execution = "CANCELED" if status == "CANCELED" else "EXPIRED"
        self.notify(order.placed.account, events.order_update(order, execution, now))
        self._ended(order, now)

    def _ended(self, order: Order, now: int) -> None:
        for call in self.on_end:
            call(order, now)

    def amend(self, order: Order, price: int, quantity: int, now: int) -> Order:
        """Change price and quantity; the order goes to the back of its new queue."""
        placed, market = order.placed, self.trading(order.placed.symbol)
        if not order.open:
            raise error(FCode.CANCEL_REJECTED)
        if placed.kind != "LIMIT":
            raise error(FCode.ONLY_LIMIT)
        if order.amends >= MAX_AMENDS:
            raise error(FCode.MAX_MODIFY)
        takes = placed.tif == "GTX" and market.reachable(placed.side, price) > 0
        if quantity <= order.filled or takes:
            return self.cancel(order, now)
        quantity = self._check_amended(order, price, quantity, market)
        if (price, quantity) == (order.price, order.quantity):
            raise error(FCode.NO_CHANGE)
        market.matcher.cancel(placed.order_id, now)
        self.apply(Amended(placed.order_id, price, quantity, now))
        self.notify(placed.account, events.order_update(order, "AMENDMENT", now))
        self._submit(order, now)
        return order

    def _check_amended(self, order: Order, price: int, quantity: int, market: Market) -> int:
        """Returns the quantity, of a reducing order cut to its position."""
        placed, left = order.placed, quantity - order.filled
        as_new = NewOrder(
            placed.symbol, placed.side, placed.leg, "LIMIT", placed.tif, placed.stp, "NONE",
            price, quantity, placed.reduce, placed.gtd, None,
        )  # fmt: skip
        self._check_rules(market, as_new, reduce=order.reduces)
        if order.reduces:
            return order.filled + reducing.allowed(self.state.account(placed.account), replace(as_new, quantity=left))
        more = value(price, left) - value(order.price, order.left)
        if more > 0:
            rise = replace(as_new, quantity=max(more * SCALE // price, 1))
            self._check_margin(placed.account, rise, market)
        return quantity

    # ---- matching and booking

    def restore(self, market: Market, now: int) -> None:
        """After a restart: open orders of a symbol go to its book again, oldest first."""
        for order in [o for o in self.state.open_orders.values() if o.placed.symbol == market.symbol]:
            tif = "IOC" if order.placed.kind == "MARKET" else order.placed.tif
            takes = tif == "GTX" and market.reachable(order.placed.side, order.price) > 0
            if takes or tif in ("IOC", "FOK"):
                self.end(order, "EXPIRED", now)
            else:
                self._submit(order, now)

    def _submit(self, order: Order, now: int) -> None:
        placed, market = order.placed, self.markets[order.placed.symbol]
        price, market_kind = order.price, placed.kind == "MARKET"
        if market_kind:
            bound = market.prices.mark * (SCALE + placed.side * market.contract.take_bound) // SCALE
            price = bound // market.contract.tick * market.contract.tick
        tif = "IOC" if market_kind else "GTC" if placed.tif == "GTD" else placed.tif
        wanted = Wanted(
            placed.order_id, placed.account, placed.side, price // market.contract.tick,
            order.left // market.contract.step, tif, placed.stp,
        )  # fmt: skip
        self.settle(market, market.matcher.submit(wanted, now), now)

    def settle(self, market: Market, steps: list[Step], now: int) -> None:
        """Book what the matching did to our orders, and make our trades public."""
        accounts: set[int] = set()
        for step in steps:
            if isinstance(step, Fill):
                price, quantity = market.level((step.tick, step.lots))
                trade_id = market.trade(price, quantity, step.side, now)
                for order_id in (step.maker, step.taker):
                    accounts |= self.fill(market, order_id, step, trade_id, now)
            else:
                self._gone(step, now)
        for account_id in sorted(accounts):
            reducing.shrink(self, account_id, market.symbol, now)

    def _gone(self, step: Gone, now: int) -> None:
        order = self.state.open_orders.get(step.order_id)
        if order is not None:
            self.end(order, "EXPIRED_IN_MATCH" if step.self_trade else "EXPIRED", now)

    def fill(self, market: Market, order_id: int, step: Fill, trade_id: int, now: int) -> set[int]:
        """Book one side of a fill if it is an order of ours; whose account is to be shrunk."""
        order = self.state.open_orders.get(order_id)
        if order is None:
            return set()
        price, quantity = market.level((step.tick, step.lots))
        maker = order_id == step.maker
        over = max(quantity - reducing.closable(self.state, order), 0) if order.reduces else 0
        if quantity > over:
            rate = market.contract.maker if maker else market.contract.taker
            self.book(order, trade_id, (price, quantity - over), rate=rate, maker=maker, now=now)
        if over:
            market.matcher.cancel(order_id, now)
            if order.open:
                self.end(order, "EXPIRED", now)
        return {order.placed.account}

    def book(self, order: Order, trade_id: int, level: tuple[int, int], *, rate: int, maker: bool, now: int) -> None:
        """One fill of an order at (price, quantity); fees are rounded up."""
        placed, (price, quantity) = order.placed, level
        isolated = self.state.account(placed.account).setting(placed.symbol).isolated
        before = self.totals(placed.account).cross_balance if isolated else 0
        fee = -(-value(price, quantity) * rate // SCALE)
        self.apply(
            Traded(
                order_id=placed.order_id, trade_id=trade_id, price=price, quantity=quantity,
                fee=fee, maker=maker, time=now,
            )
        )  # fmt: skip
        trade = self.state.data.trades[-1]
        if isolated:
            self._give_back(placed, min(before, 0), now)
        self._tell(order, trade, now)
        if not order.open:
            self._ended(order, now)

    def _give_back(self, placed: Placed, least: int, now: int) -> None:
        """An isolated position keeps no margin that the cross wallet did not have: its balance stays at `least`."""
        held = self.state.account(placed.account).position(placed.symbol, placed.leg).wallet
        amount = min(least - self.totals(placed.account).cross_balance, held)
        if amount > 0:
            self.apply(MarginMoved(placed.account, placed.symbol, placed.leg, -amount, now))

    def _tell(self, order: Order, trade: Trade, now: int) -> None:
        placed = order.placed
        self.notify(placed.account, events.trade_lite(order, trade))
        rows = [(placed.symbol, placed.leg, self.mark(placed.symbol))]
        account = self.state.account(placed.account)
        self.notify(placed.account, events.account_update(account, "ORDER", now, 0, rows))
        execution = "CALCULATED" if placed.origin == "LIQUIDATION" else "TRADE"
        self.notify(placed.account, events.order_update(order, execution, now, trade))

    def mark(self, symbol: str) -> int:
        found = self.markets.get(symbol)
        return found.prices.mark if found else 0

    # ---- time

    def expire(self, now: int) -> None:
        """GTD orders whose date has come."""
        due = [order for order in self.state.open_orders.values() if 0 < order.placed.gtd <= now]
        for order in due:
            self.cancel(order, now, "EXPIRED")
