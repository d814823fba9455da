"""What stands in a recording comes back as it was; what is not whole is found where it is."""

from __future__ import annotations

import re
import tempfile
import zlib
from collections import deque
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.contracts.common import OrderType, Scope, Side
from qbtc.core.binance.user_data import AssetBalance, ExecutionReport
from qbtc.core.market.book import Book, DepthSync, SyncState
from qbtc.core.market.instrument import KNOWN
from qbtc.hft.adapters.session_file import read_session
from qbtc.hft.domain.desk import Balance, Desk
from qbtc.hft.domain.orders import Order, State
from qbtc.hft.domain.risk_track import PULSE, RATE, happened
from qbtc.hft.domain.session.blocks import MAGIC, Part, block, record
from qbtc.hft.domain.session.ear import Ear, heard
from qbtc.hft.domain.session.words import UnknownWord
from qbtc.hft.errors import BrokenSession
from qbtc.hft.sessions.vocabulary import WORDS

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary() | st.decimals(allow_nan=False)
    | st.sampled_from([Side.BUY, Scope.CANCEL, SyncState.SYNCED, KNOWN["BTCUSDT"]]),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner)
    | st.frozensets(st.integers()) | st.sets(st.text()) | st.builds(deque, st.lists(inner)),
    max_leaves=20,
)  # fmt: skip


@given(plain)
def test_values_come_back_as_they_were(value: Any) -> None:
    back = WORDS.read(WORDS.write(value))
    assert back == value
    assert type(back) is type(value)


def test_numbers_larger_than_any_machine_word_come_back() -> None:
    assert WORDS.read(WORDS.write(Balance(10**40, -(2**70)))) == Balance(10**40, -(2**70))


def test_objects_with_slots_fields_or_records_come_back() -> None:
    book = Book()
    book.apply_all([(100, 5), (99, 7)], [(101, 3)], 9)
    assert WORDS.read(WORDS.write(book)) == book
    sync = DepthSync(futures=True, state=SyncState.SYNCED, last_id=4)
    assert WORDS.read(WORDS.write(sync)) == sync
    report = ExecutionReport(
        event_ms=1, symbol="BTCUSDT", client_order_id="a", side="BUY", order_type="LIMIT", time_in_force="GTC", quantity="1",
        price="2", execution="NEW", status="NEW", order_id=3, transaction_ms=4, created_ms=5,
    )  # fmt: skip
    assert WORDS.read(WORDS.write([report, AssetBalance("BTC", "1", "0")])) == [report, AssetBalance("BTC", "1", "0")]
    rate = np.zeros(1, RATE)
    happened(rate[0], 12)
    back = WORDS.read(WORDS.write({"rate": rate, "pulse": np.zeros(1, PULSE), "more": np.arange(6).reshape(2, 3)}))
    assert back["rate"].tobytes() == rate.tobytes()
    assert back["rate"].dtype == RATE
    assert back["more"].tolist() == [[0, 1, 2], [3, 4, 5]]
    back["rate"]["head"] = 5  # and it may be written on


def test_decimals_keep_their_places() -> None:
    assert str(WORDS.read(WORDS.write(Decimal("0.10")))) == "0.10"


@pytest.mark.parametrize("value", [object(), Desk, lambda: 1, np.zeros(1, [("strange", "i8")])])
def test_what_has_no_word_is_refused(value: object) -> None:
    with pytest.raises(UnknownWord):
        WORDS.write(value)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b'{"o":["Popen",{"args":"true"}]}', b'{"z":1}', b'{"e":["Side","UP"]}', b'{"a":["RATE",[1],"AAAA"]}', b'{"o":1,"d":[]}']
)  # fmt: skip
def test_words_of_another_kind_make_nothing(raw: bytes) -> None:
    with pytest.raises(UnknownWord):
        WORDS.read(raw)


parts = st.lists(st.builds(Part, st.integers(1, 22), st.integers(-(2**62), 2**62), st.binary(max_size=200)), max_size=20)


def written(batches: list[list[Part]]) -> bytes:
    rows = [b"".join(record(p.kind, p.at, p.payload) for p in batch) for batch in batches]
    return MAGIC + b"".join(block(row) for row in rows)


def read(raw: bytes) -> tuple[list[Part], int]:
    """All records and how many bytes were lost. Raises BrokenSession."""
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(raw)
        found = read_session(Path(file.name))
        return list(found.parts()), found.lost


@given(st.lists(parts, max_size=4))
def test_records_come_back_in_their_order(batches: list[list[Part]]) -> None:
    assert read(written(batches)) == ([part for batch in batches for part in batch], 0)


@given(st.lists(parts.filter(bool), min_size=1, max_size=4), st.data())
def test_a_file_cut_anywhere_gives_all_whole_blocks_before_the_cut(batches: list[list[Part]], data: st.DataObject) -> None:
    raw = written(batches)
    cut = data.draw(st.integers(len(MAGIC), len(raw) - 1))
    ends = [len(written(batches[:n])) for n in range(len(batches) + 1)]
    whole = max(n for n, end in enumerate(ends) if end <= cut)
    assert read(raw[:cut]) == ([part for batch in batches[:whole] for part in batch], cut - ends[whole])


