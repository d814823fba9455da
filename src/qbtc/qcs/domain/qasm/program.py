"""The flat form of a circuit: what the simulator runs."""

from __future__ import annotations

from dataclasses import dataclass

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
    """`matrix` (2^k, 2^k) on `targets` (first target is the least significant), where all `controls` are 1."""

    name: str
    matrix: Complex
    targets: tuple[int, ...]
    controls: tuple[int, ...] = ()
    condition: Condition | None = None

    @property
    def qubits(self) -> tuple[int, ...]:
        return self.controls + self.targets


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


Op = Unitary | Measure | Reset


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
        words = (f"{(value >> r.offset) & ((1 << r.size) - 1):0{r.size}b}" for r in reversed(self.bits))
        return " ".join(words)
