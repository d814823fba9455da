"""The crowd at volume: the same seed, the same tape; a book that is never crossed; laws that its parts obey."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import zeta

from qbtc.core.market.instrument import KNOWN
from qbtc.core.market.tape.layout import Kind, TapeFault
from qbtc.core.market.tape.replay import crossed, final_book
from qbtc.core.market.tape.watching import watched
from qbtc.core.market.volume.facts import autocorrelation, facts
from qbtc.core.market.volume.parameters import Parameters, from_json, to_json
from qbtc.core.market.volume.sampling import START, sampled
from qbtc.core.market.volume.signs import fit_signs, sign_correlation
from qbtc.core.market.volume.simulation import Simulation
from qbtc.core.market.volume.state import Out, World
from qbtc.core.market.volume.usual import usual

BTC = usual(KNOWN["BTCUSDT"])


def written(p: Parameters, seed: int, *, block: int, **amount: float) -> list[bytes]:
    parts = [Out(*(each.copy() for each in out)) for out in Simulation(p, seed, START).blocks(block=block, **amount)]  # type: ignore[arg-type]
    return [np.concatenate([getattr(part, name) for part in parts]).tobytes() for name in Out._fields]


WHOLE = {interval: written(replace(BTC, interval=interval), 3, block=1 << 18, rows=9_000) for interval in (0, 100_000_000)}


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 30_000), st.sampled_from(sorted(WHOLE)))
def test_the_same_seed_gives_the_same_bytes_whatever_the_block(block: int, interval: int) -> None:
    assert written(replace(BTC, interval=interval), 3, block=block, rows=9_000) == WHOLE[interval]


def test_another_seed_gives_another_market_and_less_of_one_is_its_beginning() -> None:
    assert written(BTC, 4, block=1 << 18, rows=9_000) != WHOLE[BTC.interval]
    short = written(BTC, 3, block=1 << 18, rows=6_000)
    assert all(whole.startswith(part) for whole, part in zip(WHOLE[BTC.interval], short, strict=True))


@pytest.mark.parametrize(
    "p",
    [BTC, replace(BTC, interval=0), replace(BTC, gap=7), replace(BTC, tickers=False), usual(KNOWN["DOGEUSDT"]), replace(BTC, jump=BTC.jump * 30)],
    ids=["depth@100ms", "each change", "wide", "no tickers", "coarse ticks", "wild"],
)
def test_the_book_is_never_crossed_ids_grow_and_times_do_not_fall(p: Parameters) -> None:
    tape = sampled(p, 5, 120.0)
    assert crossed(tape) == (0, -1)
    assert (np.diff(tape.local) >= 0).all()
    assert (np.diff(tape.exchange) >= 0).all()
    assert tape.seq is not None
    for kind in (Kind.DEPTH, Kind.TRADE, Kind.TICKER):
        assert (np.diff(tape.seq[tape.kind == kind]) > 0).all()
    assert tape.lots[tape.first[:-1].astype(int)[tape.kind == Kind.TRADE]].min() > 0
    assert {Kind[name] for name in tape.info.kinds} >= {Kind.SNAPSHOT, Kind.DEPTH, Kind.TRADE}


def test_a_taker_trades_at_the_touch_that_was_told_and_for_no_more_than_was_there() -> None:
    tape = sampled(BTC, 6, 120.0)
    touch, before, last, checked = None, None, None, 0
    for i in range(len(tape)):
        rows = tape.rows(i)
        if tape.kind[i] == Kind.TICKER:
            touch, before = (tape.tick[rows] >> 2, tape.lots[rows]), None
        elif tape.kind[i] == Kind.TRADE and touch is not None:
            side, tick, lots = int(tape.tick[rows][0]) & 1, int(tape.tick[rows][0]) >> 2, int(tape.lots[rows][0])
            if before is None:
                assert tick == touch[0][1 - side]
                assert lots <= touch[1][1 - side]
                checked += 1
            elif before == side:
                assert tick >= last if side == 0 else tick <= last
            before, last = side, tick
    assert checked > 200


def test_the_depth_told_is_the_book_that_the_crowd_has() -> None:
    simulation = Simulation(replace(BTC, interval=0), 9, START)
    for _ in simulation.blocks(seconds=30.0):
        pass
    book = final_book(sampled(replace(BTC, interval=0), 9, 30.0))
    for side, levels in enumerate((book.top(10_000, 0), book.top(10_000, 1))):
        assert dict(levels) == dict(held(simulation._world, side))


def held(w: World, side: int) -> Iterator[tuple[int, int]]:
    """(tick, lots) of one side of the ring."""
    ring = w.cells.shape[1]
    low = int(w.numbers[5]) - ring // 2
    for place in np.flatnonzero(w.cells[side, :, 0]).tolist():
        yield low + (place - low) % ring, int(w.cells[side, place, 0])


# ---- the parts obey their laws


def test_takers_without_children_are_poisson() -> None:
    found = facts(watched(sampled(replace(BTC, base=10.0, branching=(0.0, 0.0, 0.0)), 1, 3000.0)))
    assert found["takers"] == pytest.approx(10.0, rel=0.03)
    assert found["fano_1s"] == pytest.approx(1.0, abs=0.1)


def test_takers_with_children_come_at_the_rate_and_with_the_clustering_of_a_hawkes_process() -> None:
    found = facts(watched(sampled(replace(BTC, base=4.0, branching=(0.0, 0.3, 0.3), decay=(1.0, 20.0, 60.0)), 2, 6000.0)))
    assert found["takers"] == pytest.approx(4.0 / 0.4, rel=0.05)
    assert found["fano_10s"] == pytest.approx(1 / 0.4**2, rel=0.15)


@pytest.mark.parametrize(("alpha", "orders"), [(1.6, 1), (1.9, 1), (1.7, 5)])
def test_signs_have_the_autocorrelation_of_large_orders_worked_off_in_pieces(alpha: float, orders: int) -> None:
    p = replace(BTC, alpha=alpha, hidden=orders, base=100.0, branching=(0.0, 0.0, 0.0), clock=1)
    signs = watched(sampled(p, 3, 2000.0)).takers[:, 1]
    assert autocorrelation(signs, 40) == pytest.approx(sign_correlation(alpha, orders, 40), abs=0.04)


@given(st.floats(1.1, 3.0), st.integers(1, 64))
def test_signs_correlate_less_with_every_lag_and_never_beyond_the_first_order(alpha: float, orders: int) -> None:
    found = sign_correlation(alpha, orders, 60)
    assert (np.diff(found) < 0).all()
    assert 0 < found[-1] < found[0] < 1 / orders
    if orders == 1:
        assert found[0] == pytest.approx(1 - 1 / zeta(alpha, 1))


@pytest.mark.parametrize(("alpha", "orders"), [(1.5, 1), (1.2, 4), (1.8, 10)])
def test_a_fit_to_the_exact_correlation_finds_what_it_was_made_of(alpha: float, orders: int) -> None:
    assert fit_signs(sign_correlation(alpha, orders, 50)) == (alpha, orders)


def test_far_lags_fall_as_a_power() -> None:
    lags = np.array([400, 800])
    found = sign_correlation(1.5, 3, 800)[lags - 1]
    assert found == pytest.approx(3 ** (1.5 - 2) / 1.5 * lags ** (1 - 1.5) * 1.5 / zeta(1.5, 1) / 0.5, rel=0.02)


def test_the_price_is_diffusive_though_signs_are_not() -> None:
    found = facts(watched(sampled(replace(BTC, hidden=5), 4, 8_000.0)))
    assert found["sign_10"] > 0.05
    assert abs(found["return_1"]) < 0.06
    assert found["volatility_60s"] == pytest.approx(found["volatility_1s"], rel=0.2)


def test_a_moody_market_has_fatter_tails_and_volatility_that_lasts() -> None:
    calm, moody = (facts(watched(sampled(replace(BTC, mood=mood), 5, 6_000.0))) for mood in (0.0, 0.8))
    assert moody["kurtosis_10s"] > calm["kurtosis_10s"] + 1
    assert moody["size_1_10"] > calm["size_1_10"] + 0.03


def test_lags_are_drawn_from_their_quantiles() -> None:
    tape = sampled(BTC, 6, 600.0)
    for q in (25, 50, 75):
        low, high = np.interp([q - 12, q + 12], np.linspace(0, 100, len(BTC.lags)), BTC.lags)
        assert low <= np.percentile(tape.lag, q) <= high + 2_000_000


def test_the_price_stays_above_nothing() -> None:
    tape = sampled(replace(BTC, price=60.0, jump=50.0), 7, 300.0)
    assert (tape.tick[np.asarray(tape.lots) > 0] >> 2).min() > 0
    assert crossed(tape) == (0, -1)


# ---- the document


def test_parameters_come_back_from_their_document() -> None:
    assert from_json(to_json(BTC)) == BTC


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"version": 7}, "version 7; allowed"), ({"alpha": 0.5}, "alpha is 0.5; allowed: 1 to 5"), ({"rates": [1.0]}, "24 are needed"),
        ({"branching": [0.5, 0.4, 0.2]}, "less than 1"), ({"lives": [0.0] * 24}, "above 0"), ({"base": "x"}, "base"),
        ({"rates": [-1.0] * 24}, "allowed: 0 or more"),
    ],
)  # fmt: skip
def test_a_wrong_document_says_what_is_wrong(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(TapeFault, match=says):
        from_json(to_json(BTC) | wrong)


def test_a_seed_that_fits_no_63_bits_is_refused() -> None:
    with pytest.raises(TapeFault, match="allowed: 0 to"):
        Simulation(BTC, -1, START)
