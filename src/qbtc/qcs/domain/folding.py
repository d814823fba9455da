"""From the features of one bar to the states of all symbols: the fold of one market session.

Pure and deterministic: the same bars give the same bits, and a fold restored from stored bars continues as if it had
never stopped (every ring is addressed by bar number, never by arrival). A gap in bars is kept as a gap: ages count the
missing bars, and a velocity over a gap is missing, not guessed. A new session is a new fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from qbtc.contracts.basis26 import LAG_BARS, SIZE, WINDOW_BARS
from qbtc.core.hilbert import amplitudes, exponential_weights, normalise
from qbtc.core.hilbert.coherence import CoherenceReport, Spectrum, coherence_report, divergence, spectrum
from qbtc.core.hilbert.density import WindowState
from qbtc.core.hilbert.states import PureState, standardise
from qbtc.core.hilbert.types import Complex, Index, Mask, Real
from qbtc.core.hilbert.windows import window_states

from .inference.recent import RecentDivergences
from .novelty import N, Novelty
from .references import CHANNELS, References, samples_at
from .regime import RegimeState, step

RESTORE_BARS = 1801


class StaleBar(ValueError):
    """The bar is not after the last one that was folded."""


@dataclass(frozen=True, slots=True)
class MarketBar:
    """Scores (n, 26) and mask (n, 26) of n symbols at one bar."""

    bar: int
    symbols: tuple[str, ...]
    scores: Real
    present: Mask


@dataclass(frozen=True, slots=True)
class PastBar:
    """What is stored of one symbol's bar and is needed to continue it."""

    symbol: str
    bar: int
    psi: Complex
    intensity: float
    scores: Real
    present: Mask
    novelty: float
    divergence: float
    probabilities: Real
    held: int
    challenger: int
    streak: int


@dataclass(frozen=True, slots=True)
class FoldedBar:
    """Everything known about n symbols after one bar; row i belongs to `symbols[i]`.

    `gap` counts the bars missing since the symbol's last one; `channels` (27) is the sample for the long reference
    where `sampled`; `novelty` and `divergence` are NaN where undefined, `divergence` infinite outside the earlier support;
    `change_p` is where the divergence stands among the recent ones of its symbol (inference/recent), NaN until enough are known.
    """

    bar: int
    symbols: tuple[str, ...]
    gap: Index
    scores: Real
    present: Mask
    pure: PureState
    window: WindowState
    report: CoherenceReport
    novelty: Real
    novelty_bar: Index
    divergence: Real
    change_p: Real
    regime: RegimeState
    channels: Real
    sampled: Mask


@dataclass(slots=True)
class _Last:
    """The latest bar of every slot; -1 where none."""

    bar: Index
    scores: Real
    present: Mask


