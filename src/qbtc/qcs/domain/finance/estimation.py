"""Iterative amplitude estimation: Grinko, Gacon, Zoufal, Woerner, arXiv 1912.05559, algorithms 1 and 2.

Given A with P(good) = a = sin^2 theta, the chance after k Grover steps is sin^2((2k+1) theta). Measuring it for growing k
narrows an interval for theta that holds with the asked confidence (Clopper-Pearson in each round, union bound over rounds).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..program import Unitary
from . import run
from .circuits import amplify

Sampler = Callable[[int, int], int]
"""(Grover steps k, shots) -> how many shots were good."""
TURN = 2 * math.pi
GROWTH = 2


@dataclass(frozen=True, slots=True)
class Round:
    steps: int
    shots: int
    good: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """`low` <= a <= `high` with the asked confidence; `calls` counts Grover operators over all shots."""

    value: float
    low: float
    high: float
    rounds: tuple[Round, ...]

    @property
    def calls(self) -> int:
        return sum(r.steps * r.shots for r in self.rounds)

    @property
    def shots(self) -> int:
        return sum(r.shots for r in self.rounds)


class Amplified:
    """The chance of `good` after k Grover steps of a circuit on `qubits`; k may only grow, so that no step runs twice."""

    def __init__(self, circuit: Sequence[Unitary], good: int, qubits: int, rng: np.random.Generator) -> None:
        self._good, self._rng = good, rng
        self._step = amplify(circuit, good, qubits)
        self._state = run.start(qubits)
        run.further(self._state, circuit)
        self._steps = 0

    def __call__(self, steps: int, shots: int) -> int:
        for _ in range(steps - self._steps):
            run.further(self._state, self._step)
        self._steps = steps
        return int(self._rng.binomial(shots, run.chance(self._state, self._good)))


def estimate(sample: Sampler, *, epsilon: float, alpha: float = 0.05, shots: int = 100) -> Estimate:
    """a within +-epsilon with confidence 1 - alpha, `shots` in each round. Raises ValueError for what is not a probability."""
    if not 0 < epsilon < 0.5 or not 0 < alpha < 1:
        raise ValueError(f"epsilon is {epsilon:g} and alpha {alpha:g}; allowed are 0 < epsilon < 0.5 and 0 < alpha < 1")
    share = alpha / max(math.ceil(math.log2(math.pi / (8 * epsilon))), 1)
    low, high, steps, upper = 0.0, math.pi / 2, 0, True
    rounds: list[Round] = []
    while high - low > 2 * epsilon:
        steps, upper = next_steps(steps, upper, low, high)
        rounds.append(Round(steps, shots, sample(steps, shots)))
        same = [r for r in rounds if r.steps == steps]
        bounds = clopper_pearson(sum(r.good for r in same), sum(r.shots for r in same), share)
        low, high = _narrowed(bounds, steps, upper, low)
    ends = math.sin(low) ** 2, math.sin(high) ** 2
    return Estimate(sum(ends) / 2, *ends, tuple(rounds))


def next_steps(steps: int, upper: bool, low: float, high: float) -> tuple[int, bool]:
    """The largest k, at least twice as far, for which all of the interval lies in one half turn; else the same k again."""
    factor = 4 * steps + 2
    most = math.floor(math.pi / (high - low))
    scale = most - (most - 2) % 4
    while scale >= GROWTH * factor:
        halves = math.floor(scale * low / math.pi), math.floor(scale * high / math.pi)
        if halves[0] == halves[1]:
            return (scale - 2) // 4, halves[0] % 2 == 0
        scale -= 4
    return steps, upper


def _narrowed(bounds: tuple[float, float], steps: int, upper: bool, low: float) -> tuple[float, float]:
    """Bounds of the chance after k steps as bounds of theta, in the half turn where `low` was."""
    factor = 4 * steps + 2
    first, last = (math.acos(1 - 2 * bound) for bound in bounds)
    if not upper:
        first, last = TURN - last, TURN - first
    turns = math.floor(factor * low / TURN) * TURN
    return (turns + first) / factor, (turns + last) / factor


def clopper_pearson(good: int, shots: int, alpha: float) -> tuple[float, float]:
    """The exact interval of a binomial share with confidence 1 - alpha."""
    from scipy.special import betaincinv

    low = float(betaincinv(good, shots - good + 1, alpha / 2)) if good else 0.0
    high = float(betaincinv(good + 1, shots - good, 1 - alpha / 2)) if good < shots else 1.0
    return low, high
