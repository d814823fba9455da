"""The margin account of a run on futures: the venue's own rules (`core.market.futures`) beside the exchange of the run.

A Keeper holds the venue's state. What happens to our orders at the exchange is told to it (`margin_run`, `futures_venue`),
what it decides by itself (refusals, liquidation) it tells the desk: facts become answers and fills (`tell`). Prices and
amounts of the account are exact integers of 1e-8, and fees of fills follow it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qbtc.core.binance.errors import ApiError
from qbtc.core.market.futures.contracts import Contract
from qbtc.core.market.futures.facts import (
    AlgoChanged,
    AlgoPlaced,
    Ended,
    Fact,
    Funded,
    Insured,
    Leverage,
    MarginType,
    Opened,
    Placed,
    Traded,
)
from qbtc.core.market.futures.liquidation import Guard
from qbtc.core.market.futures.market import Market
from qbtc.core.market.futures.matching import Matcher
from qbtc.core.market.futures.requests import NewAlgo, NewOrder
from qbtc.core.market.futures.state import State
from qbtc.core.market.futures.venue import Venue
from qbtc.core.market.margin import SCALE
from qbtc.core.market.margin_account import margin_ratio

from ..strategy_records import FOK, IOC, MARK, POST
from .assumptions import BadAssumption
from .layout import BUY, CANCELED, EXPIRED, OPEN, SELL, SLOTS
from .resting import answer, end, fill

if TYPE_CHECKING:
    from .runner import Leg

Records = NDArray[np.void]
ACCOUNT = 1
TIFS = {IOC: "IOC", FOK: "FOK", POST: "GTX"}
SAMPLE = np.dtype(
    [
        ("time", "i8"),
        ("wallet", "f8"),  # quote units, as are the next three
        ("balance", "f8"),  # wallet and open profit
        ("initial", "f8"),  # margin that positions and orders bind
        ("maintenance", "f8"),
        ("ratio", "f8"),  # maintenance over balance; of isolated positions the greatest; liquidation at 1
    ]
)
"""The account at one time."""


@dataclass(frozen=True)
class Margin:
    """Of one market: its contract, LOOK records of its mark price; and of the account, which all legs share, the `wallet` that it
    begins with (1e-8 quote units)."""

    contract: Contract
    looks: Records
    wallet: int
    leverage: int = 20
    isolated: bool = False


@dataclass(frozen=True)
class Refusal:
    """An order that the venue would not take. `order` is the number of the ledger, `code` and `text` the venue's."""

    time: int
    symbol: str
    order: int
    code: int
    text: str


@dataclass
class Liquidation:
    """A position that the venue closed. `side` 1: it bought; `price` the mean; `bankruptcy` at which nothing is left of its margin;
    `fee` what the insurance fund got, negative: paid. Quote and base units."""

    time: int
    symbol: str
    order: int
    side: int
    mark: float
    bankruptcy: float
    quantity: float = 0.0
    price: float = 0.0
    fee: float = 0.0


@dataclass(frozen=True)
class MarginKept:
    """What a run leaves of its account; `samples` SAMPLE records."""

    leverage: dict[str, int]
    isolated: bool
    begun: float
    wallet: float
    insurance: float
    samples: Records
    liquidations: tuple[Liquidation, ...]
    refusals: tuple[Refusal, ...]

    @property
    def refused(self) -> list[tuple[int, str, int]]:
        """(code, text, how many orders), the most frequent first."""
        counted = Counter((each.code, each.text) for each in self.refusals)
        return [(code, text, count) for (code, text), count in counted.most_common()]


