"""Statistics of tapes against closed forms, and the pass over a tape against a plain reading of it."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.market.hawkes import Hawkes, simulate
from qbtc.core.market.instrument import KNOWN
from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.tape.tape import Tape
from qbtc.core.market.tape.watching import BINS, BORN, DIED, GROWN, LIVES, SPREADS, Watched, bin_of, watched
from qbtc.core.market.volume.facts import NAMES, SCALES, autocorrelation, facts, fano, kurtosis, sign_decay, signature
from qbtc.core.market.volume.sampling import sampled
from qbtc.core.market.volume.usual import usual


def seen(*, mids: np.ndarray | None = None, takers: np.ndarray | None = None) -> Watched:
    return Watched(
        60.0, np.zeros((0, 4), np.int64) if takers is None else takers, np.full(601, 1000.0) if mids is None else mids,
        np.zeros(SPREADS, np.int64), np.zeros((BINS, 7)), np.zeros((BINS, LIVES), np.int64), 0, {}, 0.01, 0.001,
    )  # fmt: skip


# ---- closed forms


def test_the_autocorrelation_of_noise_is_nothing_within_its_standard_error() -> None:
    found = autocorrelation(np.random.default_rng(1).normal(size=40_000), 100)
    assert np.mean(np.abs(found) < 2 / math.sqrt(40_000)) > 0.9
    assert np.abs(found).max() < 4.5 / math.sqrt(40_000)


@pytest.mark.parametrize("kept", [0.9, -0.5])
def test_the_autocorrelation_of_a_first_order_process_falls_as_its_powers(kept: float) -> None:
    noise, values = np.random.default_rng(2).normal(size=200_000), np.zeros(200_000)
    for i in range(1, len(values)):
        values[i] = kept * values[i - 1] + noise[i]
    assert autocorrelation(values, 6) == pytest.approx(kept ** np.arange(1, 7), abs=0.015)


@given(st.lists(st.integers(-3, 3), min_size=3, max_size=40))
def test_the_autocorrelation_is_that_of_its_definition(values: list[int]) -> None:
    x = np.array(values) - np.mean(values)
    found = autocorrelation(np.array(values), 5)
    for lag in range(1, 6):
        if np.dot(x, x) > 1e-9 and lag < len(x):
            assert found[lag - 1] == pytest.approx(np.dot(x[lag:], x[:-lag]) / np.dot(x, x), abs=1e-9)
        else:
            assert math.isnan(found[lag - 1])


def test_a_power_law_gives_back_its_exponent() -> None:
    assert sign_decay(0.4 * np.arange(1, 101) ** -0.55) == pytest.approx((0.4, 0.55))
    assert all(map(math.isnan, sign_decay(np.full(50, -0.1))))


def test_poisson_arrivals_have_a_fano_factor_of_one_and_hawkes_ones_that_of_their_branching() -> None:
    rng = np.random.default_rng(3)
    assert fano(np.cumsum(rng.exponential(0.1, 50_000)), 1.0) == pytest.approx(1.0, abs=0.08)
    times = simulate(Hawkes(2.0, (0.5,), (20.0,)), 8000.0, rng)
    assert fano(times, 10.0) == pytest.approx(1 / (1 - 0.5) ** 2, rel=0.15)


def test_a_gaussian_has_kurtosis_three_and_a_two_sided_exponential_six() -> None:
    rng = np.random.default_rng(4)
    assert kurtosis(rng.normal(size=400_000)) == pytest.approx(3.0, abs=0.05)
    assert kurtosis(rng.laplace(size=400_000)) == pytest.approx(6.0, abs=0.3)


def test_a_random_walk_has_the_same_volatility_on_every_scale() -> None:
    steps = np.random.default_rng(5).normal(0, 1e-4, 400_000)
    found = signature(seen(mids=1e6 * np.exp(np.cumsum(steps))))
    assert found == pytest.approx(np.full(len(SCALES), math.sqrt(10)), rel=0.12)


def test_a_price_that_bounces_is_wilder_on_short_scales() -> None:
    mids = 1000.0 + np.arange(4000) % 2
    assert signature(seen(mids=mids))[0] > 10 * signature(seen(mids=mids))[5]


def test_every_fact_is_named_and_a_quiet_market_has_no_false_ones() -> None:
    found = facts(seen())
    assert found.keys() == NAMES.keys()
    assert found["takers"] == 0
    assert all(math.isnan(found[name]) for name in ("sign_1", "fano_1s", "kurtosis_1s", "life_median"))


# ---- the pass over a tape


@given(st.integers(0, 1 << 40))
def test_bins_are_powers_of_two(distance: int) -> None:
    assert bin_of(distance) == min(distance.bit_length(), BINS - 1)


def plain(tape: Tape) -> tuple[Counter[tuple[int, str]], dict[int, int], list[tuple[int, int, int, int]]]:
    """(growth, births and deaths by bin, ns by spread, takers) in the slowest and plainest way."""
    book: tuple[dict[int, int], dict[int, int]] = ({}, {})
    counts: Counter[tuple[int, str]] = Counter()
    bins: dict[tuple[int, int], int] = {}
    young, spreads, takers = set(), Counter(), []
    touch, since = None, 0
    for i in range(len(tape)):
        now, kind, rows = int(tape.exchange[i]), tape.kind[i], tape.rows(i)
        levels = [(int(t) & 1, int(t) >> 2, int(q)) for t, q in zip(tape.tick[rows], tape.lots[rows], strict=True)]
        if kind in (Kind.SNAPSHOT, Kind.DEPTH):
            for side, tick, lots in levels:
                before = book[side].get(tick, 0)
                if before == 0 and lots:
                    best = (min if side else max)(book[side], default=tick)
                    bins[side, tick] = max((tick - best) * (1 if side else -1), 0).bit_length()
                    if kind == Kind.DEPTH:
                        counts[bins[side, tick], "born"] += 1
                        young.add((side, tick))
                if kind == Kind.DEPTH:
                    counts[bins.get((side, tick), 0), "grown"] += lots > before
                    counts[0, "shrunk"] += lots < before
                if lots:
                    book[side][tick] = lots
                elif book[side].pop(tick, None) and (side, tick) in young:
                    counts[bins[side, tick], "died"] += 1
                    young.discard((side, tick))
        elif kind == Kind.TRADE:
            side, tick, lots = levels[0]
            if takers and takers[-1][:2] == (now, 1 - 2 * side):
                takers[-1] = (*takers[-1][:2], takers[-1][2] + tick * lots, takers[-1][3] + 1)
            else:
                takers.append((now, 1 - 2 * side, tick * lots, 1))
        else:
            if touch is not None:
                spreads[min(touch, SPREADS - 1)] += now - since
            touch, since = levels[1][1] - levels[0][1], now
    return counts, spreads, takers


def test_the_pass_finds_what_a_plain_reading_finds() -> None:
    tape = sampled(usual(KNOWN["BTCUSDT"]), 7, 20.0)
    found, (counts, spreads, takers) = watched(tape), plain(tape)
    assert len(takers) > 50
    assert found.takers.tolist() == [list(each) for each in takers]
    assert {i: int(ns) for i, ns in enumerate(found.spreads) if ns} == {i: ns for i, ns in spreads.items() if ns}
    for column, name in ((GROWN, "grown"), (BORN, "born"), (DIED, "died")):
        assert [int(each) for each in found.levels[:, column]] == [counts[k, name] for k in range(BINS)], name
    assert found.shrunk == counts[0, "shrunk"]
    assert found.lives.sum() == sum(counts[k, "died"] for k in range(BINS))


def test_the_mid_on_the_grid_is_the_last_one_that_was_told() -> None:
    tape = sampled(usual(KNOWN["BTCUSDT"]), 8, 10.0)
    tickers = tape.of(Kind.TICKER)
    first = tape.first[tickers].astype(int)
    mids = ((tape.tick[first] >> 2) + (tape.tick[first + 1] >> 2)) / 2
    grid = tape.exchange[0] + 100_000_000 * np.arange(1, 90)
    held = np.searchsorted(tape.exchange[tickers], grid, side="left") - 1
    assert watched(tape).mids[1:90].tolist() == mids[held].tolist()


def test_a_tape_without_a_book_says_what_is_missing() -> None:
    tape = sampled(usual(KNOWN["BTCUSDT"]), 1, 1.0)
    bare = Tape(type(tape.info)(**{**{n: getattr(tape.info, n) for n in tape.info.__slots__}, "snapshots": ()}), tape.columns)
    with pytest.raises(ValueError, match="needs a snapshot"):
        watched(bare)
