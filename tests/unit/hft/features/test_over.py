"""Research equals live: features over tapes are those of the feed on the same frames, and know nothing of the future."""

from __future__ import annotations

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.unit.hft.data.making import depth, recorded, snapshot
from tests.unit.hft.features.recording import BASE, MS, live, mark, recording, tape_of

from qbtc.contracts.basis26 import INDEX, LETTERS
from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.tape.tape import Tape
from qbtc.hft import features
from qbtc.hft.adapters.data.importing import Options, import_tape
from qbtc.hft.adapters.data.opening import open_tape
from qbtc.hft.domain.features import TOGETHER
from qbtc.hft.errors import BadParameter
from qbtc.hft.features import Features
from qbtc.qcs.domain.folding import MarketBar, SessionFold


def states(symbols: tuple[str, ...], closed: list) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """N and its score as QCS folds them live from what the feed announces; NaN where there is none."""
    fold = SessionFold()
    folded = [fold.fold(MarketBar(c.number, symbols, c.scores, c.present)) for c in closed]
    scores = np.stack([np.where(f.present[:, INDEX["N"]], f.scores[:, INDEX["N"]], np.nan) for f in folded])
    return np.stack([f.novelty for f in folded]), scores


def same_novelty(found: Features, closed: list) -> None:  # type: ignore[type-arg]
    """All 26, and nothing else is another because of N."""
    full, (novelty, scores) = found.with_novelty(), states(found.symbols, closed)
    np.testing.assert_array_equal(full.values[..., INDEX["N"]], novelty)
    np.testing.assert_array_equal(full.scores[..., INDEX["N"]], scores)
    rest = [i for letter, i in INDEX.items() if letter != "N"]
    np.testing.assert_array_equal(full.values[..., rest], found.values[..., rest])
    np.testing.assert_array_equal(full.scores[..., rest], found.scores[..., rest])


def same(found: Features, closed: list) -> None:  # type: ignore[type-arg]
    assert [c.end_ns for c in closed] == found.times.tolist()
    assert len(closed) > 0
    np.testing.assert_array_equal(found.values, np.stack([c.values for c in closed]))
    expected = np.stack([np.where(c.present, c.scores, np.nan) for c in closed])
    np.testing.assert_array_equal(found.scores, expected)


QUICK = (Phase.explicit, Phase.generate)
"""A smaller seed is no simpler market, so nothing is shrunk."""
RECORDED = {
    "spot": ("spot_btcusdt_20240808.gz",),
    "futures": ("usdm_btcusdt_20240808.gz",),
    "two symbols": ("spot_btcusdt_20240808.gz", "spot_ethusdt_20240808.gz"),
}


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_file_has_the_same_bits_in_research_as_live(name: str, tmp_path: Path) -> None:
    files = [recorded(file) for file in RECORDED[name]]
    tapes = [open_tape(import_tape([file], tmp_path / file.stem, Options()).path) for file in files]
    lines = [gzip.decompress(file.read_bytes()).decode().splitlines() for file in files]
    found = features.over(tapes)
    closed = live(list(zip(tapes, lines, strict=True)), futures=name == "futures")
    same(found, closed)
    same_novelty(found, closed)
    assert len(found.times) > 300
    there = "".join(x for x in LETTERS if found.present[-1, -1, INDEX[x]])
    assert set("ABCEFGHIKLMPQRSTUVZ") - {"R"} <= set(there)


@settings(max_examples=12, deadline=None, phases=QUICK)
@given(seed=st.integers(0, 2**32 - 1), silence=st.sampled_from([0, 5, 90]), futures=st.booleans())
def test_a_made_up_market_has_the_same_bits_in_research_as_live(seed: int, silence: int, futures: bool) -> None:
    with TemporaryDirectory() as folder:
        lines = recording(seed, 100, silence=silence, marks=futures)
        tape = tape_of(Path(folder), lines)
        found = features.over(tape)
        same(found, live([(tape, lines)], futures=futures))
        assert tape.info.gaps
        assert found.present[:, 0, INDEX["F"]].any()
        assert found.present[:, 0, INDEX["W"]].any() == futures