@dataclass
class Place:
    """One market of the account: where its orders are. `orders` by row of the ledger."""

    leg: Leg
    market: Market
    orders: dict[int, int] = field(default_factory=dict)

    @property
    def run(self) -> Any:
        return self.leg.run[0]

    @property
    def symbol(self) -> str:
        return self.market.symbol

    def order(self, slot: int) -> Any:
        return self.leg.blocks["orders"][slot]

    def request(self, o: Any, stp: str = "NONE") -> NewOrder:
        """An order of the desk (layout.ORDER) as the venue reads it."""
        rules, tick = self.market.contract, int(o["tick"])
        return NewOrder(
            symbol=self.symbol, side=_sign(o), leg="", kind="LIMIT" if tick else "MARKET",
            tif=TIFS.get(int(o["rest"]) % MARK, "GTC") if tick else "GTC", stp=stp, match="NONE", price=tick * rules.tick,
            quantity=int(o["lots"]) * rules.step, reduce=False, gtd=0, client_id=None,
        )  # fmt: skip

    def conditional(self, o: Any, stp: str = "NONE") -> NewAlgo:
        """A stop or if-touched order of the desk."""
        asked, limit = self.request(o, stp), "" if o["tick"] else "_MARKET"
        return NewAlgo(
            symbol=asked.symbol, side=asked.side, leg="", kind=("STOP" if o["stop"] > 0 else "TAKE_PROFIT") + limit,
            tif=asked.tif, stp=stp, match="NONE", price=asked.price, quantity=asked.quantity,
            trigger=abs(int(o["stop"])) * self.market.contract.tick, activate=0, rate=0,
            working="MARK_PRICE" if o["rest"] >= MARK else "CONTRACT_PRICE", protect=False, reduce=False, close=False, gtd=0,
            client_id=None,
        )  # fmt: skip


def _sign(o: Any) -> int:
    return -1 if o["side"] else 1


