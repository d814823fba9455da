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


class QuantumCompute(Message):
    kind: Literal["qasm", "coherence", "state", "statistics"]
    source: Annotated[str, Field(max_length=200_000)] | None = None
    shots: int = Field(default=1024, ge=1, le=1_000_000)
    seed: int | None = None
    symbol: Symbol | None = None
    method: Annotated[str, Field(max_length=40, description="of kind statistics: its path behind /stats/")] | None = None
    parameters: dict[str, JsonValue] = Field(default_factory=dict, description="of that method")


class QuantumResult(Message):
    kind: str
    data: JsonValue
