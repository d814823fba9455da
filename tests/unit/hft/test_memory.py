"""What the desk still knows after a restart or a long day: ids, executions, fees, and the profit of the day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from qbtc.contracts import TradingState
from qbtc.contracts.common import OrderType, Side
from qbtc.core.market.instrument import KNOWN, Instrument
from qbtc.hft.domain.desk import DAY_NS, KEPT_CLOSED, Balance, Desk, Record
from qbtc.hft.domain.orders import Order, State
from qbtc.hft.domain.positions import Fill
from qbtc.hft.domain.reconcile import differences, opening_from
from qbtc.hft.domain.risk import Proposal
from qbtc.hft.domain.seen import KEPT_TRADES
from qbtc.hft.domain.units import ONE, units
from qbtc.hft.errors import AlreadyPlaced
from qbtc.hft.settings import HftSettings
from qbtc.hft.trader import Origin
from qbtc.testing.trading import TradingDesk, quiet

BUY = Proposal("BTCUSDT", Side.BUY, OrderType.MARKET, units("0.01"), None)
BOTH = {name: KNOWN[name] for name in ("BTCUSDT", "ETHUSDT")}
OPEN = quiet("100")


def desk() -> Desk:
    return Desk(BOTH, HftSettings().limits())


def restarted(before: Desk) -> Desk:
    after = desk()
    after.restore(json.loads(json.dumps(before.checkpoint())))
    return after


def fill(
    symbol: str, trade: int, *, side: Side = Side.BUY, key: str = "x", asset: str = "USDT", quantity: str = "1"
) -> Fill:
    return Fill(symbol, str(trade), key, side, units("100"), units(quantity), units("0.001"), asset, False, 1)


@pytest.fixture
def played(tmp_path: Path) -> Iterator[TradingDesk]:
    made = TradingDesk(tmp_path)
    yield made
    made.close()


async def test_an_order_that_was_filled_before_the_restart_is_not_sent_again(played: TradingDesk) -> None:
    await played.trader.place(BUY, Origin(client_order_id="m1"))
    played.trader.count(fill("BTCUSDT", 1, key="m1", quantity="0.01"))
    assert played.desk.orders["m1"].state is State.FILLED
    records = json.loads(json.dumps(played.desk.checkpoint()))
    played.desk.orders.clear()
    played.desk.restore(records)
    with pytest.raises(AlreadyPlaced, match="m1"):
        await played.trader.place(BUY, Origin(client_order_id="m1"))
    assert len(played.venue.placed) == 1


def test_the_id_of_an_order_that_left_the_memory_is_still_known() -> None:
    d = desk()
    for n in range(KEPT_CLOSED + 1):
        d.accept(Order(f"m{n}", "BTCUSDT", Side.BUY, OrderType.LIMIT, 1, 1, 0), n)
        d.step(f"m{n}", State.REJECTED, 1)
    assert "m0" not in d.orders
    assert d.was_placed("m0")
    assert restarted(restarted(d)).was_placed("m0")


def test_each_symbol_keeps_its_own_newest_executions() -> None:
    d = desk()
    d.fill(fill("ETHUSDT", 5))
    for n in range(1000):
        d.fill(fill("BTCUSDT", 1_000_000 + n, side=(Side.BUY, Side.SELL)[n % 2]))
    after = restarted(d)
    assert after.settled("ETHUSDT") == 5
    assert after.fill(fill("ETHUSDT", 5)) is None


def test_what_came_after_the_last_audit_is_remembered_however_much_it_is() -> None:
    d = desk()
    d.settle("BTCUSDT", 10)
    for n in range(1500):
        d.fill(fill("BTCUSDT", 11 + n))
    after = restarted(d)
    assert after.settled("BTCUSDT") == 10
    assert after.fill(fill("BTCUSDT", 11)) is None


def test_fees_in_a_third_asset_survive_a_restart() -> None:
    d = desk()
    d.fill(fill("BTCUSDT", 1, asset="BNB"))
    after = restarted(d)
    assert after.position("BTCUSDT").other_fees == {"BNB": units("0.001")}
    assert (after.positions, after.position("BTCUSDT").total(units("100"))) == (d.positions, -units("0.1") * ONE)


def test_a_fee_keeps_the_worth_that_it_had_when_it_was_paid() -> None:
    d = desk()
    d.mark({"BNBUSDT": units("600")}, 1)
    record = d.fill(fill("BTCUSDT", 1, asset="BNB"))
    assert record is not None
    after = desk()
    after.restore(json.loads(json.dumps([record])))
    assert after.position("BTCUSDT").all_fees == d.position("BTCUSDT").all_fees == units("0.6") * ONE


def test_fees_in_a_third_asset_reach_the_loss_limit_of_the_day() -> None:
    d = desk()
    d.mark({"BTCUSDT": units("100")}, 1)
    for n in range(1, 201):
        side = Side.BUY if n % 2 else Side.SELL
        d.fill(fill("BTCUSDT", n, asset="BNB", quantity="60", side=side))
    d.mark({"BTCUSDT": units("100")}, 2)
    assert (d.day_pnl, d.state) == (-1200 * ONE * ONE, TradingState.REDUCING)


def test_the_day_starts_only_when_every_holding_has_a_price() -> None:
    d = desk()
    d.fill(fill("BTCUSDT", 1, quantity="100"))
    d.fill(fill("ETHUSDT", 1, quantity="1"))
    assert d.mark({"ETHUSDT": units("100")}, 5 * DAY_NS) == []
    buy = Proposal("BTCUSDT", Side.BUY, OrderType.LIMIT, units("1"), units("100"))
    d.reconciled = d.connected = True
    d.skew_ns = 0
    said = {v.rule: v.reason for v in d.verdicts(buy, OPEN, 0) if not v.ok}
    assert said["daily_loss"] == "loss of the day: not known"
    assert said["gross_exposure"] == "gross exposure: not known"
    both = {"BTCUSDT": units("80"), "ETHUSDT": units("100")}
    assert [r["k"] for r in d.mark(both, 5 * DAY_NS + 1)] == ["day"]
    assert (d.day_pnl, d.state) == (0, TradingState.ACTIVE)


def test_a_book_that_loses_its_sync_does_not_change_the_profit_of_the_day() -> None:
    d = desk()
    d.fill(fill("BTCUSDT", 1, quantity="100"))
    d.mark({"BTCUSDT": units("120")}, 0)
    d.mark({}, 1)
    assert (d.day_pnl, d.state) == (0, TradingState.ACTIVE)


def test_what_the_loss_of_a_day_forbids_ends_with_the_day() -> None:
    d = desk()
    d.fill(fill("BTCUSDT", 1, quantity="100"))
    d.mark({"BTCUSDT": units("100")}, 0)
    d.mark({"BTCUSDT": units("80")}, 1)
    assert d.state is TradingState.REDUCING
    after = restarted(d)
    records = after.mark({"BTCUSDT": units("80")}, DAY_NS)
    assert (after.state, [r["k"] for r in records]) == (TradingState.ACTIVE, ["day", "state"])


def test_a_halt_does_not_end_with_the_day() -> None:
    d = desk()
    d.mark({}, 0)
    d.set_state(TradingState.HALTED, "drill")
    d.mark({}, DAY_NS)
    assert d.state is TradingState.HALTED


def test_the_peak_of_the_day_survives_a_restart_and_ends_with_the_day() -> None:
    d = desk()
    d.fill(fill("BTCUSDT", 1, quantity="100"))
    d.mark({"BTCUSDT": units("100")}, 0)
    risen = d.mark({"BTCUSDT": units("120")}, 1)
    peak = d.day_peak
    assert peak > 0
    assert [r["k"] for r in risen] == ["day"]
    d.mark({"BTCUSDT": units("110")}, 2)
    assert restarted(d).day_peak == peak
    d.mark({"BTCUSDT": units("110")}, DAY_NS + 1)
    assert d.day_peak == 0


UNUSUAL = [("BTCUSD1", "USD1"), ("BTCGBP", "GBP"), ("BTCRLUSD", "RLUSD"), ("BTCXUSD", "XUSD")]


def bought(symbol: str, quote: str) -> tuple[Desk, Record]:
    """0.1 BTC against an unusual asset, with a fee in BTC."""
    pair = Instrument(symbol, "BTC", quote, Decimal("0.01"), Decimal("0.00001"))
    made = Desk({symbol: pair}, HftSettings().limits())
    record = made.fill(Fill(symbol, "1", "x", Side.BUY, units("60000"), units("0.1"), units("0.0001"), "BTC", False, 1))
    assert record is not None
    return made, record


@pytest.mark.parametrize("checkpointed", [False, True])
@pytest.mark.parametrize(("symbol", "quote"), UNUSUAL)
def test_a_restart_knows_base_and_quote_of_every_symbol(symbol: str, quote: str, checkpointed: bool) -> None:
    """The desk is restored before the market is known."""
    before, record = bought(symbol, quote)
    after = Desk({}, HftSettings().limits())
    after.restore(json.loads(json.dumps(before.checkpoint() if checkpointed else [record])))
    assert after.positions == before.positions
    assert after.assets(symbol) == ("BTC", quote)


@pytest.mark.parametrize("symbol", ["BTCGBP", "BTCUSD1"])
def test_an_old_journal_that_does_not_name_them_is_read_by_what_the_fee_was_paid_in(symbol: str) -> None:
    before, record = bought(symbol, symbol[3:])
    after = Desk({}, HftSettings().limits())
    after.restore([{k: v for k, v in record.items() if k not in ("base", "quote")}])
    assert after.positions == before.positions


def test_a_position_in_a_symbol_that_says_nothing_does_not_stop_the_comparison_with_the_venue() -> None:
    _, record = bought("BTCGBP", "GBP")
    after = desk()
    after.restore([{k: v for k, v in record.items() if k not in ("base", "quote")} | {"fee_asset": "BNB"}])
    held = {"USDT": Balance(units("100"))}
    after.set_opening(opening_from(after, held))
    assert differences(after, held) == []


def busy(trades: int) -> Desk:
    """A desk that settles its executions every hundred."""
    d = desk()
    for n in range(1, trades + 1):
        d.fill(fill("BTCUSDT", n))
        if n % 100 == 0:
            d.settle("BTCUSDT", n)
    return d


def test_what_is_remembered_of_executions_does_not_grow_with_their_number() -> None:
    seen = [sum(r["k"] == "seen" for r in busy(trades).checkpoint()) for trades in (5_000, 10_000)]
    assert seen == [KEPT_TRADES, KEPT_TRADES]
    assert len(list(busy(10_000)._seen)) <= 2 * KEPT_TRADES + 100


@pytest.mark.parametrize("again", [1, 4_500, 5_000])
def test_an_execution_that_left_the_memory_is_not_counted_again(again: int) -> None:
    d = busy(5_000)
    for found in (d, restarted(d)):
        assert found.fill(fill("BTCUSDT", again)) is None
        assert found.position("BTCUSDT").fills == 5_000


def test_what_is_not_settled_yet_is_not_forgotten() -> None:
    d = busy(3_000)
    for n in range(3_002, 6_000):
        d.fill(fill("BTCUSDT", n))
    assert restarted(d).fill(fill("BTCUSDT", 3_001)) is not None
    assert restarted(d).fill(fill("BTCUSDT", 3_002)) is None


def test_forgetting_is_not_taken_for_an_execution_that_came_in() -> None:
    d = busy(2_999)
    d.fill(fill("BTCUSDT", 3_000))
    before = d.counted
    d.settle("BTCUSDT", 3_000)
    assert d.counted == before