class Keeper:
    """The account of a run. `places` by symbol; `fault` ended it."""

    def __init__(self, margin: Margin, begin: int) -> None:
        self.facts: list[Fact] = []
        self.venue = Venue(State(), self.facts.append, lambda account, event: None)
        self.guard = Guard(self.venue, lambda stream, event: None)
        self.venue.apply(Opened(ACCOUNT, margin.wallet, begin))
        self.places: dict[str, Place] = {}
        self.fault: BaseException | None = None
        self.liquidations: list[Liquidation] = []
        self.refusals: list[Refusal] = []
        self._begun, self._isolated = margin.wallet, margin.isolated
        self._samples: list[tuple[int, float, float, float, float, float]] = []
        self._slots: dict[int, tuple[Place, int]] = {}
        self._algos: dict[int, tuple[Place, int]] = {}
        self._arriving: tuple[Place, int] | None = None

    def add(self, leg: Leg, matcher: Matcher, begin: int) -> Place:
        """A leg that trades futures."""
        rules = leg.rules.margin
        assert rules is not None
        market = Market(rules.contract, matcher, begin)
        market.waiting = True
        self.venue.markets[market.symbol] = market
        self.venue.apply(Leverage(ACCOUNT, market.symbol, rules.leverage))
        self.venue.apply(MarginType(ACCOUNT, market.symbol, rules.isolated))
        self.facts.clear()
        place = Place(leg, market)
        self.places[market.symbol] = place
        return place

    # ---- what it is told

    def place(self, place: Place, slot: int, now: int, send: Callable[[], object]) -> bool:
        """Give an order to the venue by `send`; False: it is refused."""
        self._arriving = place, slot
        try:
            send()
        except ApiError as error:
            self._refuse(place, slot, now, error.code, error.msg)
            return False
        return True

    def _refuse(self, place: Place, slot: int, now: int, code: int, text: str) -> None:
        self.refusals.append(Refusal(now, place.symbol, int(place.order(slot)["number"]), code, text))

    def entered(self, place: Place, slot: int, placed: Placed) -> None:
        """An order that `venue.check` let through is at the exchange of the run."""
        self.venue.apply(placed)
        self._known(placed.order_id, place, slot)

    def _known(self, order_id: int, place: Place, slot: int) -> None:
        place.orders[int(place.order(slot)["row"])] = order_id
        self._slots[order_id] = place, slot

    def booked(self, place: Place, slot: int, at: int) -> None:
        """The exchange of the run traded an order; its last fill tells what."""
        f, rules = place.leg.kept["fills"][int(place.run["fills"]) - 1], place.market.contract
        order = self.venue.state.open_orders[place.orders[int(place.order(slot)["row"])]]
        place.market.trade_id += 1
        self.venue.book(
            order, place.market.trade_id, (int(f["tick"]) * rules.tick, int(f["lots"]) * rules.step),
            rate=rules.maker if f["maker"] else rules.taker, maker=bool(f["maker"]), now=at,
        )  # fmt: skip
        f["fee"] = sum(fact.fee for fact in self.facts if isinstance(fact, Traded)) / SCALE
        self.facts.clear()
        if not order.open:
            del place.orders[int(place.order(slot)["row"])], self._slots[order.placed.order_id]

    def ended(self, place: Place, row: int, at: int) -> None:
        """The exchange of the run ended an order."""
        order_id = place.orders.pop(row, 0)
        self._slots.pop(order_id, None)
        if order_id in self.venue.state.open_orders:
            status = "CANCELED" if place.leg.kept["ledger"][row]["status"] == CANCELED else "EXPIRED"
            self.venue.apply(Ended(order_id, status, at))
            self.facts.clear()

    def funded(self, place: Place, row: int, at: int) -> None:
        """A settlement of funding."""
        s = place.leg.blocks["settlements"][row]
        self.venue.apply(Funded(place.symbol, round(float(s["rate"]) * SCALE), round(float(s["mark"]) * SCALE), at))
        self.facts.clear()

    def sampled(self, now: int) -> None:
        account, rows = self.venue.state.account(ACCOUNT), self.venue.exposures(ACCOUNT)
        sums = self.venue.totals(ACCOUNT)
        isolated = [
            margin_ratio(row.maintenance, row.balance)
            for row in rows.values()
            if row.isolated and row.position.quantity
        ]
        amounts = (
            account.wallet,
            sums.margin_balance,
            sums.initial_margin,
            sums.maintenance,
            max(isolated, default=sums.ratio),
        )
        self._samples.append((now, *(amount / SCALE for amount in amounts)))  # type: ignore[arg-type]

    # ---- what the desk hears of it

    def tell(self, now: int) -> None:
        """What the venue did since the last call, to the desk."""
        while self.facts:
            fact = self.facts.pop(0)
            heard = _HEARD.get(type(fact))
            if heard is not None:
                heard(self, fact, now)

    def _placed(self, fact: Placed, now: int) -> None:
        if fact.origin == "LIQUIDATION":
            self._liquidated(fact, now)
        elif fact.algo_id:
            self._known(fact.order_id, *self._algos.pop(fact.algo_id))
        else:
            assert self._arriving is not None
            place, slot = self._arriving
            self._known(fact.order_id, place, slot)
            answer(place.run, slot, OPEN, 0, 0, 0, now, -1)

    def _liquidated(self, fact: Placed, now: int) -> None:
        """An order that nobody of the desk placed: it takes a slot and a row of the ledger."""
        place = self.places[fact.symbol]
        r, rules = place.run, place.market.contract
        if not r["free"]:
            raise BadAssumption(
                f"{place.symbol} was liquidated while all {SLOTS} places of open orders were taken; allowed: fewer orders at a time"
            )
        r["free"] -= 1
        slot = int(place.leg.blocks["free"][int(r["free"])])
        r["sequence"] += 1
        said = {
            "side": SELL if fact.side < 0 else BUY,
            "tick": fact.price // rules.tick,
            "lots": fact.quantity // rules.step,
            "placed": now,
            "rest": IOC,
        }
        o, row = place.order(slot), place.leg.kept["ledger"][int(r["ledger"])]
        for record in (o, row):
            for name in record.dtype.names:
                record[name] = said.get(name, 0)
        o["number"] = row["order"] = r["sequence"]
        o["row"], o["left"], o["remaining"], o["known"], row["arrived"] = (
            r["ledger"],
            said["lots"],
            said["lots"],
            1,
            now,
        )
        r["ledger"] += 1
        self._known(fact.order_id, place, slot)
        mark = place.market.prices.mark / SCALE
        self.liquidations.append(Liquidation(now, fact.symbol, int(o["number"]), fact.side, mark, fact.price / SCALE))

    def _traded(self, fact: Traded, now: int) -> None:
        place, slot = self._slots[fact.order_id]
        rules, o = place.market.contract, place.order(slot)
        tick = (fact.price + rules.tick // 2) // rules.tick
        (bid, _), (ask, _) = place.market.touch()
        fill(
            place.run,
            slot,
            tick,
            fact.quantity // rules.step,
            int(fact.maker),
            now,
            bid // rules.tick,
            ask // rules.tick,
        )
        off = (fact.price - tick * rules.tick) * fact.quantity / SCALE  # a mark price is on no tick
        f = place.leg.kept["fills"][int(place.run["fills"]) - 1]
        f["fee"] = (fact.fee + _sign(o) * off) / SCALE
        last = self.liquidations[-1] if self.liquidations else None
        if last is not None and last.symbol == place.symbol and last.order == o["number"]:
            quantity, before = fact.quantity / SCALE, last.quantity
            last.quantity = before + quantity
            last.price = (last.price * before + fact.price / SCALE * quantity) / last.quantity

    def _ended(self, fact: Ended, now: int) -> None:
        if fact.order_id in self._slots:
            place, slot = self._slots[fact.order_id]
            place.orders.pop(int(place.order(slot)["row"]), None)
            self._over(place, slot, CANCELED if fact.status == "CANCELED" else EXPIRED, now)

    def _over(self, place: Place, slot: int, status: int, now: int) -> None:
        o = place.order(slot)
        o["remaining"] = 0
        end(place.run, o, status, now)
        answer(place.run, slot, status, 0, 0, 0, now, -1)

    def _waits(self, fact: AlgoPlaced, now: int) -> None:
        assert self._arriving is not None
        place, slot = self._arriving
        self._algos[fact.algo_id] = self._arriving
        answer(place.run, slot, OPEN, 0, 0, 0, now, -1)

    def _waited(self, fact: AlgoChanged, now: int) -> None:
        place, slot = self._algos.pop(fact.algo_id)
        if fact.status == "REJECTED":
            self._refuse(place, slot, now, fact.code, fact.reason)
        self._over(place, slot, CANCELED if fact.status == "CANCELED" else EXPIRED, now)

    def _insured(self, fact: Insured, now: int) -> None:
        """Fee or deficit of a liquidation; a debt without one is told to the first market."""
        if fact.symbol and self.liquidations:
            last = self.liquidations[-1]
            last.fee += fact.amount / SCALE
            place = self.places[last.symbol]
            place.leg.kept["fills"][int(place.run["fills"]) - 1]["fee"] += fact.amount / SCALE
        else:
            next(iter(self.places.values())).run["fee"] += fact.amount / SCALE

    def withdrawn(self, place: Place, slot: int) -> object:
        """The order or conditional order of a slot that is open, None if there is none."""
        state = self.venue.state
        for algo_id, where in self._algos.items():
            if where == (place, slot):
                return state.open_algos.get(algo_id)
        return state.open_orders.get(place.orders.get(int(place.order(slot)["row"]), 0))

    def kept(self) -> MarginKept:
        account = self.venue.state.account(ACCOUNT)
        return MarginKept(
            {symbol: account.setting(symbol).leverage for symbol in self.places}, self._isolated, self._begun / SCALE,
            account.wallet / SCALE, self.venue.state.data.insurance / SCALE, np.array(self._samples, SAMPLE),
            tuple(self.liquidations), tuple(self.refusals),
        )  # fmt: skip


_HEARD: dict[type, Callable[[Any, Any, int], None]] = {
    Placed: Keeper._placed,
    Traded: Keeper._traded,
    Ended: Keeper._ended,
    AlgoPlaced: Keeper._waits,
    AlgoChanged: Keeper._waited,
    Insured: Keeper._insured,
}
