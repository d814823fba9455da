"""Conditional orders: they wait here, not in the book, and become orders when their price comes.

Triggers look at every contract price since the last look, or at the mark price (`workingType`), with `priceProtect` only
while the two are close. A triggered order that is refused ends REJECTED, with the reason in the user's stream.
"""

from __future__ import annotations

from ...binance.errors import ApiError
from ..margin import SCALE
from . import events
from .errors import FCode, error, not_required
from .facts import AlgoChanged, AlgoPlaced, AlgoTrailed
from .market import Market
from .records import Algo, Order, closes
from .requests import NewAlgo, NewOrder
from .venue import Venue


class Algos:
    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._since: dict[str, dict[int, int]] = {}
        """By symbol, of the algo orders placed since the last look: the newest trade then. None before triggers it."""
        venue.on_end.append(self._finished)

    def place(self, account_id: int, request: NewAlgo, now: int) -> Algo:
        """Raises ApiError; then nothing changed."""
        venue, state = self._venue, self._venue.state
        market, account = venue.trading(request.symbol), state.account(account_id)
        leg = request.leg or "BOTH"
        if (leg == "BOTH") is account.dual:
            raise error(FCode.SIDE_MISMATCH)
        if account.dual and request.reduce:
            raise not_required("reduceonly")
        if request.close and account.dual and not closes(leg, request.side):
            raise error(FCode.REDUCE_CONFLICT)
        used = state.find_algo(account_id, client_id=request.client_id) if request.client_id else None
        if used is not None and used.open:
            raise error(FCode.CLIENT_ID_USED)
        if len(state.open_algos_of(account_id, request.symbol)) >= market.contract.max_algos:
            raise error(FCode.MAX_ALGO)
        self._check_trigger(request, market)
        algo_id = state.data.next_algo
        venue.apply(_placed(account_id, request, leg, algo_id, now))
        algo = state.data.algos[algo_id]
        self._since.setdefault(request.symbol, {})[algo_id] = market.trade_id
        venue.notify(account_id, events.algo_update(algo, "NEW", now))
        return algo

    def _check_trigger(self, request: NewAlgo, market: Market) -> None:
        price = _price(market, request.working)
        if not price:
            return
        if request.kind == "TRAILING_STOP_MARKET":
            if request.activate and (request.activate - price) * request.side > 0:
                raise error(FCode.WOULD_TRIGGER)
            return
        if _reached(request.kind, request.side, request.trigger, price):
            raise error(FCode.WOULD_TRIGGER)

    def cancel(self, algo: Algo, now: int, status: str = "CANCELED") -> Algo:
        if not algo.open:
            raise error(FCode.CANCEL_REJECTED)
        self._end(algo, status, now)
        return algo

    def _end(self, algo: Algo, status: str, now: int, reason: str = "", code: int = 0) -> None:
        self._venue.apply(AlgoChanged(algo.placed.algo_id, status, now, reason, code))
        self._venue.notify(algo.placed.account, events.algo_update(algo, status, now))

    def run(self, market: Market, now: int) -> None:
        """Trigger what the prices of one symbol reached since the last call; expire what is too old."""
        for algo in self._waiting(market):
            if 0 < algo.placed.gtd <= now:
                self._end(algo, "EXPIRED", now)
        path = market.take_path()
        self._pass(market, path, "CONTRACT_PRICE", now)
        self._pass(market, [], "MARK_PRICE", now)
        while path := market.take_path():  # of what was triggered
            self._pass(market, path, "CONTRACT_PRICE", now)
        self._since.pop(market.symbol, None)

    def _waiting(self, market: Market) -> list[Algo]:
        return [algo for algo in self._venue.state.open_algos.values() if algo.placed.symbol == market.symbol]

    def _pass(self, market: Market, path: list[tuple[int, int]], working: str, now: int) -> None:
        """One price after the other, to the present one, so that what is reached first is triggered first."""
        present = _price(market, working)
        if not present:
            return
        prices, since = [price for _, price in path] + [present], self._since.get(market.symbol, {})
        bounds = min(prices), max(prices)
        waiting = [a for a in self._waiting(market) if a.placed.working == working and _reachable(a, bounds)]
        for trade_id, price in [*path, (market.trade_id + 1, present)]:
            for algo in waiting:
                if algo.open and trade_id > since.get(algo.placed.algo_id, 0):
                    self._look(algo, price, market, now)

    def _look(self, algo: Algo, price: int, market: Market, now: int) -> None:
        if self._due(algo, price) and not (algo.placed.protect and market.protected(price)):
            self._trigger(algo, now)

    def _due(self, algo: Algo, price: int) -> bool:
        placed = algo.placed
        if placed.kind != "TRAILING_STOP_MARKET":
            return _reached(placed.kind, placed.side, placed.trigger, price)
        if not algo.best and placed.activate and (price - placed.activate) * placed.side > 0:
            return False
        if not algo.best or (algo.best - price) * placed.side > 0:
            self._venue.apply(AlgoTrailed(placed.algo_id, price))
            return False
        edge = algo.best * (SCALE + placed.side * placed.rate) // SCALE
        return (price - edge) * placed.side >= 0

    def _trigger(self, algo: Algo, now: int) -> None:
        venue, placed = self._venue, algo.placed
        quantity = placed.quantity
        if placed.close:
            position = venue.state.account(placed.account).position(placed.symbol, placed.leg)
            quantity = position.size if position.side * placed.side < 0 else 0
            if not quantity:
                self._end(algo, "EXPIRED", now)
                return
        venue.notify(placed.account, events.algo_update(algo, "TRIGGERING", now))
        try:
            order = venue.place(placed.account, _order(placed, quantity), now)
        except ApiError as refused:
            self._end(algo, "REJECTED", now, refused.msg, int(refused.code))
            venue.notify(placed.account, events.trigger_reject(algo, now))
            return
        venue.notify(placed.account, events.algo_update(algo, "TRIGGERED", now, order))
        if not order.open:
            venue.notify(placed.account, events.algo_update(algo, algo.status, now, order))

    def _finished(self, order: Order, now: int) -> None:
        """The order of an algo order is done; while it is being placed the trigger tells of it, in order."""
        algo = self._venue.state.data.algos.get(order.placed.algo_id)
        if algo is not None and algo.triggered != now:
            self._venue.notify(order.placed.account, events.algo_update(algo, algo.status, now, order))


