"""The fold of one session: definition, gaps, novelty, restart."""

from dataclasses import replace

import numpy as np
import pytest

from qbtc.contracts.basis26 import INDEX
from qbtc.contracts.trading import MarketState
from qbtc.core.hilbert import exponential_weights, signed_overlap, window_state
from qbtc.core.hilbert.market.novelty import masked
from qbtc.core.hilbert.market.references import samples_at
from qbtc.qcs.domain.events import signals
from qbtc.qcs.domain.folding import FoldedBar, MarketBar, PastBar, SessionFold, StaleBar
from qbtc.qcs.domain.inference.recent import NEEDED

N = INDEX["N"]
SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")


def walk(bars: int, symbols: tuple[str, ...] = SYMBOLS, *, seed: int = 0) -> list[MarketBar]:
    """Autocorrelated scores with a mask that misses O and, now and then, others."""
    rng = np.random.default_rng(seed)
    z, out = np.zeros((len(symbols), 26)), []
    for bar in range(bars):
        z = np.clip(0.95 * z + 0.3 * rng.normal(size=z.shape), -5, 5)
        present = rng.random(z.shape) > 0.02
        present[:, INDEX["O"]] = False
        out.append(MarketBar(bar, symbols, np.where(present, z, 0.0), present))
    return out


def run(fold: SessionFold, bars: list[MarketBar]) -> list[FoldedBar]:
    return [fold.fold(bar) for bar in bars]


def stored(folded: FoldedBar, row: int) -> PastBar:
    regime = folded.regime
    return PastBar(
        symbol=folded.symbols[row],
        bar=folded.bar,
        psi=folded.pure.psi[row].copy(),
        intensity=float(folded.pure.intensity[row]),
        scores=folded.scores[row].copy(),
        present=folded.present[row].copy(),
        novelty=float(folded.novelty[row]),
        divergence=float(folded.divergence[row]),
        probabilities=regime.probabilities[row].copy(),
        held=int(regime.held[row]),
        challenger=int(regime.challenger[row]),
        streak=int(regime.streak[row]),
    )


def minutes(history: list[FoldedBar]) -> dict[str, list[np.ndarray]]:
    found: dict[str, list[np.ndarray]] = {}
    for folded in history:
        for row, symbol in enumerate(folded.symbols):
            if folded.sampled[row]:
                found.setdefault(symbol, []).append(folded.channels[row].astype(np.float32).astype(np.float64))
    return found


def restored(history: list[FoldedBar]) -> SessionFold:
    fold = SessionFold()
    rows = [stored(f, row) for f in history for row in range(len(f.symbols))]
    fold.restore(sorted(rows, key=lambda r: (r.symbol, r.bar)), minutes(history))
    return fold


def bits(folded: FoldedBar) -> dict[str, bytes]:
    parts = {
        "scores": folded.scores,
        "psi": folded.pure.psi,
        "intensity": folded.pure.intensity,
        "rho": folded.window.rho,
        "shrinkage": folded.window.shrinkage,
        "novelty": folded.novelty,
        "divergence": folded.divergence,
        "change_p": folded.change_p,
        "entropy": folded.report.entropy,
        "regime": folded.regime.probabilities,
        "held": folded.regime.held,
        "position": folded.novelty_bar,
        "gap": folded.gap,
    }
    return {name: np.ascontiguousarray(part).tobytes() for name, part in parts.items()}


@pytest.fixture(scope="module")
def folded():
    bars = walk(320)
    return bars, run(SessionFold(), bars)


@pytest.mark.parametrize("stop", [1, 40, 61, 150, 260])
def test_a_fold_restored_from_stored_bars_continues_bit_for_bit(stop, folded):
    bars, whole = folded
    again = run(restored(whole[:stop]), bars[stop:])
    for expected, found in zip(whole[stop:], again, strict=True):
        assert bits(found) == bits(expected)


def test_the_long_reference_of_one_value_a_minute_survives_a_restart(monkeypatch):
    monkeypatch.setattr("qbtc.core.hilbert.market.references.BARS_A_MINUTE", 2)
    bars = walk(330)
    whole = run(SessionFold(), bars)
    again = run(restored(whole[:300]), bars[300:])
    assert [bits(f) for f in again] == [bits(f) for f in whole[300:]]
    recent_only = SessionFold()
    rows = [stored(f, row) for f in whole[:300] for row in range(3)]
    recent_only.restore(sorted(rows, key=lambda r: (r.symbol, r.bar)), {})
    assert bits(recent_only.fold(bars[300])) != bits(whole[300])


def test_the_same_bars_give_the_same_bits():
    bars = walk(90)
    assert [bits(f) for f in run(SessionFold(), bars)] == [bits(f) for f in run(SessionFold(), bars)]


def test_the_window_is_the_definition_over_the_last_sixty_bars():
    history = run(SessionFold(), walk(100))
    rows = np.stack([f.pure.amplitudes[0] for f in history[-60:]])
    expected = window_state(rows, exponential_weights(np.arange(60.0)[::-1]))
    np.testing.assert_allclose(history[-1].window.rho[0], expected.rho, atol=1e-13)
    assert history[-1].window.shrinkage[0] == pytest.approx(float(expected.shrinkage), rel=1e-10)


def test_velocity_is_masked_until_thirty_changes_are_known():
    history = run(SessionFold(), walk(60))
    assert all(not f.pure.psi.imag.any() for f in history[:31])
    assert history[40].pure.psi.imag.any()


