"""Own orders that meet at the matching core, by the mode of self-trade prevention."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.hft.backtest import traders
from tests.unit.hft.backtest.recordings import DEPTH, SNAPSHOT, tape

from qbtc.hft import backtest
from qbtc.hft.backtest import BadAssumption, Market
from qbtc.hft.domain.backtest.layout import EXPIRED, FILLED

BOOK = [(0, 500_000, 9000), (1, 500_010, 9000)]


def market() -> Market:
    return Market(tape([(SNAPSHOT, 0, 0, BOOK, 1), (DEPTH, 500, 500, [(0, 499_000, 1)], 2)]), "binance-spot", 0, True)


@pytest.mark.parametrize(
    ("stp", "status", "fills"),
    [("none", [FILLED, FILLED], 2), ("expire-taker", [0, EXPIRED], 0), ("expire-maker", [EXPIRED, FILLED], 1), ("expire-both", [EXPIRED, EXPIRED], 0)],
)
def test_own_orders_meet_as_the_mode_says(stp: str, status: list[int], fills: int, tmp_path: Path) -> None:
    found = backtest.run(traders.Crossing, market(), fill="venue", stp=stp, latency="1ms", home=tmp_path)
    assert found.orders["status"].tolist() == status
    assert len(found.fills) == fills


def test_a_mode_is_refused_where_own_orders_never_meet(tmp_path: Path) -> None:
    with pytest.raises(BadAssumption, match="with the fill rule whole own orders never meet"):
        backtest.run(traders.Crossing, market(), stp="expire-maker", home=tmp_path)
    with pytest.raises(BadAssumption, match="there is no self-trade prevention 'some'; allowed: none, expire-taker"):
        backtest.run(traders.Crossing, market(), fill="venue", stp="some", home=tmp_path)
