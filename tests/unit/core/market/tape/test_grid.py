"""The grid that is learned, and rows put on it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.market.tape.grid import LEARNED, PRICE_GCD, QUANTITY_GCD, choose, learn, plain, scale, step_units
from qbtc.core.market.tape.layout import TapeFault

row = st.tuples(st.integers(0, 10**14), st.integers(0, 10**15), st.integers(0, 3))


@given(st.lists(row, min_size=1, max_size=30))
def test_what_is_learned_is_the_gcd_and_rows_come_back_from_their_steps(rows: list[tuple[int, int, int]]) -> None:
    table = np.array([(p << 2 | bits, q) for p, q, bits in rows], np.int64)
    learned = np.zeros(LEARNED, np.int64)
    for part in (table[:7], table[7:]):
        learn(part, len(part), learned)
    assert learned.tolist()[:2] == [math.gcd(*(p for p, _, _ in rows)), math.gcd(*(q for _, q, _ in rows))]
    assert learned.tolist()[2:] == [max(p for p, _, _ in rows), max(q for _, q, _ in rows)]
    grid = choose(learned, "ABCXYZ", "generic", None, None)
    assert learned[PRICE_GCD] % grid.tick_units == learned[QUANTITY_GCD] % grid.lot_units == 0
    ticks, lots = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    assert scale(table, 0, len(rows), grid.tick_units, grid.lot_units, 0, ticks, lots) == -1
    assert [(int(t >> 2) * grid.tick_units, int(q) * grid.lot_units, int(t & 3)) for t, q in zip(ticks, lots, strict=True)] == rows


@given(st.lists(row, min_size=1, max_size=30), st.integers(1, 1000), st.integers(1, 1000))
def test_the_first_row_off_the_grid_is_found(rows: list[tuple[int, int, int]], tick: int, lot: int) -> None:
    table = np.array([(p << 2 | bits, q) for p, q, bits in rows], np.int64)
    ticks, lots = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    wanted = next((i for i, (p, q, _) in enumerate(rows) if p % tick or q % lot), -1)
    assert scale(table, 0, len(rows), tick, lot, 0, ticks, lots) == wanted


def test_a_known_spot_grid_is_taken_where_it_fits_and_a_given_one_always() -> None:
    learned = np.array([100 * 10**8, 10**8, 0, 0], np.int64)
    assert choose(learned, "BTCUSDT", "binance-spot", None, None).tick_size == "0.01"
    assert choose(learned, "BTCUSDT", "binance-usdm", None, None).tick_size == "1"
    finer = np.array([100_000, 1, 0, 0], np.int64)
    assert choose(finer, "BTCUSDT", "binance-spot", None, None).tick_size == "0.001"
    given_grid = choose(learned, "BTCUSDT", "binance-spot", "0.5", "0.25")
    assert (given_grid.tick_size, given_grid.lot_size, given_grid.source) == ("0.5", "0.25", "given")


@pytest.mark.parametrize("text", ["0", "-1", "0.000000001", "one", ""])
def test_a_step_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(TapeFault, match="--tick"):
        step_units(text, "--tick")


def test_steps_are_written_without_trailing_zeros() -> None:
    assert [plain(v) for v in (1, 10**6, 10**8, 10**9, 25 * 10**6)] == ["0.00000001", "0.01", "1", "10", "0.25"]
