"""The desk: what it counts once, what a restart brings back, and how it is reconciled."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from qbtc.contracts import TradingState
from qbtc.contracts.common import OrderType, Side
from qbtc.core.market.instrument import KNOWN
from qbtc.hft.adapters.journal import FileJournal
from qbtc.hft.domain.closing import flatten
from qbtc.hft.domain.desk import Balance, Desk
from qbtc.hft.domain.orders import Order, State
from qbtc.hft.domain.positions import Fill
from qbtc.hft.domain.reconcile import differences, opening_from, traded
from qbtc.hft.domain.risk import Proposal
from qbtc.hft.domain.units import ONE, units
from qbtc.hft.errors import JournalBroken
from qbtc.hft.settings import HftSettings
from qbtc.testing.trading import quiet

BTC = {"BTCUSDT": KNOWN["BTCUSDT"]}
OPEN = quiet("100")


def desk() -> Desk:
    made = Desk(BTC, HftSettings().limits())
    made.balances = {"USDT": Balance(units("1000")), "BTC": Balance(units("1"))}
    made.reconciled = made.connected = True
    made.skew_ns = 0
    return made


def order(key: str = "s-1") -> Order:
    return Order(key, "BTCUSDT", Side.BUY, OrderType.LIMIT, units("0.5"), units("100"), 7, strategy="s")


def fill(trade: str = "11", side: Side = Side.BUY, key: str = "s-1", fee: str = "0.0005", asset: str = "BTC") -> Fill:
    return Fill("BTCUSDT", trade, key, side, units("100"), units("0.5"), units(fee), asset, False, 9, strategy="s")


def test_an_execution_is_counted_once_however_often_it_is_reported() -> None:
    d = desk()
    d.accept(order(), 0)
    assert d.fill(fill()) is not None
    assert d.fill(fill()) is None
    assert (d.position("BTCUSDT").fills, d.orders["s-1"].state) == (1, State.FILLED)


def test_both_sides_of_a_match_with_oneself_count() -> None:
    d = desk()
    assert d.fill(fill(side=Side.BUY)) is not None
    assert d.fill(fill(side=Side.SELL)) is not None


def test_working_orders_count_against_the_position_limit() -> None:
    d = desk()
    d.balances["USDT"] = Balance(units("1000000"))
    p = Proposal("BTCUSDT", Side.BUY, OrderType.LIMIT, units("240"), units("100"))
    assert d.refusal(p, OPEN, 0) is None
    for i in range(2):
        d.accept(Order(f"s-{i}", "BTCUSDT", Side.BUY, OrderType.LIMIT, units("240"), units("100"), 0), 0)
    verdict = d.refusal(p, OPEN, 0)
    assert verdict is not None
    assert verdict.rule == "position_notional"


def named_but_not_reported(d: Desk, symbol: str, quantity: str, price: str, side: Side = Side.BUY) -> Order:
    """A cancelled order whose cancel says that it was filled before; its executions are not reported yet."""
    made = Order(f"{symbol}-{len(d.orders)}", symbol, side, OrderType.LIMIT, units(quantity), units(price), 0)
    d.accept(made, 0)
    d.step(made.client_order_id, State.CANCELLED, 1)
    made.venue_filled = made.quantity
    return made


def test_what_the_venue_filled_and_has_not_reported_counts_against_the_position_limit_until_it_is() -> None:
    d = desk()
    d.balances["USDT"] = Balance(units("1000000"))
    p = Proposal("BTCUSDT", Side.BUY, OrderType.LIMIT, units("100"), units("100"))
    late = named_but_not_reported(d, "BTCUSDT", "450", "100")
    verdict = d.refusal(p, OPEN, 0)
    assert verdict is not None
    assert (verdict.rule, verdict.value) == ("position_notional", units("55000"))
    d.fill(replace(fill(key=late.client_order_id, fee="0"), quantity=late.quantity))
    again = d.refusal(p, OPEN, 0)
    assert again is not None
    assert (again.rule, again.value) == ("position_notional", units("55000"))


def test_what_is_sold_and_not_reported_yet_cannot_be_sold_again_as_a_reduction() -> None:
    d = desk()
    d.fill(fill(fee="0"))
    d.set_state(TradingState.REDUCING, "loss")
    p = Proposal("BTCUSDT", Side.SELL, OrderType.LIMIT, units("0.5"), units("100"))
    assert d.refusal(p, OPEN, 0) is None
    named_but_not_reported(d, "BTCUSDT", "0.5", "100", Side.SELL)
    verdict = d.refusal(p, OPEN, 0)
    assert verdict is not None
    assert verdict.rule == "trading_state"


def test_what_is_filled_and_not_reported_in_another_symbol_counts_as_exposure() -> None:
    d = desk()
    d.instruments["ETHUSDT"] = KNOWN["ETHUSDT"]
    d.balances["USDT"] = Balance(units("1000000"))
    d.mark({"ETHUSDT": units("3000")}, 1)
    p = Proposal("BTCUSDT", Side.BUY, OrderType.LIMIT, units("200"), units("100"))
    assert d.refusal(p, OPEN, 0) is None
    named_but_not_reported(d, "ETHUSDT", "30", "3000")
    verdict = d.refusal(p, OPEN, 0)
    assert verdict is not None
    assert (verdict.rule, verdict.value) == ("gross_exposure", units("110000"))


def test_the_order_rate_counts_one_second() -> None:
    d = desk()
    p = Proposal("BTCUSDT", Side.BUY, OrderType.LIMIT, units("0.01"), units("100"))
    for i in range(10):
        d.accept(Order(f"s-{i}", "BTCUSDT", Side.BUY, OrderType.LIMIT, 1, units("100"), 0), i)
    refused = d.refusal(p, OPEN, 10)
    assert refused is not None
    assert refused.rule == "order_rate"
    assert d.refusal(p, OPEN, 2_000_000_000) is None


def test_the_loss_limit_of_the_day_leaves_only_reducing() -> None:
    d = desk()
    mark = {"BTCUSDT": units("100")}
    d.mark(mark, 0)
    d.fill(Fill("BTCUSDT", "1", "x", Side.BUY, units("100"), units("600"), 0, "USDT", False, 0))
    d.mark({"BTCUSDT": units("98.4")}, 1)
    assert d.state is TradingState.ACTIVE
    records = d.mark({"BTCUSDT": units("98.3")}, 2)
    assert d.state is TradingState.REDUCING
    assert [r["k"] for r in records] == ["state"]


def test_a_new_day_starts_at_zero_and_a_restart_does_not() -> None:
    d = desk()
    d.fill(Fill("BTCUSDT", "1", "x", Side.BUY, units("100"), units("1"), 0, "USDT", False, 0))
    first = d.mark({"BTCUSDT": units("100")}, 0)
    d.mark({"BTCUSDT": units("90")}, 1)
    assert d.day_pnl == -10 * ONE * ONE
    again = desk()
    again.restore([*d.checkpoint(), *first])
    again.mark({"BTCUSDT": units("90")}, 2)
    assert again.day_pnl == -10 * ONE * ONE
    again.mark({"BTCUSDT": units("90")}, 86_400 * 10**9)
    assert again.day_pnl == 0


def story(d: Desk) -> list[dict[str, object]]:
    d.next_sequence()
    records = [d.accept(order(), 0), d.step("s-1", State.ACKED, 8), d.fill(fill()), d.accept(order("s-2"), 1)]
    records += [d.set_opening({"USDT": units("1000")}), d.set_state(TradingState.HALTED, "kill")]
    return [r for r in records if r is not None]


@pytest.mark.parametrize("checkpointed", [False, True])
def test_a_restart_from_the_journal_gives_the_same_desk(checkpointed: bool) -> None:
    before, after = desk(), desk()
    records = story(before)
    after.restore(json.loads(json.dumps(before.checkpoint() if checkpointed else records)))
    assert after.positions == before.positions
    assert (after.state, after.reason, after.opening, after.sequence) == (
        before.state, before.reason, before.opening, before.sequence,
    )  # fmt: skip
    assert [o.client_order_id for o in after.open_orders()] == ["s-2"]
    assert after.orders["s-2"].state is State.UNKNOWN
    assert after.fill(fill()) is None


def test_balances_that_our_fills_explain_are_no_difference_and_others_are() -> None:
    d = desk()
    d.set_opening({"USDT": units("1000"), "BTC": 0})
    d.fill(fill())
    d.fill(fill("12", Side.SELL, fee="0.05", asset="USDT"))
    assert traded(d) == {"BTC": -units("0.0005"), "USDT": -units("0.05")}
    held = {"USDT": Balance(units("999.95")), "BTC": Balance(-units("0.0005"))}
    assert differences(d, held) == []
    held["USDT"] = Balance(units("1099.95"))
    found = differences(d, held)
    assert [(f.asset, f.found - f.expected) for f in found] == [("USDT", units("100"))]
    d.set_opening(opening_from(d, held))
    assert differences(d, held) == []


def test_flatten_closes_on_the_lot_grid() -> None:
    d = desk()
    d.fill(fill(fee="0.00000050"))
    p = flatten(d)[0]
    assert (p.side, p.quantity, p.price) == (Side.SELL, units("0.499999"), None)


def test_the_journal_survives_a_torn_last_line_and_refuses_a_broken_one(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path, epoch="e1")
    journal.append({"k": "sequence", "n": 1})
    journal.append({"k": "sequence", "n": 2})
    journal.close()
    path = tmp_path / "journal.jsonl"
    path.write_bytes(path.read_bytes() + b'{"k": "seq')
    again = FileJournal(tmp_path, epoch="e2")
    assert again.epoch == "e1"
    again.append({"k": "sequence", "n": 3})
    assert [r["n"] for r in again.records()] == [1, 2, 3]
    again.close()
    path.write_bytes(b'{"k": "epoch", "epoch": "e1"}\nnonsense\n{"k": "sequence", "n": 1}\n')
    with pytest.raises(JournalBroken, match="line 2"):
        FileJournal(tmp_path, epoch="e3").records().__next__()


def test_a_record_is_on_its_way_to_disk_before_append_returns(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path, epoch="e")
    pid = os.fork()
    if pid == 0:
        journal.append({"k": "sequence", "n": 42})
        os.kill(os.getpid(), 9)
    os.waitpid(pid, 0)
    assert [r["n"] for r in journal.records()] == [42]
    journal.close()


def test_compacting_replaces_the_journal_and_keeps_its_epoch(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path, epoch="e")
    for n in range(5):
        journal.append({"k": "sequence", "n": n})
    journal.compact([{"k": "sequence", "n": 4}])
    journal.append({"k": "sequence", "n": 5})
    assert [r["n"] for r in journal.records()] == [4, 5]
    journal.close()


@pytest.mark.parametrize("checkpointed", [False, True])
def test_a_desk_that_started_anew_holds_nothing_and_counts_no_execution_twice(checkpointed: bool) -> None:
    d = desk()
    records = [d.accept(order(), 0), d.fill(fill()), d.set_opening({"USDT": units("1000")}), d.start_anew()]
    assert (d.positions, d.opening, d.day_pnl) == ({}, {}, 0)
    assert d.fill(fill()) is None
    again = desk()
    again.restore(json.loads(json.dumps(d.checkpoint() if checkpointed else records)))
    assert (again.positions, again.opening) == ({}, {})
    assert again.fill(fill()) is None


def two_quotes() -> Desk:
    """BTCUSDT and ETHBTC, flat, 1 BTC = 60,000 USDT and 1 ETH = 0.05 BTC when the day begins."""
    made = Desk({name: KNOWN[name] for name in ("BTCUSDT", "ETHBTC")}, HftSettings().limits())
    made.mark({"BTCUSDT": units("60000"), "ETHBTC": units("0.05")}, 1)
    return made


def ether(quantity: str) -> Fill:
    return Fill("ETHBTC", "1", "x", Side.BUY, units("0.05"), units(quantity), 0, "BTC", False, 1)


def test_a_loss_in_another_quote_asset_counts_at_what_that_is_worth() -> None:
    d = two_quotes()
    d.fill(ether("100"))
    d.mark({"ETHBTC": units("0.03")}, 2)
    assert (d.day_pnl, d.state) == (-120_000 * ONE * ONE, TradingState.REDUCING)


def test_the_rate_between_quote_assets_may_be_quoted_either_way_round() -> None:
    d = Desk({name: KNOWN[name] for name in ("ETHBTC", "BTCUSDT")}, HftSettings().limits())
    d.mark({"BTCUSDT": units("50000"), "ETHBTC": units("0.05")}, 1)
    d.fill(Fill("BTCUSDT", "1", "x", Side.BUY, units("50000"), units("1"), units("500"), "USDT", False, 1))
    assert (d.quote, d.pnl(d.marks).fees) == ("BTC", units("0.01") * ONE)


def test_while_the_rate_of_a_quote_asset_is_not_known_nothing_is_judged() -> None:
    d = Desk(two_quotes().instruments, HftSettings().limits())
    d.fill(ether("100"))
    d.mark({"ETHBTC": units("0.03")}, 2)
    assert (d.blind, d.day_pnl) == (True, 0)
    d.mark({"BTCUSDT": units("60000")}, 3)
    assert not d.blind


def test_what_was_won_in_an_asset_that_no_symbol_leads_to_does_not_blind_the_desk() -> None:
    d = desk()
    d.fill(replace(ether("1"), symbol="ETHEUR", fee_asset="EUR"))
    d.fill(replace(ether("1"), symbol="ETHEUR", fee_asset="EUR", trade_id="2", side=Side.SELL, price=units("3000")))
    d.mark({"BTCUSDT": units("60000")}, 2)
    assert (d.blind, d.pnl(d.marks).total) == (False, 0)


@pytest.mark.parametrize("checkpointed", [False, True])
def test_a_stop_that_waits_at_the_venue_is_not_in_the_book_until_the_venue_says_so(checkpointed: bool) -> None:
    d, resting = desk(), Proposal("BTCUSDT", Side.BUY, OrderType.LIMIT, units("0.01"), units("100"))
    stop = Order("s-2", "BTCUSDT", Side.SELL, OrderType.LIMIT, units("0.01"), units("97"), 7, trigger=units("98"))
    records = [d.intent(stop)]
    d.accept(stop, 0)
    assert d.refusal(resting, OPEN, 1) is None
    d.told("s-2", on_book=True)
    refusal = d.refusal(resting, OPEN, 1)
    assert refusal is not None
    assert refusal.rule == "self_cross"
    again = desk()
    again.restore(json.loads(json.dumps(d.checkpoint() if checkpointed else records)))
    found = again.orders["s-2"]
    assert (found.trigger, found.touched, found.waiting) == (units("98"), False, False), "whether it still waits is not known"
