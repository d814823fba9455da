"""HFT's engine in a market that wanders by a seed, at a venue that takes, refuses, forgets and fills by the same seed."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import cast

from qbtc.contracts import MarketMode, Scope
from qbtc.contracts.common import OrderType, Side
from qbtc.core.binance.user_data import AccountPosition, AssetBalance, ExecutionReport
from qbtc.core.market.book import DepthSnapshot
from qbtc.core.market.instrument import KNOWN, Instrument
from qbtc.hft.adapters.journal import FileJournal
from qbtc.hft.adapters.session_file import read_session
from qbtc.hft.adapters.strategy_files import load
from qbtc.hft.domain.desk import Balance, Desk
from qbtc.hft.domain.orders import Order, State
from qbtc.hft.domain.strategy import Slow, Strategy
from qbtc.hft.domain.units import text, units
from qbtc.hft.engine import Engine, MarketChanged
from qbtc.hft.ports import MarketInfo, NoAnswer, Venue, VenueError, VenueOrder
from qbtc.hft.sessions.outcome import Outcome
from qbtc.hft.sessions.recorder import Recorder
from qbtc.hft.sessions.replay import Replay
from qbtc.hft.settings import HftSettings
from qbtc.hft.trader import Trader

SYMBOL = "BTCUSDT"
SECOND_SYMBOL = "ETHUSDT"
ITEM = KNOWN[SYMBOL]
MS = 1_000_000
START_MS = 1_790_000_000_000
HASTY = {
    "imbalance": {"half_life": 0.5, "enter": 0.05, "exit": 0.05, "cooldown": 0.2},
    "pairs": {"half_life": 0.5, "enter": 0.3, "leave": 0.1, "cooldown": 0.2},
}
"""Parameters that make a strategy trade all the time."""
NAMES = ("imbalance", "avellaneda_stoikov", "grid")


class WildVenue:
    """What it has taken is in `open`; `mood` says how often it refuses or does not answer."""

    def __init__(self, world: Scene) -> None:
        self.world, self.mood, self.number = world, 0.1, 100
        self.open: dict[str, Order] = {}

    def _moody(self) -> None:
        dice = self.world.dice.random()
        if dice < self.mood / 2:
            raise VenueError(-2010, "Account has insufficient balance for requested action.")
        if dice < self.mood:
            raise NoAnswer("nobody answers")

    async def place(self, order: Order) -> VenueOrder:
        await asyncio.sleep(0)
        self._moody()
        self.number += 1
        self.open[order.client_order_id] = order
        return VenueOrder(order.client_order_id, str(self.number), order.symbol, "NEW", 0)

    async def cancel(self, symbol: str, client_order_id: str) -> VenueOrder:
        await asyncio.sleep(0)
        self._moody()
        if self.open.pop(client_order_id, None) is None:
            raise VenueError(-2011, "Unknown order sent.")
        return VenueOrder(client_order_id, "1", symbol, "CANCELED", 0)

    async def cancel_all(self, symbol: str) -> list[VenueOrder]:
        gone, self.open = [*self.open], {}
        return [VenueOrder(name, "1", symbol, "CANCELED", 0) for name in gone]

    async def order(self, symbol: str, client_order_id: str) -> VenueOrder:
        if client_order_id not in self.open:
            raise VenueError(-2013, "Order does not exist.")
        return VenueOrder(client_order_id, "1", symbol, "NEW", 0)

    async def last_price(self, instrument: Instrument) -> int | None:
        return self.world.streets[instrument.symbol].mid * ITEM.tick_units

    async def snapshot(self, instrument: Instrument) -> DepthSnapshot:
        street = self.world.streets[instrument.symbol]
        return DepthSnapshot(street.update, sorted(street.book[0].items(), reverse=True), sorted(street.book[1].items()))


class Street:
    """One market that wanders: its mid (ticks), its book and the number of its last change."""

    def __init__(self, instrument: Instrument, dice: random.Random) -> None:
        self.item, self.dice, self.mid, self.update = instrument, dice, 6_000_000, 1_000
        self.book: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self.levels()

    def levels(self) -> None:
        for side, sign in ((0, -1), (1, 1)):
            self.book[side].update({self.mid + sign * n: self.dice.randrange(100, 90_000) for n in range(1, 12)})


class Scene:
    def __init__(self, folder: Path, seed: int, strategies: Iterable[Strategy], symbols: tuple[str, ...] = (SYMBOL,)) -> None:
        self.dice, self.folder = random.Random(seed), folder
        self.ms, self.mono, self.trade, self.symbols = START_MS, 10**12, 1, symbols
        self.apart = count(step=0.001)
        self.streets = {symbol: Street(KNOWN[symbol], self.dice) for symbol in symbols}
        self.venue, self.desk = WildVenue(self), Desk({}, HftSettings().limits())
        self.journal = FileJournal(folder / "journal", epoch="t")
        self.trader = Trader(self.desk, cast(Venue, self.venue), self.journal, epoch="t")
        self.engine = Engine(
            self.desk, self.trader, cast(Venue, self.venue), [*strategies], symbols=symbols, unknown_seconds=5, running=(),
        )  # fmt: skip
        self.engine.ear.clock = lambda: self.mono
        self.recorder = Recorder(
            self.engine, folder / "sessions", on=True, part_bytes=1 << 30, keep_bytes=1 << 30,
            clock=lambda: self.mono / 1e9 + next(self.apart),
        )

    def open(self) -> None:
        items = [street.item for street in self.streets.values()]
        info = MarketInfo(MarketMode.SIMULATED, "RUNNING", "s1", 1.0, self.symbols, START_MS * MS, START_MS * MS, False, "")
        self.engine.measured(info, self.mono)
        self.desk.know_session(items)
        self.engine.begin(info, items)
        self.engine.opened(info)
        self.engine._user_up = True
        self.desk.linked(up=True)
        self.desk.clock_is_off(0)
        held = {"USDT": units("1000000")} | {street.item.base: units("10") for street in self.streets.values()}
        self.desk.take_balances({asset: Balance(amount) for asset, amount in held.items()})
        self.desk.set_opening(held)
        self.desk.compared(agrees=True)

    def start(self, *names: str) -> None:
        for name in names or [*self.engine.strategies]:
            self.recorder.starting(name)
            legs = dict(zip(self.engine.strategies[name].legs, self.symbols, strict=False))
            self.engine.set_strategy(name, start=True, parameters=HASTY.get(name, {}), legs=legs)

    def left_open(self, strategy: str) -> None:
        """An order whose cancel the venue never answered, of a strategy that was stopped."""
        order = Order(
            f"old-{strategy}", SYMBOL, Side.BUY, OrderType.LIMIT, ITEM.lot_units * 1000, (self.streets[SYMBOL].mid - 900) * ITEM.tick_units, 1,
            strategy=strategy, state=State.ACKED,
        )  # fmt: skip
        self.desk.orders[order.client_order_id] = self.venue.open[order.client_order_id] = order

    async def play(self, steps: int) -> None:
        acts = (
            (self.depth, 60), (self.print, 12), (self.filled, 8), (self.watch, 8), (self.gap, 1), (self.broken, 1),
            (self.advice, 2), (self.parameter, 1), (self.cut, 1), (self.person, 1), (self.account, 1), (self.halt, 0.3),
        )  # fmt: skip
        for _ in range(steps):
            wait = self.dice.randrange(1, 120)
            self.ms, self.mono = self.ms + wait, self.mono + wait * MS
            act = self.dice.choices([a for a, _ in acts], [w for _, w in acts])[0]
            try:
                act()
            except MarketChanged:
                self.engine.cut_off()
            for _ in range(self.dice.randrange(4)):
                await asyncio.sleep(0)

    # What happens.

    @property
    def street(self) -> Street:
        """The market where the next thing happens."""
        return self.streets[self.dice.choice(self.symbols) if len(self.symbols) > 1 else self.symbols[0]]

    def _frame(self, stream: str, data: dict[str, object]) -> None:
        name = f"{str(data['s']).lower()}@{stream}"
        self.engine.on_frame(json.dumps({"stream": name, "data": data}).encode())

    def depth(self) -> None:
        """The mid moves a few ticks; what it passes goes, what it leaves comes."""
        here = self.street
        before = tuple(dict(side) for side in here.book)
        here.mid += self.dice.randrange(-400, 401)
        for side in here.book:
            side.clear()
        here.levels()
        changes = [
            [[_price(t), text(side.get(t, 0) * here.item.lot_units)] for t in {*old, *side} if old.get(t) != side.get(t)]
            for old, side in zip(before, here.book, strict=True)
        ]
        first, here.update = here.update + 1, here.update + self.dice.randrange(1, 5)
        self._frame("depth@100ms", {"e": "depthUpdate", "E": self.ms, "s": here.item.symbol, "U": first, "u": here.update, "b": changes[0], "a": changes[1]})  # fmt: skip

    def print(self) -> None:
        self.trade, here = self.trade + 1, self.street
        row = {"e": "trade", "E": self.ms, "s": here.item.symbol, "t": self.trade, "p": _price(here.mid), "q": "0.01000000", "T": self.ms, "m": self.dice.random() < 0.5, "M": True}  # fmt: skip
        self._frame("trade", row)

    def gap(self) -> None:
        self.street.update += 7
        self.depth()

    def broken(self) -> None:
        self.engine.on_frame(b'{"stream":"btcusdt@trade","data":{"e":"trade"')

    def filled(self) -> None:
        """The venue fills a part or all of an order, or ends it."""
        mine = [o for o in self.desk.orders.values() if o.client_order_id in self.venue.open and o.open]
        if not mine:
            return
        order, self.trade = self.dice.choice(mine), self.trade + 1
        lot_units, mid = KNOWN[order.symbol].lot_units, self.streets[order.symbol].mid
        lots = order.remaining // lot_units
        part = lots if self.dice.random() < 0.6 else self.dice.randrange(1, lots + 1)
        ended = self.dice.random() < 0.1
        filled = order.filled + part * lot_units
        status = "CANCELED" if ended else "FILLED" if filled == order.quantity else "PARTIALLY_FILLED"
        if status != "PARTIALLY_FILLED":
            self.venue.open.pop(order.client_order_id)
        self.trader.on_user_event(ExecutionReport(
            event_ms=self.ms, symbol=order.symbol, client_order_id=order.client_order_id, side=order.side.value,
            order_type=order.type.value, time_in_force="GTC", quantity=text(order.quantity),
            price=text(order.price or mid * ITEM.tick_units), execution="CANCELED" if ended else "TRADE",
            status=status, order_id=self.venue.number, last_quantity=text(part * lot_units), filled=text(filled),
            last_price=text(order.price or mid * ITEM.tick_units), fee="0.001", fee_asset="USDT",
            transaction_ms=self.ms, trade_id=self.trade, maker=self.dice.random() < 0.5, created_ms=self.ms,
        ))  # fmt: skip

    def account(self) -> None:
        rows = [AssetBalance("USDT", "990000.5", "100.0"), AssetBalance("BTC", "10.1", "0.0")]
        self.trader.on_user_event(
            AccountPosition(event_ms=self.ms, updated_ms=self.ms, balances=rows)
        )

    def watch(self) -> None:
        self.engine.look(fully=self.dice.random() < 0.3)
        if self.desk.state.value == "HALTED" and self.dice.random() < 0.3:
            self.trader.resume("again")
        unknown = [o for o in self.desk.open_orders() if o.state is State.UNKNOWN]
        self.engine._spawn(self.trader.resolve(unknown))

    def advice(self) -> None:
        self.engine.advised(SYMBOL, Slow("calm", 0.9, self.dice.uniform(-1, 1)), (self.ms + 900) * MS)

    def parameter(self) -> None:
        if "imbalance" in self.engine.running:
            self.engine.set_strategy("imbalance", start=True, parameters={"shift": self.dice.uniform(0.05, 0.5)})

    def cut(self) -> None:
        if self.dice.random() < 0.5:
            self.engine.cut_off()
            return
        self.desk.linked(up=False)
        self.desk.linked(up=True)
        self.desk.compared(agrees=True)

    def person(self) -> None:
        from qbtc.hft.domain.requests import Origin
        from qbtc.hft.domain.risk import Proposal

        p = Proposal(SYMBOL, Side.BUY, OrderType.LIMIT, units("0.01"), (self.streets[SYMBOL].mid - 90) * ITEM.tick_units)
        self.engine._spawn(_quiet(self.trader, p, Origin(client_order_id=f"m-{self.ms}", operation="op")))

    def halt(self) -> None:
        self.trader.halt(self.dice.choice([Scope.PAUSE, Scope.CANCEL]), "a test")


async def _quiet(trader: Trader, p: object, origin: object) -> None:
    from qbtc.kit.errors import QbtcError

    try:
        await trader.place(p, origin)  # type: ignore[arg-type]
    except QbtcError:
        return


def _price(tick: int) -> str:
    return text(tick * ITEM.tick_units)


def strategies(folder: Path, *names: str) -> list[Strategy]:
    made = [load(name, folder) for name in names]
    for one in made:
        one.prepare()
    return made


async def recorded(
    folder: Path, seed: int, steps: int, *names: str, symbols: tuple[str, ...] = (SYMBOL,)
) -> tuple[Scene, list[Path]]:  # fmt: skip
    """A played scene and its recordings, oldest first."""
    scene = Scene(folder, seed, strategies(folder, *(names or NAMES)), symbols)
    scene.open()
    await scene.play(20)  # a desk that has seen something before a recording begins
    scene.start()
    await scene.play(30)
    scene.recorder.begin("amid orders")
    await scene.play(steps)
    scene.recorder.close()
    scene.journal.close()
    return scene, sorted((folder / "sessions").glob("*.session"))


def replayed(path: Path, made: Iterable[Strategy]) -> Outcome:
    return Replay(read_session(path), [*made]).run()
