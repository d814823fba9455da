"""The compiled loop on socket pairs: frames in, orders out, and everything that stops it."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from qbtc.core.binance.fast_text import digest_of
from qbtc.core.market.instrument import KNOWN, units
from qbtc.hft.adapters.hotloop.codes import Halt, Note, Verb
from qbtc.hft.adapters.hotloop.panel import Panel, TapeReader
from qbtc.hft.adapters.hotloop.wire import Link
from qbtc.hft.adapters.hotloop.world import Engine, compile_strategy
from qbtc.hft.domain import risk_records
from qbtc.hft.domain.risk_records import ACTIVE, HALTED, REDUCING
from qbtc.hft.domain.strategy_class import read
from qbtc.hft.domain.strategy_records import (
    FAULTS,
    FOK,
    IOC,
    MARK,
    NO_MARK,
    buy,
    buy_if_touched,
    cancel,
    sell,
    sell_stop,
)
from qbtc.testing.waiting import until

BTC = KNOWN["BTCUSDT"]
UNIT = 10**8
DAY_US = 86_400_000_000
BTC_FEE = int(digest_of(b"BTC"))
FREE = dict.fromkeys(risk_records.LIMITS.names or (), 1 << 60) | {"hours_from": 0, "hours_to": 0, "min_notional": 0}


class Probe:
    """Buys under the bid; asks for nonsense at a size of 7, cancels all at a size of 8 and buys once more at one of 9;
    buys twelve times at a size of 5; asks for a stop at 3, for what waits for a better price at 4, for all or nothing at 6,
    rests a sell at 10, and asks for a stop by the mark price at 11."""

    fills: int = 0

    def on_book(self, market, orders):  # type: ignore[no-untyped-def]
        if market.bid_lots == 7_000_000:
            buy(orders, float("nan"), 1.0, IOC)
        elif market.bid_lots == 8_000_000:
            cancel(orders)
        elif market.bid_lots == 9_000_000:
            cancel(orders)
            buy(orders, market.bid - 10.0, 1000.0)
        elif market.bid_lots == 5_000_000:
            for n in range(12):
                buy(orders, market.bid - 10.0 - n, 1000.0)
        elif market.bid_lots == 1_000_000:
            buy(orders, market.bid - 10.0, 1000.0)
        elif market.bid_lots == 3_000_000:
            sell_stop(orders, market.bid - 50.0, 1000.0)
        elif market.bid_lots == 4_000_000:
            buy_if_touched(orders, market.bid - 20.0, 1000.0, market.bid - 15.0)
        elif market.bid_lots == 6_000_000:
            buy(orders, market.ask, 1000.0, FOK)
        elif market.bid_lots == 10_000_000:
            sell(orders, market.ask + 5.0, 1000.0)
        elif market.bid_lots == 11_000_000:
            buy(orders, market.bid - 10.0, 1000.0)
            sell_stop(orders, market.bid - 50.0, 1000.0, 0, MARK)


def framed(body: object, opcode: int = 1) -> bytes:
    data = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode()
    size = len(data)
    return bytes((0x80 | opcode, size)) + data if size < 126 else bytes((0x80 | opcode, 126)) + size.to_bytes(2) + data


@dataclass
class Rig:
    """An engine between two socket pairs. `market` and `orders` are the venue's ends."""

    panel: Panel
    engine: Engine
    market: socket.socket
    orders: socket.socket
    thread: threading.Thread
    ended: list[int]
    update: int = 100
    _buffer: bytes = field(default=b"", repr=False)

    def tick(self, size: str = "1", *, at: int = 60_000) -> None:
        self.update += 1
        body = {"u": self.update, "s": "BTCUSDT", "b": f"{at}.00", "B": size, "a": f"{at}.02", "A": "1.0"}
        self.market.sendall(framed(body))

    def order(self) -> dict[str, object]:
        """The next request that the engine sent."""
        while len(self._buffer) < 8 or len(self._buffer) < 8 + int.from_bytes(self._buffer[2:4]):
            self._buffer += self.orders.recv(65_536)
        size, mask = int.from_bytes(self._buffer[2:4]), self._buffer[4:8]
        payload = bytes(byte ^ mask[i & 3] for i, byte in enumerate(self._buffer[8 : 8 + size]))
        self._buffer = self._buffer[8 + size :]
        body: dict[str, object] = json.loads(payload)
        return body

    def until(self, what: str, reached: Callable[[], bool]) -> None:
        def beating() -> bool:
            self.panel.beat()
            return reached()

        until(beating, what=what)

    def count(self, name: str) -> int:
        return int(self.panel.record["head"][name])

    def notes(self) -> list[Note]:
        return [Note(int(row["kind"])) for row in TapeReader(self.panel, 0).read()]

    @property
    def account(self) -> tuple[int, int, int]:
        """Position in lots, base and quote in 1e-8."""
        world = self.engine.world
        return int(self.panel.record["positions"][0]), int(world["states"][0]["base"]), int(world["quote"])

    @property
    def reason(self) -> Halt:
        return Halt(self.count("reason"))


