"""What a simulator is asked and what it answers: tasks, costs, refusals, outcomes and the `Engine` that has them all.

Above it: `choice` picks an engine by its cost; beside it the engines. Qubit 0 is the least significant bit of every
index, and classical bits are one integer, as in `program`. Tasks other than `Shots` speak of the state at the end,
before the measurements that end the circuit.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from qbtc.core.hilbert.types import Complex, Real

from ..program import Feedback, Program

Circuit = Program | Feedback


@dataclass(frozen=True, slots=True)
class PauliTerm:
    """factor * product of Pauli matrices: `paulis` has (qubit, "X" | "Y" | "Z"), each qubit at most once."""

    factor: float
    paulis: tuple[tuple[int, str], ...] = ()

    def __post_init__(self) -> None:
        if not math.isfinite(self.factor):
            raise ValueError(f"the factor of a Pauli string is a finite number, not {self.factor!r}")
        wrong = [p for _, p in self.paulis if p not in ("X", "Y", "Z")]
        if wrong:
            raise ValueError(f"unknown Pauli matrix {wrong[0]!r}; allowed are X, Y and Z")
        if len({q for q, _ in self.paulis}) != len(self.paulis):
            raise ValueError(f"a qubit appears twice in {self.paulis!r}; multiply its matrices first")

    @property
    def x(self) -> int:
        """Bits of the qubits whose matrix flips them (X and Y)."""
        return sum(1 << q for q, p in self.paulis if p != "Z")

    @property
    def z(self) -> int:
        """Bits of the qubits whose matrix has signs (Y and Z)."""
        return sum(1 << q for q, p in self.paulis if p != "X")


@dataclass(frozen=True, slots=True)
class PauliSum:
    """A Hermitian operator as a real combination of Pauli strings."""

    terms: tuple[PauliTerm, ...]

    @property
    def qubits(self) -> tuple[int, ...]:
        return tuple(sorted({q for term in self.terms for q, _ in term.paulis}))


@dataclass(frozen=True, slots=True)
class Hermitian:
    """`matrix` (2^k, 2^k), equal to its adjoint, on `targets`; the first target is the least significant."""

    matrix: Complex
    targets: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(set(self.targets)) != len(self.targets):
            raise ValueError(f"a qubit appears twice in the targets {self.targets}")
        size = 1 << len(self.targets)
        if self.matrix.shape != (size, size):
            raise ValueError(
                f"a matrix of shape {self.matrix.shape} on {len(self.targets)} qubits; needs {size} x {size}"
            )
        if not np.allclose(self.matrix, self.matrix.conj().T, atol=1e-10):
            raise ValueError("the matrix is not Hermitian: it differs from its adjoint by more than 1e-10")

    @property
    def qubits(self) -> tuple[int, ...]:
        return self.targets


Observable = PauliSum | Hermitian


@dataclass(frozen=True, slots=True)
class Shots:
    """Run `shots` times and count the classical bits; `exact` asks for their probabilities too."""

    shots: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class FinalState:
    """The state vector (2^n,), or the density matrix (2^n, 2^n) from an engine that has mixed states only."""


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Of the basis states of `qubits` (all where None); the first is the least significant of the index.

    `shots`, here and in `Expectation`: how often an engine runs that can only estimate.
    """

    qubits: tuple[int, ...] | None = None
    shots: int = 1000


@dataclass(frozen=True, slots=True)
class Expectation:
    observables: tuple[Observable, ...]
    shots: int = 1000


@dataclass(frozen=True, slots=True)
class Gradient:
    """Of the expectation of `observable` by every parameter of every `Unitary` that has parameters."""

    observable: Observable


Task = Shots | FinalState | Probabilities | Expectation | Gradient


def read_by(task: Task) -> tuple[int, ...]:
    """Qubits that a task names; compiled code reads them unchecked."""
    if isinstance(task, Probabilities):
        return task.qubits or ()
    observables = task.observables if isinstance(task, Expectation) else ()
    observables = (task.observable,) if isinstance(task, Gradient) else observables
    return tuple(q for observable in observables for q in observable.qubits)


def refuse_beyond(task: Task, n: int) -> None:
    """Raises ValueError for a task on qubits that a circuit of `n` qubits does not have."""
    beyond = [q for q in read_by(task) if not 0 <= q < n]
    if beyond:
        raise ValueError(f"there is no qubit {beyond[0]}; the circuit has {n}, numbered from 0")


@dataclass(frozen=True, slots=True)
class Cost:
    """`bytes` at the peak and estimated `seconds` on one core; `why` completes "chosen because ...".

    `sampled`: what could be exact will be estimated, or left out.
    """

    bytes: int
    seconds: float
    why: str
    sampled: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """`why` says what this engine cannot do, completing "not this engine: ..."."""

    why: str


class TooMuchMemory(ValueError):
    """The states of the run would hold more bytes than allowed; raised before they are taken."""


class Unsupported(ValueError):
    """The circuit asks for what this engine cannot do, found while running (a `Feedback` shows it only then)."""


@dataclass(frozen=True, slots=True)
class Run:
    """`check` is called between operations and raises to stop; `memory` bounds the bytes of live states."""

    rng: np.random.Generator
    check: Callable[[], None] = lambda: None
    memory: int = 512 * 1024 * 1024
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """The field of the task is set, the others are None or empty.

    `counts`: bits as an integer -> shots. `probabilities`: the exact distribution of the bits for `Shots`, where all
    measurements are at the end and at most `MAX_LISTED` words are likely. `values` and `errors`: one a observable, or
    one a parameter; `errors` are standard errors of engines that sample, empty where the value is exact.
    `parameters`: (operation, parameter) of every element of a gradient, and `expectation` its value.
    """

    counts: dict[int, int] | None = None
    probabilities: dict[int, float] | None = None
    state: Complex | None = None
    distribution: Real | None = None
    values: tuple[float, ...] = ()
    errors: tuple[float, ...] = ()
    parameters: tuple[tuple[int, int], ...] = ()
    expectation: float | None = None
    notes: dict[str, float] = field(default_factory=dict)


MAX_LISTED = 1024


class Engine(Protocol):
    """One way to simulate. Engines hold no state between runs that changes an answer."""

    @property
    def name(self) -> str: ...

    @property
    def amplitudes(self) -> bool:
        """Whether memory doubles with every qubit; such engines are not asked for more than the callers' limit."""
        ...

    def cost(self, circuit: Circuit, task: Task) -> Cost | Refusal:
        """What `run` would take, or why it cannot; no state is allocated."""
        ...

    def run(self, circuit: Circuit, task: Task, run: Run) -> Outcome:
        """Raises TooMuchMemory, Unsupported or what `run.check` raises."""
        ...
