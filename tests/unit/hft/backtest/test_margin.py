"""Margin of futures in backtests: the account is the venue's, to the last 1e-8."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.every import every
from tests.unit.hft.backtest import recordings
from tests.unit.hft.backtest.traders import Breakout, Holder, Longs, Stopped

from qbtc.core.binance.errors import ApiError
from qbtc.core.market.futures.algos import Algos
from qbtc.core.market.futures.contracts import contract
from qbtc.core.market.futures.core_matcher import CoreMatcher
from qbtc.core.market.futures.facts import Leverage, MarginType, Opened
from qbtc.core.market.futures.liquidation import Guard
from qbtc.core.market.futures.market import Market
from qbtc.core.market.futures.requests import new_order
from qbtc.core.market.futures.state import State
from qbtc.core.market.futures.venue import Venue
from qbtc.core.market.futures.wire import dec
from qbtc.core.market.margin import SCALE
from qbtc.hft import backtest, portfolio
from qbtc.hft.domain.backtest.assumptions import BadAssumption
from qbtc.hft.domain.backtest.feed import Feed
from qbtc.hft.domain.backtest.layout import EXPIRED
from qbtc.hft.domain.backtest.touches import SNAPSHOT, TRADE
from qbtc.hft.strategies.api import MARK

SECOND, MS = 1_000_000_000, 1_000_000
FILLS = ("whole", "partial", "venue")
ME = 1


def market(
    mids: list[int], *, lots: int = 50_000, spread: int = 1, marks: list[int] | None = None, last: int | None = None
) -> backtest.Market:
    """A book a second around each mid (ticks of 0.1), received as it is sent; `marks` in ticks, a quarter of a second later;
    `last` the price of one trade behind the first book."""
    rows = [
        (
            SNAPSHOT,
            1000 * n,
            1000 * n,
            [(0, mid - spread - k, lots) for k in range(5)] + [(1, mid + spread + k, lots) for k in range(5)],
        )
        for n, mid in enumerate(mids)
    ]
    if last is not None:
        rows.insert(1, (TRADE, 500, 500, [(0, last, 1)]))
    said = None
    if marks is not None:
        times = recordings.START + 250 * MS + np.arange(len(marks)) * SECOND
        said = np.rec.fromarrays([times, times, np.array(marks) / 10.0], names="exchange,local,mark")
    return backtest.Market(recordings.tape(rows), "binance-usdm", 0, True, marks=said)


def walk(seed: int, steps: int = 120, size: int = 900) -> list[int]:
    dice = np.random.default_rng(seed)
    return [int(mid) for mid in np.maximum(600_000 + np.cumsum(dice.integers(-size, size, steps)), 300_000)]


def run(of: backtest.Market, cls: type = Holder, **given: Any) -> backtest.Result:
    return backtest.run(cls, of, **({"leverage": 20, "wallet": 5_000.0, "latency": "10ms", "trials": 1} | given))


FALL = [600_000 - 300 * n for n in range(200)]


class Reference:
    """The venue's core by itself: the same book, marks and orders, in the order of their times."""

    def __init__(self, f: Feed, leverage: int, wallet: float, *, isolated: bool) -> None:
        rules = contract("BTCUSDT")
        assert rules is not None
        self.rules, self.refused = replace(rules, maker=20_000, taker=50_000), list[tuple[int, int, str]]()
        self.venue = Venue(State(), lambda fact: None, lambda account, event: None)
        self.guard, self.algos = Guard(self.venue, lambda stream, event: None), Algos(self.venue)
        self.venue.apply(Opened(ME, round(wallet * SCALE), f.begin))
        self.venue.apply(Leverage(ME, "BTCUSDT", leverage))
        self.venue.apply(MarginType(ME, "BTCUSDT", isolated))
        self.market = Market(self.rules, CoreMatcher(self.rules), f.begin)
        self.market.waiting = True
        self.venue.markets["BTCUSDT"] = self.market

    def book(self, f: Feed, m: int, now: int) -> None:
        sides: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
        for n in range(int(f.first[m]), int(f.first[m + 1])):
            sides[int(f.tick[n]) & 1].append((int(f.tick[n]) >> 2, int(f.lots[n])))
        self.venue.settle(self.market, self.market.matcher.replace(*sides, now), now)

    def mark(self, mark: int, now: int) -> None:
        self.market.prices.mark, self.market.waiting = mark, False
        self.guard.watch(now)
        self.algos.run(self.market, now)
        self.guard.watch(now)

    def order(self, row: np.void, now: int) -> None:
        sent = {"symbol": "BTCUSDT", "side": "SELL" if row["side"] else "BUY", "type": "LIMIT" if row["tick"] else "MARKET",
                "quantity": dec(int(row["lots"]) * self.rules.step, 3), "selfTradePreventionMode": "NONE"}  # fmt: skip
        if row["tick"]:
            sent |= {
                "price": dec(int(row["tick"]) * self.rules.tick, 1),
                "timeInForce": {1: "GTC", 2: "IOC", 3: "GTX", 4: "FOK"}[int(row["rest"])],
            }
        try:
            self.venue.place(ME, new_order(sent, self.rules, now), now)
        except ApiError as error:
            self.refused.append((int(row["order"]), error.code, error.msg))

    def replay(self, f: Feed, looks: np.ndarray, orders: np.ndarray) -> None:
        """Books, then orders, then marks of one instant, as the backtest's clock has them."""
        told = [(int(t), 0, m) for m, t in enumerate(f.local)] + [(int(t), 2, n) for n, t in enumerate(looks["time"])]
        told += [(int(row["arrived"]), 1, n) for n, row in enumerate(orders) if row["arrived"]]
        for now, what, n in sorted(told):
            if what == 0:
                self.book(f, n, now)
            elif what == 1:
                self.order(orders[n], now)
            else:
                self.mark(int(looks["mark"][n]), now)