def _reached(kind: str, side: int, trigger: int, price: int) -> bool:
    """A stop waits for its price against the order's favour, a take-profit for it in favour."""
    toward = side if kind.startswith("STOP") else -side
    return (price - trigger) * toward >= 0


def _reachable(algo: Algo, bounds: tuple[int, int]) -> bool:
    """Whether any price within the bounds could concern it."""
    placed = algo.placed
    if placed.kind == "TRAILING_STOP_MARKET":
        return True
    return any(_reached(placed.kind, placed.side, placed.trigger, price) for price in bounds)


def _price(market: Market, working: str) -> int:
    return market.prices.mark if working == "MARK_PRICE" else market.prices.last or market.prices.mark


def _placed(account_id: int, request: NewAlgo, leg: str, algo_id: int, now: int) -> AlgoPlaced:
    return AlgoPlaced(
        account=account_id,
        algo_id=algo_id,
        client_id=request.client_id or f"qbtca{algo_id}",
        symbol=request.symbol,
        side=request.side,
        leg=leg,
        kind=request.kind,
        tif=request.tif,
        stp=request.stp,
        match=request.match,
        price=request.price,
        quantity=request.quantity,
        trigger=request.trigger,
        activate=request.activate,
        rate=request.rate,
        working=request.working,
        protect=request.protect,
        reduce=request.reduce,
        close=request.close,
        gtd=request.gtd,
        time=now,
    )


def _order(placed: AlgoPlaced, quantity: int) -> NewOrder:
    limit = placed.kind in ("STOP", "TAKE_PROFIT")
    return NewOrder(
        symbol=placed.symbol,
        side=placed.side,
        leg=placed.leg,
        kind="LIMIT" if limit else "MARKET",
        tif=placed.tif if limit else "GTC",
        stp=placed.stp,
        match=placed.match if limit else "NONE",
        price=placed.price,
        quantity=quantity,
        reduce=placed.reduce,
        gtd=placed.gtd,
        client_id=None,
        origin=placed.kind,
        close=placed.close,
        algo_id=placed.algo_id,
        stop=placed.trigger,
        working=placed.working,
        protect=placed.protect,
    )
