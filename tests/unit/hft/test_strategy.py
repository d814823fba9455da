"""The example strategy decides as its formula says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qbtc.contracts.common import Side
from qbtc.hft.domain.strategy import Place, Slow, View
from qbtc.hft.domain.units import units
from qbtc.hft.strategies import Imbalance

VIEW = View("BTCUSDT", 10**12, units("99.99"), units("100.01"), 0.9, 0, 0, units("0.001"))


def decide(view: View, strategy: Imbalance | None = None) -> Place | None:
    found = (strategy or Imbalance()).on_book(view)
    assert len(found) <= 1
    return found[0] if found and isinstance(found[0], Place) else None


def test_buys_at_the_ask_when_the_bids_outweigh() -> None:
    order = decide(VIEW)
    assert order is not None
    assert (order.side, order.price, order.quantity, order.ioc) == (Side.BUY, units("100.01"), units("2"), True)


def test_sells_what_it_holds_and_never_more() -> None:
    order = decide(replace(VIEW, imbalance=-0.9, position=units("0.5004")))
    assert order is not None
    assert (order.side, order.quantity) == (Side.SELL, units("0.5"))
    assert decide(replace(VIEW, imbalance=-0.9)) is None


@pytest.mark.parametrize(
    "view",
    [replace(VIEW, imbalance=0.4), replace(VIEW, working=units("1")), replace(VIEW, position=units("10"))],
    ids=["between the thresholds", "an order works", "inventory is full"],
)
def test_waits(view: View) -> None:
    assert decide(view) is None


def test_one_order_a_cooldown() -> None:
    strategy = Imbalance()
    assert decide(VIEW, strategy) is not None
    assert decide(replace(VIEW, at_ns=VIEW.at_ns + 4 * 10**9), strategy) is None
    assert decide(replace(VIEW, at_ns=VIEW.at_ns + 5 * 10**9), strategy) is not None


def test_a_bias_for_falls_asks_for_more_and_a_turbulent_regime_halves_the_size() -> None:
    weak = replace(VIEW, imbalance=0.6)
    assert decide(weak) is not None
    assert decide(replace(weak, slow=Slow("calm", 1.0, -1.0))) is None
    order = decide(replace(VIEW, slow=Slow("turbulent", 1.0, 0.0)))
    assert order is not None
    assert order.quantity == units("1")


def test_an_unknown_or_absurd_parameter_is_refused_by_name() -> None:
    strategy = Imbalance()
    with pytest.raises(ValueError, match="unknown parameter 'size'"):
        strategy.configure({"size": 1.0})
    for value in (2.0, float("nan")):
        with pytest.raises(ValueError, match="enter"):
            strategy.configure({"enter": value})
    assert strategy.parameters["enter"] == 0.5
