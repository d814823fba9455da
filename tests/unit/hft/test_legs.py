"""A strategy of several markets on paper: it sees all its legs, orders in each, and begins again after a restart."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.hft.sessions.scene import SECOND_SYMBOL, SYMBOL, Scene, recorded, replayed, strategies

from qbtc.contracts.common import Scope, Side
from qbtc.contracts.trading import SetStrategy
from qbtc.hft.actions import Actions
from qbtc.hft.adapters import repository
from qbtc.hft.adapters.session_file import read_session
from qbtc.hft.errors import BadParameter
from qbtc.hft.ports import StrategyChoice
from qbtc.hft.service import _restore_strategies
from qbtc.hft.sessions.replay import Replay
from qbtc.hft.views import Views

if TYPE_CHECKING:
    from qbtc.hft.settings import HftSettings
    from qbtc.kit.runtime import Runtime

BOTH = (SYMBOL, SECOND_SYMBOL)
LEGS = {"near": SYMBOL, "far": SECOND_SYMBOL}
CODE = '''
"""Quotes both legs and counts what it was told."""

from qbtc.hft.strategies.api import POST, Market, Orders, buy, parameter


class Watch:
    """Quotes both legs and counts what it was told."""

    legs = ("near", "far")
    timer_seconds = 0.5
    near_lots: int = parameter(2000, 0, 1_000_000_000, "lots of one order in the near leg; 0: none")
    books: int = 0
    last: int = -1
    fills: int = 0
    filled: int = 0
    timers: int = 0
    between: int = 0

    def on_book(self, market: Market, orders: Orders) -> None:
        self.books += 1
        self.last = market.leg
        self.between = market.far.bid - market.near.bid

    def on_fill(self, market: Market, orders: Orders) -> None:
        self.fills += 1
        self.last = market.leg
        self.filled = market.far.fill_lots

    def on_timer(self, market: Market, orders: Orders) -> None:
        self.timers += 1
        if market.near.own == 0 and self.near_lots > 0:
            buy(orders.near, market.near.bid - 10, self.near_lots, POST)
        if market.far.own == 0:
            buy(orders.far, market.far.bid - 10, 1000, POST)
'''


class Desk:
    """The strategy above on two markets that move when they are told to."""

    def __init__(self, folder: Path) -> None:
        path = folder / "strategies" / "watch.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(CODE)
        (self.strategy,) = strategies(folder, "watch")
        self.scene = Scene(folder, 3, [self.strategy], BOTH)
        self.scene.open()
        self.scene.venue.mood = 0.0
        self.engine, self.trader = self.scene.engine, self.scene.trader
        self.actions = Actions(self.engine, self.trader)

    async def start(self, **parameters: float) -> StrategyChoice:
        return await self.actions.set_strategy(wish(legs=LEGS, parameters=parameters))

    async def sync(self, *symbols: str) -> None:
        """The first frames of these, their snapshots, and half a second."""
        for symbol in symbols:
            self.move(symbol)
            await settle()
            self.move(symbol)
        self.engine.look(fully=False)
        self.move(symbol, 500)

    def move(self, symbol: str, ms: int = 100) -> None:
        self.scene.ms, self.scene.mono = self.scene.ms + ms, self.scene.mono + ms * 1_000_000
        self.scene.symbols = (symbol,)
        self.scene.depth()

    @property
    def state(self) -> dict[str, int]:
        (record,) = self.strategy._states.values()
        return {name: record[0][name].item() for name in ("books", "last", "fills", "filled", "timers", "between")}

    def open(self) -> dict[str, list[int]]:
        """Prices in ticks of open orders by symbol."""
        orders = [o for o in self.engine.desk.open_orders() if not o.closing]
        return {s: [(o.price or 0) // 1_000_000 for o in orders if o.symbol == s] for s in BOTH}


def wish(**words: object) -> SetStrategy:
    return SetStrategy.model_validate({"strategy": "watch", "action": "start", **words})


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.scene.journal.close()


async def test_nothing_is_called_before_every_leg_has_a_book(desk: Desk) -> None:
    await desk.start()
    await desk.sync(SYMBOL)
    assert desk.strategy._states == {}
    await desk.sync(SECOND_SYMBOL)
    assert desk.state["books"] > 0


async def test_a_book_names_its_leg_and_shows_all_of_them(desk: Desk) -> None:
    await desk.start()
    await desk.sync(*BOTH)
    streets = desk.scene.streets
    for leg, symbol in enumerate(BOTH):
        desk.move(symbol)
        assert desk.state["last"] == leg
        assert desk.state["between"] == streets[SECOND_SYMBOL].mid - streets[SYMBOL].mid


async def test_one_instance_orders_in_each_leg_and_its_timer_is_one(desk: Desk) -> None:
    await desk.start()
    await desk.sync(*BOTH)
    await settle()
    assert {symbol: len(prices) for symbol, prices in desk.open().items()} == {SYMBOL: 1, SECOND_SYMBOL: 1}
    assert desk.state["timers"] == 1
    for _ in range(6):
        desk.move(SYMBOL)
        desk.move(SECOND_SYMBOL)
    assert desk.state["timers"] == 3  # every 0.5 s of 1.2 s, whichever market the time came from


async def test_the_gate_judges_each_order_by_itself(desk: Desk) -> None:
    await desk.start(near_lots=900_000_000)
    await desk.sync(*BOTH)
    await settle()
    assert {symbol: len(prices) for symbol, prices in desk.open().items()} == {SYMBOL: 0, SECOND_SYMBOL: 1}
    assert sum(desk.trader.refused.values()) == 1


async def test_a_fill_names_its_leg(desk: Desk) -> None:
    await desk.start(near_lots=0)
    await desk.sync(*BOTH)
    await settle()
    while not desk.state["fills"]:
        desk.scene.filled()
    assert desk.state["last"] == 1
    assert 0 < desk.state["filled"] <= 1000


async def test_what_is_open_in_all_legs_is_cancelled_when_one_of_them_cannot_be_seen(desk: Desk) -> None:
    await desk.start()
    await desk.sync(*BOTH)
    await settle()
    assert all(desk.open().values())
    desk.engine.feed.markets[SECOND_SYMBOL].disconnected()  # type: ignore[union-attr]
    for _ in range(70):
        desk.move(SYMBOL)
        desk.engine.look(fully=False)
    await settle()
    assert not any(desk.open().values())


async def test_a_kill_cancels_in_every_leg_and_nothing_is_called_after_it(desk: Desk) -> None:
    await desk.start()
    await desk.sync(*BOTH)
    await settle()
    await desk.trader.kill(Scope.CANCEL, "a test")
    await settle()
    assert not any(desk.open().values())
    before = desk.state
    for symbol in BOTH:
        desk.move(symbol, 600)
    assert desk.state == before


async def test_a_stop_cancels_in_every_leg(desk: Desk) -> None:
    await desk.start()
    await desk.sync(*BOTH)
    await settle()
    chosen = await desk.actions.set_strategy(wish(action="stop"))
    await settle()
    assert not any(desk.open().values())
    assert chosen.legs == LEGS


@pytest.mark.parametrize(
    ("legs", "allowed"),
    [({}, "near=SYMBOL far=SYMBOL"), ({"near": SYMBOL}, "near=SYMBOL far=SYMBOL"), ({"near": SYMBOL, "far": "DOGEUSDT"}, [*BOTH])],
)
async def test_legs_that_do_not_fit_are_refused_with_what_is_allowed(desk: Desk, legs: dict[str, str], allowed: object) -> None:
    with pytest.raises(BadParameter) as caught:
        await desk.actions.set_strategy(wish(legs=legs))
    assert (caught.value.field, caught.value.allowed) == ("legs", allowed)
    assert not desk.engine.running


async def test_two_legs_need_two_symbols(desk: Desk) -> None:
    with pytest.raises(BadParameter, match="allowed: another symbol for each of near, far"):
        await desk.actions.set_strategy(wish(legs={"near": SYMBOL, "far": SYMBOL}))


async def test_a_strategy_of_one_market_takes_no_legs(tmp_path: Path) -> None:
    scene = Scene(tmp_path, 1, strategies(tmp_path, "grid"))
    scene.open()
    with pytest.raises(BadParameter) as caught:
        await Actions(scene.engine, scene.trader).set_strategy(wish(strategy="grid", legs=LEGS))
    assert caught.value.allowed == "none: it trades one market"
    scene.journal.close()


async def test_the_hot_loop_takes_no_legs(desk: Desk) -> None:
    with pytest.raises(BadParameter, match="which the hot loop does not"):
        await desk.actions.set_strategy(wish(legs=LEGS, tier="hot"))


async def test_while_it_runs_its_legs_stay_what_they_are(desk: Desk) -> None:
    await desk.start()
    assert (await desk.actions.set_strategy(wish(parameters={"near_lots": 5}))).legs == LEGS
    with pytest.raises(BadParameter, match="runs on near=BTCUSDT, far=ETHUSDT"):
        await desk.actions.set_strategy(wish(legs={"near": SECOND_SYMBOL, "far": SYMBOL}))


async def test_another_start_is_on_the_same_symbols_unless_it_names_others(desk: Desk) -> None:
    await desk.start()
    await desk.sync(*BOTH)
    await desk.actions.set_strategy(wish(action="stop"))
    assert (await desk.actions.set_strategy(wish())).legs == LEGS
    await desk.actions.set_strategy(wish(action="stop"))
    turned = {"near": SECOND_SYMBOL, "far": SYMBOL}
    assert (await desk.actions.set_strategy(wish(legs=turned))).legs == turned
    desk.move(SYMBOL)
    assert desk.state["last"] == 1


async def test_the_screen_shows_the_legs_and_says_when_a_market_is_missing(desk: Desk) -> None:
    views = Views(desk.engine)
    row = cast("dict[str, object]", views.strategy("watch"))
    assert (row["state"], row["legs"]) == ("stopped", {"near": None, "far": None})
    await desk.start()
    row = cast("dict[str, object]", views.strategy("watch"))
    assert (row["state"], row["legs"]) == ("running", LEGS)
    desk.strategy.place({"near": SYMBOL, "far": "BNBUSDT"})
    assert cast("dict[str, object]", views.strategy("watch"))["state"] == "without_market"


@pytest.mark.parametrize(("legs", "runs"), [(LEGS, True), ({"other": SYMBOL}, False), ({}, False)])
async def test_after_a_restart_it_runs_on_its_legs_or_says_why_not(
    desk: Desk, legs: dict[str, str], runs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stored(_: object, *, venue: str) -> dict[str, StrategyChoice]:
        return {"watch": StrategyChoice(True, {"near_lots": 3000}, legs=legs)}

    monkeypatch.setattr(repository, "load_strategies", stored)
    await _restore_strategies(cast("Runtime[HftSettings]", SimpleNamespace(store=None)), desk.engine, None, "local")
    assert ("watch" in desk.engine.running) is runs
    assert (desk.strategy.fault is None) is runs
    if runs:
        await desk.sync(*BOTH)
        await settle()
        assert {o.symbol: o.quantity // 100 for o in desk.engine.desk.open_orders()}[SYMBOL] == 3000


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_recorded_session_of_two_legs_is_reproduced_byte_for_byte(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        names = ("pairs", "imbalance")
        _, paths = asyncio.run(recorded(Path(folder), seed, 500, *names, symbols=BOTH))
        for path in paths:
            found = replayed(path, strategies(Path(folder), *names))
            assert found.difference is None
            assert found.equal == found.recorded
            assert found.views == found.views_equal


def test_pairs_buys_the_cheap_leg_and_sells_what_it_holds_of_the_dear_one(tmp_path: Path) -> None:
    scene, paths = asyncio.run(recorded(tmp_path, 7, 1500, "pairs", symbols=BOTH))
    sent = [o for o in scene.desk.orders.values() if o.strategy == "pairs"]
    assert {(o.symbol, o.side) for o in sent} == {(symbol, side) for symbol in BOTH for side in Side}
    found = [replayed(path, strategies(tmp_path, "pairs")) for path in paths]
    assert all(one.same for one in found)
    assert sum(one.recorded["order"] for one in found) > 20


def test_another_parameter_of_two_legs_is_named_where_it_first_matters(tmp_path: Path) -> None:
    _, paths = asyncio.run(recorded(tmp_path, 7, 600, "pairs", symbols=BOTH))
    largest = max(paths, key=lambda path: path.stat().st_size)
    found = Replay(read_session(largest), strategies(tmp_path, "pairs"), {"pairs": {"notional": 500.0}}).run()
    assert found.difference is not None
    assert "saw the same bytes" in found.difference.why or "wanted something" in found.difference.why
