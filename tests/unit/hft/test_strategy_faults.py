"""A strategy that is wrong is told so in the words of its author, with file and line; one that fails halts trading."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from qbtc.contracts import Scope, TradingState
from qbtc.core.binance.messages import DepthUpdate
from qbtc.core.market.book import DepthSnapshot
from qbtc.core.market.instrument import KNOWN
from qbtc.hft.adapters import repository
from qbtc.hft.adapters.strategy_files import copy, load, load_all
from qbtc.hft.domain.desk import Desk
from qbtc.hft.domain.market import SymbolMarket
from qbtc.hft.domain.strategy import FOK, GTC, IOC, PLACE, Intent, Sight, Strategy, StrategyFault
from qbtc.hft.engine import Engine
from qbtc.hft.errors import BadParameter, NoSuchStrategy
from qbtc.hft.ports import StrategyChoice, Venue
from qbtc.hft.service import _restore_strategies
from qbtc.hft.settings import HftSettings
from qbtc.hft.strategies import EXAMPLES
from qbtc.hft.trader import Trader
from qbtc.kit.runtime import Runtime
from qbtc.testing.trading import TradingDesk
from qbtc.testing.waiting import eventually

HEAD = "from qbtc.hft.strategies.api import buy, cancel, helper, parameter, sell\n\n\nclass Mine:\n"


def written(tmp_path: Path, body: str, *, head: str = HEAD, tail: str = "") -> Path:
    path = tmp_path / "mine.py"
    lines = "".join(f"    {line}\n" if line else "\n" for line in body.splitlines())
    path.write_text(f"{head}{lines}{tail}")
    return path


def fault(tmp_path: Path, body: str, *, tail: str = "") -> str:
    path = written(tmp_path, body, tail=tail)
    with pytest.raises(StrategyFault) as caught:
        load(str(path), tmp_path).prepare()
    assert str(caught.value).startswith(f"{path}:{caught.value.line}: ")
    return f"{caught.value.line}: {caught.value.message}"


BOOK = "def on_book(self, market, orders):\n"


@pytest.mark.parametrize(
    ("asks", "wants"),
    [
        ("buy_stop(orders, market.ask + 5, 1)", Intent(PLACE, 0, 0, 1, IOC, 1006)),
        ("sell_stop(orders, market.bid - 5, 1, 990)", Intent(PLACE, 1, 990, 1, GTC, 995)),
        ("sell_if_touched(orders, market.ask + 5, 1)", Intent(PLACE, 1, 0, 1, IOC, -1006)),
        ("buy(orders, market.bid, 1, FOK)", Intent(PLACE, 0, 1000, 1, FOK)),
    ],
)
def test_fok_and_stop_orders_reach_whoever_trades(asks: str, wants: Intent, tmp_path: Path) -> None:
    head = HEAD.replace("import buy,", "import FOK, buy, buy_stop, sell_if_touched, sell_stop,")
    found = load(str(written(tmp_path, f"{BOOK}    {asks}", head=head)), tmp_path)
    found.prepare()
    sight = Sight(0.1, 0.001)
    sight.touch(1, [(1000, 5)], [(1001, 5)])
    assert found.call("on_book", "BTCUSDT", sight) == [wants]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("x: float = 0.0", "1: has no class with on_book, on_trade, on_fill, on_timer"),
        (f"x: str = 'a'\n{BOOK}    pass", "4: Mine.x must be float, int or bool, not str"),
        (f"x: float\n{BOOK}    pass", "4: Mine.x needs a value"),
        (f"x: float = parameter(2.0, 0.0, 1.0, '')\n{BOOK}    pass", "the default is not allowed: x = 2.0 is outside"),
        ("def on_book(self, market):\n    pass", "5: Mine.on_book must take self, market and orders"),
        (f"{BOOK}    pass\ndef on_tick(self, market, orders):\n    pass", "7: Mine.on_tick is not called by anybody"),
        (f"x: int = 0\n{BOOK}    self.y = 1", "7: Mine.on_book: self has no field 'y'; it has x"),
        (f"{BOOK}    if market.mid > 1:\n        pass", "6: Mine.on_book: market has no field 'mid'"),
        (f"{BOOK}    market.bid = nonsense", "6: Mine.on_book: 'nonsense' is not defined"),
        (f"{BOOK}    names = 'a'\n    buy(orders, names, 1)", "mine.on_book"),
        (f"timer_seconds = 0\n{BOOK}    pass", "timer_seconds = 0 must be between"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(tmp_path: Path, body: str, says: str) -> None:
    assert says in fault(tmp_path, body)


def test_a_plain_function_must_be_marked_as_helper(tmp_path: Path) -> None:
    said = fault(tmp_path, f"{BOOK}    outside(1)", tail="\n\ndef outside(x):\n    return x\n")
    assert (
        said == "6: mine.on_book: 'outside' cannot be used in compiled code; if it is a function, mark it with @helper"
    )


def test_a_file_that_python_cannot_read_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text("class Mine:\n    def on_book(self\n")
    with pytest.raises(StrategyFault, match=r"mine\.py:2: '\(' was never closed"):
        load(str(path), tmp_path)
    path.write_text("import math\n1 / 0\n")
    with pytest.raises(StrategyFault, match=r"mine\.py:2: ZeroDivisionError"):
        load(str(path), tmp_path)


def test_a_file_of_two_strategies_needs_to_be_told_which(tmp_path: Path) -> None:
    body = f"{BOOK}    pass\n\n"
    path = written(tmp_path, body, tail=f"\n\nclass Other:\n    {BOOK}        pass\n")
    with pytest.raises(StrategyFault, match="has Mine, Other: say which"):
        load(str(path), tmp_path)
    assert load(f"{path}:Other", tmp_path).spec.cls.__name__ == "Other"
    with pytest.raises(NoSuchStrategy) as caught:
        load(f"{path}:Third", tmp_path)
    assert caught.value.allowed == ["Mine", "Other"]


def test_an_unknown_strategy_is_told_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(NoSuchStrategy) as caught:
        load("wish", tmp_path)
    assert cast(list[str], caught.value.allowed)[: len(EXAMPLES)] == [*EXAMPLES]


def test_a_copied_example_works_under_its_new_name(tmp_path: Path) -> None:
    folder = tmp_path / "strategies"
    path = copy("mine", "ema_cross", folder)
    found, chosen, faults = load_all(("mine", str(path)), tmp_path)
    assert (chosen, faults) == (["mine", "mine"], {})
    assert {s.name for s in found} == {*EXAMPLES, "mine"}
    with pytest.raises(BadParameter, match="exists already"):
        copy("mine", "grid", folder)
    with pytest.raises(BadParameter):
        copy("../mine", "grid", folder)
    with pytest.raises(NoSuchStrategy):
        copy("other", "wish", folder)


def test_one_broken_file_does_not_keep_the_others_away(tmp_path: Path) -> None:
    (tmp_path / "strategies").mkdir()
    written(tmp_path / "strategies", "x: float = 0.0")
    found, _, faults = load_all((), tmp_path)
    assert {s.name for s in found} == {*EXAMPLES}
    assert "has no class with on_book" in faults["mine"]


class Scene:
    """A desk with one strategy of a test and a book that is in sync."""

    def __init__(self, tmp_path: Path, body: str, *, head: str = HEAD) -> None:
        self.one = TradingDesk(tmp_path / "journal")
        self.strategy = load(str(written(tmp_path, body, head=head)), tmp_path)
        self.strategy.prepare()
        self.market = SymbolMarket(KNOWN["BTCUSDT"])
        self.market.on_snapshot(DepthSnapshot(1, [(5_999_900, 50)], [(6_000_100, 50)]))
        self.strategist = self.one.engine.strategist
        self.strategist.strategies["mine"] = self.strategy
        self.strategist.set("mine", start=True, parameters={})

    def tick(self) -> None:
        self.strategist.on_book(self.market, 10**18, 0)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (f"n: int = 0\n{BOOK}    self.n = 1 // self.n", "mine.py:7: mine.on_book raised ZeroDivisionError"),
        (f"{BOOK}    raise ValueError('no idea')", "mine.py:6: mine.on_book raised ValueError: no idea"),
        (f"n: int = 40\n{BOOK}    self.n = market.own_tick[self.n]", "mine.py:7: mine.on_book raised IndexError"),
        (f"{BOOK}    buy(orders, market.bid * float('nan'), 1)", "a price or size that is NaN"),
        (f"x: float = 0.0\n{BOOK}    buy(orders, market.bid + (self.x - self.x) * 1e400, 1)", "a price or size that is NaN"),
        (f"{BOOK}    buy(orders, market.bid, 0)", "zero, negative or absurd"),
        (f"{BOOK}    sell(orders, -market.ask, 1)", "zero, negative or absurd"),
        (f"{BOOK}    sell(orders, market.ask, 1e30)", "zero, negative or absurd"),
        (f"{BOOK}    buy(orders, market.bid, 1, 9)", "zero, negative or absurd"),
        (f"{BOOK}    cancel(orders, 3)", "zero, negative or absurd"),
        (f"{BOOK}    cancel(orders, -1)", "zero, negative or absurd"),
        (f"{BOOK}    for i in range(99):\n        buy(orders, market.bid - i, 1)", "too many orders at once"),
        (f"x: float = 0.0\n{BOOK}    self.x = 1e308 * 10.0\ndef on_timer(self, market, orders):\n    pass", "x is not a finite number"),
    ],
)  # fmt: skip
async def test_a_strategy_that_fails_halts_trading_and_is_named(tmp_path: Path, body: str, says: str) -> None:
    scene = Scene(tmp_path, body)
    scene.tick()
    desk = scene.one.desk
    assert desk.state is TradingState.HALTED
    assert desk.reason.startswith("strategy mine: ")
    assert says in desk.reason
    assert "mine" not in scene.strategist.running
    assert scene.one.venue.placed == []
    await eventually(lambda: desk.scope is Scope.CANCEL, what="its orders are cancelled")
    scene.one.close()


async def test_a_stop_by_the_mark_price_halts_in_words_before_anything_is_sent(tmp_path: Path) -> None:
    head = HEAD.replace("import buy,", "import MARK, buy, sell_stop,")
    scene = Scene(
        tmp_path,
        f"{BOOK}    buy(orders, market.bid, 10_000)\n    sell_stop(orders, market.bid - 5, 1, by=MARK)",
        head=head,
    )
    scene.tick()
    desk = scene.one.desk
    assert desk.state is TradingState.HALTED
    assert (
        "mine asked for a stop by the mark price; allowed: a backtest of USD-M futures with a leverage" in desk.reason
    )
    await eventually(lambda: desk.scope is Scope.CANCEL, what="its orders are cancelled")
    assert (desk.orders, scene.one.venue.placed) == ({}, [])
    scene.one.close()


async def test_what_a_strategy_wants_goes_through_the_gate_to_the_venue(tmp_path: Path) -> None:
    scene = Scene(tmp_path, f"{BOOK}    if market.own == 0:\n        buy(orders, market.bid, 10_000)")
    scene.tick()
    await eventually(lambda: scene.one.venue.placed, what="the order is at the venue")
    (order,) = scene.one.venue.placed
    assert (order.strategy, order.quantity, order.price) == ("mine", 10**6, 5_999_900 * 10**6)
    scene.tick()
    assert len(scene.one.desk.orders) == 1
    scene.one.close()


async def test_a_strategy_that_cancels_again_and_again_sends_one_cancel(tmp_path: Path) -> None:
    scene = Scene(
        tmp_path,
        f"{BOOK}    if market.own == 0:\n        buy(orders, market.bid, 10_000)\n    else:\n        cancel(orders)",
    )
    scene.tick()
    await eventually(lambda: scene.one.desk.open_orders() and scene.one.venue.placed, what="the order rests")
    for _ in range(5):
        scene.tick()
    await eventually(lambda: scene.one.venue.cancelled, what="it is cancelled")
    assert len(scene.one.venue.cancelled) == 1
    scene.one.close()


async def test_a_restart_of_a_strategy_forgets_its_fault(tmp_path: Path) -> None:
    scene = Scene(tmp_path, f"n: int = 0\nlow: int = parameter(0, 0, 9, 'x')\n{BOOK}    self.n = 1 // self.low")
    scene.tick()
    assert isinstance(scene.strategy.fault, StrategyFault)
    scene.strategist.set("mine", start=True, parameters={"low": 1})
    scene.one.trader.resume("again")
    scene.tick()
    assert scene.one.desk.state is TradingState.ACTIVE
    assert isinstance(scene.strategist.strategies["mine"], Strategy)
    scene.one.close()


async def test_a_strategy_that_failed_stays_stopped_over_a_restart_until_it_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(tmp_path, f"n: int = 0\nlow: int = parameter(0, 0, 9, 'x')\n{BOOK}    self.n = 1 // self.low")
    scene.tick()
    running = await _running_after_a_restart(scene, monkeypatch)
    scene.strategist.set("mine", start=True, parameters={"low": 1})
    assert (running, await _running_after_a_restart(scene, monkeypatch)) == ({"imbalance"}, {"imbalance", "mine"})
    scene.one.close()


async def _running_after_a_restart(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Both strategies are stored as running; the desk is built from the journal, and again from a checkpoint."""

    async def stored(_: object, *, venue: str) -> dict[str, StrategyChoice]:
        return {name: StrategyChoice(True, {}) for name in ("imbalance", "mine")}

    monkeypatch.setattr(repository, "load_strategies", stored)
    found = list[set[str]]()
    for records in (scene.one.journal.records(), scene.one.desk.checkpoint()):
        desk = Desk(scene.one.desk.instruments, scene.one.desk.limits)
        desk.restore(records)
        trader = Trader(desk, cast(Venue, scene.one.venue), scene.one.journal, epoch="t")
        found_here = list(scene.strategist.strategies.values())
        engine = Engine(desk, trader, trader.venue, found_here, symbols=(), unknown_seconds=5, running=())
        await _restore_strategies(cast("Runtime[HftSettings]", SimpleNamespace(store=None)), engine, None, "local")
        found.append(set(engine.running))
    assert found[0] == found[1]
    return found[0]


