"""`Program` -> OpenQASM 2 or 3. What a version cannot say is refused with a sentence; global phases are not kept."""

from __future__ import annotations

import cmath
import math

import numpy as np

from qbtc.core.hilbert.types import Complex

from ..program import Channel, Condition, Measure, Op, Program, Register, Reset, Unitary
from .expansion import of_gate, powered
from .gates import BUILT_IN_2, QELIB1, STDGATES, Gate
from .printer import number

_CLOSE = 1e-10
_PI = {math.pi * n / d: (n, d) for d in (1, 2, 3, 4, 6, 8, 16, 32) for n in range(-2 * d, 2 * d + 1) if n}


class CannotExport(ValueError):
    """The version of the language cannot say an operation; the message names it."""


def exported(program: Program, version: int) -> str:
    """OpenQASM text of version 2 or 3 with the same registers. Raises CannotExport."""
    if version not in (2, 3):
        raise CannotExport(f"there is no OpenQASM {version}; allowed are 2 and 3")
    writer = _Writer2(program) if version == 2 else _Writer3(program)
    body = [line for op in program.ops for line in writer.operation(op)]
    return "\n".join([*writer.header(), *body]) + "\n"


def angle(value: float) -> str:
    """A parameter: simple multiples of pi by name, others in full precision."""
    found = _PI.get(value)
    if found is None:
        return number(value) if value else "0"
    numerator, denominator = found
    common = math.gcd(numerator, denominator)
    numerator, denominator = numerator // common, denominator // common
    times = {1: "pi", -1: "-pi"}.get(numerator, f"{numerator}*pi")
    return times if denominator == 1 else f"{times}/{denominator}"


def _same(a: Complex, b: Complex) -> bool:
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=0, atol=_CLOSE))


def euler(matrix: Complex) -> tuple[float, float, float, float]:
    """theta, phi, lambda and phase of a 2 x 2 unitary: exp(i phase) u(theta, phi, lambda)."""
    theta = 2 * math.atan2(abs(matrix[1, 0]), abs(matrix[0, 0]))
    if abs(matrix[0, 0]) > abs(matrix[1, 0]) * 1e-9:
        phase = cmath.phase(matrix[0, 0])
        total = cmath.phase(matrix[1, 1]) - phase
        phi = cmath.phase(matrix[1, 0]) - phase if abs(matrix[1, 0]) > 1e-9 else 0.0
        return theta, phi, total - phi, phase
    phase = cmath.phase(matrix[1, 0])
    return theta, 0.0, cmath.phase(-matrix[0, 1]) - phase, phase


class _Writer:
    """What both versions share: names of qubits and bits, and gates that the version's library has."""

    library: dict[str, Gate]

    def __init__(self, program: Program) -> None:
        self.program = program
        self.qubits = _names(program.qubits)
        self.bits = _names(program.bits)

    def header(self) -> list[str]:
        raise NotImplementedError

    def operation(self, op: Op) -> list[str]:
        lines = self._plain(op)
        if op.condition is None:
            return lines
        return [f"if ({self.condition(op.condition)}) {line}" for line in lines]

    def _plain(self, op: Op) -> list[str]:
        if isinstance(op, Measure):
            return [self.measure(self.qubits[op.qubit], self.bits[op.bit])]
        if isinstance(op, Reset):
            return [f"reset {self.qubits[op.qubit]};"]
        if isinstance(op, Channel):
            raise CannotExport(f"the channel {op.name!r} has no form in OpenQASM")
        return self.gate(op)

    def measure(self, qubit: str, bit: str) -> str:
        raise NotImplementedError

    def condition(self, condition: Condition) -> str:
        raise NotImplementedError

    def gate(self, op: Unitary) -> list[str]:
        raise NotImplementedError

    def call(self, name: str, parameters: tuple[float, ...], qubits: tuple[int, ...]) -> str:
        inside = f"({', '.join(angle(p) for p in parameters)})" if parameters else ""
        return f"{name}{inside} {', '.join(self.qubits[q] for q in qubits)};"

    def known(self, op: Unitary) -> str | None:
        """The operation as one gate of the library, by its own name or by that of its base."""
        for name in (op.name, *_controlled_names(op, self.library)):
            gate = self.library.get(name)
            if gate is None or gate.parameters != len(op.parameters):
                continue
            shape = gate.controls == len(op.controls) and gate.targets == len(op.targets)
            if shape and _same(gate.matrix(*op.parameters), op.matrix):
                return self.call(name, op.parameters, op.qubits)
        return None


def _controlled_names(op: Unitary, library: dict[str, Gate]) -> list[str]:
    """Gates with the same number of controls and targets."""
    shape = (len(op.parameters), len(op.controls), len(op.targets))
    return [name for name, g in library.items() if (g.parameters, g.controls, g.targets) == shape]


def _names(registers: tuple[Register, ...]) -> list[str]:
    return [_element(r, i) for r in registers for i in range(r.size)]


def _element(register: Register, index: int) -> str:
    return f"${index}" if register.name == "$" else f"{register.name}[{index}]"