def looks_of(of: backtest.Market) -> np.ndarray:
    rules = backtest.margined(
        of, backtest.rules_of(of, "10ms", "power3", "whole", None, "1s"), "whole", 20, "cross", 5_000.0
    )
    assert rules.margin is not None
    return rules.margin.looks


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    leverage=st.sampled_from((2, 20, 100)),
    isolated=st.booleans(),
    fill=st.sampled_from(FILLS),
    size=st.sampled_from((900, 20_000)),
    wallet=st.sampled_from((500.0, 2_000.0)),
)
def test_the_same_orders_on_the_same_tape_give_the_venues_account(
    seed: int, leverage: int, isolated: bool, fill: str, size: int, wallet: float
) -> None:
    """Orders that rest only where the venue fills them: the other rules fill those by a model of their own."""
    of = market(walk(seed, 60, size))
    found = run(
        of,
        leverage=leverage,
        wallet=wallet,
        fill=fill,
        margin="isolated" if isolated else "cross",
        parameters={"seed": seed, "rests": int(fill == "venue")},
    )
    assert found.margin is not None
    other = Reference(of.feed, leverage, wallet, isolated=isolated)
    closing = {each.order for each in found.margin.liquidations}
    mine = found.orders[~np.isin(found.orders["order"], list(closing))]
    other.replay(of.feed, looks_of(of), mine)
    data = other.venue.state.data
    account, sums = data.accounts[ME], other.venue.totals(ME)
    assert round(found.margin.wallet * SCALE) == account.wallet
    assert round(found.margin.insurance * SCALE) == data.insurance
    assert found.position * other.rules.step == account.position("BTCUSDT", "BOTH").quantity
    last = found.margin.samples[-1]
    for name, amount in (
        ("balance", sums.margin_balance),
        ("initial", sums.initial_margin),
        ("maintenance", sums.maintenance),
    ):
        assert round(float(last[name]) * SCALE) == amount
    assert [(each.order, each.code, each.text) for each in found.margin.refusals] == other.refused
    assert [(each.time, round(each.price * SCALE, -2)) for each in found.margin.liquidations] == [
        (data.orders[n].placed.time, round(data.orders[n].average, -2)) for n in data.liquidations
    ]


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), fill=st.sampled_from(FILLS), isolated=st.booleans())
def test_no_cash_is_lost_and_no_account_is_liquidated_below_zero(seed: int, fill: str, isolated: bool) -> None:
    found = run(
        market(walk(seed, 80, 20_000)),
        fill=fill,
        leverage=100,
        wallet=2_000.0,
        margin="isolated" if isolated else "cross",
        parameters={"seed": seed},
    )
    kept = found.margin
    assert kept is not None
    assert found.net[-1] == pytest.approx(
        kept.samples[-1]["balance"] - kept.begun, abs=0.01 * abs(found.position) + 1e-6
    )
    flows = (
        np.where(found.fills["side"] == 0, -1, 1) * found.fills["tick"] * found.fills["lots"] * 1e-4
        - found.fills["fee"]
    )
    if found.position == 0:
        assert kept.wallet == pytest.approx(kept.begun + flows.sum(), abs=1e-6)
    assert kept.insurance == pytest.approx(sum(each.fee for each in kept.liquidations), abs=1e-6)
    assert kept.insurance >= 0
    assert kept.wallet >= 0 or not kept.liquidations


