"""The examples decide as their formulas say, the same compiled and in plain Python."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from qbtc.contracts.common import OrderType, Side
from qbtc.core.market.instrument import KNOWN
from qbtc.hft.adapters.strategy_files import load
from qbtc.hft.domain.risk_records import Records
from qbtc.hft.domain.strategy import Intent, Sight, Slow, Strategy
from qbtc.hft.domain.strategy_compiled import intents, run_plain
from qbtc.hft.domain.strategy_records import BUY, CANCEL, FOK, GTC, IOC, PLACE, POST, SELL, buffers_of
from qbtc.hft.domain.units import units
from qbtc.hft.strategies import EXAMPLES
from qbtc.hft.strategist import proposal

HOME = Path("/nowhere")
SECOND = 10**9
BID, ASK = 9_999, 10_001
"""Ticks of 0.01 around 100; lots of 0.001."""


@pytest.fixture(scope="module")
def programs() -> dict[str, Strategy]:
    found = {name: load(name, HOME) for name in EXAMPLES}
    for strategy in found.values():
        strategy.prepare()
    return found


@pytest.fixture
def pick(programs: dict[str, Strategy]):  # type: ignore[no-untyped-def]
    def fresh(name: str) -> Strategy:
        strategy = programs[name]
        strategy.forget()
        strategy.configure(strategy.spec.defaults)
        return strategy

    return fresh


def sight(at: int = 1000, **values: object) -> Sight:
    made = Sight(0.01, 0.001)
    row = made.records
    row["now"], row["bid"], row["ask"], row["imbalance"] = at * SECOND, BID, ASK, 0.9
    for name, value in values.items():
        row[name] = value
    return made


def own(*orders: tuple[int, int, int]) -> dict[str, object]:
    """Fields for open orders (side, tick, lots)."""
    rows = np.zeros((3, 32), np.int64)
    rows[:, : len(orders)] = np.array(orders).T
    return {"own": len(orders), "own_side": rows[0], "own_tick": rows[1], "own_lots": rows[2]}


def book(strategy: Strategy, seen: Sight) -> list[Intent]:
    return strategy.call("on_book", "BTCUSDT", seen)


def timer(strategy: Strategy, seen: Sight) -> list[Intent]:
    return strategy.call("on_timer", "BTCUSDT", seen)


def test_imbalance_buys_at_the_ask_when_the_bids_outweigh(pick) -> None:  # type: ignore[no-untyped-def]
    assert book(pick("imbalance"), sight()) == [Intent(PLACE, BUY, ASK, 2000, IOC)]


def test_imbalance_sells_what_it_holds_and_never_more(pick) -> None:  # type: ignore[no-untyped-def]
    assert book(pick("imbalance"), sight(imbalance=-0.9, position=500)) == [Intent(PLACE, SELL, BID, 500, IOC)]
    assert book(pick("imbalance"), sight(imbalance=-0.9)) == []


@pytest.mark.parametrize(
    "values",
    [{"imbalance": 0.4}, {"own": 1}, {"position": 10_000}],
    ids=["between the thresholds", "an order works", "inventory is full"],
)
def test_imbalance_waits(pick, values: dict[str, object]) -> None:  # type: ignore[no-untyped-def]
    assert book(pick("imbalance"), sight(**values)) == []


def test_imbalance_sends_one_order_a_cooldown(pick) -> None:  # type: ignore[no-untyped-def]
    strategy = pick("imbalance")
    assert book(strategy, sight())
    assert book(strategy, sight(1004)) == []
    assert book(strategy, sight(1005))


def test_a_bias_for_falls_asks_for_more_and_a_turbulent_regime_halves_the_size(pick) -> None:  # type: ignore[no-untyped-def]
    assert book(pick("imbalance"), sight(imbalance=0.6))
    falls = sight(imbalance=0.6)
    falls.slow(Slow("calm", 1.0, -1.0))
    assert book(pick("imbalance"), falls) == []
    wild = sight()
    wild.slow(Slow("turbulent", 1.0, 0.0))
    assert [i.lots for i in book(pick("imbalance"), wild)] == [1000]


def test_ema_cross_waits_for_its_averages_then_follows_the_price_both_ways(pick) -> None:  # type: ignore[no-untyped-def]
    strategy = pick("ema_cross")
    for at in range(60):
        assert book(strategy, sight(1000 + at, bid=BID + at * 10, ask=ASK + at * 10)) == []
    up = book(strategy, sight(1060, bid=BID + 600, ask=ASK + 600))
    assert [(i.verb, i.side, i.tick, i.rest) for i in up] == [(PLACE, BUY, ASK + 600, IOC)]
    down = []
    for at in range(100):
        tick = BID + 600 - at * 20
        down += book(strategy, sight(1061 + at, bid=tick, ask=tick + 2, position=4700))
    assert {(i.side, i.lots) for i in down} == {(SELL, 4700)}


def test_grid_buys_on_the_lines_below_and_sells_only_what_it_holds(pick) -> None:  # type: ignore[no-untyped-def]
    strategy = pick("grid")
    first = timer(strategy, sight())
    assert [(i.side, i.tick, i.lots, i.rest) for i in first] == [(BUY, t, 1000, POST) for t in (9990, 9980, 9970)]
    lower = timer(strategy, sight(bid=9988, ask=9992, position=1000, **own((BUY, 9980, 1000), (BUY, 9970, 1000))))
    assert [(i.verb, i.side, i.tick) for i in lower] == [(PLACE, SELL, 10_000), (PLACE, BUY, 9960)]


def test_grid_takes_lines_out_that_the_price_has_left(pick) -> None:  # type: ignore[no-untyped-def]
    strategy = pick("grid")
    timer(strategy, sight())
    moved = timer(strategy, sight(bid=10_018, ask=10_022, **own((BUY, 9990, 1000), (BUY, 9970, 1000))))
    assert [(i.verb, i.side, i.tick) for i in moved if i.verb == CANCEL] == [(CANCEL, BUY, 9970)]


def quotes(strategy: Strategy, **values: object) -> dict[int, int]:
    """Side to tick, after a minute in which the price moved by 5 bp a second."""
    wanted: list[Intent] = []
    for at in range(60):
        shift = 5 * (at % 2)
        wanted = timer(strategy, sight(1000 + at, bid=BID + shift, ask=ASK + shift, **values)) or wanted
    return {i.side: i.tick for i in wanted if i.verb == PLACE}


def test_avellaneda_stoikov_quotes_lower_the_more_it_holds(pick) -> None:  # type: ignore[no-untyped-def]
    little, much = quotes(pick("avellaneda_stoikov"), position=1000), quotes(pick("avellaneda_stoikov"), position=4000)
    assert little[BUY] < BID
    assert much[BUY] < little[BUY]
    assert much[SELL] <= little[SELL]
    assert little[BUY] < little[SELL]


def test_avellaneda_stoikov_asks_for_its_formula_of_a_still_market(pick) -> None:  # type: ignore[no-untyped-def]
    strategy = pick("avellaneda_stoikov")
    timer(strategy, sight(1000, bid=999_999, ask=1_000_001))
    (bid,) = timer(strategy, sight(1001, bid=999_999, ask=1_000_001))
    half = np.log(1 + 0.05 / 0.3) / 0.05
    assert bid.tick == int(1_000_000 * (1 - half * 1e-4))


def test_avellaneda_stoikov_leaves_a_good_quote_and_renews_a_stale_one(pick) -> None:  # type: ignore[no-untyped-def]
    strategy = pick("avellaneda_stoikov")
    (bid,) = [timer(strategy, sight(at)) for at in (1000, 1001)][1]
    assert timer(strategy, sight(1003, **own((BUY, bid.tick, 1000)))) == []
    assert [i.verb for i in timer(strategy, sight(1004, **own((BUY, bid.tick - 50, 1000))))] == [CANCEL]


@pytest.mark.parametrize("name", EXAMPLES)
def test_compiled_code_and_plain_python_want_the_same(pick, name: str) -> None:  # type: ignore[no-untyped-def]
    strategy, random = pick(name), np.random.default_rng(7)
    program, compiled = strategy.prepare(), strategy.spec.state({})
    legs, plain, view = strategy.legs, compiled.copy(), np.zeros(1, strategy.spec.market)
    there, here = np.zeros(1, strategy.spec.orders), np.zeros(1, strategy.spec.orders)
    for at in range(200):
        for part in [view[leg] for leg in legs] or [view]:
            _random_market(part, at, random)
        for method in strategy.spec.methods:
            program.call(method, compiled, view, there)
            for buffer in buffers_of(here, legs):
                buffer["count"] = 0
            run_plain(strategy.spec, method, plain, view, here)
            assert [intents(b) for b in buffers_of(there, legs)] == [intents(b) for b in buffers_of(here, legs)]
            assert compiled.tobytes() == plain.tobytes()


def _random_market(view: Records, at: int, random: np.random.Generator) -> None:
    bid = 1_000_000 + int(random.integers(-3000, 3000))
    view["now"], view["bid"], view["ask"] = at * SECOND + 1, bid, bid + int(random.integers(1, 50))
    view["imbalance"], view["bias"], view["confidence"] = random.uniform(-1, 1, 3)
    view["tick_size"], view["lot_size"], view["regime"] = 0.01, 0.00001, random.integers(0, 6)
    view["position"], view["own"] = random.integers(0, 3000), random.integers(0, 4)
    view["own_side"], view["own_tick"] = random.integers(0, 2, (1, 32)), bid + random.integers(-5000, 5000, (1, 32))


def test_an_unknown_or_absurd_parameter_is_refused_by_name(pick) -> None:  # type: ignore[no-untyped-def]
    strategy = pick("imbalance")
    with pytest.raises(ValueError, match="unknown parameter 'size'"):
        strategy.configure({"size": 1.0})
    for value in (2.0, float("nan"), True):
        with pytest.raises(ValueError, match="enter"):
            strategy.configure({"enter": value})
    with pytest.raises(ValueError, match="whole number"):
        pick("grid").configure({"levels": 2.5})
    assert strategy.parameters["enter"] == 0.5
    assert strategy.ranges()["enter"]["high"] == 1.0


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_screens_dictionary_knows_the_words_of_each_example(name: str) -> None:
    words = json.loads((Path(__file__).parents[3] / "ui/src/i18n/en.json").read_text())["strategy"]
    found = load(name, Path("/nowhere"))
    assert words[f"about_{name}"] == found.description
    assert {key: words[f"doc_{name}_{key}"] for key in found.ranges()} == {k: r["doc"] for k, r in found.ranges().items()}


@pytest.mark.parametrize(
    ("wish", "type", "price", "trigger", "touched"),
    [
        (Intent(PLACE, 0, 0, 3, IOC, 6_100_000), OrderType.MARKET, None, "61000", False),
        (Intent(PLACE, 1, 5_990_000, 3, GTC, 5_995_000), OrderType.LIMIT, "59900", "59950", False),
        (Intent(PLACE, 1, 0, 3, IOC, -6_100_000), OrderType.MARKET, None, "61000", True),
        (Intent(PLACE, 0, 5_990_000, 3, FOK), OrderType.LIMIT, "59900", None, False),
    ],
)
def test_a_wish_becomes_a_proposal_in_units_of_the_desk(
    wish: Intent, type: OrderType, price: str | None, trigger: str | None, touched: bool
) -> None:
    made = proposal(wish, KNOWN["BTCUSDT"])
    prices = [None if p is None else units(p) for p in (price, trigger)]
    assert (made.type, made.price, made.trigger, made.touched) == (type, *prices, touched)
    assert (made.side is Side.SELL) == bool(wish.side)
