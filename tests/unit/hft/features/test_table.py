"""The one call that computes all features: which are there, when, and that they are those of the reference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.hft.features import reference

from qbtc.contracts import basis26
from qbtc.hft.domain.bars import COLUMNS, HISTORY, NAN, Bar, Panel
from qbtc.hft.domain.features import ELSEWHERE, FEATURES, blocks, compute
from qbtc.hft.domain.features.registry import BY_NAME


def make_bar(end: int, mid: float) -> Bar:
    return Bar(end, mid, mid, mid, mid, mid, mid + 0.1, mid - 0.1, 1.0, 0.2, 1e5, 3.0, 0.5, 1.0, 2.0, 300.0, 12.0, 4)


def filled(symbols: list[str], bars: int) -> Panel:
    panel, rng = Panel(symbols), np.random.default_rng(7)
    mids = 100 * np.exp(np.cumsum(rng.normal(0, 1e-4, (bars, len(symbols))), axis=0))
    for i in range(bars):
        panel.push([make_bar(i, float(m)) for m in mids[i]])
    return panel


def present(panel: Panel, row: int = 0) -> str:
    return "".join(letter for letter, here in zip(basis26.LETTERS, compute(panel).present[row], strict=True) if here)


def test_registered_and_missing_letters_are_the_26_once_each() -> None:
    assert sorted([*(f.letter for f in FEATURES), ELSEWHERE]) == sorted(basis26.LETTERS)
    assert len(BY_NAME) == len(FEATURES)


def test_under_thirty_bars_only_the_book_features_are_present() -> None:
    assert present(filled(["BTCUSDT"], 29)) == "FIL"
    assert present(filled(["BTCUSDT"], 1)) == "FIL"


def test_thirty_bars_of_one_symbol_give_all_but_cross_and_missing_features() -> None:
    found = present(filled(["BTCUSDT"], 30))
    assert set("ABCEFGHIKLMPQSTUVZ") <= set(found)
    assert not set(found) & set("DJXNOWY")


def test_two_symbols_add_the_cross_features_and_btc_has_no_lead_over_itself() -> None:
    panel = filled(["ETHUSDT", "BTCUSDT"], HISTORY + 5)
    assert set("DJX") <= set(present(panel, 0))
    assert set("DJ") <= set(present(panel, 1))
    assert "X" not in present(panel, 1)


def test_a_bar_without_a_book_breaks_the_window() -> None:
    panel = filled(["BTCUSDT"], 40)
    panel.push([make_bar(41, NAN)])
    assert present(panel) == ""
    panel.push([make_bar(42, 100.0)])
    assert panel.lengths().tolist() == [1]
    assert present(panel) == "FIL"


def test_symbols_with_windows_of_different_length_do_not_disturb_each_other() -> None:
    alone, both = Panel(["A1USDT"]), Panel(["A1USDT", "B1USDT"])
    rng = np.random.default_rng(3)
    for i, mid in enumerate(100 * np.exp(np.cumsum(rng.normal(0, 1e-4, 50)))):
        alone.push([make_bar(i, float(mid))])
        both.push([make_bar(i, float(mid)), make_bar(i, NAN if i < 10 else float(mid) + 1)])
    mine = [i for i, letter in enumerate(basis26.LETTERS) if letter not in "DJX"]
    np.testing.assert_allclose(compute(both).values[0, mine], compute(alone).values[0, mine], rtol=1e-12)


def made(seed: int, symbols: int, bars: int) -> np.ndarray:
    """[symbol, column, bar] of random walks that stand still now and then, every column filled."""
    rng = np.random.default_rng(seed)
    data = rng.exponential(size=(symbols, len(COLUMNS), bars))
    moves = rng.standard_t(3, (symbols, bars)) * 1e-4 * (rng.random((symbols, bars)) < rng.random())
    mid = 100 * np.exp(np.cumsum(moves, axis=1))
    for name, width in (("mid", 0.0), ("mid_high", 1e-5), ("mid_low", -1e-5)):
        data[:, COLUMNS.index(name)] = mid * (1 + width)
    data[:, COLUMNS.index("buy_volume")] *= rng.random((symbols, bars)) < 0.7
    return data


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), symbols=st.integers(1, 5), bars=st.integers(30, HISTORY))
def test_every_feature_is_that_of_plain_numpy(seed: int, symbols: int, bars: int) -> None:
    data, names = made(seed, symbols, bars), ("ETHUSDT", "BTCUSDT", "A1USDT", "B1USDT", "C1USDT")[:symbols]
    found = next(blocks(data, names, first=bars - 1))[0]
    window = reference.Window.of(data)
    for letter, formula in reference.ALONE.items():
        expected = formula(window)
        scale = 1e-9 * max(1.0, float(np.nanmax(np.abs(expected), initial=0.0)))
        np.testing.assert_allclose(found[:, basis26.INDEX[letter]], expected, rtol=1e-8, atol=scale, err_msg=letter)
    if symbols > 1:
        for letter, together in reference.TOGETHER.items():
            np.testing.assert_allclose(
                found[:, basis26.INDEX[letter]], together(window.returns, 1), rtol=1e-8, atol=1e-9, err_msg=letter
            )


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), symbols=st.integers(1, 3))
def test_many_bars_at_once_and_one_bar_after_the_other_give_the_same_bits(seed: int, symbols: int) -> None:
    bars, names = 140, ("BTCUSDT", "ETHUSDT", "A1USDT")[:symbols]
    data = made(seed, symbols, bars)
    data[:, 0, 70] = np.nan
    whole = np.concatenate(list(blocks(data, names)))
    for bar in range(bars):
        panel = Panel(names)
        kept = data[:, :, max(0, bar + 1 - HISTORY) : bar + 1]
        panel.data[:, :, HISTORY - kept.shape[2] :] = kept
        np.testing.assert_array_equal(compute(panel).values, whole[bar])


def test_a_table_without_the_columns_of_a_bar_is_refused() -> None:
    with pytest.raises(ValueError, match=r"3 columns; the 15 of a bar are needed: mid, mid_high"):
        next(blocks(np.ones((1, 3, 40)), ("BTCUSDT",)))
