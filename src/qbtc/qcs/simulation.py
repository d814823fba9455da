"""Source text to an answer, in this process: read, choose an engine, run. `qbtc.qcs.simulate`; `circuits` adds limits.

Circuits that were read are kept by their source (the newest `KEPT`), with the engine that was chosen for them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from .domain.noise.model import NoiseModel
from .domain.noise.reading import noise_model
from .domain.program import format_bits
from .domain.qasm import Interpreted, Limits, Setting, load
from .domain.simulators.choice import MOST_AMPLITUDES, Choice, choose
from .domain.simulators.engines import engines
from .domain.simulators.protocol import (
    Circuit,
    Expectation,
    Gradient,
    Outcome,
    PauliSum,
    Run,
    Shots,
    Task,
    refuse_beyond,
)
from .domain.simulators.survey import sizes

KEPT = 128
MEMORY = 4 << 30
MOST_SHOTS = 10**12
LIMITS = Limits(qubits=10_000, bits=10_000)
"""Of reading; an engine that holds amplitudes has its own (`MOST_AMPLITUDES`, or `How.amplitudes`)."""
Inputs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A circuit that was read, and what is known of it already."""

    circuit: Circuit
    n_qubits: int
    choices: dict[tuple[object, ...], Choice] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)

    def under(self, check: Callable[[], None]) -> Prepared:
        """The same, whose classical control is stopped by `check` too."""
        circuit = self.circuit
        return replace(self, circuit=replace(circuit, check=check)) if isinstance(circuit, Interpreted) else self

    def word(self, bits: int) -> str:
        """Bits as Qiskit writes them."""
        known = self.words.get(bits)
        if known is None:
            known = format_bits(self.circuit.bits, bits)
            if len(self.words) < 4096:
                self.words[bits] = known
        return known

    def chosen(self, task: Task, how: How) -> Choice:
        key = (_priced(task), how.precision, how.engine, how.memory, how.amplitudes)
        choice = self.choices.get(key)
        if choice is None:
            limits = {"memory": how.memory, "amplitudes": how.amplitudes}
            choice = choose(engines(how.precision), self.circuit, task, wanted=how.engine, **limits)
            if len(self.choices) < KEPT:
                self.choices[key] = choice
        return choice


def _priced(task: Task) -> tuple[object, ...]:
    """What the cost of a task depends on."""
    observables = task.observables if isinstance(task, Expectation) else ()
    observables = (task.observable,) if isinstance(task, Gradient) else observables
    terms = tuple(len(o.terms) if isinstance(o, PauliSum) else None for o in observables)
    return (type(task), getattr(task, "shots", 0), getattr(task, "exact", False), terms)


@dataclass(frozen=True, slots=True)
class How:
    """`engine` None leaves the choice to the cost model; `check` stops a run by raising. Raises ValueError."""

    seed: int | None = None
    precision: str = "double"
    engine: str | None = None
    memory: int = MEMORY
    threads: int = 1
    amplitudes: int = MOST_AMPLITUDES
    check: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        if self.threads < 1:
            raise ValueError(f"{self.threads} threads; at least 1 is needed")
        if self.seed is not None and (not isinstance(self.seed, int) or self.seed < 0):
            raise ValueError(f"the seed is {self.seed!r}; a whole number from 0 is allowed")


@dataclass(frozen=True, slots=True)
class Answer:
    """`counts` and `probabilities` by bits as Qiskit writes them: last register first, a space between registers."""

    counts: dict[str, int]
    probabilities: dict[str, float] | None
    engine: str
    why: str
    seed: int
    outcome: Outcome
    n_qubits: int


@dataclass(frozen=True, slots=True)
class Watch:
    """Stops a reading by raising. All watches are equal, so that a circuit that was read is found under any."""

    check: Callable[[], None] = field(default=lambda: None, compare=False)


@lru_cache(maxsize=KEPT)
def prepared(
    source: str, file: str = "circuit", limits: Limits = LIMITS, inputs: Inputs = (), watch: Watch = Watch()
) -> Prepared:
    """`inputs` are names and values, as text, of input declarations. Raises QasmError."""
    circuit = load(source, Setting(file, limits, dict(inputs), check=watch.check))
    return Prepared(circuit, sizes(circuit)[0])


def noisy(ready: Prepared, noise: NoiseModel, task: Task, check: Callable[[], None] = lambda: None) -> Prepared:
    """The same circuit with noise; its readout is confused where bits are counted. Raises ValueError."""
    return Prepared(noise.applied(ready.circuit, readout=isinstance(task, Shots), check=check), ready.n_qubits)


def simulate(
    qasm: str,
    *,
    shots: int = 1024,
    seed: int | None = None,
    exact: bool = False,
    noise: NoiseModel | Mapping[str, object] | None = None,
    how: How | None = None,
) -> Answer:
    """Run an OpenQASM circuit `shots` times; the same seed gives the same counts. `exact` adds probabilities;
    `noise` is a model or what its JSON form holds (`domain.noise.reading`).

    Raises QasmError (a ValueError) with line and column, ValueError for what is no text and for noise that does not fit, NoEngine
    or TooMuchMemory.
    """
    if not isinstance(qasm, str):
        raise ValueError(f"the circuit is {type(qasm).__name__}; OpenQASM text is needed")  # noqa: TRY004
    if not isinstance(shots, int) or not 1 <= shots <= MOST_SHOTS:
        raise ValueError(f"{shots!r} shots; a whole number from 1 to {MOST_SHOTS} is allowed")
    task, ready = Shots(shots, exact), prepared(qasm)
    if noise is not None:
        ready = noisy(ready, noise if isinstance(noise, NoiseModel) else noise_model(noise), task)
    return answered(ready, task, replace(how, seed=seed) if how else How(seed))


def answered(ready: Prepared, task: Task, how: How) -> Answer:
    """One task on the engine of choice. Raises ValueError for qubits that the circuit does not have."""
    refuse_beyond(task, ready.n_qubits)
    choice = ready.chosen(task, how)
    seed = secrets.randbits(32) if how.seed is None else how.seed
    run = Run(np.random.Generator(np.random.PCG64(seed)), how.check, how.memory, how.threads)
    outcome = choice.engine.run(ready.circuit, task, run)
    word, exact = ready.word, outcome.probabilities
    return Answer(
        {word(bits): n for bits, n in sorted((outcome.counts or {}).items())},
        None if exact is None else {word(bits): p for bits, p in sorted(exact.items())},
        choice.engine.name,
        choice.why,
        seed,
        outcome,
        ready.n_qubits,
    )