def report(name: object, execution: str, status: str, filled: str, **more: object) -> dict[str, object]:
    body = {
        "e": "executionReport", "E": 1, "s": "BTCUSDT", "c": name, "S": "BUY", "x": execution, "X": status, "i": 5,
        "l": "0.00000000", "z": filled, "L": "60000.00000000", "n": "0.00000100", "N": "BTC", "T": 1, "t": 9, "m": False,
    }  # fmt: skip
    return {"subscriptionId": 0, "event": body | more}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    panel = Panel.create(tmp_path / "panel")
    strategy = compile_strategy(read(Probe, name="probe"), 1, {})
    engine = Engine(panel, [BTC], strategy, [risk_records.one(risk_records.LIMITS, **FREE)], "t")
    engine.warm()
    (market, theirs), (orders, ours) = socket.socketpair(), socket.socketpair()
    orders.settimeout(10)
    engine.world["situations"][0]["last"] = 6_000_000
    engine.account(0, base=Decimal(2), quote=Decimal(100_000))
    panel.settle([2 * UNIT])
    panel.command(Verb.RECONCILED, 1)
    panel.beat()
    links = Link(theirs), Link(ours)
    engine.connect(*links)
    ended: list[int] = []
    thread = threading.Thread(target=lambda: ended.append(engine.run()))
    thread.start()
    made = Rig(panel, engine, market, orders, thread, ended)
    made.until("the loop trades", lambda: panel.obeyed and made.count("state") == 0)
    # The first price is what profits count from.
    made.tick("2")
    made.until("the first price", lambda: int(engine.world["start_equity"]) > 0)
    yield made
    links[0].stop()
    thread.join(10)
    for each in (market, orders):
        each.close()
    for link in links:
        link.close()


def placed(rig: Rig) -> dict[str, object]:
    rig.panel.beat()
    rig.tick()
    params = rig.order()["params"]
    assert isinstance(params, dict)
    return params


def profit(rig: Rig, *, at: int = 60_000) -> tuple[int, int]:
    """Of the day and its peak, in 1e-8 of the quote asset, as the gate saw them at the next proposal at a price."""
    before = rig.count("sent") + rig.count("refused")
    rig.tick(at=at)
    rig.until("the gate was asked", lambda: rig.count("sent") + rig.count("refused") > before)
    seen = rig.engine.world["situations"][0]
    return int(seen["day_pnl"]), int(seen["day_peak"])


def test_a_frame_becomes_an_order_that_was_on_the_tape_before(rig: Rig) -> None:
    params = placed(rig)
    assert (params["symbol"], params["price"], params["quantity"]) == ("BTCUSDT", "59999.90", "0.001000")
    assert params["newClientOrderId"] == "t-1"
    assert rig.notes()[-1] is Note.SEND


