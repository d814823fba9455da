"""Liquidation, margin calls and funding: what the venue does to accounts by itself.

Procedure, as stated here. When the margin balance falls to the maintenance margin (of an isolated position, or of all
cross positions): (1) open orders that bind this margin are cancelled and the account is looked at again; (2) the
position with the greatest maintenance margin is closed by an immediate-or-cancel order without trading fee. Its price is
the bankruptcy price, never beyond the mark price by more than marketTakeBound; if the mark is beyond bankruptcy, it is
the mark as long as the insurance fund can pay the deficit; (3) what the book does not take, the fund takes over at the
mark price if it can pay the deficit, else opposing positions are deleveraged at the bankruptcy price (`deleveraging`);
(4) of what is left of the position's margin, the fund gets the liquidation fee, at most all of it; (5) while cross
margin is still too little, the next position follows. No account is liquidated below zero, and no fund falls below it.
An account's own orders may fill beyond bankruptcy before it is looked at: when no cross position is left, the fund pays
that debt as far and as soon as it can.
"""

from __future__ import annotations

from collections.abc import Callable

from ..margin import SCALE, value
from ..margin_account import Exposure, bankruptcy_price, in_liquidation, margin_ratio, totals
from . import events, reducing
from .deleveraging import deleverage
from .facts import Funded, Insured, Liquidated, Placed
from .market import Market
from .matching import Fill, Wanted
from .records import Order
from .venue import Venue
from .wire import MS, Json

CALL = 80 * SCALE // 100
"""MARGIN_CALL is sent once when the margin ratio rises above this, and again after it fell below."""


