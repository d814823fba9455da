"""Which of four named regimes a symbol is in, with probabilities: a filter that is declared, not fitted.

    calm        no trend, low volatility          trend_up / trend_down   advance and momentum of one sign
    turbulent   no trend, high volatility, jumps and uncertainty

Two observations a bar, means of the scores that are present: trend = (A, M), turbulence = (B, G, T, U). Each regime
has a declared Gaussian for both; the effects E_y = diag(p(y | regime)) form a continuous POVM, and since states and
effects are diagonal the filter is a hidden Markov model's, by Bayes' rule to rounding: no gain over it is claimed. Windows of
neighbouring bars share 59 of 60 rows, so each bar counts as `EVIDENCE` of an independent one (deviations widened by
1/sqrt). The channel is a sticky chain. A regime is held until another one leads with `ENTER` probability for `PATIENCE`
bars; until the first does, it is "unknown".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qbtc.contracts.basis26 import INDEX
from qbtc.core.hilbert.povm import markov_kraus, predict, update
from qbtc.core.hilbert.types import Complex, Index, Mask, Real

REGIMES = ("calm", "trend_up", "trend_down", "turbulent")
UNKNOWN = "unknown"
STAY = 0.99
EVIDENCE = 0.2
ENTER = 0.6
PATIENCE = 3
HORIZON_BARS = 60

TREND = [INDEX[letter] for letter in "AM"]
TURBULENCE = [INDEX[letter] for letter in "BGTU"]
_MEANS = np.array([[0.0, -0.4], [1.5, 0.2], [-1.5, 0.2], [0.0, 1.8]])
_DEVIATIONS = np.array([[0.7, 0.7], [0.9, 1.0], [0.9, 1.0], [1.3, 1.1]]) / np.sqrt(EVIDENCE)

_COUNT = len(REGIMES)
_LEAVE = (1 - STAY) / (_COUNT - 1)
_CHAIN = np.full((_COUNT, _COUNT), _LEAVE) + np.eye(_COUNT) * (STAY - _LEAVE)
_KRAUS = markov_kraus(_CHAIN)


@dataclass(frozen=True, slots=True)
class RegimeState:
    """Filter of n symbols: probabilities (n, 4), the regime held, its challenger and for how many bars (-1: none)."""

    probabilities: Real
    held: Index
    challenger: Index
    streak: Index
    changed: Mask

    @classmethod
    def start(cls, count: int) -> RegimeState:
        none = np.full(count, -1, dtype=np.int64)
        zero = np.zeros(count, dtype=np.int64)
        return cls(np.full((count, _COUNT), 1 / _COUNT), none, none.copy(), zero, np.zeros(count, dtype=np.bool_))


def step(state: RegimeState, scores: Real, present: Mask) -> RegimeState:
    """One bar: predict by the channel, update by the effects of what is present, then settle who is held."""
    rho = predict(_diagonal(state.probabilities), _KRAUS)
    _, after = update(rho, _diagonal(likelihoods(scores, present)))
    p = np.ascontiguousarray(np.diagonal(after, axis1=-2, axis2=-1).real)
    p /= p.sum(axis=-1, keepdims=True)
    return _settle(state, p)


def likelihoods(scores: Real, present: Mask) -> Real:
    """p(y | regime) (n, 4); an observation without any present score says nothing (1 for all)."""
    seen = [_mean(scores, present, group) for group in (TREND, TURBULENCE)]
    logs = np.zeros((len(scores), _COUNT))
    for axis, (value, known) in enumerate(seen):
        deviation = _DEVIATIONS[:, axis]
        density = -0.5 * ((value[:, None] - _MEANS[:, axis]) / deviation) ** 2 - np.log(deviation)
        logs += np.where(known[:, None], density, 0.0)
    result: Real = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return result


def bias(probabilities: Real, held: int) -> float:
    """The filter's own expectation of direction over the horizon; 0 unless a trend is held.

    p(up) - p(down), faded by the chance that the chain stays for the whole horizon. It is a statement of the model, not
    a tested forecast.
    """
    if held < 0 or not REGIMES[held].startswith("trend"):
        return 0.0
    lead = float(probabilities[REGIMES.index("trend_up")] - probabilities[REGIMES.index("trend_down")])
    return lead * STAY**HORIZON_BARS


def name_of(held: int) -> str:
    return REGIMES[held] if held >= 0 else UNKNOWN


def index_of(name: str) -> int:
    return REGIMES.index(name) if name in REGIMES else -1


def _settle(state: RegimeState, p: Real) -> RegimeState:
    leader = np.argmax(p, axis=-1)
    strong = (np.take_along_axis(p, leader[:, None], axis=-1)[:, 0] >= ENTER) & (leader != state.held)
    again = strong & (leader == state.challenger)
    streak = np.where(strong, np.where(again, state.streak + 1, 1), 0)
    changed = streak >= PATIENCE
    held = np.where(changed, leader, state.held)
    challenger = np.where(strong & ~changed, leader, -1)
    return RegimeState(p, held, challenger, np.where(changed, 0, streak), changed)


def _mean(scores: Real, present: Mask, group: list[int]) -> tuple[Real, Mask]:
    mask = present[:, group]
    count = mask.sum(axis=-1)
    return np.where(mask, scores[:, group], 0.0).sum(axis=-1) / np.maximum(count, 1), count > 0


def _diagonal(values: Real) -> Complex:
    return (values[..., None] * np.eye(values.shape[-1])).astype(np.complex128)