@given(st.lists(parts.filter(bool), min_size=1, max_size=4), st.data())
def test_a_bit_that_has_changed_never_passes_for_another_record(batches: list[list[Part]], data: st.DataObject) -> None:
    raw = bytearray(written(batches))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= 1 << data.draw(st.integers(0, 7))
    true = [part for batch in batches for part in batch]
    try:
        found, _ = read(bytes(raw))
    except BrokenSession as error:
        assert int(re.findall(r"at byte (\d+) of", error.detail)[0]) <= at
    else:
        assert found == true[: len(found)]


def test_a_block_that_unpacks_to_more_than_it_says_is_refused() -> None:
    stored = zlib.compress(b"\0" * 10_000_000)
    raw = MAGIC + b"BLOK" + b"".join(n.to_bytes(4, "little") for n in (len(stored), 16, zlib.crc32(stored))) + stored
    with pytest.raises(BrokenSession, match="a block does not hold 16 bytes"):
        read(raw)


class Core:
    def __init__(self, ear: Ear) -> None:
        self.ear, self.seen = ear, list[int]()

    @heard("core")
    def outer(self, n: int, *, more: int = 0) -> int:
        self.seen.append(self.ear.now())
        self.inner(n)
        self.ear.says("done", lambda: n + more)
        return n

    @heard("core")
    def inner(self, n: int) -> None:
        self.seen.append(self.ear.now())


class Notes:
    def __init__(self) -> None:
        self.rows: list[tuple[object, ...]] = []

    def heard(self, at: int, name: str, args: tuple[object, ...], named: dict[str, object]) -> None:
        self.rows.append((at, name, args, named))

    def said(self, kind: str, words: object) -> None:
        self.rows.append((kind, words))


def test_one_thing_is_heard_at_one_instant_and_its_consequences_are_not_news() -> None:
    ticks = iter(range(100))
    core, notes = Core(Ear(lambda: next(ticks))), Notes()
    core.ear.sink = notes
    assert core.outer(5, more=2) == 5
    core.inner(6)
    assert notes.rows == [(0, "core.outer", (5,), {"more": 2}), ("done", 7), (1, "core.inner", (6,), {})]
    assert core.seen == [0, 0, 1]


def test_a_thing_that_fails_is_over_all_the_same() -> None:
    ticks = iter(range(100))
    core, notes = Core(Ear(lambda: next(ticks))), Notes()
    core.ear.sink = notes
    with pytest.raises(TypeError):
        core.outer("a", more=1)  # type: ignore[arg-type]
    core.inner(1)
    assert [row[1] for row in notes.rows] == ["core.outer", "core.inner"]


def test_nobody_is_asked_for_words_that_nobody_hears() -> None:
    ear = Ear(lambda: 0)
    ear.says("order", lambda: pytest.fail("it was asked"))


orders = st.builds(
    Order, st.text(max_size=36), st.just("BTCUSDT"), st.sampled_from(Side), st.sampled_from(OrderType), st.integers(0), st.none() | st.integers(0),
    st.integers(0), strategy=st.none() | st.text(), ioc=st.booleans(), state=st.sampled_from(State), filled=st.integers(0),
    reason=st.none() | st.text(), reduces=st.booleans(),
)  # fmt: skip


@given(st.lists(orders))
def test_orders_come_back_as_they_were(table: list[Order]) -> None:
    back = WORDS.read(WORDS.write(table))
    assert back == table
    assert all(type(o.side) is Side and type(o.type) is OrderType and type(o.state) is State for o in back)


@given(st.dictionaries(st.integers(1, 2**40), st.integers(1, 2**50)), st.dictionaries(st.integers(1, 2**40), st.integers(1, 2**50)))
def test_books_come_back_as_they_were_and_go_on(bids: dict[int, int], asks: dict[int, int]) -> None:
    book = Book()
    book.apply_all([*bids.items()], [*asks.items()], 9)
    back = WORDS.read(WORDS.write(book))
    for one in (book, back):
        one.apply_all([(7, 3)], [(7, 0)], 10)
    assert [(b.top(999, 0), b.top(999, 1), b.update_id) for b in (back,)] == [(book.top(999, 0), book.top(999, 1), 10)]


@pytest.mark.parametrize(
    "raw", [b'{"p":["Order",["a"]]}', b'{"p":["Book",[1,"AAA"]]}', b'{"p":["Book",[1,"AAA","","",""]]}', b'{"p":["Popen","true"]}', b'{"p":1}']
)  # fmt: skip
def test_packed_words_of_another_kind_make_nothing(raw: bytes) -> None:
    with pytest.raises(UnknownWord):
        WORDS.read(raw)


def test_a_number_that_no_book_has_is_refused() -> None:
    book = Book()
    book.apply(0, 1, 2**70)
    with pytest.raises(UnknownWord, match="too large"):
        WORDS.write(book)