class Guard:
    """`publish` gets the public forceOrder events."""

    def __init__(self, venue: Venue, publish: Callable[[str, Json], None]) -> None:
        self._venue = venue
        self._publish = publish
        self._called: set[tuple[int, str, str]] = set()

    # ---- funding

    def fund(self, market: Market, now: int) -> None:
        """Settle funding if it is due. Only isolated positions are shown with it, as at Binance."""
        rate = market.funding_due(now)
        if rate is None:
            return
        venue = self._venue
        before = {i: account.wallet for i, account in venue.state.data.accounts.items()}
        venue.apply(Funded(market.symbol, rate, market.prices.mark, now))
        for account_id, account in sorted(venue.state.data.accounts.items()):
            rows = [(s, leg, market.prices.mark) for s, leg, _ in account.held() if s == market.symbol]
            if rows:
                change = account.wallet - before[account_id]
                shown = rows if account.setting(market.symbol).isolated else []
                venue.notify(account_id, events.account_update(account, "FUNDING_FEE", now, change, shown))

    # ---- liquidation

    def watch(self, now: int) -> None:
        """Look at every account with a position or a debt: margin calls and liquidations."""
        for account_id, account in sorted(self._venue.state.data.accounts.items()):
            if account.wallet < 0 or any(True for _ in account.held()):
                self.look(account_id, now)

    def look(self, account_id: int, now: int) -> None:
        due = self._due(account_id)
        if due:
            self._cancel_orders(account_id, due, now)
            due = self._due(account_id)
        while due:
            self._close(account_id, due[0], now)
            due = self._due(account_id)
        self._cover(account_id, now)
        self._call(account_id, now)

    def _due(self, account_id: int) -> list[tuple[str, str]]:
        """What must be closed now. Positions in contracts that are not served, or have no price yet, bind margin, but
        nothing closes them."""
        rows = self._venue.exposures(account_id)
        names = {id(row): key for key, row in rows.items()}
        wallet = self._venue.state.account(account_id).wallet
        due = [names[id(row)] for row in in_liquidation(wallet, list(rows.values()))]
        return [key for key in due if self._priced(key[0])]

    def _priced(self, symbol: str) -> bool:
        market = self._venue.markets.get(symbol)
        return market is not None and not market.waiting

    def _cancel_orders(self, account_id: int, due: list[tuple[str, str]], now: int) -> None:
        account = self._venue.state.account(account_id)
        symbols = {symbol for symbol, _ in due}
        cross = any(not account.setting(symbol).isolated for symbol in symbols)
        for order in self._venue.state.open_of(account_id):
            binds = not (order.reduces and account.setting(order.placed.symbol).isolated)
            if order.placed.symbol in symbols or (cross and binds):
                self._venue.cancel(order, now, "EXPIRED")

    def _close(self, account_id: int, key: tuple[str, str], now: int) -> None:
        venue, market = self._venue, self._venue.market(key[0])
        rows = venue.exposures(account_id)
        row = rows[key]
        account = venue.state.account(account_id)
        before = totals(account.wallet, rows.values()).cross_wallet
        worth = abs(row.notional)
        price = self._price(account_id, rows, key, market)
        order = self._place(account_id, row, key, price, now)
        self._execute(order, market, now)
        if order.open:
            self._take_over(order, market, now)
        after = venue.exposures(account_id).values()
        left = totals(account.wallet, after)
        if row.isolated:
            self._insure(account_id, market.symbol, left.cross_wallet - before, worth, now)
        else:
            rest = any(item.position.quantity and not item.isolated for item in after)
            balance = left.cross_balance if not rest else max(left.cross_balance, 0)
            self._insure(account_id, market.symbol, balance, worth, now)
        self._publish(f"{market.symbol.lower()}@forceOrder", events.force_order(order, now))

    def _price(
        self, account_id: int, rows: dict[tuple[str, str], Exposure], key: tuple[str, str], market: Market
    ) -> int:
        """What the position is closed at, on the grid and rounded in the account's favour."""
        row, wallet = rows[key], self._venue.state.account(account_id).wallet
        side, tick = row.position.side, market.contract.tick
        chosen = bankruptcy_price(wallet, list(rows.values()), row) or row.mark
        if self._insured(account_id, key):
            bound = row.mark * (SCALE - side * market.contract.take_bound) // SCALE
            chosen = max(min(chosen, row.mark), bound) if side > 0 else min(max(chosen, row.mark), bound)
        return max(-(-chosen // tick) * tick if side > 0 else chosen // tick * tick, tick)

    def _insured(self, account_id: int, key: tuple[str, str]) -> bool:
        """Whether the fund could pay what the position's margin lacks at the mark price."""
        rows, account = self._venue.exposures(account_id), self._venue.state.account(account_id)
        left = rows[key].balance if rows[key].isolated else totals(account.wallet, rows.values()).cross_balance
        return -left <= self._venue.state.data.insurance

    def _place(self, account_id: int, row: Exposure, key: tuple[str, str], price: int, now: int) -> Order:
        venue = self._venue
        order_id = venue.state.data.next_order
        placed = Placed(
            account=account_id,
            order_id=order_id,
            client_id=f"autoclose-{now // MS}{order_id}",
            symbol=key[0],
            side=-row.position.side,
            leg=key[1],
            kind="LIMIT",
            origin="LIQUIDATION",
            tif="IOC",
            price=price,
            quantity=row.position.size,
            reduce=True,
            time=now,
        )
        venue.apply(placed)
        venue.apply(Liquidated(account_id, order_id, key[0], key[1], now))
        order = venue.state.data.orders[order_id]
        venue.notify(account_id, events.order_update(order, "NEW", now))
        return order

    def _execute(self, order: Order, market: Market, now: int) -> None:
        placed, rules = order.placed, market.contract
        wanted = Wanted(
            placed.order_id, placed.account, placed.side, order.price // rules.tick,
            order.left // rules.step, "IOC", "EXPIRE_MAKER",
        )  # fmt: skip
        others: set[int] = set()
        for step in market.matcher.submit(wanted, now):
            if isinstance(step, Fill):
                level = market.level((step.tick, step.lots))
                trade_id = market.trade(*level, step.side, now)
                self._venue.book(order, trade_id, level, rate=0, maker=False, now=now)
                others |= self._venue.fill(market, step.maker, step, trade_id, now)
        for account_id in sorted(others):
            reducing.shrink(self._venue, account_id, market.symbol, now)

    def _take_over(self, order: Order, market: Market, now: int) -> None:
        """What the book did not take: the insurance fund's, or whose positions are opposite."""
        placed = order.placed
        if self._insured(placed.account, (placed.symbol, placed.leg)):
            market.trade_id += 1
            level = (market.prices.mark, order.left)
            self._venue.book(order, market.trade_id, level, rate=0, maker=False, now=now)
        else:
            deleverage(self._venue, order, order.price, now)

    def _cover(self, account_id: int, now: int) -> None:
        """A debt that orders left behind without a cross position is the fund's, as far and as soon as it can pay."""
        rows = self._venue.exposures(account_id).values()
        left = totals(self._venue.state.account(account_id).wallet, rows).cross_balance
        if left < 0 and all(row.isolated or not row.position.quantity for row in rows):
            self._insure(account_id, "", left, 0, now)

    def _insure(self, account_id: int, symbol: str, left: int, worth: int, now: int) -> None:
        """Fee or deficit of a closed position; `left` is what remained of its margin. The fund pays what it has."""
        fee = value(self._venue.market(symbol).contract.liquidation_fee, worth) if left > 0 else 0
        fee = min(fee, left) if left > 0 else max(left, -self._venue.state.data.insurance)
        if fee:
            self._venue.apply(Insured(account_id, symbol, fee, now))
            account = self._venue.state.account(account_id)
            self._venue.notify(account_id, events.account_update(account, "INSURANCE_CLEAR", now, -fee, []))

    # ---- margin calls

    def _call(self, account_id: int, now: int) -> None:
        account = self._venue.state.account(account_id)
        rows = self._venue.exposures(account_id)
        sums = totals(account.wallet, rows.values())
        fresh = []
        for (symbol, leg), row in rows.items():
            ratio = margin_ratio(row.maintenance, row.balance) if row.isolated else sums.ratio
            key = (account_id, symbol, leg)
            if not row.position.quantity or ratio < CALL:
                self._called.discard(key)
            elif key not in self._called:
                self._called.add(key)
                fresh.append((row, leg))
        if fresh:
            self._venue.notify(account_id, events.margin_call(sums.cross_wallet, fresh, now))