def asked(rig: Rig, size: str) -> dict[str, object]:
    rig.panel.beat()
    rig.tick(size)
    params = rig.order()["params"]
    assert isinstance(params, dict)
    return params


def test_a_stop_waits_outside_of_the_book_until_the_venue_wakes_it(rig: Rig) -> None:
    params = asked(rig, "3")
    assert (params["type"], params["side"], params["stopPrice"]) == ("STOP_LOSS", "SELL", "59999.50")
    assert not {"price", "timeInForce"} & set(params)
    (sent,) = [row for row in TapeReader(rig.panel, 0).read() if row["kind"] == Note.SEND]
    assert (sent["type"], sent["tick"], sent["detail"]) == (4, 0, 5_999_950)
    name = params["newClientOrderId"]
    rig.orders.sendall(framed(report(name, "NEW", "NEW", "0.00000000", S="SELL", w=False)))
    rig.until("the venue has it", lambda: rig.count("acked") == 1)
    slot, situation = rig.engine.world["slots"][1], rig.engine.world["situations"][0]
    assert (int(slot["waits"]), int(situation["working_sell"]), int(situation["own_ask"])) == (1, 1000, 0)
    rig.orders.sendall(framed(report(name, "TRADE", "FILLED", "0.00100000", l="0.00100000", S="SELL", L="59999.40", n="0", N="USDT")))
    rig.until("it is filled", lambda: rig.count("filled") == 1 and rig.count("open_orders") == 0)
    assert rig.account == (-1000, 199_900_000, 10_005_999_940_000)
    assert int(situation["working_sell"]) == 0


def test_what_waits_with_a_limit_stands_in_the_book_once_it_is_told_so(rig: Rig) -> None:
    params = asked(rig, "4")
    assert (params["type"], params["stopPrice"], params["price"]) == ("TAKE_PROFIT_LIMIT", "59999.80", "59999.85")
    assert params["timeInForce"] == "GTC"
    name, situation = params["newClientOrderId"], rig.engine.world["situations"][0]
    rig.orders.sendall(framed(report(name, "NEW", "NEW", "0.00000000", w=False)))
    rig.until("the venue has it", lambda: rig.count("acked") == 1)
    assert (int(situation["working_buy"]), int(situation["own_bid"])) == (1000, 0)
    rig.orders.sendall(framed(report(name, "NEW", "NEW", "0.00000000", w=True)))
    rig.until("it stands in the book", lambda: int(situation["own_bid"]) == 5_999_985)
    rig.panel.beat()
    rig.tick("8")
    assert rig.order()["method"] == "order.cancel"


def test_all_or_nothing_is_asked_for_as_it_is(rig: Rig) -> None:
    params = asked(rig, "6")
    assert (params["type"], params["timeInForce"], params["price"]) == ("LIMIT", "FOK", "60000.02")


def test_a_stop_that_was_asked_about_after_a_break_counts_as_one_in_the_book(rig: Rig) -> None:
    name, situation = asked(rig, "4")["newClientOrderId"], rig.engine.world["situations"][0]
    rig.orders.sendall(framed(report(name, "NEW", "NEW", "0.00000000", w=False)))
    rig.until("the venue has it", lambda: rig.count("acked") == 1)
    rig.orders.sendall(framed({"id": 3, "status": 500, "error": {"code": -1001, "msg": ""}}))
    rig.until("it is in doubt", lambda: rig.count("unknown_orders") == 1)
    rig.panel.command(Verb.RESOLVE, 1, 1, 0, 5)
    rig.until("it is known again", lambda: int(situation["own_bid"]) == 5_999_985)


