"""Reading delimited text: against Python's own decimals and times, and refusing what it cannot keep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.market.tape import table
from qbtc.core.market.tape.table import EMPTY, WORDS, Field, Refusal


def read(text: str, *fields: Field, final: bool = True) -> tuple[list[list[int]], np.ndarray, int]:
    """(rows, state, where it stopped)."""
    buffer = np.frombuffer(text.encode(), np.uint8)
    state, out, lines = np.zeros(table.STATE, np.int64), np.zeros((64, len(fields)), np.int64), np.zeros(64, np.int64)
    stopped = table.read_rows(
        buffer, 0, len(buffer), final, ord(","), np.array([int(f) for f in fields], np.int64),
        np.arange(len(fields), dtype=np.int64), WORDS, np.zeros(16, np.uint8), state, out, lines,
    )  # fmt: skip
    return out[: state[table.ROWS]].tolist(), state, int(stopped)


def one(text: str, field: Field) -> int | Refusal:
    rows, state, _ = read(text, field)
    return Refusal(int(state[table.FAULT])) if state[table.STATUS] == table.REFUSED else rows[0][0]


def kept(value: Decimal) -> int:
    """What a value in 1e-8 units becomes."""
    return int(value) if value < 2**63 - 10 else Refusal.LARGE


@given(digits=st.integers(0, 10**15), places=st.integers(0, 8), zeros=st.integers(0, 6), exponent=st.integers(-4, 4))
def test_a_decimal_is_exactly_its_value_in_units_of_1e_8(digits: int, places: int, zeros: int, exponent: int) -> None:
    value = Decimal(digits).scaleb(-places)
    text = f"{value:f}" + ("." if places == 0 and zeros else "") + "0" * zeros
    assert one(text, Field.DECIMAL) == kept(value.scaleb(8))
    shifted = one(f"{text}e{exponent}", Field.DECIMAL)
    wanted = value.scaleb(8 + exponent)
    assert shifted == (Refusal.PLACES if wanted != int(wanted) else kept(wanted))


@given(value=st.floats(0, 1e7, allow_nan=False).map(lambda x: round(x, 8)))
def test_the_shortest_digits_of_a_float_are_read_exactly(value: float) -> None:
    assert one(repr(value), Field.DECIMAL) == int(Decimal(repr(value)).scaleb(8))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0.123456789", Refusal.PLACES), ("1e-9", Refusal.PLACES), ("99999999999999999999", Refusal.LARGE),
        ("92233720368.54775808", Refusal.LARGE), ("1.2.3", Refusal.NUMBER), ("one", Refusal.NUMBER), ('""', Refusal.NUMBER),
        ("-1", Refusal.NUMBER), (".", Refusal.NUMBER), ("1e", Refusal.NUMBER), ("0x10", Refusal.NUMBER),
        ("1e99", Refusal.LARGE), ("nan", Refusal.NUMBER), ('"1', Refusal.QUOTE), ('"1"2', Refusal.QUOTE),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_kept_is_refused(text: str, why: Refusal) -> None:
    assert one(text, Field.DECIMAL) is why


def test_the_largest_quantity_that_fits_is_read_and_one_more_is_refused() -> None:
    assert one("92233720368.54775", Field.DECIMAL) == 9223372036854775000
    assert one("92233720369", Field.DECIMAL) is Refusal.LARGE


@given(value=st.floats(-1e300, 1e300, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-20))
def test_a_float_is_read_to_its_last_bits(value: float) -> None:
    text = f"{value:.17g}"
    if abs(int(text.partition("e")[2] or 0)) > 30:
        return
    found = one(text, Field.FLOAT)
    assert isinstance(found, int)
    assert float(np.int64(found).view(np.float64)) == pytest.approx(value, rel=4e-16)


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31)), st.sampled_from([" ", "T"]), st.sampled_from(["", "Z", "+00:00"])
)
def test_an_iso_time_is_what_datetime_says(moment: datetime, between: str, zone: str) -> None:
    wanted = (moment - datetime(1970, 1, 1)) // timedelta(microseconds=1) * 1000
    assert one(moment.isoformat(between) + zone, Field.TIME) == wanted


@given(st.integers(8 * 10**17, 79 * 10**17))
def test_an_integer_time_is_read_in_the_unit_of_its_size(ns: int) -> None:
    for unit in (1, 1000, 1_000_000, 1_000_000_000):
        assert one(str(ns // unit), Field.TIME) == ns // unit * unit


@pytest.mark.parametrize(
    "text", ["2024-02-30", "2023-02-29", "2024-13-01", "24-01-01", "2024-01-01T25:00", "2024-01-01 10:00:00+02:00",
             "2024-01-01T10:00:60", "yesterday", "-5", "1e3", "2024-01-01T10:00:00.1234567891"],
)  # fmt: skip
def test_what_is_no_time_in_utc_is_refused(text: str) -> None:
    assert one(text, Field.TIME) is Refusal.DATE


def test_leap_days_and_dates_alone_are_times() -> None:
    day = datetime(2024, 2, 29, tzinfo=UTC)
    assert one("2024-02-29", Field.TIME) == int(day.timestamp()) * 10**9


def test_words_are_read_in_any_case_and_by_their_column() -> None:
    rows, _, _ = read("BUY,True,Add\nsell,false,FILL\n", Field.SIDE, Field.BOOL, Field.ACTION)
    assert rows == [[0, 1, 10], [1, 0, 13]]
    assert one("buy", Field.BOOL) is Refusal.WORD
    assert one("averyveryverylongword", Field.SIDE) is Refusal.WORD


def test_empty_fields_and_ids_that_are_words_become_empty() -> None:
    rows, _, _ = read('1,,7\n2,3,8f3a\n"3","4.5","9"\n', Field.INTEGER, Field.OPTIONAL, Field.ID)
    assert rows == [[1, EMPTY, 7], [2, 3 * 10**8, EMPTY], [3, 45 * 10**7, 9]]


def test_a_line_with_other_columns_is_refused_with_its_number() -> None:
    for text in ("1,2\n3\n", "1,2\n3,4,5\n"):
        rows, state, _ = read(text, Field.INTEGER, Field.INTEGER)
        assert (rows, state[table.STATUS], state[table.LINE]) == ([[1, 2]], table.REFUSED, 2)
        assert state[table.FAULT] == Refusal.COLUMNS


def test_a_line_without_its_end_waits_for_the_next_block_unless_it_is_the_last() -> None:
    assert read("1\n22", Field.INTEGER, final=False)[::2] == ([[1]], 2)
    assert read("1\r\n22", Field.INTEGER)[0] == [[1], [22]]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_never_loop(data: bytes) -> None:
    text = data.decode("latin-1")
    buffer = np.frombuffer(text.encode("latin-1") or b" ", np.uint8)
    fields = np.array([Field.TIME, Field.DECIMAL, Field.SIDE, Field.FLOAT], np.int64)
    state, out, lines = np.zeros(table.STATE, np.int64), np.zeros((8, 4), np.int64), np.zeros(8, np.int64)
    pos = 0
    for _ in range(len(buffer) + 1):
        if pos >= len(buffer):
            break
        pos = int(table.read_rows(
            buffer, pos, len(buffer), True, 44, fields, np.arange(4), WORDS, np.zeros(16, np.uint8), state, out, lines
        ))  # fmt: skip
        state[table.ROWS] = 0
    assert pos == len(buffer)
