"""The fault campaign: whatever is lost, delayed, repeated or killed, the desk and the venue end with the same account."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from qbtc.testing.campaign import Outcome, campaign
from qbtc.testing.hft_process import UNKNOWN_SECONDS
from qbtc.testing.hot_campaign import hot_campaign

pytestmark = pytest.mark.chaos

STEP = 1 if os.environ.get("QBTC_TEST_SIZE") == "exhaustive" else 2
SEEDS, HOT_SEEDS = range(0, 20, STEP), range(STEP - 1, 20, STEP)
"""Twenty seeds, in turn in the one tier and in the other; with `exhaustive` all of them in both."""
UNIT = Decimal("1e-8")
LOT = Decimal("1e-6")
LOST_ANSWERS = 6.0
"""Seconds for questions about an order that the venue loses too: each takes two."""
OPENING = {"USDT": Decimal(100_000), "BTC": Decimal(2), "ETH": Decimal(20)}


@pytest.mark.parametrize("seed", SEEDS)
async def test_after_every_fault_position_fills_and_orders_are_those_of_the_venue(seed: int, tmp_path: Path) -> None:
    end = await campaign(tmp_path, seed)
    assert end.trades, "the campaign must trade"
    assert sum(end.faults.values()) > 0, "the campaign must break something"
    assert end.belief["reconciled"]
    every_fill_is_counted_once(end)
    position_and_balances_are_those_of_the_venue(end)
    assert (end.belief["open"], end.open_orders) == ([], [])
    assert float(str(end.belief["worst_unknown"])) < UNKNOWN_SECONDS + 2.0


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", HOT_SEEDS)
def test_after_every_fault_the_hot_tier_has_the_account_of_the_venue(seed: int, tmp_path: Path) -> None:
    end = hot_campaign(tmp_path, seed)
    assert end.trades, "the campaign must trade"
    assert sum(end.faults.values()) > 0, "the campaign must break something"
    every_fill_is_counted_once(end)
    position_and_balances_are_those_of_the_venue(end)
    assert (end.belief["open"], end.open_orders) == ([], [])
    assert float(str(end.belief["worst_unknown"])) < UNKNOWN_SECONDS + 2.0
    assert float(str(end.belief["worst_doubt"])) < UNKNOWN_SECONDS + LOST_ANSWERS
    engine = end.belief["hot"]
    assert isinstance(engine, dict)
    assert (engine["open_orders"], engine["unknown_orders"]) == (0, 0)
    assert engine["positions"] == [int((end.balances["BTC"] - OPENING["BTC"]) / LOT)]


def every_fill_is_counted_once(end: Outcome) -> None:
    counted = [(record["trade"], record["side"]) for record in end.journalled("fill")]
    there = {(str(row["id"]), "BUY" if row["isBuyer"] else "SELL") for row in end.trades}
    assert len(counted) == len(set(counted)), "a fill is in the journal twice"
    assert set(counted) == there
    assert len(end.journalled("opening")) == 1, "a fill was taken for a transfer"


def position_and_balances_are_those_of_the_venue(end: Outcome) -> None:
    believed = end.belief["balances"]
    assert isinstance(believed, dict)
    assert {asset: Decimal(amount) * UNIT for asset, amount in believed.items()} == end.balances
    assert Decimal(str(end.belief["position"])) * UNIT == end.balances["BTC"] - OPENING["BTC"]