def test_fills_move_the_position_once_however_often_they_are_told(rig: Rig) -> None:
    name = placed(rig)["newClientOrderId"]
    rig.orders.sendall(framed({"id": 2, "status": 200, "result": {"orderId": 5}}))
    for _ in range(3):
        rig.orders.sendall(framed(report(name, "TRADE", "PARTIALLY_FILLED", "0.00040000", l="0.00040000")))
    rig.orders.sendall(framed(report(name, "TRADE", "FILLED", "0.00100000", l="0.00060000")))
    rig.until("the order is closed", lambda: rig.count("filled") == 2 and rig.count("open_orders") == 0)
    assert rig.notes()[-3:] == [Note.ACK, Note.FILL, Note.FILL]
    assert rig.account == (998, 200_099_800, 9_994_000_000_000)


def test_a_fee_in_the_quote_asset_is_paid_from_it(rig: Rig) -> None:
    name = placed(rig)["newClientOrderId"]
    fee = {"n": "0.06000000", "N": "USDT"}
    rig.orders.sendall(framed(report(name, "TRADE", "FILLED", "0.00100000", l="0.00100000", **fee)))
    rig.until("the order is closed", lambda: rig.count("filled") == 1)
    assert rig.account == (1000, 200_100_000, 9_993_994_000_000)


def test_an_order_whose_reports_have_a_gap_is_in_doubt_until_the_venue_was_asked(rig: Rig) -> None:
    name = placed(rig)["newClientOrderId"]
    rig.orders.sendall(framed(report(name, "TRADE", "FILLED", "0.00100000", l="0.00060000", t=8)))
    rig.until("it is in doubt", lambda: rig.count("unknown_orders") == 1)
    assert rig.count("filled") == 0
    for trade, total, lots in ((7, 400, 400), (8, 1000, 600)):
        rig.panel.command(Verb.TRADE, 1, total, lots, 6_000_000, 100, BTC_FEE, trade, 0)
    rig.panel.command(Verb.RESOLVE, 1, 0, 1000, 5)
    rig.until("it is closed", lambda: rig.count("open_orders") == 0)
    assert rig.account == (998, 200_099_800, 9_994_000_000_000)
    assert rig.count("filled") == 2


def test_an_order_is_not_closed_before_all_it_has_filled_is_counted(rig: Rig) -> None:
    name = placed(rig)["newClientOrderId"]
    rig.orders.sendall(framed(report(name, "CANCELED", "CANCELED", "0.00040000")))
    rig.until("it is in doubt", lambda: rig.count("unknown_orders") == 1)
    rig.panel.command(Verb.RESOLVE, 1, 0, 400, 5)
    rig.until("that was heard", lambda: rig.panel.obeyed)
    assert rig.count("open_orders") == 1


@pytest.mark.parametrize("code", [-2011, -1007])
def test_a_refused_cancel_leaves_the_order_in_doubt(rig: Rig, code: int) -> None:
    placed(rig)
    rig.tick("8")
    assert rig.order()["id"] == 3
    rig.orders.sendall(framed({"id": 3, "status": 400, "error": {"code": code, "msg": "no"}}))
    rig.until("it is in doubt", lambda: rig.count("unknown_orders") == 1)


def test_an_order_of_unknown_outcome_is_in_doubt_and_not_closed(rig: Rig) -> None:
    placed(rig)
    rig.orders.sendall(framed({"id": 2, "status": 504, "error": {"code": -1007, "msg": "timeout"}}))
    rig.until("it is in doubt", lambda: rig.count("unknown_orders") == 1)
    assert rig.count("open_orders") == 1


@pytest.mark.parametrize("what", ["order", "cancel"])
def test_what_is_not_answered_in_time_is_in_doubt(rig: Rig, what: str) -> None:
    rig.engine.world["unknown_ns"] = 50_000_000
    name = placed(rig)["newClientOrderId"]
    if what == "cancel":
        rig.orders.sendall(framed(report(name, "NEW", "NEW", "0.00000000")))
        rig.until("it is open", lambda: rig.count("acked") == 1)
        rig.tick("8")
    rig.until("it is in doubt", lambda: Note.UNKNOWN in rig.notes())