def test_a_crossed_record_of_depth_is_left_out_of_what_is_usual() -> None:
    market = SymbolMarket(KNOWN["BTCUSDT"])
    assert market.usual(0) == (None, None, None)
    market.on_snapshot(DepthSnapshot(1, [(100, 5)], [(102, 7)]))
    update = DepthUpdate(event="depthUpdate", event_ms=1000, symbol="BTCUSDT", first=2, last=2, bids=[], asks=[])
    assert market.on_depth(update)
    assert market.usual(10**9) == (6, 2 * 1024, 0)


@pytest.mark.parametrize("name", ["kill", "manual", "hot"])
def test_the_words_of_other_orders_are_no_names_of_strategies(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadParameter, match=f"'{name}' cannot be a strategy's name"):
        copy(name, "grid", tmp_path)
    folder = tmp_path / "strategies"
    path = copy("mine", "grid", folder).rename(folder / f"{name}.py")
    found, _, faults = load_all((str(path),), tmp_path)
    assert name not in [s.name for s in found]
    assert all("a name that is not free" in faults[wanted] for wanted in (name, str(path)))


def test_a_file_that_is_no_strategy_at_all_does_not_keep_the_others_from_loading(tmp_path: Path) -> None:
    (tmp_path / "strategies").mkdir()
    (tmp_path / "strategies" / "broken.py").write_text("import a_module_that_is_not_there\n")
    (tmp_path / "strategies" / "odd.py").write_text('"""\n  text\nmore\n"""\nclass Odd:\n  1 / 0\n')
    made, running, faults = load_all(("imbalance",), tmp_path)
    assert {s.name for s in made} >= set(EXAMPLES)
    assert running == ["imbalance"]
    assert set(faults) == {"broken", "odd"}


def test_a_file_named_like_an_example_is_refused(tmp_path: Path) -> None:
    path = copy("mine", "grid", tmp_path).rename(tmp_path / "imbalance.py")
    _, running, faults = load_all((str(path),), tmp_path)
    assert running == []
    assert "named like the example" in faults[str(path)]


def test_a_strategy_keeps_the_digest_of_the_code_that_was_loaded_when_its_file_is_edited(tmp_path: Path) -> None:
    path = copy("mine", "grid", tmp_path / "strategies")
    before, loaded = path.read_bytes(), load("mine", tmp_path)
    path.write_bytes(before + b"\nHALF = 0.5\n")
    assert loaded.digest == loaded.as_written(plain=True).digest == hashlib.sha256(before).hexdigest()
    assert load("mine", tmp_path).digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert load("grid", tmp_path).digest == loaded.digest  # an example, of which it is a copy
