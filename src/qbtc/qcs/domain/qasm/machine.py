"""Running a checked program: statements as a generator of operations that is sent the outcome of each measurement.

With `flat` the same machine flattens a program: measurements are answered with None, the bits they write are unknown, and
the first use of an unknown bit that is not a plain condition on gates raises NeedsFeedback.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping

from ..program import Measure, Op, Reset
from . import syntax as s
from .arithmetic import binary
from .evaluator import Names
from .routines import Returned, Routines, Steps
from .store import Array, Binding, Bits, Cell, NeedsFeedback, Qubits
from .unit import Limits, Unit, unwatched
from .values import Kind, Value, converted, zero

MAX_MADE = 10_000_000
"""Elements of all arrays that a run declares: they bound its memory."""


class Jumped(Exception):
    """`break` or `continue`, on its way to its loop."""

    def __init__(self, word: str) -> None:
        self.word = word


class Ended(Exception):
    """The program is over."""


class Machine(Routines):
    """One run; `check` may stop it by raising. `inputs` are the values of `input` declarations, already of their types; `barriers` those met so far."""

    def __init__(
        self,
        unit: Unit,
        limits: Limits,
        inputs: Mapping[str, Binding],
        *,
        flat: bool,
        check: Callable[[], None] = unwatched,
    ) -> None:
        self.globals: Names = {}
        super().__init__(unit, [self.globals], limits, check)
        self.inputs, self.flat = inputs, flat
        self.barriers: list[tuple[int, ...]] = []
        self._filled = 0
        self._hardware()
        self._plain: dict[type, Callable[..., None]] = {
            s.Alias: self._alias,
            s.Barrier: self._barrier,
            s.Channelled: self._channelled,
            s.Delay: self._delay,
            s.Jump: self._jump,
            s.Qubits: self._qubits,
        }
        self._acting: dict[type, Callable[..., Steps]] = {
            s.GateCall: self._call_statement,
            s.Assign: self._assign,
            s.Declare: self._declare,
            s.Evaluate: self._evaluate,
            s.ResetOf: self._reset,
            s.If: self._if,
            s.For: self._for,
            s.While: self._while,
            s.Switch: self._switch,
            s.Return: self._return,
            s.Scope: self._scope,
            s.Box: self._box,
            s.Annotated: self._annotated,
        }

    def _hardware(self) -> None:
        register = self.unit.qubits.get("$")
        if register is not None:
            self.constants |= {f"${i}": Qubits((register.offset + i,), single=True) for i in range(register.size)}
            self.globals |= self.constants

    def run(self) -> Steps:
        """All statements of the program."""
        try:
            yield from self._statements(self.unit.source.body)
        except Ended:
            return

    def result(self) -> int:
        """The bits of the result's registers as one integer."""
        bits = 0
        for name, register in self.unit.bits.items():
            cell = self.globals.get(name)
            if isinstance(cell, Cell):
                bits |= (int(cell.data.real) & ((1 << register.size) - 1)) << register.offset
        return bits

    def _block(self, body: s.Block, names: Names | None = None) -> Steps:
        self.scopes.append(names or {})
        try:
            yield from self._statements(body)
        finally:
            self.scopes.pop()

    def _statements(self, body: s.Block) -> Steps:
        gates = self.unit.gates
        for statement in body:
            self._step(statement.at)
            kind = type(statement)
            if isinstance(statement, s.GateCall) and (statement.name in gates or statement.name == "gphase"):
                if id(statement) in self.unit.calls:
                    yield from self._make_calls(statement)
                yield from self.gate_operations(statement)
            elif kind in self._acting:
                yield from self._acting[kind](statement)
            elif kind in self._plain:
                self._plain[kind](statement)

    # Statements that yield operations

    def _call_statement(self, call: s.GateCall) -> Steps:
        """A subroutine in the form of a gate."""
        yield from self._make_calls(call)
        yield from self._invoke(call.at, call.name, (*call.arguments, *call.operands))

    def _annotated(self, statement: s.Annotated) -> Steps:
        yield from self._statements((statement.statement,))

    def _evaluate(self, statement: s.Evaluate) -> Steps:
        yield from self._make_calls(statement)
        value = statement.value
        if isinstance(value, s.MeasureOf):
            yield from self._measure(value, None)
        elif not isinstance(value, s.Call | s.QuantumCall):
            self.value(value)

    def _assign(self, statement: s.Assign) -> Steps:
        yield from self._make_calls(statement)
        if isinstance(statement.value, s.MeasureOf) and statement.op == "=":
            yield from self._measure(statement.value, self.bits_of(statement.target))
            return
        target = self.place(statement.target)
        if isinstance(target, Qubits):
            raise self.fault(statement.target.at, "qubits cannot be assigned to", "a classical variable")
        if isinstance(target, Array):
            self._assign_array(statement, target)
            return
        if isinstance(statement.value, s.MeasureOf):
            yield from self._measured_value(statement.value)
        self.store(statement.target.at, target, self._new_value(statement, target))

    def _assign_array(self, statement: s.Assign, target: Array) -> None:
        if statement.op != "=":
            raise self.fault(statement.at, f"{statement.op!r} on an array", "'='")
        if target.const:
            raise self.fault(statement.target.at, "a readonly array cannot be written", "a mutable array")
        self.fill(target, statement.value)

    def _new_value(self, statement: s.Assign, target: Cell | Bits) -> int | float | complex:
        kind = target.kind if isinstance(target, Cell) else Kind("bit", None if target.single else len(target.parts))
        value = self.value(statement.value)
        if statement.op != "=":
            now = Value(kind, target.read())
            op = statement.op[:-1]
            value = self.guarded(statement.at, lambda: binary("^" if op == "~" else op, now, value))
        return self.guarded(statement.value.at, lambda: converted(value, kind))

    def store(self, at: int, target: Cell | Bits, data: int | float | complex) -> None:
        """Write a variable, unless a flat program could not say so."""
        cells = [target] if isinstance(target, Cell) else [cell for cell, _ in target.parts]
        if any(cell.const for cell in cells):
            raise self.fault(at, "a constant cannot be written", "a variable")
        if self.flat and (self.conditional or any(c.offset is not None and (data or c.unknown) for c in cells)):
            raise NeedsFeedback
        if isinstance(target, Cell):
            target.write(data)
        else:
            target.write(int(data.real))

    def _measured_value(self, node: s.MeasureOf) -> Steps:
        """Measure into a value of its own."""
        qubits = self.qubits_of(node.operand)
        cell = Cell(Kind("bit", None if qubits.single else len(qubits.numbers)), 0)
        yield from self._measure(node, Bits(tuple((cell, i) for i in range(len(qubits.numbers)))))
        self.called[id(node)] = Value(cell.kind, cell.read())

    def _measure(self, node: s.MeasureOf, target: Bits | None) -> Steps:
        qubits = self.qubits_of(node.operand).numbers
        if target is not None and len(target.parts) != len(qubits):
            raise self.fault(node.at, f"{len(qubits)} qubits measured into {len(target.parts)} bits", "as many bits")
        for i, qubit in enumerate(qubits):
            cell, place = target.parts[i] if target is not None else (None, 0)
            offset = cell.offset if cell is not None else None
            if self.flat and offset is None:
                raise NeedsFeedback
            outcome = yield Measure(qubit, place + (offset or 0))
            if cell is None:
                continue
            if outcome is None:
                cell.unknown |= 1 << place
            else:
                cell.write_bit(place, outcome)

    def _reset(self, statement: s.ResetOf) -> Steps:
        for qubit in self.qubits_of(statement.operand).numbers:
            yield Reset(qubit)

    def _declare(self, statement: s.Declare) -> Steps:
        yield from self._make_calls(statement)
        if statement.type.name == "array":
            array = self._room(statement.type)
            if statement.value is not None:
                self.fill(array, statement.value)
            self.scopes[-1][statement.name] = array
            return
        kind, value = self.kind(statement.type), statement.value
        cell = Cell(kind, zero(kind), statement.const)
        register = self.unit.bits.get(statement.name) if self.scopes[-1] is self.globals else None
        if register is not None and not statement.const:
            cell.offset = register.offset
        self.scopes[-1][statement.name] = cell
        if isinstance(value, s.MeasureOf):
            yield from self._measure(value, self.bits_of(s.Name(statement.at, statement.name)))
        elif value is not None:
            cell.data = self.data(value, kind)
            if self.flat and cell.offset is not None and cell.data:
                raise NeedsFeedback
        if statement.const and self.scopes[-1] is self.globals:
            self.constants[statement.name] = cell

    def _room(self, kind: s.TypeOf) -> Array:
        """A new array, unless the run has made too many elements."""
        array = self.new_array(kind)
        self._filled += array.items.size
        if self._filled > MAX_MADE:
            raise self.sources.cannot_run(
                kind.at, f"{self._filled} elements of arrays", f"at most {MAX_MADE} in a run, each declaration counted"
            )
        return array

    # Control flow

    def _scope(self, statement: s.Scope) -> Steps:
        yield from self._block(statement.body)

    def _box(self, statement: s.Box) -> Steps:
        if statement.duration is not None:
            self._time(statement.duration)
        yield from self._block(statement.body)

    def _if(self, statement: s.If) -> Steps:
        yield from self._make_calls(statement)
        try:
            holds = self.truth(statement.condition)
        except NeedsFeedback:
            yield from self._conditioned(statement)
            return
        body = statement.then if holds else statement.otherwise
        if body:
            yield from self._block(body)

    def _conditioned(self, statement: s.If) -> Steps:
        """The operations of both branches, each under its condition on measured bits."""
        branches = self.branches(statement)
        for condition, body in branches:
            self.conditional = True
            found = list(self._block(body))
            self.conditional = False
            yield from self.under(condition, found, last=body is branches[-1][1])

    def _for(self, loop: s.For) -> Steps:
        yield from self._make_calls(loop)
        kind = self.kind(loop.type)
        for data in self.loop_values(loop):
            self._step(loop.at)
            if not (yield from self._turn(loop.body, {loop.name: Cell(kind, data)})):
                return

    def _while(self, loop: s.While) -> Steps:
        while True:
            self._step(loop.at)
            yield from self._make_calls(loop)
            if not self.truth(loop.condition) or not (yield from self._turn(loop.body, {})):
                return

    def _turn(self, body: s.Block, names: Names) -> Generator[Op, int | None, bool]:
        """One turn of a loop; False ends it."""
        try:
            yield from self._block(body, names)
        except Jumped as jump:
            return jump.word == "continue"
        return True

    def _switch(self, statement: s.Switch) -> Steps:
        yield from self._make_calls(statement)
        target = self.whole(statement.target)
        for case in statement.cases:
            if not case.values or any(self.whole(value) == target for value in case.values):
                yield from self._block(case.body)
                return

    def _return(self, statement: s.Return) -> Steps:
        if self.conditional:
            raise NeedsFeedback
        yield from self._make_calls(statement)
        if isinstance(statement.value, s.MeasureOf):
            yield from self._measured_value(statement.value)
        raise Returned(None if statement.value is None else self.value(statement.value))

    # Statements that do not

    def _jump(self, statement: s.Jump) -> None:
        if self.conditional:
            raise NeedsFeedback
        raise Ended if statement.word == "end" else Jumped(statement.word)

    def _alias(self, statement: s.Alias) -> None:
        self.scopes[-1][statement.name] = self.place(statement.value)

    def _barrier(self, statement: s.Barrier) -> None:
        """Nothing for a simulator; kept for who draws."""
        numbers = [n for o in statement.operands for n in self.qubits_of(o).numbers]
        every = range(sum(r.size for r in self.unit.qubits.values()))
        self.barriers.append(tuple(numbers) if statement.operands else tuple(every))

    def _qubits(self, statement: s.Qubits) -> None:
        register = self.unit.qubits[statement.name]
        numbers = tuple(range(register.offset, register.offset + register.size))
        self.scopes[-1][statement.name] = Qubits(numbers, single=statement.size is None)

    def _channelled(self, statement: s.Channelled) -> None:
        name = statement.name
        if statement.direction == "input":
            if name not in self.inputs:
                raise self.sources.cannot_run(statement.at, f"input {name!r} needs a value", f"--input {name}=...")
            self.globals[name] = self.inputs[name]
        elif statement.type.name == "array":
            self.globals[name] = self._room(statement.type)
        else:
            kind = self.kind(statement.type)
            register = self.unit.bits.get(name)
            self.globals[name] = Cell(kind, zero(kind), offset=register.offset if register else None)

    def _delay(self, statement: s.Delay) -> None:
        self._time(statement.duration)

    def _time(self, node: s.Expression) -> None:
        value = self.value(node)
        if value.kind.name != "duration":
            raise self.fault(node.at, f"a {value.kind} as a time", "a duration such as 100ns")