def test_an_order_that_was_given_up_opens_again_when_the_venue_reports_it(rig: Rig) -> None:
    rig.engine.world["unknown_ns"] = 1
    name = placed(rig)["newClientOrderId"]
    rig.until("it is in doubt", lambda: rig.count("unknown_orders") == 1)
    rig.panel.command(Verb.RESOLVE, 1, 0, 0, 0)
    rig.until("it is given up", lambda: rig.count("open_orders") == 0)
    rig.orders.sendall(framed(report(name, "NEW", "NEW", "0.00000000")))
    rig.until("it is open", lambda: rig.count("open_orders") == 1 and rig.count("unknown_orders") == 0)


def test_what_was_open_when_a_connection_ended_is_in_doubt_in_the_next_session(rig: Rig) -> None:
    placed(rig)
    rig.market.shutdown(socket.SHUT_WR)
    rig.thread.join(10)
    rig.engine.forget_market()
    (market, theirs), (orders, ours) = socket.socketpair(), socket.socketpair()
    again = Link(theirs), Link(ours)
    rig.engine.connect(*again)
    thread = threading.Thread(target=rig.engine.run)
    thread.start()
    rig.until("it is in doubt", lambda: rig.count("unknown_orders") == 1)
    rig.panel.command(Verb.RECONCILED, 1)
    rig.until("it trades", lambda: rig.count("state") == ACTIVE)
    for link in again:
        link.stop()
    thread.join(10)
    for each in (market, orders, *again):
        each.close()


def test_a_timer_does_not_wait_in_a_new_session_for_the_clock_of_the_last_one(rig: Rig) -> None:
    """A venue that starts anew after `--speed` begins at an earlier market time."""
    rig.engine.world["states"]["timer"] = 1 << 62
    rig.market.shutdown(socket.SHUT_WR)
    rig.thread.join(10)
    rig.engine.forget_market()
    assert [int(rig.engine.world["states"][0][name]) for name in ("timer", "event_us")] == [0, 0]


def test_the_venues_balances_are_taken_and_a_difference_is_noted(rig: Rig) -> None:
    mark = rig.count("account")
    rig.engine.account(0, base=Decimal("2.5"), quote=Decimal(90_000), mark=mark + 1)
    rig.until("that was heard", lambda: rig.panel.obeyed)
    assert (rig.count("differences"), rig.account[0]) == (0, 0)
    rig.engine.account(0, base=Decimal("2.5"), quote=Decimal(90_000), mark=mark)
    rig.until("it is counted", lambda: rig.count("differences") == 1)
    assert rig.account == (0, 250_000_000, 9_000_000_000_000)
    assert rig.notes()[-1] is Note.DIFFERENCE
    rig.panel.settle([2 * UNIT], covers=1)
    rig.until("it is a position", lambda: rig.account[0] == 500_000)


def test_after_a_difference_nothing_is_sent_until_the_baselines_know_of_it(rig: Rig) -> None:
    rig.engine.account(0, base=Decimal(3), quote=Decimal(100_000), mark=rig.count("account"))
    rig.panel.command(Verb.RECONCILED, 1)
    rig.until("it is counted", lambda: rig.panel.obeyed and rig.count("differences") == 1)
    rig.tick()
    rig.until("the order is refused", lambda: rig.count("refused") == 1)
    rig.panel.settle([3 * UNIT], covers=1)
    rig.until("the baseline is taken", lambda: int(rig.engine.world["baselines_taken"]) == 2)
    rig.panel.command(Verb.RECONCILED, 1)
    rig.until("that was heard", lambda: rig.panel.obeyed)
    assert placed(rig)["newClientOrderId"] == "t-1"
    assert rig.account[0] == 0


@pytest.mark.parametrize(("base", "quote"), [(2, 110_000), (3, 100_000), (1, 160_000), (2, 0)])
def test_a_transfer_is_no_profit_of_the_day(rig: Rig, base: int, quote: int) -> None:
    rig.engine.account(0, base=Decimal(base), quote=Decimal(quote), mark=rig.count("account"))
    rig.until("it is counted", lambda: rig.count("differences") == 1)
    assert profit(rig) == (0, 0)


