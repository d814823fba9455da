"""The pure state of each bar: scores, their velocities against a reference, and novelty N, which is filled in last.

    v = robust z of (z(t) - z(t - 1))        psi ~ z + i v over the 26 dimensions (shared basis)
    N = 1 - max overlap with earlier states, N itself masked; its score and velocity follow from N

Deterministic: the same bars give the same bits. Rings are addressed by bar number; over a gap a velocity is missing. Not
here: what is made of the states (windows, coherence, regimes), and where bars come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qbtc.contracts.basis26 import LAG_BARS, SIZE
from qbtc.core.hilbert import amplitudes, normalise
from qbtc.core.hilbert.states import PureState, standardise
from qbtc.core.hilbert.types import Complex, Index, Mask, Real

from .novelty import N, Novelty
from .references import CHANNELS, References, Summary, samples_at


@dataclass(frozen=True, slots=True)
class Measured:
    """One bar of n symbols. `gap` counts the bars missing since a symbol's last one; `channels` (n, 27) is the sample for the
    long reference where `sampled`; `novelty` is NaN where undefined, `novelty_bar` -1 likewise."""

    gap: Index
    scores: Real
    present: Mask
    pure: PureState
    novelty: Real
    novelty_bar: Index
    channels: Real
    sampled: Mask


@dataclass(slots=True)
class _Last:
    """The latest bar of every slot; -1 where none."""

    bar: Index
    scores: Real
    present: Mask


class MarketStates:
    """The past of all symbols of a session; slots are given by the caller and only grow. `measure`, then `keep`."""

    def __init__(self) -> None:
        self._last = _Last(np.full(0, -1, dtype=np.int64), np.zeros((0, SIZE)), np.zeros((0, SIZE), dtype=np.bool_))
        self._references, self._novelty = References(), Novelty()

    def grow(self, slots: int) -> None:
        last = self._last
        extra = slots - len(last.bar)
        self._references.grow(slots)
        self._novelty.grow(slots)
        self._last = _Last(padded(last.bar, extra, -1), padded(last.scores, extra, 0), padded(last.present, extra, False))

    def measure(self, slots: Index, bar: int, symbols: tuple[str, ...], scores: Real, present: Mask) -> Measured:
        """`scores` (n, 26) and `present` of these symbols with N empty, see `without_novelty`; they are filled in place."""
        summary = self._references.summary(slots, bar)
        velocity, channels = self._velocity(slots, bar, scores, present, summary)
        novelty, novelty_bar = self._novelty.measure(slots, bar, amplitudes(scores, velocity))
        scores[:, N], present[:, N] = standardise(novelty, _column(summary, CHANNELS - 1))
        channels[:, CHANNELS - 1] = novelty
        change = self._change(slots, bar, scores, present)[:, N]
        channels[:, N] = change
        velocity[:, N] = standardise(change, _column(summary, N))[0]
        last = self._last.bar[slots]
        return Measured(
            gap=np.where(last >= 0, bar - last - 1, 0),
            scores=scores,
            present=present,
            pure=normalise(amplitudes(scores, velocity)),
            novelty=novelty,
            novelty_bar=novelty_bar,
            channels=channels,
            sampled=np.array([samples_at(symbol, bar) for symbol in symbols]),
        )

    def keep(self, slots: Index, bar: int, measured: Measured) -> None:
        self._novelty.add(slots, np.full(len(slots), bar), measured.pure.psi)
        for row, slot in enumerate(slots):
            self._references.add(int(slot), bar, measured.channels[row])
            if measured.sampled[row]:
                self._references.add_minutes(int(slot), [measured.channels[row]])
        self._move(slots, bar, measured.scores, measured.present)

    def remember(self, slot: int, bars: Index, psi: Complex) -> None:
        """Stored states of one slot, for novelty."""
        self._novelty.add(np.full(len(bars), slot), bars, psi)

    def restore(self, slot: int, bar: int, novelty: float, scores: Real, present: Mask) -> None:
        """One stored bar of a slot, in rising order: its channels follow from it."""
        slots = np.array([slot])
        channels = np.full((1, CHANNELS), novelty)
        channels[:, :SIZE] = self._change(slots, bar, scores[None], present[None])
        self._references.add(slot, bar, channels[0])
        self._move(slots, bar, scores[None], present[None])

    def add_minutes(self, slot: int, rows: list[Real]) -> None:
        """Stored samples for the long reference, oldest first."""
        self._references.add_minutes(slot, rows)

    def _move(self, slots: Index, bar: int, scores: Real, present: Mask) -> None:
        self._last.bar[slots], self._last.scores[slots], self._last.present[slots] = bar, scores, present

    def _velocity(self, slots: Index, bar: int, scores: Real, present: Mask, summary: Summary) -> tuple[Real, Real]:
        channels = np.full((len(slots), CHANNELS), np.nan)
        channels[:, :SIZE] = self._change(slots, bar, scores, present)
        velocity, _ = standardise(channels[:, :SIZE], tuple(part[:, :SIZE] for part in summary))  # type: ignore[arg-type]
        return velocity, channels

    def _change(self, slots: Index, bar: int, scores: Real, present: Mask) -> Real:
        """z(t) - z(t - 1); NaN over a gap or where either side is missing."""
        last = self._last
        known = present & last.present[slots] & (last.bar[slots] == bar - LAG_BARS)[:, None]
        return np.where(known, scores - last.scores[slots], np.nan)


def without_novelty(scores: Real, present: Mask) -> tuple[Real, Mask]:
    """Copies with masked scores 0 and N empty: it is filled in here."""
    there = np.array(present, dtype=np.bool_)
    there[:, N] = False
    return np.where(there, np.asarray(scores, dtype=np.float64), 0.0), there


def padded(array: NDArray[Any], extra: int, value: float) -> NDArray[Any]:
    """More rows at the end, filled with a value."""
    fill = np.full((extra, *array.shape[1:]), value, dtype=array.dtype)
    return np.concatenate([array, fill])


def _column(summary: Summary, column: int) -> Summary:
    centre, spread, count = summary
    return centre[:, column], spread[:, column], count[:, column]