@cache
def ruined(fill: str) -> backtest.Result:
    return run(market(FALL), parameters={"once": 1_000}, fill=fill)


@every("fill", FILLS)
def test_a_position_that_the_mark_ruins_is_taken_over(fill: str) -> None:
    found = ruined(fill)
    assert found.margin is not None
    (closed,) = found.margin.liquidations
    assert (closed.side, closed.quantity, found.position) == (-1, 1.0, 0)
    assert closed.bankruptcy < closed.price <= closed.mark
    assert closed.fee > 0 and found.margin.wallet == 0.0
    assert found.net[-1] == -5_000.0
    assert found.margin.samples["ratio"].max() < 1


@every("fill", FILLS)
def test_the_future_changes_nothing_that_was(fill: str) -> None:
    whole, cut = ruined(fill), run(market([*FALL[:170], *([900_000] * 30)]), parameters={"once": 1_000}, fill=fill)
    assert whole.margin is not None and cut.margin is not None
    until = recordings.START + 169 * SECOND
    for name in ("fills", "orders"):
        time = "time" if name == "fills" else "placed"
        a, b = getattr(whole, name), getattr(cut, name)
        assert a[a[time] < until].tolist() == b[b[time] < until].tolist()
    a, b = whole.margin.samples, cut.margin.samples
    assert a[a["time"] < until].tolist() == b[b["time"] < until].tolist()


@every("fill", FILLS)
def test_a_run_gives_the_same_again_and_in_plain_python(fill: str) -> None:
    first, plain = ruined(fill), run(market(FALL), parameters={"once": 1_000}, fill=fill, compiled=False)
    assert first.margin is not None and plain.margin is not None
    assert first.fills.tolist() == plain.fills.tolist()
    assert first.margin.samples.tolist() == plain.margin.samples.tolist()
    assert first.margin.liquidations == plain.margin.liquidations


@every(
    "once, leverage, code, text",
    [
        (2_000, 20, -2019, "Margin is insufficient."),
        (30_000, 100, -2027, "Exceeded the maximum allowable position at current leverage."),
        (1, 20, -4164, "Order's notional must be no smaller than 100 (unless you choose reduce only)."),
    ],
)
def test_an_order_is_refused_in_the_venues_words(once: int, leverage: int, code: int, text: str) -> None:
    for fill in FILLS:
        found = run(market([600_000] * 5), parameters={"once": once}, fill=fill, leverage=leverage)
        assert found.margin is not None
        assert [(each.code, each.text) for each in found.margin.refusals] == [(code, text)]
        assert (found.orders["status"].tolist(), found.position) == ([EXPIRED], 0)


