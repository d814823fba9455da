"""A strategy on two venues at once, spot and USD-M on the same day, has on each the orders and fills of a run there alone."""

from __future__ import annotations

import gzip
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from tests.unit.hft.backtest.traders import quote

from qbtc.hft import backtest, data, portfolio
from qbtc.hft.strategies.api import Market, Orders, parameter
from qbtc.testing.data import MARKET

FILES = {"spot": "spot_btcusdt_20240808.gz", "perp": "usdm_btcusdt_20240808.gz"}
UNTIL = 1_723_161_315_000_000_000
"""Local time, ns: a minute is enough, and the matching core is driven from Python."""
LOTS = {"spot": 1000, "perp": 10}
WORDS: dict[str, dict[str, Any]] = {
    "latency": {"spot": "entry=7ms,response=4ms", "perp": "15ms"},
    "fees": {"spot": "maker=0.001,taker=0.001", "perp": "maker=-0.00005,taker=0.0005"},
    "queue": {"spot": "power3", "perp": "log"},
}


class Alone:
    """From `start` on: two desks begin to look at different times."""

    lots: int = parameter(100, 1, 100000, "lots of a quote")
    start: int = parameter(0, 0, 4_000_000_000_000_000_000, "ns")

    def on_book(self, market: Market, orders: Orders) -> None:
        if market.now >= self.start:
            quote(market, orders, self.lots, 3 * self.lots)


class Both:
    """The same on two markets."""

    legs = ("spot", "perp")
    lots: int = parameter(100, 1, 100000, "lots of a quote on spot; a hundredth of it on the perpetual, whose lots are larger")
    start: int = parameter(0, 0, 4_000_000_000_000_000_000, "ns")

    def on_book(self, market: Market, orders: Orders) -> None:
        if market.spot.now < self.start:
            return
        if market.leg == 0:
            quote(market.spot, orders.spot, self.lots, 3 * self.lots)
        else:
            quote(market.perp, orders.perp, self.lots // 100, 3 * (self.lots // 100))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not all((MARKET / name).exists() for name in FILES.values()):
        pytest.skip(f"no recorded market data at {MARKET}; set QBTC_DATA")
    made = tmp_path_factory.mktemp("venues")
    for leg, name in FILES.items():
        with gzip.open(MARKET / name, "rt") as frames, (made / f"{leg}.txt").open("w") as kept:
            kept.writelines(takewhile(lambda frame: int(frame.partition(" ")[0]) < UNTIL, frames))
        data.importing(made / f"{leg}.txt", made / leg)
    return made


def events(result: backtest.Result, until: int) -> list[Any]:
    """All that a run did and heard before the shorter recording ended."""
    orders, fills = result.orders, result.fills
    return [
        fills[fills["local"] < until][["time", "order", "side", "maker", "tick", "lots", "fee"]].tolist(),
        orders[orders["placed"] < until][["order", "placed", "side", "tick", "lots"]].tolist(),
    ]


@pytest.mark.parametrize("fill", ["whole", "partial", "venue"])
def test_each_leg_trades_by_the_rules_of_its_own_venue(folder: Path, fill: str) -> None:
    markets = {leg: backtest.prepare(folder / leg) for leg in FILES}
    ends = [market.feed.last for market in markets.values()]
    start = max(market.feed.begin for market in markets.values()) + 2_000_000_000
    assert start < min(ends), "the recordings overlap"
    both = portfolio.run(Both, markets, parameters={"lots": LOTS["spot"], "start": start}, fill=fill, **WORDS)
    assert {leg: result.assumptions.fees for leg, result in both.legs.items()} == {"spot": (0.001, 0.001), "perp": (-0.00005, 0.0005)}
    for leg, market in markets.items():
        said = {word: by_leg[leg] for word, by_leg in WORDS.items()}
        alone = backtest.run(Alone, market, parameters={"lots": LOTS[leg], "start": start}, fill=fill, **said)
        assert events(both.legs[leg], min(ends)) == events(alone, min(ends))
        assert len(both.legs[leg].fills) > 0
