"""Gate calls to unitary operations: parameters evaluated, definitions expanded once, registers broadcast."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from ..program import Op, Unitary
from . import expansion as x
from . import syntax as s
from .evaluator import Evaluator, Names
from .gates import Gate
from .store import Array, Bits, Cell, Qubits
from .unit import Limits, Unit, unwatched
from .values import BIT, FLOAT, LITERAL, Kind, Scalar, Value, converted, real, whole

MAX_CONTROLS = 64
Key = tuple[str, tuple[float, ...]]
Form = tuple[tuple[str, float], ...]


class GateCalls(Evaluator):
    """An evaluator that knows the gates of a unit; `check` is asked at each step and stops it by raising."""

    def __init__(self, unit: Unit, scopes: list[Names], limits: Limits, check: Callable[[], None] = unwatched) -> None:
        super().__init__(unit.sources, scopes)
        self.unit, self.limits, self.check = unit, limits, check
        self.constants: Names = {}
        self._expanded: dict[Key, x.Expanded] = {}
        self._modified: dict[tuple[Key, Form], x.Expanded] = {}
        self._steps = 0

    def _step(self, at: int) -> None:
        """Count what a run does, whether or not it yields operations."""
        self._steps += 1
        self.check()
        if self._steps > self.limits.steps:
            raise self.sources.cannot_run(
                at, "the program takes too long", f"at most {self.limits.steps} statements a run"
            )

    def gate_operations(self, call: s.GateCall) -> list[Op]:
        """The call on its qubits, one after the other where operands are registers."""
        gate = self.gate_of(call)
        found: list[Op] = []
        applied = self.broadcast(call, gate.qubits)
        if len(applied) * len(gate.steps) > self.limits.operations:
            raise self.too_many(call.at)
        for places in applied:
            for step in gate.steps:
                targets = tuple([places[t] for t in step.targets])
                controls = tuple([places[c] for c in step.controls])
                found.append(Unitary(step.name, step.matrix, targets, controls, None, step.parameters))
        return found

    def broadcast(self, call: s.GateCall, wanted: int) -> list[tuple[int, ...]]:
        """The qubits of each application. Registers of one call have one length; single qubits are repeated."""
        operands = [self.qubits_of(o) for o in call.operands]
        if len(operands) != wanted:
            raise self.fault(call.at, f"{call.name!r} is given {len(operands)} qubits", str(wanted))
        lengths = {len(o.numbers) for o in operands if not o.single}
        if len(lengths) > 1:
            raise self.fault(call.at, f"registers of sizes {sorted(lengths)}", "registers of one size")
        count = lengths.pop() if lengths else 1
        found = [tuple([o.numbers[0 if o.single else i] for o in operands]) for i in range(count)]
        for places in found:
            if len(set(places)) != len(places):
                raise self.fault(call.at, f"{call.name!r} is given the same qubit twice", "different qubits")
        return found

    def qubits_of(self, node: s.Expression) -> Qubits:
        found = self.place(node)
        if not isinstance(found, Qubits):
            raise self.fault(node.at, "this is no qubit", "a qubit or a register of qubits")
        return found

    def gate_of(self, call: s.GateCall) -> x.Expanded:
        """The gate of a call with its parameters and modifiers."""
        parameters = tuple([self.real(a) for a in call.arguments])
        key = (call.name, parameters)
        gate = self._expanded.get(key)
        if gate is None:
            gate = self._expanded[key] = self._expand(call, parameters)
        if not call.modifiers:
            return gate
        form = tuple([(m.name, self._amount(m)) for m in call.modifiers])
        found = self._modified.get((key, form))
        if found is None:
            found = self._modified[key, form] = self._modify(call, gate, form)
        return found

    def _amount(self, modifier: s.Modifier) -> float:
        if modifier.value is None:
            return 1.0
        value = self.value(modifier.value)
        if modifier.name == "pow":
            return self.guarded(modifier.value.at, lambda: real(value))
        count = self.guarded(modifier.value.at, lambda: whole(value))
        if not 1 <= count <= MAX_CONTROLS:
            raise self.fault(modifier.value.at, f"{count} controls", f"1 to {MAX_CONTROLS}")
        return count

    def _modify(self, call: s.GateCall, gate: x.Expanded, form: Form) -> x.Expanded:
        for name, amount in reversed(form):
            if name == "inv":
                gate = x.inverted(gate)
            elif name == "pow":
                gate = self.guarded(call.at, partial(x.powered, gate, amount))
            else:
                gate = x.controlled(gate, int(amount), negative=name == "negctrl")
        return gate

    def _expand(self, call: s.GateCall, parameters: tuple[float, ...]) -> x.Expanded:
        if call.name == "gphase":
            if len(parameters) != 1:
                raise self.fault(call.at, f"'gphase' is given {len(parameters)} parameters", "1")
            return x.Expanded(0, (), math.remainder(parameters[0], math.tau))
        gate = self.unit.gates[call.name]
        wanted = gate.parameters if isinstance(gate, Gate) else len(gate.parameters)
        if len(parameters) != wanted:
            raise self.fault(call.at, f"{call.name!r} is given {len(parameters)} parameters", str(wanted))
        if isinstance(gate, Gate):
            return x.of_gate(gate, parameters)
        if gate.body is None:
            raise self.sources.cannot_run(call.at, f"{call.name!r} is opaque: it has no definition to simulate")
        return self._body(call, gate, parameters)

    def _body(self, call: s.GateCall, gate: s.GateDef, parameters: tuple[float, ...]) -> x.Expanded:
        bound: Names = {n: Cell(FLOAT, p, const=True) for n, p in zip(gate.parameters, parameters, strict=True)}
        bound |= {q: Qubits((i,), single=True) for i, q in enumerate(gate.qubits)}
        scopes, self.scopes = self.scopes, [self.constants, bound]
        steps: list[x.Step] = []
        try:
            phase = self._gate_block(gate.body or (), steps)
        finally:
            self.scopes = scopes
        if len(steps) > self.limits.operations:
            raise self.too_many(call.at)
        return x.Expanded(len(gate.qubits), tuple(steps), math.remainder(phase, math.tau))

    def too_many(self, at: int) -> Exception:
        return self.sources.cannot_run(at, "too many operations", f"at most {self.limits.operations}")

    def _gate_block(self, body: s.Block, steps: list[x.Step]) -> float:
        """Adds the steps of a gate's body; gives its phase. What else a body may hold does nothing."""
        phase = 0.0
        self.scopes.append({})
        for statement in body:
            self._step(statement.at)
            if isinstance(statement, s.GateCall):
                gate = self.gate_of(statement)
                for places in self.broadcast(statement, gate.qubits):
                    steps += [x.moved(step, places) for step in gate.steps]
                    phase += gate.phase
            elif isinstance(statement, s.For):
                phase += self._gate_loop(statement, steps)
            elif isinstance(statement, s.If):
                chosen = statement.then if self.truth(statement.condition) else statement.otherwise or ()
                phase += self._gate_block(chosen, steps)
            elif isinstance(statement, s.Scope | s.Box):
                phase += self._gate_block(statement.body, steps)
            if len(steps) > self.limits.operations:
                raise self.too_many(statement.at)
        self.scopes.pop()
        return phase

    def _gate_loop(self, loop: s.For, steps: list[x.Step]) -> float:
        phase = 0.0
        kind = self.kind(loop.type)
        values = self.loop_values(loop)
        if len(values) > self.limits.operations:
            raise self.too_many(loop.at)
        for data in values:
            self._step(loop.at)
            self.scopes.append({loop.name: Cell(kind, data)})
            phase += self._gate_block(loop.body, steps)
            self.scopes.pop()
        return phase

    def loop_values(self, loop: s.For) -> list[Scalar] | range:
        """What the loop's variable becomes, in order."""
        kind, values = self.kind(loop.type), loop.values
        if isinstance(values, s.Range):
            found = self.range(values)
            if kind.name in ("int", "uint") and (not found or _fits(found, kind)):
                return found
            if len(found) > self.limits.steps:
                raise self.sources.cannot_run(loop.at, f"a loop of {len(found)} turns", f"at most {self.limits.steps}")
            return self.guarded(values.at, lambda: [converted(Value(LITERAL, n), kind) for n in found])
        if isinstance(values, s.SetOf):
            return [self.data(item, kind) for item in values.items]
        return self._elements(values, kind)

    def _elements(self, node: s.Expression, kind: Kind) -> list[Scalar]:
        """The elements of an array, or the bits of a register."""
        found = self.place(node)
        if isinstance(found, Array) and found.items.ndim == 1:
            values = [Value(found.kind, data) for data in found.items.tolist()]
        elif isinstance(found, Cell | Bits) and not isinstance(found, Array):
            value = self.value(node)
            if value.kind.name != "bit":
                raise self.fault(
                    node.at, f"a loop over a {value.kind}", "a range, a set, an array or a register of bits"
                )
            values = [Value(BIT, int(value.data.real) >> i & 1) for i in range(value.kind.width)]
        else:
            raise self.fault(
                node.at, "a loop over this", "a range, a set, a one-dimensional array or a register of bits"
            )
        return self.guarded(node.at, lambda: [converted(v, kind) for v in values])


def _fits(numbers: range, kind: Kind) -> bool:
    low, high = min(numbers[0], numbers[-1]), max(numbers[0], numbers[-1])
    half = 1 << (kind.width - 1)
    return (low >= 0 and high < 2 * half) if kind.name == "uint" else -half <= low and high < half
