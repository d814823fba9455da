"""nautilus_trader 1.221 on the same recorded quotes: every order and fill, and profit to the cent.

Both run without latency, with the same fees, on best bids and asks alone. Where they differ the test states the rule:

- A taker gets at most the quantity at the touch there, and what is left of an IOC order ends: our fill rule `partial`.
  `whole` fills all of it at that price, so it agrees where the touch holds enough.
- A maker that a quote reaches gets the other side's quantity there; here all of its order. Quotes of one lot agree.
- Its risk engine denies what is more than 100 orders a second unless told otherwise, which it is here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bench.peers import quote_strategies, quotes
from bench.peers.environment import ROOT, Peer, python_of

from qbtc.hft.adapters.data.importing import Options, import_tape
from qbtc.hft.backtest import prepare
from qbtc.hft.domain.backtest.feed import Feed
from qbtc.hft.domain.backtest.layout import CANCELED, EXPIRED, FILLED
from qbtc.hft.domain.backtest.plain import PlainProgram, PlainRunner
from qbtc.hft.domain.backtest.runner import Delays, Outcome, Rules, Runner
from qbtc.hft.domain.strategy_class import read
from qbtc.hft.domain.strategy_compiled import Program
from qbtc.testing.data import MARKET

FILES = {"usdm": "usdm_btcusdt_20240808.gz", "spot": "spot_btcusdt_20240808.gz"}
RULES = Rules(delays=Delays(0, 0), maker_fee=0.0002, taker_fee=0.0005, sampling=0)
ENDED = {0: "ACCEPTED", FILLED: "FILLED", CANCELED: "CANCELED", EXPIRED: "CANCELED"}
CENT = 0.005
pytestmark = pytest.mark.skipif(
    os.environ.get("QBTC_TEST_SIZE", "") not in ("full", "exhaustive"),
    reason="nautilus_trader has an environment of its own, made by ./qbtc test --full",
)


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    if not (MARKET / FILES["usdm"]).exists():
        pytest.skip(f"no recorded market data at {MARKET}; set QBTC_DATA")
    script = ROOT / "bench" / "peers" / "nautilus_quotes.py"
    with Peer(python_of("nautilus", os.environ.get("QBTC_NAUTILUS")), script) as running:
        yield running


@pytest.fixture(scope="module", params=list(FILES))
def feed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Feed:
    path = MARKET / FILES[request.param]
    if not path.exists():
        pytest.skip(f"no recorded market data at {MARKET}; set QBTC_DATA")
    made = import_tape([path], tmp_path_factory.mktemp(request.param) / "tape", Options())
    return quotes.quotes(prepare(made.path).feed)


def both(
    peer: Peer, feed: Feed, folder: Path, cls: type, *, partial: bool, plain: bool = False, **parameters: float
) -> tuple[Outcome, dict[str, Any]]:
    quotes.write(feed, folder / "quotes.npz")
    spec = read(cls, name=cls.__name__, plain=plain)
    values, rules = {**spec.defaults, **parameters}, replace(RULES, partial=partial)
    out = (PlainRunner(PlainProgram(spec), values, feed, rules) if plain else Runner(Program(spec), values, feed, rules)).finish()
    answer = peer.ask(
        quotes=str(folder / "quotes.npz"), strategy=cls.__name__.lower(), parameters=values, maker="0.0002", taker="0.0005",
        tick=f"{feed.tick_size:.8f}".rstrip("0"), lot=f"{feed.lot_size:.8f}".rstrip("0"),
    )  # fmt: skip
    return out, answer


def many(feed: Feed) -> int:
    """Lots in a thousandth of a coin."""
    return round(0.001 / feed.lot_size)


def profit(out: Outcome, feed: Feed) -> float:
    """After fees, marked at the last mid."""
    last, mid = out.samples[-1], float(feed.exchange.touch[-1].mean()) * feed.tick_size
    return float(last["cash"] - last["fee"] + out.position * feed.lot_size * mid)


def their_profit(answer: dict[str, Any], feed: Feed) -> float:
    mid = Decimal(int(feed.exchange.touch[-1].sum())) * Decimal(f"{feed.tick_size:.8f}") / 2
    return float(Decimal(answer["balance"]) + Decimal(answer["held"]) * mid - Decimal(answer["cost"]))


def same(out: Outcome, answer: dict[str, Any], feed: Feed) -> None:
    fills = sorted(out.fills[["order", "side", "tick", "lots", "time"]].tolist())
    assert fills == sorted((n, side, tick, lots, at) for n, side, tick, lots, _, at in answer["fills"])
    mine = [(o["side"], o["tick"], o["lots"], ENDED[int(o["status"])]) for o in out.orders]
    assert mine == [tuple(order) for order in answer["orders"]]
    assert float(out.samples[-1]["fee"]) == pytest.approx(sum(float(fee) for *_, fee, _ in answer["fills"]), abs=CENT)
    assert profit(out, feed) == pytest.approx(their_profit(answer, feed), abs=CENT)


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("lots", [1, 10])
def test_crossing_averages_have_their_orders_fills_and_profit(peer: Peer, feed: Feed, tmp_path: Path, lots: int, plain: bool) -> None:
    out, answer = both(peer, feed, tmp_path, quote_strategies.EmaCross, partial=True, plain=plain, lots=lots * many(feed))
    assert len(out.fills) > 20
    same(out, answer, feed)


def test_whole_fills_agree_where_the_touch_holds_enough_and_else_differ_by_its_quantity(peer: Peer, feed: Feed, tmp_path: Path) -> None:
    lots = 10 * many(feed)
    deep = replace(feed, lots=np.maximum(feed.lots, 2 * lots))
    same(*both(peer, deep, tmp_path, quote_strategies.EmaCross, partial=False, lots=lots), feed=deep)
    out, answer = both(peer, feed, tmp_path, quote_strategies.EmaCross, partial=False, lots=lots)
    first = next(n for n, o in enumerate(answer["orders"]) if o[3] != "FILLED")
    at, side = int(out.orders[first]["placed"]), int(out.orders[first]["side"])
    there = feed.lots.reshape(-1, 2)[np.searchsorted(feed.local, at), 1 - side]
    assert [f[3] for f in answer["fills"] if f[0] == first + 1] == [int(there)] and there < out.orders[first]["lots"]
    assert out.orders[first]["filled"] == out.orders[first]["lots"]


@pytest.mark.parametrize("away", [0, 2])
@pytest.mark.parametrize("plain", [False, True])
def test_quotes_of_one_lot_have_their_orders_fills_and_profit(peer: Peer, feed: Feed, tmp_path: Path, away: int, plain: bool) -> None:
    out, answer = both(peer, feed, tmp_path, quote_strategies.Quoting, partial=False, plain=plain, lots=1, most=5, away=away)
    assert len(out.fills) > 50
    same(out, answer, feed)