@every("fill", FILLS)
def test_a_stop_goes_by_the_price_that_was_ordered(fill: str) -> None:
    """The mark falls through the trigger, the last price, of which there is none, does not."""
    of = market([600_000] * 20, marks=[600_000] * 8 + [590_000] * 12)
    by_mark, by_last = (run(of, Stopped, parameters={"by": by}, fill=fill) for by in (MARK, 0))
    assert by_last.position == 1000 and by_mark.position == 0
    stop = by_mark.fills[-1]
    assert stop["time"] == recordings.START + 8 * SECOND + 250 * MS and stop["tick"] == 599_999


@every("fill, by", [(fill, by) for fill in FILLS for by in (MARK, 0)])
def test_a_stop_that_would_trigger_at_once_is_refused_in_the_venues_words(fill: str, by: int) -> None:
    """It waits for 595,000 ticks; mark and last price are below when it arrives."""
    of = market([594_000] * 20, marks=[594_000] * 20, last=594_000)
    found = run(of, Stopped, parameters={"by": by}, fill=fill)
    assert found.margin is not None
    assert [(each.code, each.text) for each in found.margin.refusals] == [(-2021, "Order would immediately trigger.")]
    assert (found.orders["status"].tolist()[-1], found.position) == (EXPIRED, 1000)


@every("fill", FILLS)
def test_a_stop_whose_order_is_refused_when_it_wakes_keeps_code_and_words(fill: str) -> None:
    """Twenty coins are too many for the wallet, which is asked when the stop becomes an order."""
    of = market([600_000] * 20, marks=[600_000] * 8 + [606_000] * 12)
    found = run(of, Breakout, fill=fill)
    assert found.margin is not None
    assert [(each.code, each.text) for each in found.margin.refusals] == [(-2019, "Margin is insufficient.")]
    assert (found.orders["status"].tolist(), found.position) == ([EXPIRED], 0)


def test_a_stop_by_the_mark_price_needs_a_leverage() -> None:
    with pytest.raises(
        Exception, match="a stop by the mark price; allowed: a backtest of USD-M futures with a leverage"
    ):
        backtest.run(Stopped, market([600_000] * 20), parameters={"by": MARK})


@every(
    "word, value, says",
    [
        ("leverage", 126, "leverage 126 of BTCUSDT; allowed: a whole number from 1 to 125"),
        ("leverage", 0, "leverage 0 of BTCUSDT; allowed: a whole number from 1 to 125"),
        ("margin", "both", "there is no margin 'both'; allowed: cross, isolated"),
        ("wallet", 0.0, "a wallet of 0; allowed: more than 0"),
    ],
)
def test_what_cannot_be_an_account_is_refused(word: str, value: Any, says: str) -> None:
    with pytest.raises(BadAssumption, match=says):
        run(market([600_000] * 5), **{word: value})


def test_spot_has_no_leverage() -> None:
    with pytest.raises(
        BadAssumption, match="BTCUSDT is of binance-spot; allowed: tapes of binance-usdm or generic, or no leverage"
    ):
        run(replace(market([600_000] * 5), venue="binance-spot"))


def test_a_tape_that_names_no_venue_is_taken_for_futures_and_the_report_says_so() -> None:
    own = replace(market(FALL), venue="generic")
    found = run(own, parameters={"once": 1_000})
    assert found.margin is not None and len(found.margin.liquidations) == 1
    for lang, says in (
        ("en", "it was taken for a contract of USD-M futures"),
        ("es", "se tomó por un contrato de futuros USD-M"),
    ):
        assert any(says in each for each in found.honesty.assumptions(lang))
        assert not any(says in each for each in ruined("whole").honesty.assumptions(lang))
    coin = replace(own, feed=replace(own.feed, symbol="ETHBTC"))
    with pytest.raises(
        BadAssumption, match="ETHBTC is no contract of the venue; allowed with a leverage: symbols quoted in USDT"
    ):
        run(coin)


