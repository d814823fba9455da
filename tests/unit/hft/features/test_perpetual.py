"""What is known of the perpetual, who listens to it, and how it says what is missing."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence

import msgspec
import numpy as np
import pytest

from qbtc.contracts.basis26 import INDEX, LETTERS
from qbtc.core.binance.messages import MalformedFrame, MarkPrice, decode_mark
from qbtc.core.market.instrument import KNOWN
from qbtc.hft.domain.bars import NANOS
from qbtc.hft.domain.features.reasons import TEXTS, Situation, absent
from qbtc.hft.domain.feed import Feed
from qbtc.hft.domain.perpetual import INTEREST_NS, MARK_NS, Perpetual
from qbtc.hft.domain.venues import SITES, Addresses, perpetuals, site
from qbtc.hft.perpetuals import Listener
from qbtc.hft.ports import NoAnswer

AT = 1_700_000_000_000


def told(mark: str = "101", index: str = "100", rate: str = "0.0001", at: int = AT) -> MarkPrice:
    return MarkPrice(event="markPriceUpdate", event_ms=at, symbol="BTCUSDT", mark=mark, index=index, rate=rate)


def frame(symbol: str = "BTCUSDT", **words: object) -> bytes:
    data = {"e": "markPriceUpdate", "E": AT, "s": symbol, "p": "101", "i": "100", "P": "1", "r": "0.0001", "T": 0, **words}
    return msgspec.json.encode({"stream": "btcusdt@markPrice@1s", "data": data})


def test_nothing_is_known_before_anything_is_told() -> None:
    one = Perpetual()
    assert all(map(math.isnan, one.at(AT * 1_000_000)))
    assert not one.heard


def test_basis_is_mark_over_index_and_funding_is_by_the_year() -> None:
    one = Perpetual()
    one.on_mark(told())
    assert one.at(AT * 1_000_000)[:2] == (pytest.approx(100.0), pytest.approx(10.95))
    one.hours = 4.0
    assert one.at(AT * 1_000_000).funding == pytest.approx(21.9)


def test_a_fact_that_is_too_old_is_not_known() -> None:
    one = Perpetual()
    one.on_mark(told())
    one.on_interest(5.0, AT * 1_000_000)
    just = one.at(AT * 1_000_000 + MARK_NS - 1)
    assert (math.isnan(just.basis_bp), just.open_interest) == (False, 5.0)
    later = one.at(AT * 1_000_000 + MARK_NS)
    assert (math.isnan(later.basis_bp), math.isnan(later.funding), later.open_interest) == (True, True, 5.0)
    assert math.isnan(one.at(AT * 1_000_000 + INTEREST_NS).open_interest)


def test_a_contract_without_index_or_rate_says_nothing_of_them() -> None:
    one = Perpetual()
    one.on_mark(told(index="", rate=""))
    assert all(map(math.isnan, one.at(AT * 1_000_000)))
    assert one.heard


def test_what_is_no_mark_price_is_refused() -> None:
    assert decode_mark(frame()).mark == "101"
    with pytest.raises(MalformedFrame, match="not a mark price"):
        decode_mark(b'{"stream":"x","data":{"e":"trade"}}')
    with pytest.raises(MalformedFrame, match="mark price of BTCUSDT"):
        Perpetual().on_mark(told(mark="dear"))


def test_perpetuals_are_told_of_beside_the_venue() -> None:
    def of(name: str, **given: str) -> str:
        addresses = Addresses(**given)
        return perpetuals(site(name, addresses, here="http://127.0.0.1:8450"), addresses).rest

    assert of("local") == "http://127.0.0.1:8450"
    assert of("binance") == SITES["binance-usdm"].rest
    assert of("binance-testnet") == SITES["binance-usdm-testnet"].rest
    assert of("binance-usdm") == SITES["binance-usdm"].rest
    assert of("binance", rest="https://stand.in") == "https://stand.in"


class Source:
    """Tells of BTCUSDT; each stream ends when `end` is set."""

    def __init__(self, *frames: bytes) -> None:
        self.frames, self.asked, self.end = frames, list[str](), asyncio.Event()
        self.refusal: NoAnswer | None = None
        self.interest: float | NoAnswer = 7.5

    async def contracts(self, symbols: Sequence[str]) -> dict[str, float]:
        self.asked.append("contracts " + ",".join(symbols))
        if self.refusal is not None:
            raise self.refusal
        return {name: 4.0 for name in symbols if name == "BTCUSDT"}

    async def stream(self, symbols: Sequence[str], on_frame: Callable[[bytes], None]) -> None:
        self.asked.append("stream " + ",".join(symbols))
        for each in self.frames:
            on_frame(each)
        await self.end.wait()

    async def open_interest(self, symbol: str) -> tuple[float, int]:
        self.asked.append("interest " + symbol)
        if isinstance(self.interest, NoAnswer):
            raise self.interest
        return self.interest, AT * 1_000_000

    async def close(self) -> None: ...


def feed(*symbols: str) -> Feed:
    return Feed([KNOWN[name] for name in symbols], session="s", started_ns=0)


async def listen(source: Source, now: Callable[[], Feed | None], monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Until eight pauses were made."""
    pauses, pause = list[float](), asyncio.sleep

    async def rest(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) >= 8:
            source.end.set()
            await asyncio.Event().wait()
        await pause(0)

    monkeypatch.setattr("qbtc.hft.perpetuals.asyncio.sleep", rest)
    task = asyncio.ensure_future(Listener(source, now).run())
    async with asyncio.timeout(20):
        while len(pauses) < 8:
            await pause(0.001)
    task.cancel()
    return pauses


