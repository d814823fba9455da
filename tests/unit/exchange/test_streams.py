"""All public streams, without sockets: what is said, when, and to whom."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise

import pytest

from qbtc.core.binance import sbe
from qbtc.core.binance.messages import BookTicker, DepthUpdate, Snapshot, Trade
from qbtc.core.market.instrument import KNOWN, Instrument
from qbtc.exchange.fanout import MARKET_STREAM, Client
from qbtc.exchange.stream_names import refusal, sbe_refusal
from qbtc.exchange.streams import Streams

MS = 1_000_000
START = 1_700_000_040_000
"""A whole minute."""


class Book:
    def __init__(self) -> None:
        self.instrument: Instrument = KNOWN["BTCUSDT"]
        self.asked: list[int] = []

    def snapshot(self, limit: int, now: int) -> Snapshot:
        self.asked.append(limit)
        return Snapshot(7, [("100.00000000", "1.00000000")], [("101.00000000", "2.00000000")])

    last_tick = 0

    def ticker(self) -> BookTicker:
        return BookTicker(update_id=7, symbol="BTCUSDT", bid="100", bid_quantity="1", ask="101", ask_quantity="2")


class Tower:
    """Streams of one symbol, a clock to turn, and listeners that remember."""

    def __init__(self) -> None:
        self.now = START
        self.steps: list[Callable[[], None]] = []
        self.book = Book()
        self.streams = Streams({"BTCUSDT": self.book}, lambda: self.now * MS, self.steps.append)
        self.trades = 0

    def listen(self, *names: str, combined: bool = False, micro: bool = False) -> list[bytes]:
        heard: list[bytes] = []
        client = Client(heard.append, combined=combined, micro=micro)
        self.streams.json.add(client)
        self.streams.json.subscribe(client, list(names))
        return heard

    def listen_sbe(self, name: str) -> list[bytes]:
        heard: list[bytes] = []
        client = Client(heard.append)
        self.streams.sbe.add(client)
        self.streams.sbe.subscribe(client, [name])
        return heard

    def trade(self, price: str, quantity: str = "0.5", *, sold: bool = False, at: int | None = None) -> None:
        self.trades += 1
        ms = self.now if at is None else at
        frame = Trade(
            event="trade",
            event_ms=ms,
            symbol="BTCUSDT",
            trade_id=self.trades,
            price=price,
            quantity=quantity,
            trade_ms=ms,
            buyer_is_maker=sold,
        )
        self.streams.publish("btcusdt@trade", frame)

    def step_ends(self) -> None:
        steps, self.steps[:] = list(self.steps), []
        for step in steps:
            step()

    def depth(self, first: int, last: int, bids: dict[str, str], ms: int) -> None:
        update = DepthUpdate(
            event="depthUpdate", event_ms=ms, symbol="BTCUSDT", first=first, last=last, bids=list(bids.items()), asks=[]
        )
        self.streams.publish("btcusdt@depth@100ms", update)
        self.streams.publish("btcusdt@depth", update)

    def pulse(self, ms: int) -> None:
        self.now += ms
        self.streams.pulse(self.now * MS)


def test_fills_of_one_order_at_one_price_are_one_aggregate_trade() -> None:
    tower = Tower()
    heard = tower.listen("btcusdt@aggTrade")
    for price in ("100.00", "100.00", "100.01"):
        tower.trade(price)
    assert [json.loads(frame)["p"] for frame in heard] == ["100.00000000"]
    tower.step_ends()
    assert [json.loads(frame) for frame in heard] == [
        {"e": "aggTrade", "E": START, "s": "BTCUSDT", "a": 1, "p": "100.00000000", "q": "1.00000000", "f": 1, "l": 2,
         "T": START, "m": False, "M": True},
        {"e": "aggTrade", "E": START, "s": "BTCUSDT", "a": 3, "p": "100.01000000", "q": "0.50000000", "f": 3, "l": 3,
         "T": START, "m": False, "M": True},
    ]  # fmt: skip


def test_what_ends_an_aggregate_is_another_side_another_time_or_the_end_of_the_step() -> None:
    tower = Tower()
    heard = tower.listen("btcusdt@aggTrade")
    tower.trade("100.00")
    tower.trade("100.00", sold=True)
    tower.trade("100.00", sold=True, at=START + 1)
    tower.step_ends()
    tower.trade("100.00", sold=True, at=START + 1)
    tower.step_ends()
    assert [(m["f"], m["l"]) for m in map(json.loads, heard)] == [(1, 1), (2, 2), (3, 3), (4, 4)]


def test_trades_and_book_tickers_go_out_at_once() -> None:
    tower = Tower()
    heard = tower.listen("btcusdt@trade", "btcusdt@bookTicker")
    tower.trade("100.00")
    tower.streams.publish("btcusdt@bookTicker", tower.book.ticker())
    assert [json.loads(frame) for frame in heard] == [
        {
            "e": "trade",
            "E": START,
            "s": "BTCUSDT",
            "t": 1,
            "p": "100.00",
            "q": "0.5",
            "T": START,
            "m": False,
            "M": True,
        },
        {"u": 7, "s": "BTCUSDT", "b": "100", "B": "1", "a": "101", "A": "2"},
    ]


def test_diffs_faster_than_the_pace_are_merged_without_a_gap() -> None:
    tower = Tower()
    heard = tower.listen("btcusdt@depth@100ms")
    for number in range(10):
        tower.depth(number, number, {"100": str(number), str(number): "1"}, START + number * 20)
    tower.now += 180
    tower.pulse(99)
    frames = [json.loads(frame) for frame in heard]
    assert [(frame["U"], frame["u"]) for frame in frames] == [(0, 0), (1, 5), (6, 9)]
    assert all(a["u"] + 1 == b["U"] for a, b in pairwise(frames))
    assert dict(map(tuple, frames[2]["b"])) == {"100": "9", "6": "1", "7": "1", "8": "1", "9": "1"}


def test_a_source_with_the_very_pace_passes_through_in_spite_of_jitter() -> None:
    tower = Tower()
    heard = tower.listen("btcusdt@depth@100ms")
    for number, jitter in enumerate((0, -4, 5, -5, 3)):
        tower.depth(number, number, {}, START + number * 100 + jitter)
    assert len(heard) == 5


def test_the_slow_depth_stream_speaks_once_a_second() -> None:
    tower = Tower()
    heard = tower.listen("btcusdt@depth")
    for number in range(31):
        tower.depth(number, number, {}, START + number * 100)
    spans = [(frame["U"], frame["u"]) for frame in map(json.loads, heard)]
    assert spans == [(0, 0), (1, 9), (10, 18), (19, 27)]


def test_partial_depth_comes_at_its_pace_and_only_for_who_listens() -> None:
    tower = Tower()
    for _ in range(20):
        tower.pulse(50)
    assert tower.book.asked == []
    heard = tower.listen("btcusdt@depth5@100ms", "btcusdt@depth20")
    for _ in range(39):
        tower.pulse(50)
    assert (tower.book.asked.count(5), tower.book.asked.count(20)) == (20, 2)
    assert json.loads(heard[0]) == {"lastUpdateId": 7, "bids": [["100.00000000", "1.00000000"]],
                                    "asks": [["101.00000000", "2.00000000"]]}  # fmt: skip


def test_a_candle_is_said_while_it_runs_and_once_when_it_has_ended() -> None:
    tower = Tower()
    heard = tower.listen("btcusdt@kline_1m")
    tower.trade("100.00")
    tower.pulse(500)
    tower.trade("102.00", sold=True)
    for _ in range(130):
        tower.pulse(500)
    said = [json.loads(frame)["k"] for frame in heard]
    ended = [k for k in said if k["x"]]
    assert [(k["t"], k["T"], k["o"], k["c"], k["n"]) for k in ended] == [
        (START, START + 59_999, "100.00000000", "102.00000000", 2)
    ]
    assert (ended[0]["v"], ended[0]["q"]) == ("1.00000000", "101.00000000")
    assert (ended[0]["V"], ended[0]["Q"], ended[0]["f"], ended[0]["L"]) == ("0.50000000", "50.00000000", 1, 2)
    running = [k for k in said if not k["x"] and k["t"] == START]
    assert 28 <= len(running) <= 31
    quiet = said[-1]
    assert (quiet["t"], quiet["o"], quiet["n"], quiet["f"]) == (START + 60_000, "102.00000000", 0, -1)


def test_every_second_has_its_candle_even_when_time_leaps() -> None:
    tower = Tower()
    heard = tower.listen("btcusdt@kline_1s")
    tower.trade("100.00")
    tower.pulse(10)
    tower.pulse(5_290)
    ended = [k["t"] for k in (json.loads(frame)["k"] for frame in heard) if k["x"]]
    assert ended == [START + 1000 * n for n in range(5)]


def test_candles_of_another_zone_begin_with_its_day() -> None:
    tower = Tower()
    heard = tower.listen("btcusdt@kline_1d@+08:00")
    tower.trade("100.00")
    tower.pulse(10)
    (frame,) = [json.loads(frame) for frame in heard]
    assert (frame["k"]["t"] + 8 * 3_600_000) % 86_400_000 == 0
    assert frame["k"]["i"] == "1d"


def test_day_tickers_have_all_fields() -> None:
    tower = Tower()
    full, mini, hour = (tower.listen(f"btcusdt@{kind}") for kind in ("ticker", "miniTicker", "ticker_1h"))
    tower.trade("100.00")
    tower.trade("110.00", "1.5")
    tower.pulse(0)
    end = START
    assert json.loads(full[0]) == {
        "e": "24hrTicker", "E": end, "s": "BTCUSDT", "p": "10.00000000", "P": "10.000", "w": "107.50000000",
        "x": "0.00000000", "c": "110.00000000", "Q": "1.50000000", "b": "100", "B": "1", "a": "101", "A": "2",
        "o": "100.00000000", "h": "110.00000000", "l": "100.00000000", "v": "2.00000000", "q": "215.00000000",
        "O": end - 86_400_000, "C": end, "F": 1, "L": 2, "n": 2,
    }  # fmt: skip
    assert set(json.loads(mini[0])) == set("eEscohlvq")
    body = json.loads(hour[0])
    assert (body["e"], body["O"], body["C"]) == ("1hTicker", end - 3_600_000, end)
    assert set(body) == set("eEspPohlcwvqOCFLn")


def test_all_market_tickers_hold_only_what_changed() -> None:
    tower = Tower()
    heard = tower.listen("!miniTicker@arr")
    tower.pulse(1000)
    assert heard == []
    tower.trade("100.00")
    tower.pulse(1000)
    tower.pulse(1000)
    assert [len(json.loads(frame)) for frame in heard] == [1]


def test_the_average_price_is_that_of_five_minutes() -> None:
    tower = Tower()
    tower.trade("50.00")
    tower.now += 6 * 60_000
    tower.trade("100.00", "1")
    tower.trade("200.00", "3")
    heard = tower.listen("btcusdt@avgPrice")
    tower.pulse(5)
    assert json.loads(heard[0]) == {"e": "avgPrice", "E": tower.now, "s": "BTCUSDT", "i": "5m", "w": "175.00000000",
                                    "T": tower.now - 5}  # fmt: skip


def test_microseconds_and_the_combined_envelope_are_the_listeners_choice() -> None:
    tower = Tower()
    plain = tower.listen("btcusdt@trade")
    micro = tower.listen("btcusdt@trade", "btcusdt@kline_1m", combined=True, micro=True)
    tower.trade("100.00")
    tower.pulse(0)
    assert json.loads(plain[0])["T"] == START
    trade, candle = (json.loads(frame) for frame in micro)
    assert trade["stream"] == "btcusdt@trade"
    assert (trade["data"]["E"], trade["data"]["T"]) == (START * 1000, START * 1000)
    assert (candle["data"]["k"]["t"], candle["data"]["k"]["T"]) == (START * 1000, START * 1000 + 59_999_999)


def test_sbe_listeners_hear_the_same_numbers() -> None:
    tower = Tower()
    trades, best, book, diffs = (
        tower.listen_sbe(f"btcusdt@{kind}") for kind in ("trade", "bestBidAsk", "depth20", "depth")
    )
    tower.trade("100.01", "0.5", sold=True)
    tower.streams.publish("btcusdt@bookTicker", tower.book.ticker())
    tower.depth(3, 4, {"99": "0"}, START)
    tower.pulse(50)
    assert sbe.decode_sbe(trades[0]) == sbe.TradesEvent(
        symbol="BTCUSDT",
        event_us=START * 1000,
        transact_us=START * 1000,
        trades=(sbe.TradeEntry(1, 10_001_000_000, 50_000_000, True),),
    )
    assert isinstance(found := sbe.decode_sbe(best[0]), sbe.BestBidAsk)
    assert (found.bid, found.ask_quantity, found.update_id) == (100 * 10**8, 2 * 10**8, 7)
    assert isinstance(shot := sbe.decode_sbe(book[0]), sbe.DepthSnapshotEvent)
    assert shot.bids == ((100 * 10**8, 10**8),)
    assert isinstance(diff := sbe.decode_sbe(diffs[0]), sbe.DepthDiffEvent)
    assert (diff.first_id, diff.last_id, diff.bids) == (3, 4, ((99 * 10**8, 0),))


def test_the_state_of_the_market_is_told_to_who_comes_later() -> None:
    tower = Tower()
    tower.streams.publish(MARKET_STREAM, {"mode": "SIMULATED"})
    assert [json.loads(frame) for frame in tower.listen(MARKET_STREAM, combined=True)] == [
        {"stream": MARKET_STREAM, "data": {"mode": "SIMULATED"}}
    ]


def test_a_shutdown_is_told_to_every_connection() -> None:
    tower = Tower()
    raw, combined = tower.listen("btcusdt@trade"), tower.listen(combined=True)
    tower.streams.shutdown()
    assert json.loads(raw[0]) == {"e": "serverShutdown", "E": START}
    assert json.loads(combined[0]) == {"stream": "!serverShutdown", "data": {"e": "serverShutdown", "E": START}}


@pytest.mark.parametrize(
    "name",
    [
        "btcusdt@depth", "btcusdt@depth@100ms", "btcusdt@depth@1000ms", "btcusdt@depth5", "btcusdt@depth10@100ms",
        "btcusdt@kline_1s", "btcusdt@kline_1M", "btcusdt@kline_3d@+08:00", "btcusdt@ticker_4h", "!ticker_1d@arr",
        "!ticker@arr", "!miniTicker@arr", "btcusdt@aggTrade", "btcusdt@avgPrice", "!market@qbtc",
        "btcusdt@blockTrade", "btcusdt@referencePrice",
    ],
)  # fmt: skip
def test_documented_names_exist(name: str) -> None:
    assert refusal(name, {"btcusdt"}) is None


@pytest.mark.parametrize(
    "name",
    [
        "btcusdt@depth7", "btcusdt@depth@250ms", "btcusdt@kline_2m", "btcusdt@kline_1m@+09:00", "BTCUSDT@trade",
        "btcusdt@ticker_2h", "!bookTicker", "!ticker_2h@arr", "nopeusdt@trade", "btcusdt@", "@trade", "x" * 10_000,
    ],
)  # fmt: skip
def test_other_names_do_not(name: str) -> None:
    assert refusal(name, {"btcusdt"}) is not None


def test_sbe_has_its_own_names() -> None:
    assert sbe_refusal("btcusdt@bestBidAsk", {"btcusdt"}) is None
    assert "bestBidAsk" in str(sbe_refusal("btcusdt@bookTicker", {"btcusdt"}))
