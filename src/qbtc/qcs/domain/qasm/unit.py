"""A checked program: its statements, what it defines, where its registers lie and which calls must be made before what."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..program import Register
from . import syntax as s
from .errors import Sources
from .gates import Gate
from .store import Binding


def unwatched() -> None:
    """The check of what nobody stops."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program may need: more is refused with a sentence that says so. `steps` bounds classical statements of a run."""

    qubits: int = 22
    bits: int = 4096
    operations: int = 200_000
    steps: int = 1_000_000


@dataclass(slots=True)
class Unit:
    """`calls` lists, by the id of a statement, the calls in it that may act on qubits, innermost first."""

    source: s.Source
    sources: Sources
    gates: dict[str, Gate | s.GateDef] = field(default_factory=dict)
    defs: dict[str, s.Def] = field(default_factory=dict)
    externs: dict[str, s.Extern] = field(default_factory=dict)
    calls: dict[int, list[s.Call | s.QuantumCall]] = field(default_factory=dict)
    qubits: dict[str, Register] = field(default_factory=dict)
    bits: dict[str, Register] = field(default_factory=dict)
    inputs: dict[str, s.Channelled] = field(default_factory=dict)
    outputs: dict[str, s.TypeOf] = field(default_factory=dict)
    constants: dict[str, Binding] = field(default_factory=dict)