class _Writer2(_Writer):
    library = BUILT_IN_2 | QELIB1

    def header(self) -> list[str]:
        reserved = [r.name for r in (*self.program.qubits, *self.program.bits) if not _is_name_2(r.name)]
        if reserved:
            raise CannotExport(f"{reserved[0]!r} is no name of a register in OpenQASM 2")
        lines = ["OPENQASM 2.0;", 'include "qelib1.inc";']
        lines += [f"qreg {r.name}[{r.size}];" for r in self.program.qubits]
        return lines + [f"creg {r.name}[{r.size}];" for r in self.program.bits]

    def measure(self, qubit: str, bit: str) -> str:
        return f"measure {qubit} -> {bit};"

    def condition(self, condition: Condition) -> str:
        for register in self.program.bits:
            if (register.offset, register.size) == (condition.offset, condition.size):
                return f"{register.name} == {condition.value}"
        bits = f"bits {condition.offset} to {condition.offset + condition.size - 1}"
        raise CannotExport(f"OpenQASM 2 compares whole registers only, not {bits}; export to version 3")

    def gate(self, op: Unitary) -> list[str]:
        found = self.known(op)
        if found is not None:
            return [found]
        if len(op.targets) == 1 and len(op.controls) <= 1:
            theta, phi, lam, phase = euler(op.matrix)
            if not op.controls:
                return [self.call("u3", (theta, phi, lam), op.qubits)]
            return [self.call("cu", (theta, phi, lam, phase), op.qubits)]
        many = f"{op.name!r} with {len(op.controls)} controls on {len(op.targets)} qubits"
        raise CannotExport(f"OpenQASM 2 has no gate for {many}; export to version 3")


class _Writer3(_Writer):
    library = STDGATES

    def header(self) -> list[str]:
        lines = ["OPENQASM 3.0;", 'include "stdgates.inc";']
        lines += [f"qubit[{r.size}] {r.name};" for r in self.program.qubits if r.name != "$"]
        return lines + [f"bit[{r.size}] {r.name};" for r in self.program.bits]

    def measure(self, qubit: str, bit: str) -> str:
        return f"{bit} = measure {qubit};"

    def condition(self, condition: Condition) -> str:
        for register in self.program.bits:
            start = condition.offset - register.offset
            if start < 0 or start + condition.size > register.size:
                continue
            if condition.size == register.size:
                return f"{register.name} == {condition.value}"
            if condition.size == 1:
                return f"{register.name}[{start}] == {condition.value}"
            return f"{register.name}[{start}:{start + condition.size - 1}] == {condition.value}"
        raise CannotExport("a condition over the end of a register")

    def gate(self, op: Unitary) -> list[str]:
        found = self.known(op) or self._controlled(op)
        if found is not None:
            return [found]
        if len(op.targets) == 1:
            return self._synthesised(op)
        found = self._power(op)
        if found is not None:
            return [found]
        if op.name in ("rxx", "rzz") and len(op.targets) == 2:
            return self._coupling(op)
        raise CannotExport(f"{op.name!r} on {len(op.targets)} qubits is a matrix without a name in OpenQASM 3")

    def _controlled(self, op: Unitary) -> str | None:
        """`ctrl(n) @` on a gate of the library that is the same matrix."""
        for name, gate in self.library.items():
            extra = len(op.controls) - gate.controls
            if extra < 1 or gate.targets != len(op.targets) or gate.parameters != len(op.parameters):
                continue
            if not gate.phase(*op.parameters) and _same(gate.matrix(*op.parameters), op.matrix):
                return self._ctrl(extra) + self.call(name, op.parameters, op.qubits)
        return None

    def _power(self, op: Unitary) -> str | None:
        """`pow(k) @` on a gate of the library, as the expansion of a power names it."""
        name, _, exponent = op.name.partition("^")
        gate = self.library.get(name)
        if gate is None or not exponent or gate.parameters != len(op.parameters) or gate.targets != len(op.targets):
            return None
        again = powered(of_gate(gate, op.parameters), float(exponent)).steps[0]
        if not _same(again.matrix, op.matrix):
            return None
        return self._ctrl(len(op.controls) - gate.controls) + self.call(
            f"pow({exponent}) @ {name}", op.parameters, op.qubits
        )

    def _ctrl(self, count: int) -> str:
        return "ctrl @ " if count == 1 else f"ctrl({count}) @ " if count else ""

    def _synthesised(self, op: Unitary) -> list[str]:
        """U with the phase that version 3 gives it taken back, where controls make it observable."""
        theta, phi, lam, phase = euler(op.matrix)
        lines = [self._ctrl(len(op.controls)) + self.call("U", (theta, phi, lam), op.qubits)]
        rest = math.remainder(phase - theta / 2, math.tau)
        if op.controls and abs(rest) > 1e-15:
            lines.append(self._ctrl(len(op.controls) - 1) + self.call("p", (rest,), op.controls))
        return lines

    def _coupling(self, op: Unitary) -> list[str]:
        """exp(-i theta ZZ / 2) or XX by two CNOTs; controls are needed on the rotation only."""
        a, b = op.targets
        turn = [self.call("h", (), (q,)) for q in op.targets] if op.name == "rxx" else []
        cx = self.call("cx", (), (a, b))
        middle = self._ctrl(len(op.controls)) + self.call("rz", op.parameters, (*op.controls, b))
        return [*turn, cx, middle, cx, *turn]


def _is_name_2(name: str) -> bool:
    return name.isascii() and name.isidentifier() and name not in ("pi", "U", "CX") and name not in QELIB1