class SessionFold:
    """The rings of one session. `fold` moves it by one bar; `last_bar` is -1 before the first."""

    def __init__(self) -> None:
        self.last_bar = -1
        self._slots: dict[str, int] = {}
        self._rows = np.zeros((0, WINDOW_BARS, SIZE), dtype=np.complex128)
        self._bars = np.full((0, WINDOW_BARS), -1, dtype=np.int64)
        self._last = _Last(np.full(0, -1, dtype=np.int64), np.zeros((0, SIZE)), np.zeros((0, SIZE), dtype=np.bool_))
        self._references, self._novelty = References(), Novelty()
        self._recent = RecentDivergences()
        self._regime = RegimeState.start(0)
        self._spectrum = Spectrum(np.zeros((0, SIZE)), np.zeros((0, SIZE, SIZE), dtype=np.complex128))
        self._known = np.zeros(0, dtype=np.bool_)

    def fold(self, market: MarketBar) -> FoldedBar:
        """Raises StaleBar for a bar that is not after the last one; nothing has changed then."""
        if market.bar <= self.last_bar:
            raise StaleBar(f"bar {market.bar} is not after bar {self.last_bar}, the last one folded")
        slots = self._slots_of(market.symbols)
        scores, present = _without_novelty(market)
        folded = self._measure(market, slots, scores, present)
        self._keep(folded, slots)
        return folded

    def _measure(self, market: MarketBar, slots: Index, scores: Real, present: Mask) -> FoldedBar:
        bar, summary = market.bar, self._references.summary(slots, market.bar)
        velocity, channels = self._velocity(slots, bar, scores, present, summary)
        novelty, novelty_bar = self._novelty.measure(slots, bar, amplitudes(scores, velocity))
        scores[:, N], present[:, N] = standardise(novelty, _column(summary, CHANNELS - 1))
        channels[:, CHANNELS - 1] = novelty
        change = self._change(slots, bar, scores, present)[:, N]
        channels[:, N] = change
        velocity[:, N] = standardise(change, _column(summary, N))[0]
        pure = normalise(amplitudes(scores, velocity))
        window, report, moved = self._window(slots, bar, pure)
        last = self._last.bar[slots]
        return FoldedBar(
            bar=bar,
            symbols=market.symbols,
            gap=np.where(last >= 0, bar - last - 1, 0),
            scores=scores,
            present=present,
            pure=pure,
            window=window,
            report=report,
            novelty=novelty,
            novelty_bar=novelty_bar,
            divergence=moved,
            change_p=self._recent.p_values(slots, bar, moved),
            regime=step(_take(self._regime, slots), scores, present),
            channels=channels,
            sampled=np.array([samples_at(s, bar) for s in market.symbols]),
        )

    def _velocity(
        self, slots: Index, bar: int, scores: Real, present: Mask, summary: tuple[Real, Real, Real]
    ) -> tuple[Real, Real]:
        channels = np.full((len(slots), CHANNELS), np.nan)
        channels[:, :SIZE] = self._change(slots, bar, scores, present)
        velocity, _ = standardise(channels[:, :SIZE], tuple(part[:, :SIZE] for part in summary))  # type: ignore[arg-type]
        return velocity, channels

    def _change(self, slots: Index, bar: int, scores: Real, present: Mask) -> Real:
        """z(t) - z(t - 1); NaN over a gap or where either side is missing."""
        last = self._last
        known = present & last.present[slots] & (last.bar[slots] == bar - LAG_BARS)[:, None]
        return np.where(known, scores - last.scores[slots], np.nan)

    def _window(self, slots: Index, bar: int, pure: PureState) -> tuple[WindowState, CoherenceReport, Real]:
        self._place(slots, np.full(len(slots), bar), pure)
        window = self._state_at(slots, bar)
        now = spectrum(window.rho)
        report = coherence_report(window.rho, now.values)
        before = Spectrum(self._spectrum.values[slots], self._spectrum.vectors[slots])
        moved = np.full(len(slots), np.nan)
        known = self._known[slots]
        if known.any():
            earlier = Spectrum(before.values[known], before.vectors[known])
            moved[known] = divergence(window.rho[known], report.entropy[known], earlier)
        self._spectrum.values[slots], self._spectrum.vectors[slots] = now.values, now.vectors
        self._known[slots] = True
        return window, report, moved

    def _state_at(self, slots: Index, bar: int) -> WindowState:
        age = bar - self._bars[slots]
        inside = (self._bars[slots] >= 0) & (age >= 0) & (age < WINDOW_BARS)
        return window_states(self._rows[slots], exponential_weights(np.where(inside, age, np.inf)))

    def _place(self, slots: Index, bars: Index, pure: PureState) -> None:
        self._rows[slots, bars % WINDOW_BARS] = pure.amplitudes
        self._bars[slots, bars % WINDOW_BARS] = bars

    def _keep(self, folded: FoldedBar, slots: Index) -> None:
        bar = folded.bar
        self._novelty.add(slots, np.full(len(slots), bar), folded.pure.psi)
        self._recent.add(slots, np.full(len(slots), bar), folded.divergence)
        for row, slot in enumerate(slots):
            self._references.add(int(slot), bar, folded.channels[row])
            if folded.sampled[row]:
                self._references.add_minutes(int(slot), [folded.channels[row]])
        self._last.bar[slots], self._last.scores[slots], self._last.present[slots] = bar, folded.scores, folded.present
        _put(self._regime, slots, folded.regime)
        self.last_bar = bar

    def restore(self, past: Sequence[PastBar], minutes: dict[str, list[Real]]) -> None:
        """Continue from stored bars (rising by bar; the last `RESTORE_BARS` suffice) and minute samples."""
        by_symbol: dict[str, list[PastBar]] = {}
        for row in past:
            by_symbol.setdefault(row.symbol, []).append(row)
        for symbol, rows in by_symbol.items():
            slot = int(self._slots_of((symbol,))[0])
            self._restore_symbol(slot, rows)
            self._references.add_minutes(slot, minutes.get(symbol, []))
        self.last_bar = max((row.bar for row in past), default=-1)

    def _restore_symbol(self, slot: int, rows: list[PastBar]) -> None:
        slots = np.array([slot])
        psi = np.stack([row.psi for row in rows])
        bars = np.array([row.bar for row in rows])
        self._novelty.add(np.full(len(rows), slot), bars, psi)
        self._recent.add(np.full(len(rows), slot), bars, np.array([row.divergence for row in rows]))
        for row in rows:
            self._restore_bar(slots, row)
        now = spectrum(self._state_at(slots, rows[-1].bar).rho)
        self._spectrum.values[slots], self._spectrum.vectors[slots], self._known[slot] = now.values, now.vectors, True
        _put(self._regime, slots, _regime_of(rows[-1]))

    def _restore_bar(self, slots: Index, row: PastBar) -> None:
        channels = np.full((1, CHANNELS), row.novelty)
        channels[:, :SIZE] = self._change(slots, row.bar, row.scores[None], row.present[None])
        self._references.add(int(slots[0]), row.bar, channels[0])
        intensity = np.array([row.intensity])
        self._place(slots, np.array([row.bar]), PureState(row.psi[None], intensity, intensity > 0))
        self._last.bar[slots], self._last.scores[slots], self._last.present[slots] = row.bar, row.scores, row.present

    def _slots_of(self, symbols: tuple[str, ...]) -> Index:
        new = [s for s in symbols if s not in self._slots]
        for symbol in new:
            self._slots[symbol] = len(self._slots)
        if new:
            self._grow(len(self._slots))
        return np.array([self._slots[s] for s in symbols], dtype=np.int64)

    def _grow(self, slots: int) -> None:
        extra = slots - len(self._bars)
        self._references.grow(slots)
        self._novelty.grow(slots)
        self._recent.grow(slots)
        self._rows = _pad(self._rows, extra, 0)
        self._bars = _pad(self._bars, extra, -1)
        last = self._last
        self._last = _Last(_pad(last.bar, extra, -1), _pad(last.scores, extra, 0), _pad(last.present, extra, False))
        self._spectrum = Spectrum(_pad(self._spectrum.values, extra, 0), _pad(self._spectrum.vectors, extra, 0))
        self._known = _pad(self._known, extra, False)
        fresh, old = RegimeState.start(extra), self._regime
        names = ("probabilities", "held", "challenger", "streak", "changed")
        self._regime = RegimeState(*(np.concatenate([getattr(old, n), getattr(fresh, n)]) for n in names))


