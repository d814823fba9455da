"""Widths and packing: what fits is kept exactly, what does not is refused, nothing wraps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.market.tape.layout import DTYPES, TapeFault, is_ask, is_trade, narrowed, narrowest, packed, price_ticks

EDGES = [0, 1, -1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**32 - 1, 2**32, 2**63 - 1, -(2**63)]
wide = st.one_of(st.sampled_from(EDGES), st.integers(-(2**63), 2**63 - 1))


@given(name=st.sampled_from(sorted(DTYPES)), values=st.lists(wide, min_size=1, max_size=5))
def test_a_column_keeps_every_value_exactly_or_is_refused(name: str, values: list[int]) -> None:
    low, high = min(values), max(values)
    fits = [d for d in DTYPES[name] if np.dtype(d).kind in "iu" and np.iinfo(d).min <= low and high <= np.iinfo(d).max]
    if np.dtype(DTYPES[name][0]).kind == "f":
        return
    if not fits:
        with pytest.raises(TapeFault, match=f"column {name}: values from {low} to {high} do not fit"):
            narrowest(name, low, high)
        return
    dtype = narrowest(name, low, high)
    assert dtype == fits[0]
    assert narrowed(name, np.array(values, np.int64), dtype).tolist() == values


@given(values=st.lists(wide, min_size=1, max_size=5), dtype=st.sampled_from(["<i4", "|u1", "<u4", "<u8", "<i8"]))
def test_narrowing_refuses_rather_than_wraps(values: list[int], dtype: str) -> None:
    bounds = np.iinfo(dtype)
    array = np.array(values, np.int64)
    if min(values) < bounds.min or max(values) > bounds.max:
        with pytest.raises(TapeFault, match="do not fit"):
            narrowed("x", array, dtype)
    else:
        assert narrowed("x", array, dtype).tolist() == values


@given(ticks=st.integers(0, 2**61 - 1), ask=st.booleans(), traded=st.booleans())
def test_a_packed_row_gives_back_price_side_and_trade(ticks: int, ask: bool, traded: bool) -> None:
    tick = packed(np.array([ticks]), np.array([ask]), np.array([traded]))
    assert (int(price_ticks(tick)[0]), bool(is_ask(tick)[0]), bool(is_trade(tick)[0])) == (ticks, ask, traded)


@pytest.mark.parametrize("ticks", [2**61, 2**62, 2**63 - 1, -(2**61) - 1])
def test_ticks_that_the_shift_would_lose_are_refused(ticks: int) -> None:
    with pytest.raises(TapeFault, match="do not fit 61 bits"):
        packed(np.array([ticks]), np.array([0]), np.array([0]))
