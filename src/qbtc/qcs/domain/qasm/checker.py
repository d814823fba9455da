"""What can be said of a program without running it: names, scopes, numbers of arguments, where statements may stand.

Gives the `Unit` that the machine runs. Shapes and conversions of values are checked where they are computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..program import Register
from . import syntax as s
from .errors import QasmError, Sources
from .evaluator import Evaluator
from .gates import BUILT_IN_2, BUILT_IN_3, COMPOSITES, PAPER, QELIB1, STDGATES, Gate
from .references import References
from .scopes import Symbol
from .store import Cell
from .unit import Limits, Unit

MAX_LEVELS = 100
LIBRARIES = {"stdgates.inc": STDGATES, "qelib1.inc": QELIB1}
_CONTEXTS = {"break": "a loop", "continue": "a loop"}
_IN_GATES = (s.GateCall, s.Barrier, s.Nop, s.For, s.If, s.Scope, s.Box, s.Annotated, s.Pragma)
REPLACEABLE = frozenset({*QELIB1, *COMPOSITES} - set(PAPER))
"""Gates that Qiskit added to qelib1.inc: a circuit written for the original may define its own."""
_MEASURABLE = ("angle", "uint", "int")
_COUNTED = ("bit", "bool", "angle", "uint", "int")


class Checker(References):
    """`check` walks the program once."""

    def __init__(self, source: s.Source, sources: Sources, limits: Limits) -> None:
        version_2 = source.major == 2
        super().__init__(Unit(source, sources, gates=dict(BUILT_IN_2 if version_2 else BUILT_IN_3)), limits)
        self._evaluator = Evaluator(sources, [self.unit.constants])
        self._levels: dict[str, int] = {}
        self._own: set[str] = set()
        self._gate_name = ""
        self._measured: set[str] = set()
        self._handlers: dict[type, Callable[..., None]] = {
            s.Include: self._include,
            s.Annotated: lambda node: self._check(node.statement),
            s.Declare: self._declare,
            s.Channelled: self._channelled,
            s.Qubits: self._qubits,
            s.Alias: self._alias,
            s.Assign: self._assign,
            s.GateCall: self._gate_call,
            s.Barrier: lambda node: self._operands(node.operands),
            s.Nop: lambda node: self._operands(node.operands),
            s.ResetOf: lambda node: self._operands((node.operand,)),
            s.Delay: self._delay,
            s.Box: self._box,
            s.If: self._if,
            s.For: self._for,
            s.While: self._while,
            s.Switch: self._switch,
            s.Jump: self._jump,
            s.Return: self._return,
            s.Evaluate: lambda node: self._value(node.value),
            s.Scope: lambda node: self._block(node.body),
            s.Def: self._def,
            s.Extern: self._extern,
            s.GateDef: self._gate,
        }

    def check(self) -> Unit:
        """Raises QasmError at the first fault."""
        for statement in self.unit.source.body:
            self._check(statement)
        if self._hardware >= 0:
            self._register(self.unit.qubits, "$", self._hardware + 1, 0)
        self._lay_bits()
        return self.unit

    def _lay_bits(self) -> None:
        """The registers of the result: all global bits, or the outputs where there are any."""
        chosen = self.unit.outputs or {
            name: kind for name, kind in self._candidates.items() if kind.name == "bit" or name in self._measured
        }
        for name, kind in chosen.items():
            if kind.name in _COUNTED:
                self._register(self.unit.bits, name, self._evaluator.kind(kind).width, kind.at)

    def _register(self, table: dict[str, Register], name: str, size: int, at: int) -> None:
        used = sum(r.size for r in table.values())
        what, most = (
            ("qubits", self._limits.qubits) if table is self.unit.qubits else ("classical bits", self._limits.bits)
        )
        if used + size > most:
            raise self.sources.cannot_run(at, f"{used + size} {what}", f"at most {most}")
        table[name] = Register(name, used, size)

    def _check(self, statement: s.Statement) -> None:
        if "gate" in self._inside and not isinstance(statement, _IN_GATES):
            raise self.error(statement.at, "not allowed in the body of a gate", "gates, loops and barriers")
        outer, self._statement = self._statement, statement
        handler = self._handlers.get(type(statement))
        if handler is not None:
            handler(statement)
        self._statement = outer

    def _block(self, body: s.Block, names: dict[str, Symbol] | None = None) -> None:
        with self.scope(names or {}):
            for statement in body:
                self._check(statement)

    @contextmanager
    def _within(self, word: str) -> Iterator[None]:
        added = word not in self._inside
        self._inside.add(word)
        yield
        if added:
            self._inside.discard(word)

    def _global_only(self, node: s.Statement, what: str) -> None:
        if not self.is_global:
            raise self.error(node.at, f"{what} inside a block", f"{what} at the outermost level")

    # Statements

    def _include(self, node: s.Include) -> None:
        self._global_only(node, "an include")
        library = LIBRARIES.get(node.file)
        if library is None:  # files are read before the check, but not behind an annotation
            raise self.error(node.at, f'cannot include "{node.file}" here', "an include without an annotation")
        for name, gate in library.items():
            if not (self._version_2 and name in self.unit.gates):
                self.unit.gates[name] = gate

    def _declare(self, node: s.Declare) -> None:
        self._type(node.type)
        if isinstance(node.value, s.ArrayOf) and node.type.name != "array":
            raise self.error(node.value.at, f"an array literal for a {node.type.name}", "a value")
        self._value(node.value)
        repeated = node.const and self._repeated(node)
        if not repeated:
            self.declare(node.at, node.name, Symbol("array" if node.type.name == "array" else "value", node.const))
            self._new_gate_name(node.at, node.name)
        self._size_known(node)
        if node.const and self.is_global and node.value is not None and id(node) not in self.unit.calls:
            kind = self._evaluator.kind(node.type)
            self.unit.constants[node.name] = Cell(kind, self._evaluator.data(node.value, kind), const=True)
        elif self.is_global and node.type.name in ("bit", *_MEASURABLE):
            self._candidates[node.name] = node.type

    def _size_known(self, node: s.Declare) -> None:
        """`sizeof` of a global array or register is a constant."""
        dims = node.type.dims if node.type.name == "array" else (node.type.size,) if node.type.name == "bit" else ()
        sizes = [self._evaluator.whole(size) for size in dims if size is not None]
        if self.is_global and sizes:
            self._evaluator.shapes[node.name] = tuple(sizes)

    def _repeated(self, node: s.Declare) -> bool:
        """A constant that is declared again with the same type and value, which the language's own examples do."""
        before = self.unit.constants.get(node.name) if self.is_global else None
        if not isinstance(before, Cell) or node.value is None:
            return False
        return before.kind == self._evaluator.kind(node.type) and before.data == self._evaluator.data(
            node.value, before.kind
        )

    def _channelled(self, node: s.Channelled) -> None:
        self._global_only(node, f"an {node.direction}")
        self._type(node.type)
        self.declare(
            node.at, node.name, Symbol("array" if node.type.name == "array" else "value", node.direction == "input")
        )
        if node.direction == "input":
            self.unit.inputs[node.name] = node
        else:
            self.unit.outputs[node.name] = node.type

    def _qubits(self, node: s.Qubits) -> None:
        self._global_only(node, "a declaration of qubits")
        self._value(node.size)
        size = 1 if node.size is None else self._evaluator.whole(node.size)
        if size < 1:
            raise self.error(
                node.size.at if node.size else node.at, "a register cannot be empty", "a size of at least 1"
            )
        self.declare(node.at, node.name, Symbol("qubit" if node.size is None else "qubits"))
        self._new_gate_name(node.at, node.name)
        self._register(self.unit.qubits, node.name, size, node.size.at if node.size else node.at)
        if node.size is not None:
            self._evaluator.shapes[node.name] = (size,)

    def _new_gate_name(self, at: int, name: str) -> None:
        if self._version_2 and name in self.unit.gates:
            raise self.error(at, f"{name!r} is declared twice", "a new name")

    def _alias(self, node: s.Alias) -> None:
        symbol = self._base(node.value)
        role = symbol.role
        if (
            role == "qubits"
            and isinstance(node.value, s.Index)
            and not isinstance(node.value.items[0], s.Range | s.SetOf)
        ):
            role = "qubit"
        self.declare(
            node.at, node.name, Symbol("qubits" if isinstance(node.value, s.Concat) and role == "qubit" else role)
        )

    def _assign(self, node: s.Assign) -> None:
        self._value(node.value)
        symbol = self._base(node.target)
        if symbol.role not in ("value", "array"):
            raise self.error(node.target.at, f"{symbol.described} where a variable is needed", "a classical variable")
        if symbol.const:
            raise self.error(node.target.at, "a constant cannot be written", "a variable")
        base = _root(node.target)
        if isinstance(node.value, s.MeasureOf) and self.find(base) is self.outermost(base):
            self._measured.add(base)

    def _delay(self, node: s.Delay) -> None:
        self._value(node.duration)
        self._operands(node.operands)

    def _box(self, node: s.Box) -> None:
        self._value(node.duration)
        self._block(node.body)

    def _if(self, node: s.If) -> None:
        if self._version_2:
            self._register_only(node.condition)
        self._value(node.condition)
        self._block(node.then)
        self._block(node.otherwise or ())

    def _register_only(self, node: s.Expression) -> None:
        if isinstance(node, s.Binary) and isinstance(node.left, s.Name) and node.left.name not in self._candidates:
            known = ", ".join(self._candidates) or "none is declared"
            raise self.error(node.left.at, f"unknown register {node.left.name!r}", f"a classical register ({known})")

    def _for(self, node: s.For) -> None:
        self._type(node.type)
        self._value(node.values)
        with self._within("loop"):
            self._block(node.body, {node.name: Symbol("value")})

    def _while(self, node: s.While) -> None:
        self._value(node.condition)
        with self._within("loop"):
            self._block(node.body)

    def _switch(self, node: s.Switch) -> None:
        self._value(node.target)
        for case in node.cases:
            for value in case.values:
                self._value(value)
            self._block(case.body)

    def _jump(self, node: s.Jump) -> None:
        if node.word in _CONTEXTS and "loop" not in self._inside:
            raise self.error(node.at, f"{node.word!r} outside of a loop", "a place in a for or while loop")

    def _return(self, node: s.Return) -> None:
        if "def" not in self._inside:
            raise self.error(node.at, "'return' outside of a subroutine", "a place in a def")
        self._value(node.value)

    def _def(self, node: s.Def) -> None:
        self._global_only(node, "a subroutine")
        self.declare(node.at, node.name, Symbol("routine"))
        self.unit.defs[node.name] = node
        names: dict[str, Symbol] = {}
        for parameter in node.parameters:
            self._type(parameter.type)
            if parameter.name in names:
                raise self.error(parameter.at, f"{parameter.name!r} appears twice", "different names")
            names[parameter.name] = _parameter_symbol(parameter)
        with self.isolated(), self._replaced({"def"}):
            self._block(node.body, names)

    @contextmanager
    def _replaced(self, inside: set[str]) -> Iterator[None]:
        outer, self._inside = self._inside, inside
        yield
        self._inside = outer

    def _extern(self, node: s.Extern) -> None:
        self._global_only(node, "an extern")
        for kind in node.types:
            self._type(kind)
        self.declare(node.at, node.name, Symbol("routine"))
        self.unit.externs[node.name] = node

    def _gate(self, node: s.GateDef) -> None:
        self._global_only(node, "the definition of a gate")
        known = self.unit.gates.get(node.name)
        replaceable = self._version_2 and node.name in REPLACEABLE and node.name not in self._own
        if known is not None and not replaceable:
            raise self.error(node.at, f"{node.name!r} is declared twice", "a new name")
        self.declare(node.at, node.name, Symbol("gate"), gate=True)
        names: dict[str, Symbol] = {}
        for role, group in (("value", node.parameters), ("qubit", node.qubits)):
            for name in group:
                if name in names:
                    raise self.error(node.at, f"{name!r} appears twice", "different names")
                names[name] = Symbol(role, const=True)
        self._levels[node.name], self._gate_name = 0, node.name
        self._gate_qubits = node.qubits
        with self.isolated(), self._replaced({"gate"}):
            self._block(node.body or (), names)
        self.unit.gates[node.name] = node
        if self.sources.place(node.at)[0] not in LIBRARIES:
            self._own.add(node.name)

    def _gate_call(self, node: s.GateCall) -> None:
        for modifier in node.modifiers:
            self._value(modifier.value)
        if not node.modifiers and (node.name in self.unit.defs or node.name in self.unit.externs):
            self._routine_call(node.at, node.name, node.arguments, node.operands)
            return
        parameters, qubits = (1, 0) if node.name == "gphase" else self._gate_size(node)
        for argument in node.arguments:
            self._value(argument)
        self._value(node.duration)
        self._operands(node.operands)
        self._signature(node, parameters, qubits)

    def _signature(self, node: s.GateCall, parameters: int, qubits: int) -> None:
        if len(node.arguments) != parameters:
            raise self.error(node.at, f"{node.name!r} is given {len(node.arguments)} parameters", str(parameters))
        if any(m.value is not None and m.name != "pow" for m in node.modifiers):
            return
        qubits += sum(m.name in ("ctrl", "negctrl") for m in node.modifiers)
        if len(node.operands) != qubits:
            raise self.error(node.at, f"{node.name!r} is given {len(node.operands)} qubits", str(qubits))

    def _gate_size(self, node: s.GateCall) -> tuple[int, int]:
        gate = self.unit.gates.get(node.name)
        if gate is None:
            raise self._unknown_gate(node)
        self._deepen(node)
        if isinstance(gate, Gate):
            return gate.parameters, gate.qubits
        return len(gate.parameters), len(gate.qubits)

    def _deepen(self, node: s.GateCall) -> None:
        """Definitions may nest only so deep."""
        outer = self._gate_name
        if "gate" in self._inside:
            level = self._levels[outer] = max(self._levels[outer], 1 + self._levels.get(node.name, 0))
            if level > MAX_LEVELS:
                raise self.error(node.at, f"gate {outer!r} nests {level} definitions", f"at most {MAX_LEVELS}")

    def _unknown_gate(self, node: s.GateCall) -> QasmError:
        library = ("qelib1.inc", QELIB1) if self._version_2 else ("stdgates.inc", STDGATES)
        symbol = self.find(node.name)
        if symbol is not None and symbol.role != "gate":
            return self.error(node.at, f"{node.name!r} is {symbol.described}, not a gate", "the name of a gate")
        hint = f'include "{library[0]}"; first' if node.name in library[1] else "a gate that is defined before"
        return self.error(node.at, f"unknown gate {node.name!r}", hint)


def _root(node: s.Expression) -> str:
    while isinstance(node, s.Index):
        node = node.base
    return node.name if isinstance(node, s.Name) else ""


def _parameter_symbol(parameter: s.Parameter) -> Symbol:
    kind = parameter.type
    if kind.name == "qubit":
        return Symbol("qubit" if kind.size is None else "qubits")
    return Symbol("array", kind.access == "readonly") if kind.name == "array" else Symbol("value")