@settings(max_examples=6, deadline=None, phases=QUICK)
@given(seed=st.integers(0, 2**31))
def test_symbols_on_one_clock_have_the_same_bits_in_research_as_live(seed: int) -> None:
    with TemporaryDirectory() as folder:
        sources = []
        for i, symbol in enumerate(("ETHUSDT", "BTCUSDT", "BNBUSDT")):
            lines = recording(seed + i, 80, symbol=symbol, every_ms=40 + 90 * i)
            sources.append((tape_of(Path(folder), lines, symbol=symbol, name=symbol), lines))
        found = features.over([tape for tape, _ in sources])
        closed = live(sources, futures=True)
        same(found, closed)
        same_novelty(found, closed)
        assert found.present[:, 0, [INDEX[x] for x in TOGETHER]].all(axis=1).any()
        assert found.present[:, :, INDEX["W"]].any(axis=0).all()


@settings(max_examples=10, deadline=None, phases=QUICK)
@given(seed=st.integers(0, 2**32 - 1), cut=st.integers(300, 1500))
def test_what_comes_later_changes_nothing_of_before(seed: int, cut: int) -> None:
    """The future is another market altogether: the bars that closed before it begins are the same."""
    with TemporaryDirectory() as folder:
        lines, other = recording(seed, 100), recording(seed + 1, 100)
        begin = int(lines[cut].split(" ", 1)[0]) if cut < len(lines) else 2**62
        future = [text for text in other if int(text.split(" ", 1)[0]) >= begin]
        whole, changed = (features.over(tape_of(Path(folder), text)) for text in (lines, lines[:cut] + future))
        before = whole.times <= BASE * MS + begin - 1000 * MS
        count = int(before.sum())
        assert count > 5
        np.testing.assert_array_equal(whole.values[:count], changed.values[:count])
        np.testing.assert_array_equal(whole.scores[:count], changed.scores[:count])


def test_bars_of_another_length_have_their_own_ends_and_rates(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, recording(5, 200, gap=False))
    seconds, tens = features.over(tape), features.over(tape, bar="2s")
    assert set(np.diff(tens.times)) == {2 * 10**9}
    assert (tens.times % (2 * 10**9) == 0).all()
    q = INDEX["Q"]
    last = seconds.times.searchsorted(tens.times[59])
    # 60 bars of two seconds are 120 of one: the same messages in the same time
    counted = np.exp(seconds.matrix[[last - 60, last], q]).mean()
    assert np.exp(tens.matrix[59, q]) == pytest.approx(counted, rel=1e-9)


def calm(*more: str, seconds: int = 100, symbol: str = "BTCUSDT") -> list[str]:
    """A book that hardly moves, an update each tenth of a second, and `more` lines, in order of time."""
    lines = [snapshot(0, 1, [("10.00", "1")], [("10.01", "1")])]
    lines += [depth(i * 100 * MS, i + 2, i + 2, [("10.00", f"{1 + i % 7}")], [], symbol=symbol, pu=i + 1) for i in range(seconds * 10)]
    return sorted([*lines, *more], key=lambda text: int(text.split(" ", 1)[0]))


def test_basis_and_funding_are_those_of_the_newest_mark_price(tmp_path: Path) -> None:
    found = features.over(tape_of(tmp_path, calm(mark(5_500 * MS, 101.0, 100.0, "0.00010000"), mark(9_500 * MS, 99.0, 100.0, "-0.00020000"))))
    w, y = found.matrix[:, INDEX["W"]], found.matrix[:, INDEX["Y"]]
    assert np.isnan(w[:5]).all()
    assert w[5] == pytest.approx(100.0)
    assert w[9] == pytest.approx(-100.0)
    # three fundings a day, 365 days
    assert (y[5], y[9]) == (pytest.approx(10.95), pytest.approx(-21.9))
    assert not np.isnan(w[9:69]).any()
    assert np.isnan(w[69:]).all()
    assert found.absent()["W"] == features.WHY["perpetual_silent"]


def test_funding_by_the_hour_is_eight_times_as_much_a_year(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, calm(mark(500 * MS, 101.0, 100.0, "0.00010000"), seconds=10))
    assert features.over(tape, funding_hours=1).matrix[3, INDEX["Y"]] == pytest.approx(87.6)


def test_the_perpetual_of_another_tape_is_known_from_when_it_was_heard(tmp_path: Path) -> None:
    spot = tape_of(tmp_path, calm())
    other = tape_of(tmp_path, [depth(0, 1, 1, [("1.00", "1")], [], pu=0), mark(20_050 * MS, 102.0, 100.0, "0.0001")], name="perpetual")
    w = features.over(spot, perpetual=other).matrix[:, INDEX["W"]]
    assert np.isnan(w[:20]).all()
    assert w[20] == pytest.approx(200.0)