def test_a_held_position_pays_funding_from_its_wallet(tmp_path: Any) -> None:
    table = tmp_path / "funding.csv"
    table.write_text(f"time,rate,mark\n{recordings.START + 10 * SECOND},0.001,60000\n")
    for fill in FILLS:
        found = run(market([600_000] * 20), parameters={"once": 1_000}, fill=fill, funding=str(table))
        assert found.margin is not None
        paid = found.margin.samples["wallet"]
        assert paid[15] - paid[8] == pytest.approx(-60.0)


def legs(mids: list[int], **given: Any) -> portfolio.Portfolio:
    """BTCUSDT by `mids` and another contract that stands still."""
    a, b = market(mids), market([600_000] * len(mids))
    other = replace(b, feed=replace(b.feed, symbol="ETHUSDT"))
    return portfolio.run(Longs, {"a": a, "b": given.pop("b", other)}, **({"leverage": 20, "wallet": 10_000.0} | given))


@every("fill", FILLS)
def test_legs_share_one_wallet(fill: str) -> None:
    rich, poor = legs([600_000] * 20, fill=fill), legs([600_000] * 20, wallet=5_000.0, fill=fill)
    assert rich.margin is not None and poor.margin is not None
    assert [r.position for r in rich.legs.values()] == [1000, 1000]
    assert [(each.symbol, each.code) for each in poor.margin.refusals] == [("ETHUSDT", -2019)]
    assert rich.margin.leverage == {"BTCUSDT": 20, "ETHUSDT": 20}


@every("fill", FILLS)
def test_the_loss_of_one_leg_takes_the_other_with_it(fill: str) -> None:
    found = legs([600_000 - 600 * n for n in range(200)], fill=fill)
    assert found.margin is not None
    assert [each.symbol for each in found.margin.liquidations] == ["ETHUSDT", "BTCUSDT"]
    assert all(r.position == 0 for r in found.legs.values())
    assert found.margin.wallet >= 0
    assert sum(r.net[-1] for r in found.legs.values()) == pytest.approx(found.margin.wallet - 10_000.0, abs=1e-6)


def test_a_leverage_for_all_is_that_of_the_legs_on_futures() -> None:
    spot = replace(market([600_000] * 20), venue="binance-spot")
    found = legs([600_000] * 20, b=spot)
    assert found.margin is not None and found.margin.leverage == {"BTCUSDT": 20}
    assert (found.legs["a"].assumptions.leverage, found.legs["b"].assumptions.leverage) == (20, None)
    with pytest.raises(BadAssumption, match="BTCUSDT is the contract of two legs of one account"):
        legs([600_000] * 20, b=market([600_000] * 20))
    with pytest.raises(BadAssumption, match="leverage 'many'; allowed: a whole number"):
        legs([600_000] * 20, leverage={"a": "many"})
    with pytest.raises(BadAssumption, match=r"leverage 2\.5 of BTCUSDT; allowed: a whole number from 1 to 125"):
        legs([600_000] * 20, leverage={"a": 2.5})


def test_a_run_without_a_leverage_has_no_frame_of_an_account() -> None:
    with pytest.raises(BadAssumption, match="kept no margin account; allowed: runs with a leverage"):
        run(market([600_000] * 20), leverage=None).frame("margin")


def test_differential_cases_do_liquidate_and_refuse() -> None:
    """What the comparison with the venue is about does happen in it."""
    runs = [
        run(market(walk(seed, 60, 20_000)), leverage=100, wallet=2_000.0, parameters={"seed": seed})
        for seed in range(6)
    ]
    assert sum(len(each.margin.liquidations) for each in runs if each.margin) > 3
    assert sum(len(each.margin.refusals) for each in runs if each.margin) > 3