def test_price_moves_of_coins_that_are_no_position_are_neither_profit_nor_loss(rig: Rig) -> None:
    assert [profit(rig, at=price) for price in (59_000, 62_000)] == [(0, 0), (0, 0)]
    assert int(rig.engine.world["situations"][0]["equity"]) == units("100000") + 2 * units("62000.01")


def test_a_position_wins_and_loses_by_its_own_size(rig: Rig) -> None:
    name = placed(rig)["newClientOrderId"]
    rig.orders.sendall(
        framed(report(name, "TRADE", "FILLED", "0.00100000", l="0.00100000", n="0.00000000"))
    )
    rig.until("the order is closed", lambda: rig.count("filled") == 1 and rig.count("open_orders") == 0)
    won, lost = units("1.00001"), -units("0.99999")
    assert [profit(rig, at=price) for price in (61_000, 59_000)] == [(won, won), (lost, won)]


def test_what_new_baselines_make_a_position_has_won_nothing_yet(rig: Rig) -> None:
    """A difference that the control side finds to be an execution of ours."""
    rig.engine.account(0, base=Decimal("2.5"), quote=Decimal(70_000), mark=rig.count("account"))
    rig.until("it is counted", lambda: rig.count("differences") == 1)
    rig.panel.settle([2 * UNIT], covers=1)
    rig.until("it is a position", lambda: rig.account[0] == 500_000)
    assert profit(rig) == (0, 0)
    assert profit(rig, at=60_010)[0] == units("5")