async def test_what_the_perpetual_tells_reaches_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    one, source = feed("BTCUSDT", "ETHUSDT"), Source(frame(), frame("XRPUSDT"))
    await listen(source, lambda: one, monkeypatch)
    known = one.markets["BTCUSDT"].perpetual.at(AT * 1_000_000)
    assert known == (pytest.approx(100.0), pytest.approx(21.9), 7.5)
    assert not one.markets["ETHUSDT"].perpetual.heard
    assert source.asked[:3] == ["contracts BTCUSDT,ETHUSDT", "stream BTCUSDT", "interest BTCUSDT"]


async def test_without_an_answer_it_asks_less_and_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source()
    source.refusal = NoAnswer("gone")
    pauses = await listen(source, lambda: feed("BTCUSDT"), monkeypatch)
    assert pauses == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]


async def test_a_session_without_any_perpetual_is_asked_about_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source()
    assert set(await listen(source, lambda: feed("ETHUSDT"), monkeypatch)) == {60.0}
    assert not [text for text in source.asked if text.startswith("stream")]


async def test_another_list_of_symbols_is_listened_to_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    source, feeds = Source(), [feed("BTCUSDT"), feed("BTCUSDT", "ETHUSDT")]

    def now() -> Feed:
        return feeds["interest BTCUSDT" in source.asked]

    await listen(source, now, monkeypatch)
    assert [text for text in source.asked if text.startswith("contracts")][:2] == ["contracts BTCUSDT", "contracts BTCUSDT,ETHUSDT"]


async def test_an_interest_that_is_not_told_leaves_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    one, source = feed("BTCUSDT"), Source(frame())
    source.interest = NoAnswer("not now")
    await listen(source, lambda: one, monkeypatch)
    known = one.markets["BTCUSDT"].perpetual.at(AT * 1_000_000)
    assert known.basis_bp == pytest.approx(100.0)
    assert math.isnan(known.open_interest)


def why(there: str = "", scored: str | None = None, **given: object) -> dict[str, str]:
    base = {"symbol": "BTCUSDT", "bars": 61, "companions": ("BTCUSDT", "ETHUSDT"), "perpetual": True, "fresh": True, "counted": True}
    values = [1.0 if letter in there else math.nan for letter in LETTERS]
    marks = None if scored is None else [letter in scored for letter in LETTERS]
    return absent(values, Situation(**{**base, **given}), marks)  # type: ignore[arg-type]


def test_every_absent_letter_has_a_reason_that_has_a_text() -> None:
    found = why()
    assert set(found) == set(LETTERS)
    assert set(found.values()) <= set(TEXTS)
    assert not why(there=LETTERS)


@pytest.mark.parametrize(
    ("letter", "given", "reason"),
    [
        ("N", {}, "qcs"),
        ("A", {"bars": 29}, "bars"),
        ("F", {"bars": 0}, "bars"),
        ("W", {"perpetual": False, "bars": 0}, "no_perpetual"),
        ("Y", {"fresh": False}, "perpetual_silent"),
        ("O", {"fresh": False}, "interest_young"),
        ("O", {"counted": False}, "no_perpetual"),
        ("D", {"companions": ("BTCUSDT",)}, "one_symbol"),
        ("X", {}, "is_btc"),
        ("X", {"symbol": "ETHUSDT", "companions": ("ETHUSDT", "BNBUSDT")}, "no_btc"),
        ("J", {}, "undefined"),
        ("U", {}, "undefined"),
    ],
)
def test_the_reason_is_the_nearest_one(letter: str, given: dict[str, object], reason: str) -> None:
    assert why(**given)[letter] == reason


def test_a_value_without_a_score_has_no_scale_yet() -> None:
    assert why(there="AB", scored="B")["A"] == "no_scale"
    assert "B" not in why(there="AB", scored="B")


def test_the_feed_says_why_after_a_bar() -> None:
    one = feed("BTCUSDT")
    assert one.absent("BTCUSDT") == {}
    one.due(AT * 1_000_000)
    one.due(AT * 1_000_000 + NANOS)
    assert {one.absent("BTCUSDT")[letter] for letter in "ABF"} == {"bars"}
    assert one.absent("BTCUSDT")["W"] == "no_perpetual"
    assert one.last is not None
    assert np.isnan(one.last.values[0, INDEX["W"]])
