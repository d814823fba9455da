"""A futures venue without sockets, clock or disk: one or two contracts, every fact and every user event kept."""

from __future__ import annotations

from qbtc.core.market.futures.algos import Algos
from qbtc.core.market.futures.contracts import contract
from qbtc.core.market.futures.core_matcher import CoreMatcher
from qbtc.core.market.futures.facts import Fact, Insured, Opened, decoder, encoder
from qbtc.core.market.futures.liquidation import Guard
from qbtc.core.market.futures.market import Market
from qbtc.core.market.futures.records import Account, Algo, Order
from qbtc.core.market.futures.requests import new_algo, new_order
from qbtc.core.market.futures.state import State
from qbtc.core.market.futures.venue import Venue
from qbtc.core.market.futures.wire import Json
from qbtc.core.market.instrument import Instrument
from qbtc.core.market.margin import SCALE
from qbtc.exchange.futures.accounts import Accounts
from qbtc.exchange.futures.desk import Desk

ME = 1
RICH, BOLD, FUND = 2, 3, 5
START = 1_700_000_000_000_000_000


def d(text: str) -> int:
    """A decimal as an integer of 1e-8."""
    sign = -1 if text.startswith("-") else 1
    whole, _, fraction = text.lstrip("-").partition(".")
    return sign * (int(whole) * SCALE + int(fraction.ljust(8, "0") or "0"))


class House:
    """BTCUSDT with bid and ask around 10,000, ten coins at every dollar."""

    def __init__(self, wallet: str = "10000") -> None:
        self.facts: list[Fact] = []
        self.events: list[Json] = []
        self.told: dict[int, list[Json]] = {}
        self.forced: list[Json] = []
        self.now = START
        self.venue = Venue(State(), self.facts.append, self._hear)
        self.venue.apply(Opened(ME, d(wallet), START))
        self.algos, self.accounts = Algos(self.venue), Accounts(self.venue)
        self.guard = Guard(self.venue, lambda stream, event: self.forced.append(event))
        self.market = self.add("BTCUSDT")
        self.quote(10_000)

    def _hear(self, account: int, event: Json) -> None:
        self.events.append(event)
        self.told.setdefault(account, []).append(event)

    def add(self, symbol: str, spot: Instrument | None = None) -> Market:
        rules = contract(symbol, spot)
        assert rules is not None
        self.venue.markets[symbol] = Market(rules, CoreMatcher(rules), START)
        return self.venue.markets[symbol]

    def quote(self, price: int, size: str = "10", symbol: str = "BTCUSDT", levels: int = 20) -> None:
        """Replace the book by one around a price in dollars, and let the mark price follow at once."""
        market = self.venue.markets[symbol]
        one = SCALE // market.contract.tick
        lots = d(size) // market.contract.step
        bids = [((price - 1 - away) * one, lots) for away in range(levels) if price - 1 - away > 0]
        asks = [((price + 1 + away) * one, lots) for away in range(levels)]
        self.now += 10**9
        self.venue.settle(market, market.matcher.replace(bids, asks, self.now), self.now)
        market.prices.last = price * SCALE
        market.funding.bases.clear()
        market.reprice(price * SCALE, self.now)

    @property
    def account(self) -> Account:
        return self.venue.state.account(ME)

    def place(self, side: str, kind: str = "MARKET", **params: str) -> Order:
        return self.place_by(ME, side, kind, **params)

    def place_by(self, account: int, side: str, kind: str = "MARKET", **params: str) -> Order:
        sent = {"symbol": "BTCUSDT", "side": side, "type": kind} | params
        if kind == "LIMIT":
            sent = {"timeInForce": "GTC"} | sent
        rules = self.venue.market(sent["symbol"]).contract
        return self.venue.place(account, new_order(sent, rules, self.now), self.now)

    def algo(self, side: str, kind: str, **params: str) -> Algo:
        sent = {"algoType": "CONDITIONAL", "symbol": "BTCUSDT", "side": side, "type": kind} | params
        return self.algos.place(ME, new_algo(sent, self.market.contract, self.now), self.now)

    def desk(self) -> Desk:
        """What the API's handlers work on; everything is on disk at once."""

        async def committed() -> None:
            return None

        return Desk(
            self.venue, self.algos, self.guard, self.accounts, lambda: self.now, lambda: self.now // 10**6, committed,
            lambda: None, [],
        )  # fmt: skip

    def size(self, leg: str = "BOTH", symbol: str = "BTCUSDT") -> int:
        return self.account.position(symbol, leg).quantity

    def kinds(self) -> list[object]:
        return [event["e"] for event in self.events]

    def replayed(self) -> State:
        """The facts folded from nothing, by way of their bytes."""
        again = State()
        for fact in self.facts:
            again.apply(decoder.decode(encoder.encode(fact)))
        return again

    def income(self, kind: str) -> int:
        return sum(row.amount for row in self.venue.state.data.incomes if row.kind == kind)


def ruined(fund: str = "0") -> House:
    """I am long five with leverage 100; RICH is short with leverage 20 and BOLD with 100 and less behind it."""
    house = House("1000")
    for account, wallet in ((RICH, "50000"), (BOLD, "3000"), (FUND, "100000")):
        house.venue.apply(Opened(account, d(wallet), START))
        house.accounts.leverage(account, "BTCUSDT", 100, house.now)
    house.accounts.leverage(ME, "BTCUSDT", 100, house.now)
    if fund != "0":
        house.venue.apply(Insured(FUND, "BTCUSDT", d(fund), house.now))
    house.place("BUY", quantity="5")
    house.place_by(RICH, "SELL", quantity="4")
    house.place_by(BOLD, "SELL", quantity="3")
    return house
