"""Bodies of `qcs.*`: computations and the state of every bar."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from .common import MarketMode, Mask26, Message, Nanoseconds, Symbol, Vector26


class SymbolState(Message):
    """The window state of one symbol: pure amplitudes, spectrum summary and coherence of rho."""

    symbol: Symbol
    state_id: str
    state_hash: str
    informative: bool
    intensity: float = Field(ge=0)
    real: Vector26
    imaginary: Vector26
    present: Mask26
    diagonal: Vector26
    novelty: float | None = Field(default=None, ge=0, le=1)
    novelty_reference: str | None = None
    coherence_l1: float = Field(ge=0)
    coherence_relative: float = Field(ge=0, description="bits")
    coherence: float = Field(ge=0, le=1, description="C_r / log2 26")
    purity: float = Field(ge=0, le=1)
    entropy: float = Field(ge=0, description="von Neumann entropy, bits")
    effective_rank: float = Field(ge=0)
    participation: float = Field(ge=0)
    shrinkage: float = Field(ge=0, le=1)
    divergence: float | None = Field(default=None, ge=0, description="D(rho_t || rho_{t-1}), bits")
    regime: str
    regime_probabilities: dict[str, float]
    regime_changed: bool = False


class QuantumState(Message):
    """One a bar for all symbols."""

    bar_end: Nanoseconds
    bar: int = Field(ge=0)
    session: str
    mode: MarketMode
    schema_hash: str
    states: tuple[SymbolState, ...]


class Amplitudes(Message):
    """A pure state: 26 complex amplitudes of norm 1."""

    real: Vector26
    imaginary: Vector26


class DensityMatrix(Message):
    """A mixed state: 26 x 26, Hermitian, positive, of trace 1."""

    real: Annotated[tuple[Vector26, ...], Field(min_length=26, max_length=26)]
    imaginary: Annotated[tuple[Vector26, ...], Field(min_length=26, max_length=26)]


class Scores26(Message):
    """The 26 scores z and their velocities v, which make a = z + i v; the state is a / ||a||."""

    scores: Vector26
    velocities: Vector26


StateKind = Literal["moment", "window", "saved"]


class FindStates(Message):
    """What is like a state. Exactly one of state_id, symbol (its newest state), amplitudes, matrix, features or text."""

    state_id: str | None = None
    symbol: Symbol | None = Field(default=None, description="its newest state")
    amplitudes: Amplitudes | None = None
    matrix: DensityMatrix | None = None
    features: Scores26 | None = None
    text: str | None = Field(default=None, description="its 26 features as a state")
    language: Literal["en", "es"] | None = Field(default=None, description="of the text; without one it is told from the words")
    measure: Literal["signed", "fidelity"] = Field(default="signed", description="signed overlap tells a crash from a rally")
    k: int = Field(default=10, ge=1, le=100)
    kinds: tuple[StateKind, ...] = Field(default=(), description="none named means all")
    symbols: Annotated[tuple[Symbol, ...], Field(max_length=100)] = Field(default=(), description="none named means all")
    since: Nanoseconds | None = Field(default=None, description="market time, included")
    until: Nanoseconds | None = Field(default=None, description="market time, excluded")
    apart: int = Field(default=0, ge=0, le=86_400, description="bars of a symbol between two results, and from what was asked")


class QuantumCompute(Message):
    kind: Literal["qasm", "coherence", "state", "search", "statistics", "infer", "job", "resonance"]
    source: Annotated[str, Field(max_length=200_000)] | None = None
    shots: int = Field(default=1024, ge=1, le=1_000_000)
    seed: int | None = None
    symbol: Symbol | None = None
    search: FindStates | None = None
    method: Annotated[str, Field(max_length=40, description="of kind statistics: its path behind /stats/; of kind job: the kind of job")] | None = None
    parameters: dict[str, JsonValue] = Field(default_factory=dict, description="of that method; of kind infer: what POST /infer takes; of kind resonance: what POST /resonance takes; of kind coherence without a symbol: what POST /coherence takes; of kind state without a symbol: what POST /states takes")


class QuantumResult(Message):
    kind: str
    data: JsonValue