def test_profit_and_its_peak_start_at_zero_with_each_utc_day_of_the_market(rig: Rig) -> None:
    def trade(at_us: int) -> None:
        at = at_us // 1000
        body = {"e": "trade", "E": at, "s": "BTCUSDT", "t": 1, "p": "60000.00", "q": "1.0", "T": at, "m": False}
        rig.market.sendall(framed(body))
        rig.until("the frame was read", lambda: int(rig.engine.world["day"]) == at_us // DAY_US)

    trade(20 * DAY_US - 1)
    rig.engine.world["start_equity"] -= 5 * UNIT
    assert profit(rig) == (5 * UNIT, 5 * UNIT)
    trade(20 * DAY_US)
    assert profit(rig) == (0, 0)


def test_a_fee_in_an_asset_that_is_not_traded_here_is_a_loss_of_a_thousandth(rig: Rig) -> None:
    name = placed(rig)["newClientOrderId"]
    fee = {"n": "0.00010000", "N": "BNB"}
    rig.orders.sendall(framed(report(name, "TRADE", "FILLED", "0.00100000", l="0.00100000", **fee)))
    rig.until("the order is closed", lambda: rig.count("filled") == 1)
    bought_under_mid = units("0.00001")
    assert profit(rig)[0] == bought_under_mid - units("0.06")


def test_an_order_that_the_venue_refuses_is_closed(rig: Rig) -> None:
    placed(rig)
    rig.orders.sendall(framed({"id": 2, "status": 400, "error": {"code": -2010, "msg": "no"}}))
    rig.until("it is rejected", lambda: rig.count("rejected") == 1 and rig.count("open_orders") == 0)


def test_a_strategy_cancels_its_orders(rig: Rig) -> None:
    name = placed(rig)["newClientOrderId"]
    rig.tick("8")
    request = rig.order()
    assert (request["method"], request["id"]) == ("order.cancel", 3)
    rig.orders.sendall(framed(report("x", "CANCELED", "CANCELED", "0.00000000", C=name)))
    rig.until("it is gone", lambda: rig.count("open_orders") == 0 and Note.DONE in rig.notes())


def test_a_call_that_cancels_more_orders_than_fit_one_write_cancels_all_and_places_what_it_asked_for(rig: Rig) -> None:
    for _ in range(20):
        rig.tick("5")
        assert {str(rig.order()["method"]) for _ in range(12)} == {"order.place"}
    rig.tick("9")
    sent = [rig.order() for _ in range(241)]
    assert [row["method"] for row in sent] == ["order.cancel"] * 240 + ["order.place"]
    names = {str(row["params"]["origClientOrderId"]) for row in sent[:-1]}  # type: ignore[index]
    assert (names, rig.count("state")) == ({f"t-{n}" for n in range(1, 241)}, ACTIVE)


def test_a_strategy_that_asks_for_nonsense_halts_trading(rig: Rig) -> None:
    rig.tick("7")
    rig.until("it halts", lambda: rig.reason is Halt.STRATEGY)
    rig.tick()
    rig.until("the frame was read", lambda: rig.count("frames") == 3)
    assert rig.count("sent") == 0


def test_a_stop_by_the_mark_price_halts_trading_before_anything_is_sent(rig: Rig) -> None:
    rig.tick("11")
    rig.until("it halts", lambda: rig.reason is Halt.STRATEGY)
    assert rig.count("detail") == NO_MARK
    assert "a stop by the mark price; allowed: a backtest" in FAULTS[NO_MARK]
    assert (rig.count("sent"), rig.count("open_orders")) == (0, 0)


@pytest.mark.parametrize("body", [b'{"u":1', b'{"u":1,"s":"BTCUSDT","b":"60000.001","B":"1","a":"60001","A":"1"}'])
def test_a_malformed_or_off_grid_frame_halts_trading(rig: Rig, body: bytes) -> None:
    rig.market.sendall(framed(body))
    rig.until("it halts", lambda: rig.reason is Halt.BAD_FRAME)


def test_a_silent_control_side_halts_trading_and_cancels_what_is_open(rig: Rig) -> None:
    placed(rig)
    rig.panel.record["control"]["beat"] = 1
    assert rig.order()["method"] == "order.cancel"
    assert rig.reason is Halt.CONTROL_SILENT


def test_the_risk_gate_refuses_and_names_the_rule(rig: Rig) -> None:
    rig.panel.limit([risk_records.one(risk_records.LIMITS, **(FREE | {"order_lots": 10}))])
    rig.until("limits are taken", lambda: int(rig.engine.world["limits_taken"]) == 1)
    rig.tick()
    rig.until("it is refused", lambda: rig.count("refused") == 1)
    assert rig.count("last_refusal") == 12
    assert rig.count("sent") == 0


def test_kill_halts_and_cancels(rig: Rig) -> None:
    placed(rig)
    rig.panel.ask(HALTED, cancel=True)
    assert rig.order()["method"] == "order.cancel"
    assert rig.reason is Halt.ASKED
    assert rig.count("heard") == 1


def test_a_pause_leaves_orders_open_and_a_resume_goes_on(rig: Rig) -> None:
    placed(rig)
    rig.panel.ask(HALTED)
    rig.until("it is paused", lambda: rig.count("heard") == 1)
    rig.panel.ask(ACTIVE, resume=True)
    rig.until("it trades", lambda: rig.count("state") == ACTIVE)
    assert (rig.count("cancels"), rig.count("open_orders")) == (0, 1)


def test_a_halt_that_the_loop_found_lasts_until_a_person_resumes(rig: Rig) -> None:
    rig.tick("7")
    rig.until("it halts", lambda: rig.reason is Halt.STRATEGY)
    rig.panel.ask(HALTED, cancel=True)
    rig.panel.ask(ACTIVE)
    rig.panel.command(Verb.RECONCILED, 1)
    rig.until("that was heard", lambda: rig.panel.obeyed and rig.count("heard") == 2)
    assert (rig.count("state"), rig.reason) == (HALTED, Halt.STRATEGY)
    rig.panel.ask(ACTIVE, resume=True)
    rig.until("it trades", lambda: rig.count("state") == ACTIVE)


def test_a_state_that_is_asked_for_before_the_account_is_reconciled_is_kept(rig: Rig) -> None:
    rig.panel.settle([0])
    rig.until("the baseline is taken", lambda: rig.account[0] > 0)
    rig.panel.ask(REDUCING)
    rig.until("that was heard", lambda: rig.count("heard") == 1)
    rig.panel.command(Verb.RECONCILED, 1)
    rig.until("it is reconciled", lambda: rig.panel.obeyed)
    assert (rig.count("state"), rig.reason) == (REDUCING, Halt.NONE)


def test_baselines_that_were_written_before_a_state_are_taken_before_it(rig: Rig) -> None:
    rig.panel.ask(HALTED)
    rig.until("it is paused", lambda: rig.count("heard") == 1)
    rig.panel.settle([UNIT])
    rig.panel.ask(ACTIVE)
    rig.until("that was heard", lambda: rig.count("heard") == 2)
    assert (rig.count("state"), rig.reason, rig.account[0]) == (HALTED, Halt.STARTING, 1_000_000)


def test_pings_are_answered_and_fragments_joined(rig: Rig) -> None:
    rig.orders.sendall(framed(b"hello", 9))
    pong = rig.orders.recv(64)
    assert pong[0] == 0x8A
    assert bytes(byte ^ pong[2 + (i & 3)] for i, byte in enumerate(pong[6:])) == b"hello"
    body = framed({"u": 999, "s": "BTCUSDT", "b": "60000.00", "B": "1", "a": "60000.02", "A": "1.0"})[2:]
    rig.market.sendall(bytes((0x01, 30)) + body[:30] + framed(b"", 9) + bytes((0x80, len(body) - 30)) + body[30:])
    assert rig.order()["method"] == "order.place"


@pytest.mark.parametrize(
    ("data", "end", "detail"),
    [
        (b"\x88\x02\x03\xe9", Halt.MARKET_ENDED, 1001),
        (b"\xc1\x00", Halt.PROTOCOL, None),
        (b"", Halt.MARKET_ENDED, 0),
    ],
)
def test_the_loop_ends_with_its_reason(rig: Rig, data: bytes, end: Halt, detail: int | None) -> None:
    if data:
        rig.market.sendall(data)
    else:
        rig.market.shutdown(socket.SHUT_WR)
    rig.thread.join(10)
    assert Halt(rig.ended[0]) is end
    assert detail is None or rig.count("detail") == detail


def test_depth_needs_a_snapshot_and_a_gap_needs_another(rig: Rig) -> None:
    def depth(first: int, last: int, bid: str) -> None:
        body = {"e": "depthUpdate", "E": 1, "s": "BTCUSDT", "U": first, "u": last, "b": [[bid, "3"]], "a": []}
        rig.market.sendall(framed(body))

    depth(11, 12, "59990.00")
    rig.until("a snapshot is asked for", lambda: rig.notes()[-1] is Note.NEED_SNAPSHOT)
    staged = rig.panel.record["snapshot"]
    staged["last_id"], staged["bids"], staged["asks"] = 10, 1, 1
    staged["rows"][0][0], staged["rows"][1][0] = (5_998_000, 5), (6_001_000, 6)
    rig.panel.command(Verb.SNAPSHOT)
    rig.until("the book is in sync", lambda: rig.notes()[-1] is Note.SYNCED)
    assert int(rig.engine.world["states"][0]["last_id"]) == 12
    depth(13, 14, "59991.00")
    depth(16, 17, "59992.00")
    rig.until("the gap is seen", lambda: rig.count("gaps") == 1)
    assert rig.notes()[-1] is Note.NEED_SNAPSHOT


def test_what_was_sent_survives_the_death_of_the_process(rig: Rig) -> None:
    placed(rig)
    other = Panel.attach(rig.panel.path)
    rows = list(TapeReader(other, 0).read())
    assert [Note(int(row["kind"])) for row in rows][-1] is Note.SEND
    assert int(rows[-1]["tick"]) == 5_999_990
    assert time.time_ns() - int(rows[-1]["time"]) < 60_000_000_000
