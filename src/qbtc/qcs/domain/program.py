"""The form of a circuit between front ends (OpenQASM) and simulators: what is run, not how it was written.

A `Program` is a flat list of operations; nothing in it depends on a measured value but a `Condition` on bits. A
`Feedback` is a circuit with classical control of any kind (loops, arithmetic, subroutines): a coroutine that yields
operations and is sent the outcome of each measurement. Simulators take both; `Program.start` makes the second of the first.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol

from qbtc.core.hilbert.types import Complex


@dataclass(frozen=True, slots=True)
class Condition:
    """`if (register == value)`: bits offset .. offset + size - 1, bit 0 least significant."""

    offset: int
    size: int
    value: int

    def holds(self, bits: int) -> bool:
        return (bits >> self.offset) & ((1 << self.size) - 1) == self.value


@dataclass(frozen=True, slots=True)
class Unitary:
    """`matrix` (2^k, 2^k) on `targets` (first target is the least significant), where all `controls` are 1.

    `name` and `parameters` say where the matrix comes from (drawing, export, gradients); simulators use the matrix.
    """

    name: str
    matrix: Complex
    targets: tuple[int, ...]
    controls: tuple[int, ...] = ()
    condition: Condition | None = None
    parameters: tuple[float, ...] = ()

    @property
    def qubits(self) -> tuple[int, ...]:
        return self.controls + self.targets


@dataclass(frozen=True, slots=True)
class Channel:
    """rho -> sum_k K rho K^H with `kraus` (m, 2^k, 2^k) on `targets` (first target is the least significant)."""

    name: str
    kraus: Complex
    targets: tuple[int, ...]
    condition: Condition | None = None

    @property
    def qubits(self) -> tuple[int, ...]:
        return self.targets


@dataclass(frozen=True, slots=True)
class Measure:
    qubit: int
    bit: int
    condition: Condition | None = None

    @property
    def qubits(self) -> tuple[int, ...]:
        return (self.qubit,)


@dataclass(frozen=True, slots=True)
class Reset:
    qubit: int
    condition: Condition | None = None

    @property
    def qubits(self) -> tuple[int, ...]:
        return (self.qubit,)


Op = Unitary | Channel | Measure | Reset
Ops = Generator[Op, int | None, int]


@dataclass(frozen=True, slots=True)
class Register:
    name: str
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Program:
    """Registers in order of declaration; qubit and bit numbers run through all registers of their kind."""

    qubits: tuple[Register, ...]
    bits: tuple[Register, ...]
    ops: tuple[Op, ...]

    @property
    def n_qubits(self) -> int:
        return sum(r.size for r in self.qubits)

    @property
    def n_bits(self) -> int:
        return sum(r.size for r in self.bits)

    def start(self) -> Ops:
        """The operations whose condition holds, as a `Feedback` gives them."""
        bits = 0
        for op in self.ops:
            if op.condition is not None and not op.condition.holds(bits):
                continue
            outcome = yield op
            if isinstance(op, Measure):
                if outcome is None:
                    raise ValueError("a measurement must be answered with its outcome, 0 or 1")
                bits = bits & ~(1 << op.bit) | outcome << op.bit
        return bits

    def depth(self) -> int:
        """Longest chain of operations that share a qubit or a classical bit; barriers do not count."""
        wires: dict[tuple[str, int], int] = {}
        for op in self.ops:
            used = [("q", q) for q in op.qubits]
            if isinstance(op, Measure):
                used.append(("c", op.bit))
            if op.condition is not None:
                used += [("c", op.condition.offset + i) for i in range(op.condition.size)]
            level = 1 + max(wires.get(w, 0) for w in used)
            wires.update(dict.fromkeys(used, level))
        return max(wires.values(), default=0)

    def format_bits(self, value: int) -> str:
        """Bits as Qiskit writes them: last register first, highest bit first, a space between registers."""
        return format_bits(self.bits, value)


class Feedback(Protocol):
    """A circuit whose operations may depend on measured values; qubits and bits are numbered as in `Program`.

    `start` begins one run. Each yielded `Measure` is answered (`send`) with its outcome, 0 or 1, any other operation with
    None; the value returned at the end is the final bits as one integer. Operations carry no `condition`. A run is a
    function of its outcomes alone, so a simulator may follow several outcomes by starting again and answering alike.
    """

    @property
    def qubits(self) -> tuple[Register, ...]: ...

    @property
    def bits(self) -> tuple[Register, ...]: ...

    def start(self) -> Ops: ...


def format_bits(registers: tuple[Register, ...], value: int) -> str:
    """Bits as Qiskit writes them: last register first, highest bit first, a space between registers."""
    words = (f"{(value >> r.offset) & ((1 << r.size) - 1):0{r.size}b}" for r in reversed(registers))
    return " ".join(words)