def test_a_repeated_or_late_bar_is_refused_and_changes_nothing():
    bars = walk(41)
    fold, twin = SessionFold(), SessionFold()
    run(fold, bars[:40])
    run(twin, bars[:40])
    for late in (bars[39], bars[10]):
        with pytest.raises(StaleBar, match="is not after bar 39"):
            fold.fold(late)
    assert bits(fold.fold(bars[40])) == bits(twin.fold(bars[40]))


def test_a_gap_is_said_its_velocity_is_missing_and_ages_count_the_missing_bars():
    bars = walk(120)
    fold = SessionFold()
    history = run(fold, bars[:80])
    after = fold.fold(bars[90])
    assert after.gap.tolist() == [10, 10, 10]
    assert not after.pure.psi.imag[0][[i for i in range(26) if i != N]].any()
    rows = [f.pure.amplitudes[0] for f in history if f.bar > 30] + [after.pure.amplitudes[0]]
    ages = [90 - f.bar for f in history if f.bar > 30] + [0]
    expected = window_state(np.stack(rows), exponential_weights(np.array(ages, dtype=float)))
    np.testing.assert_allclose(after.window.rho[0], expected.rho, atol=1e-13)


def test_a_gap_longer_than_the_window_starts_the_window_again():
    bars = walk(200)
    fold = SessionFold()
    run(fold, bars[:80])
    after = fold.fold(bars[199])
    assert after.window.shrinkage.tolist() == [1, 1, 1]
    assert after.gap[0] == 119


def test_a_symbol_that_joins_later_does_not_disturb_the_others():
    bars = walk(80)
    alone = [MarketBar(b.bar, b.symbols[:1], b.scores[:1], b.present[:1]) for b in bars]
    fold = SessionFold()
    run(fold, alone[:40])
    mixed = run(fold, bars[40:])
    pure = run(SessionFold(), alone)
    assert mixed[-1].pure.psi[0].tobytes() == pure[-1].pure.psi[0].tobytes()
    assert mixed[-1].window.rho[0].tobytes() == pure[-1].window.rho[0].tobytes()


def test_nothing_present_is_no_information():
    folded = SessionFold().fold(MarketBar(0, ("BTCUSDT",), np.ones((1, 26)), np.zeros((1, 26), dtype=bool)))
    assert not folded.pure.informative[0]
    np.testing.assert_array_equal(folded.window.rho[0], np.eye(26) / 26)
    assert np.isnan(folded.novelty[0])
    assert folded.novelty_bar[0] == -1


def test_novelty_is_one_minus_the_best_earlier_overlap_with_itself_masked_and_names_its_reference():
    history = run(SessionFold(), walk(70))
    past = np.stack([masked(f.pure.psi[1])[0] for f in history[:-1]])
    now, _ = masked(history[-1].pure.psi[1])
    overlaps = past @ now
    assert history[-1].novelty[1] == pytest.approx(1 - max(overlaps.max(), 0), abs=1e-12)
    assert history[-1].novelty_bar[1] == int(np.argmax(overlaps))


def test_a_repeated_moment_is_not_novel_and_its_mirror_is():
    z = np.linspace(-3, 3, 26)[None]
    present = np.ones((1, 26), dtype=bool)
    fold = SessionFold()
    first = fold.fold(MarketBar(0, ("BTCUSDT",), z, present))
    same = fold.fold(MarketBar(1, ("BTCUSDT",), z, present))
    assert np.isnan(first.novelty[0])
    assert same.novelty[0] == pytest.approx(0, abs=1e-12)
    mirror = fold.fold(MarketBar(2, ("BTCUSDT",), -z, present))
    assert mirror.novelty[0] == 1
    assert signed_overlap(mirror.pure.psi[0], first.pure.psi[0]) == pytest.approx(-1)


def test_novelty_given_by_the_sender_is_ignored():
    bars = walk(20)
    loud = [MarketBar(b.bar, b.symbols, b.scores.copy(), b.present | True) for b in bars]
    quiet = [MarketBar(b.bar, b.symbols, b.scores.copy(), b.present | True) for b in bars]
    for bar in loud:
        bar.scores[:, N] = 5
    for bar in quiet:
        bar.scores[:, N] = 0
    assert [bits(f) for f in run(SessionFold(), loud)] == [bits(f) for f in run(SessionFold(), quiet)]


def test_one_bar_a_minute_is_sampled_for_each_symbol():
    for symbol in SYMBOLS:
        assert sum(samples_at(symbol, bar) for bar in range(600)) == 10


def test_the_p_of_a_change_is_the_rank_of_its_divergence_among_the_recent_ones(folded):
    _, whole = folded
    moved = np.array([f.divergence[0] for f in whole])
    p = np.array([f.change_p[0] for f in whole])
    assert np.isnan(p[: NEEDED + 1]).all()
    assert p[300] == pytest.approx((1 + np.sum(moved[1:300] >= moved[300])) / 300)


def test_a_signal_carries_the_p_of_the_change_at_its_bar(folded):
    _, whole = folded
    market = MarketState(
        bar_end=1, bar=300, session="s", mode="REPLAY", schema_hash="h", symbols=SYMBOLS, values=((0.0,) * 26,) * 3,
        scores=((0.0,) * 26,) * 3, present=((True,) * 26,) * 3, prices=(1.0, 1.0, 1.0),
    )  # fmt: skip
    changed = replace(whole[300], regime=replace(whole[300].regime, changed=np.array([True, False, True])))
    assert [s.change_p for s in signals(market, changed)] == [whole[300].change_p[0], whole[300].change_p[2]]
    early = replace(whole[5], regime=replace(whole[5].regime, changed=np.array([True, False, False])))
    assert [s.change_p for s in signals(market, early)] == [None]