def test_open_interest_comes_with_its_times_and_changes_over_the_window(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, calm())
    begin = BASE * MS
    found = features.over(tape, open_interest=([begin, begin + 80 * 10**9 + 1], [1000.0, 1100.0]))
    o = found.matrix[:, INDEX["O"]]
    assert np.isnan(o[:29]).all()
    assert o[29:80].tolist() == [0.0] * 51
    assert o[80] == pytest.approx(10.0)
    assert "O" not in found.absent()


def test_what_is_absent_says_why(tmp_path: Path) -> None:
    found = features.over(tape_of(tmp_path, calm()))
    why = found.absent()
    assert {why[x] for x in "OWY"} == {features.WHY["no_perpetual"]}
    assert {why[x] for x in "DJX"} == {features.WHY["one_symbol"]}
    assert why["N"] == features.WHY["qcs"]
    assert why["V"] == features.WHY["undefined"]
    assert found.absent(bar=3)["A"] == features.WHY["bars"]
    assert "L" not in why


def test_a_tape_without_a_snapshot_has_bars_and_no_features_of_the_book(tmp_path: Path) -> None:
    lines = [text for text in calm() if "lastUpdateId" not in text]
    found = features.over(tape_of(tmp_path, lines))
    assert len(found.times) > 90
    assert not found.present.any()


def test_a_frame_has_a_row_a_bar_and_symbol_and_null_where_absent(tmp_path: Path) -> None:
    found = features.over(tape_of(tmp_path, recording(2, 60)))
    frame = found.frame()
    assert frame.columns == ["time", "symbol", *LETTERS]
    assert frame.schema["time"] == pl.Datetime("ns", "UTC")
    assert len(frame) == len(found.times)
    assert frame["N"].null_count() == len(frame)
    assert frame["F"].to_list()[-1] == found.matrix[-1, INDEX["F"]]
    assert found.frame(scores=True)["A"].to_list()[-1] == pytest.approx(found.scores[-1, 0, 0], nan_ok=True)


def wrong(tape: Tape, message: str, **given: object) -> None:
    with pytest.raises(BadParameter, match=message):
        features.over(tape, **given)  # type: ignore[arg-type]


def test_what_cannot_be_is_refused_with_its_name(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, calm(seconds=5))
    wrong(tape, "bar: 'fast' is not a duration", bar="fast")
    wrong(tape, "a bar of 1ms", bar="1ms")
    wrong(tape, "funding every 0 hours", funding_hours=0)
    wrong(tape, "times never fall", open_interest=([2, 1], [1.0, 1.0]))
    wrong(tape, "as many", open_interest=([1], [1.0, 1.0]))
    wrong(tape, "XRPUSDT is the symbol of no tape", open_interest={"XRPUSDT": ([1], [1.0])})
    with pytest.raises(BadParameter, match="the tapes are of BTCUSDT, BTCUSDT"):
        features.over([tape, tape])
    with pytest.raises(BadParameter, match="the tapes are of no symbol"):
        features.over([])
    with pytest.raises(BadParameter, match="'ETHUSDT' is none of the symbols"):
        features.over(tape).of("ETHUSDT")
    only = tape_of(tmp_path, [mark(MS, 1.0, 1.0, "0.1")], name="only")
    assert only.info.kinds == {Kind.FUNDING.name: 1}
    wrong(only, "no depth update and no trade")


@settings(max_examples=4, deadline=None, phases=QUICK)
@given(seed=st.integers(0, 2**31))
def test_a_silence_does_not_part_the_novelty_of_research_from_that_of_live(seed: int) -> None:
    with TemporaryDirectory() as folder:
        lines = recording(seed, 160, silence=5, marks=True)
        tape = tape_of(Path(folder), lines)
        found, closed = features.over(tape, novelty=True), live([(tape, lines)], futures=True)
        same_novelty(features.over(tape), closed)
        novelty = found.matrix[:, INDEX["N"]]
        assert ((novelty >= 0) & (novelty <= 1))[np.isfinite(novelty)].all()
        assert np.isfinite(novelty).any()