def _without_novelty(market: MarketBar) -> tuple[Real, Mask]:
    """Copies with masked scores 0 and N empty: QCS fills N itself."""
    present = np.array(market.present, dtype=np.bool_)
    present[:, N] = False
    return np.where(present, np.asarray(market.scores, dtype=np.float64), 0.0), present


def _column(summary: tuple[Real, Real, Real], column: int) -> tuple[Real, Real, Real]:
    centre, spread, count = summary
    return centre[:, column], spread[:, column], count[:, column]


def _take(state: RegimeState, slots: Index) -> RegimeState:
    return replace(
        state,
        probabilities=state.probabilities[slots],
        held=state.held[slots],
        challenger=state.challenger[slots],
        streak=state.streak[slots],
        changed=state.changed[slots],
    )


def _put(target: RegimeState, slots: Index, source: RegimeState) -> None:
    for name in ("probabilities", "held", "challenger", "streak", "changed"):
        getattr(target, name)[slots] = getattr(source, name)


def _regime_of(row: PastBar) -> RegimeState:
    one = np.array([row.held]), np.array([row.challenger]), np.array([row.streak])
    return RegimeState(row.probabilities[None], *one, np.zeros(1, dtype=np.bool_))


def _pad(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]], extra: int, value: float) -> np.ndarray:  # type: ignore[type-arg]
    fill = np.full((extra, *array.shape[1:]), value, dtype=array.dtype)
    return np.concatenate([array, fill])
