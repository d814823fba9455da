"""The guide to writing a strategy: its example compiles and trades as it says, its tables name all that there is."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from qbtc.contracts.common import Side
from qbtc.hft.adapters.strategy_files import load
from qbtc.hft.domain.strategy import IOC, PLACE, POST, Intent, Strategy
from qbtc.hft.domain.strategy_class import METHODS
from qbtc.hft.domain.strategy_records import CANCEL, INTENT_BUFFER, INTENTS, LEVELS, MARKET_VIEW, OWN
from qbtc.hft.domain.strategy_trial import rehearse
from qbtc.hft.strategies import api

PAGE = (Path(__file__).resolve().parents[3] / "docs/guide/hft/strategies.md").read_text(encoding="utf-8")
SECOND = 10**9


@pytest.fixture
def dip(tmp_path: Path) -> Strategy:
    (source,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "strategies").mkdir()
    (tmp_path / "strategies" / "dip.py").write_text(source)
    found = load("dip", tmp_path)
    found.prepare()
    return found


class Played:
    """A market of one symbol that is told what to be."""

    def __init__(self, strategy: Strategy) -> None:
        self.strategy, self.view = strategy, np.zeros(1, MARKET_VIEW)
        self.view["tick_size"], self.view["lot_size"], self.view["now"] = 0.01, 0.00001, 10**18
        self.state, self.orders = strategy.spec.state(strategy.parameters), np.zeros(1, INTENT_BUFFER)

    def call(self, method: str, price: int, *, position: int = 0, own: int = 0) -> list[Intent]:
        self.view["now"] += SECOND
        self.view["bid"], self.view["ask"], self.view["position"], self.view["own"] = price, price + 2, position, own
        self.strategy.prepare().call(method, self.state, self.view, self.orders)
        row = self.orders[0]
        names = ("verb", "side", "tick", "lots", "rest")
        return [Intent(*(int(row[name][i]) for name in names)) for i in range(int(row["count"]))]


def test_the_example_buys_the_dip_sells_when_the_price_is_back_and_takes_back_what_rests(dip: Strategy) -> None:
    market = Played(dip)
    assert [market.call("on_book", 6_000_000) for _ in range(5)] == [[]] * 5
    lots = int(100.0 / (5_980_001 * 0.01 * 0.00001))
    assert market.call("on_book", 5_980_000) == [Intent(PLACE, 0, 5_980_000, lots, POST)]
    assert market.call("on_book", 5_980_000, own=1) == []
    assert [w.verb for w in market.call("on_timer", 5_980_000, own=1)] == [CANCEL]
    assert market.call("on_book", 6_000_000, position=lots) == [Intent(PLACE, 1, 6_000_000, min(lots, int(100.0 / (6_000_001 * 0.01 * 0.00001))), IOC)]


def test_the_example_would_not_halt_trading(dip: Strategy) -> None:
    for method in dip.spec.methods:
        rehearse(dip, method, 2_000)


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(title: str) -> list[str]:
    return [name for row in re.findall(r"^\| (`.*?) \|", section(title), re.MULTILINE) for name in re.findall(r"`(\w+)", row)]


def test_every_field_of_the_market_is_in_the_table_and_none_that_is_not_there() -> None:
    assert sorted(first_cells("`market`")) == sorted(MARKET_VIEW.names or ())


def test_every_method_and_every_order_function_is_in_its_table() -> None:
    assert first_cells("The class") == [*METHODS]
    wishes = {name for name in api.__all__ if callable(getattr(api, name))} - {"Market", "Orders", "helper", "parameter"}
    assert set(first_cells("Orders")) == wishes


def test_the_numbers_of_the_guide_are_those_of_the_records() -> None:
    assert f"At most {INTENTS} wishes a call" in PAGE
    assert f"the first {OWN} of them" in PAGE
    assert (LEVELS, "lots of five levels" in PAGE) == (5, True)
    assert {s.value for s in Side} == {"BUY", "SELL"}
