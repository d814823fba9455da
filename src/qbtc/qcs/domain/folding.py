"""From the features of one bar to the states of all symbols: the fold of one market session.

Pure and deterministic: the same bars give the same bits, and a fold restored from stored bars continues as if it had
never stopped (every ring is addressed by bar number, never by arrival). A gap in bars is kept as a gap: ages count the
missing bars, and a velocity over a gap is missing, not guessed. A new session is a new fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from qbtc.contracts.basis26 import SIZE, WINDOW_BARS
from qbtc.core.hilbert import exponential_weights
from qbtc.core.hilbert.coherence import CoherenceReport, Spectrum, coherence_report, divergence, spectrum
from qbtc.core.hilbert.density import WindowState
from qbtc.core.hilbert.market.states import MarketStates, Measured, padded, without_novelty
from qbtc.core.hilbert.states import PureState
from qbtc.core.hilbert.types import Complex, Index, Mask, Real
from qbtc.core.hilbert.windows import window_states

from .inference.recent import RecentDivergences
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


class SessionFold:
    """The rings of one session. `fold` moves it by one bar; `last_bar` is -1 before the first."""

    def __init__(self) -> None:
        self.last_bar = -1
        self._slots: dict[str, int] = {}
        self._rows = np.zeros((0, WINDOW_BARS, SIZE), dtype=np.complex128)
        self._bars = np.full((0, WINDOW_BARS), -1, dtype=np.int64)
        self._states = MarketStates()
        self._recent = RecentDivergences()
        self._regime = RegimeState.start(0)
        self._spectrum = Spectrum(np.zeros((0, SIZE)), np.zeros((0, SIZE, SIZE), dtype=np.complex128))
        self._known = np.zeros(0, dtype=np.bool_)

    def fold(self, market: MarketBar) -> FoldedBar:
        """Raises StaleBar for a bar that is not after the last one; nothing has changed then."""
        if market.bar <= self.last_bar:
            raise StaleBar(f"bar {market.bar} is not after bar {self.last_bar}, the last one folded")
        slots = self._slots_of(market.symbols)
        scores, present = without_novelty(market.scores, market.present)
        measured = self._states.measure(slots, market.bar, market.symbols, scores, present)
        folded = self._folded(market, slots, measured)
        self._keep(folded, measured, slots)
        return folded

    def _folded(self, market: MarketBar, slots: Index, m: Measured) -> FoldedBar:
        bar = market.bar
        window, report, moved = self._window(slots, bar, m.pure)
        return FoldedBar(
            bar=bar,
            symbols=market.symbols,
            gap=m.gap,
            scores=m.scores,
            present=m.present,
            pure=m.pure,
            window=window,
            report=report,
            novelty=m.novelty,
            novelty_bar=m.novelty_bar,
            divergence=moved,
            change_p=self._recent.p_values(slots, bar, moved),
            regime=step(_take(self._regime, slots), m.scores, m.present),
            channels=m.channels,
            sampled=m.sampled,
        )

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

    def _keep(self, folded: FoldedBar, measured: Measured, slots: Index) -> None:
        bar = folded.bar
        self._states.keep(slots, bar, measured)
        self._recent.add(slots, np.full(len(slots), bar), folded.divergence)
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
            self._states.add_minutes(slot, minutes.get(symbol, []))
        self.last_bar = max((row.bar for row in past), default=-1)

    def _restore_symbol(self, slot: int, rows: list[PastBar]) -> None:
        slots = np.array([slot])
        psi = np.stack([row.psi for row in rows])
        bars = np.array([row.bar for row in rows])
        self._states.remember(slot, bars, psi)
        self._recent.add(np.full(len(rows), slot), bars, np.array([row.divergence for row in rows]))
        for row in rows:
            self._restore_bar(slots, row)
        now = spectrum(self._state_at(slots, rows[-1].bar).rho)
        self._spectrum.values[slots], self._spectrum.vectors[slots], self._known[slot] = now.values, now.vectors, True
        _put(self._regime, slots, _regime_of(rows[-1]))

    def _restore_bar(self, slots: Index, row: PastBar) -> None:
        self._states.restore(int(slots[0]), row.bar, row.novelty, row.scores, row.present)
        intensity = np.array([row.intensity])
        self._place(slots, np.array([row.bar]), PureState(row.psi[None], intensity, intensity > 0))

    def _slots_of(self, symbols: tuple[str, ...]) -> Index:
        new = [s for s in symbols if s not in self._slots]
        for symbol in new:
            self._slots[symbol] = len(self._slots)
        if new:
            self._grow(len(self._slots))
        return np.array([self._slots[s] for s in symbols], dtype=np.int64)

    def _grow(self, slots: int) -> None:
        extra = slots - len(self._bars)
        self._states.grow(slots)
        self._recent.grow(slots)
        self._rows = padded(self._rows, extra, 0)
        self._bars = padded(self._bars, extra, -1)
        self._spectrum = Spectrum(padded(self._spectrum.values, extra, 0), padded(self._spectrum.vectors, extra, 0))
        self._known = padded(self._known, extra, False)
        fresh, old = RegimeState.start(extra), self._regime
        names = ("probabilities", "held", "challenger", "streak", "changed")
        self._regime = RegimeState(*(np.concatenate([getattr(old, n), getattr(fresh, n)]) for n in names))


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
