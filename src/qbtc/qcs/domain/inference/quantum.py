"""The quantum forecasters.

filter   belief <- channel(belief); updated by the POVM with the outcome that has become known; then mixed with the state the
         features show, `refresh` parts of it. p(y) = Tr(channel^h(belief) E_y). The channel is fitted to consecutive states, the
         effects to the states at which outcomes became known.
direct   a POVM fitted to the state before the outcome, in d + 1 dimensions: a constant amplitude ("anchor") is put before
         the row, since Tr(rho E) cannot tell psi from its mirror -psi, and a mirrored market falls where the other rises.

Everything that is chosen (pull, refresh) is chosen on the last quarter of the training rows, `horizon` rows purged before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from qbtc.core.hilbert.channel_fit import Channel, choose_rank
from qbtc.core.hilbert.povm_fit import fit_povm, probabilities
from qbtc.core.hilbert.rows import densities, state_rows
from qbtc.core.hilbert.types import Complex, Index, Real

from .scores import log_loss
from .series import BadSeries, Series

PULLS = (0.03, 0.3, 3.0)
REFRESHES = (1.0, 0.3, 0.1)
RANKS = (1, 2)
HELD_OUT = 0.25


@dataclass(frozen=True, slots=True)
class QuantumFilter:
    """A fitted channel and POVM; `refresh` in (0, 1] is the part of the belief that each new state replaces."""

    channel: Channel
    effects: Complex
    refresh: float
    horizon: int

    def ahead(self) -> Complex:
        """The effects as they are now, `horizon` steps before their outcome: p(y) = Tr(belief ahead_y)."""
        found = self.effects
        for _ in range(self.horizon):
            found = self.channel.adjoint(found)
        return found

    def run(self, states: Complex, outcomes: Index) -> Real:
        """Probabilities (T, Y) of the outcome of every row from what is known at its bar."""
        ahead = self.ahead()
        if self.refresh >= 1:
            return probabilities(states, ahead)
        return np.stack([_born(belief, ahead) for belief in self.beliefs(states, outcomes)])

    def beliefs(self, states: Complex, outcomes: Index) -> list[Complex]:
        """The belief at each bar, (d, d)."""
        shown, roots = densities(state_rows(states)), _roots(self.effects)
        belief, found = shown[0], [shown[0]]
        for t in range(1, len(shown)):
            known = int(outcomes[t - self.horizon]) if t >= self.horizon else None
            belief = self.step(belief, shown[t], None if known is None else roots[known])
            found.append(belief)
        return found

    def step(self, belief: Complex, shown: Complex, root: Complex | None) -> Complex:
        """One bar: predict, update by sqrt(E_y) of the outcome just known if there is one, mix with the state shown."""
        predicted = self.channel.apply(belief)
        if root is not None:
            after = root @ predicted @ root
            total = float(np.trace(after).real)
            predicted = after / total if total > 0 else predicted
        mixed: Complex = (1 - self.refresh) * predicted + self.refresh * shown
        return mixed


def quantum(data: Series, train: int) -> Real:
    """Probabilities (T, Y) of all rows by a filter fitted to the rows before `train`."""
    return fit_filter(data.part(0, train)).run(data.states, data.outcomes)


def direct(data: Series, train: int) -> Real:
    """Probabilities (T, Y) of all rows by an anchored POVM fitted to the rows before `train`."""
    rows = anchored(data.states, anchor_of(data.states[:train]))
    known = train - data.horizon + 1
    early, late = split(known, data.horizon)
    pull = min(PULLS, key=lambda each: _held_out(rows[:known], data, each, (early, late)))
    effects = fit_povm(rows[:known], data.outcomes[:known], data.count, pull=pull).effects
    return probabilities(rows, effects)


def fit_filter(data: Series) -> QuantumFilter:
    """Channel, POVM, pull and refresh from all of `data`."""
    h = data.horizon
    channel = choose_rank(data.states[:-1], data.states[1:], RANKS, held_out=HELD_OUT).fit.channel
    shown, outcomes = data.states[h:], data.outcomes[:-h]
    early, late = split(len(outcomes), h)

    tried = {pull: fit_povm(shown[:early], outcomes[:early], data.count, pull=pull).effects for pull in PULLS}

    def loss(choice: tuple[float, float]) -> float:
        p = QuantumFilter(channel, tried[choice[0]], choice[1], h).run(data.states[late:-h], data.outcomes[late:-h])
        return float(log_loss(p, data.outcomes[late:-h]).mean())

    pull, refresh = min(product(PULLS, REFRESHES), key=loss)
    return QuantumFilter(channel, fit_povm(shown, outcomes, data.count, pull=pull).effects, refresh, h)


def anchor_of(states: Complex) -> float:
    """The anchor's amplitude: the median intensity, so that it has half the weight of a usual row."""
    if states.ndim != 2:
        raise BadSeries("an anchor needs amplitudes (T, d); a density matrix has none")
    return float(np.median(np.linalg.norm(states, axis=1)))


def anchored(states: Complex, anchor: float) -> Complex:
    """(T, d) -> (T, d + 1) with a constant amplitude in front."""
    first = np.full((len(states), 1), anchor, dtype=np.complex128)
    return np.concatenate([first, states], axis=1)


def split(rows: int, purge: int) -> tuple[int, int]:
    """End of the early rows and start of the late ones, `purge` between them."""
    late = int(rows * (1 - HELD_OUT))
    if late - purge < 1 or late >= rows:
        raise BadSeries(f"{rows} training rows are too few to hold some out; give more")
    return late - purge, late


def _held_out(rows: Complex, data: Series, pull: float, cut: tuple[int, int]) -> float:
    early, late = cut
    effects = fit_povm(rows[:early], data.outcomes[:early], data.count, pull=pull).effects
    return float(log_loss(probabilities(rows[late:], effects), data.outcomes[late : len(rows)]).mean())


def _born(belief: Complex, effects: Complex) -> Real:
    p = np.maximum((effects.reshape(len(effects), -1) @ belief.T.reshape(-1)).real, 0.0)
    result: Real = p / p.sum()
    return result


def _roots(effects: Complex) -> Complex:
    values, vectors = np.linalg.eigh(effects)
    result: Complex = np.matmul(
        vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :], np.swapaxes(vectors, 1, 2).conj()
    )
    return result
