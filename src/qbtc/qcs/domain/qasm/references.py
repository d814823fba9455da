"""Names in expressions and operands: declared, visible, of the right role, with the right number of arguments."""

from __future__ import annotations

from collections.abc import Iterator

from . import syntax as s
from .arithmetic import ARITY, FUNCTIONS_2
from .evaluator import CONSTANTS
from .scopes import Scopes, Symbol
from .unit import Limits, Unit


class References(Scopes):
    """`_statement` is the one being checked, `_inside` says in what (loop, def, gate), `_candidates` are global classical
    registers so far, `_hardware` the highest hardware qubit."""

    def __init__(self, unit: Unit, limits: Limits) -> None:
        self.unit, self._limits, self._version_2 = unit, limits, unit.source.major == 2
        super().__init__(unit.sources, {"pi": 0.0} if self._version_2 else CONSTANTS)
        self._statement: s.Statement | None = None
        self._inside: set[str] = set()
        self._gate_qubits: tuple[str, ...] = ()
        self._candidates: dict[str, s.TypeOf] = {}
        self._hardware = -1

    def _block(self, body: s.Block, names: dict[str, Symbol] | None = None) -> None:
        raise NotImplementedError

    def _value(self, node: s.Expression | s.Range | s.SetOf | None) -> None:
        """Names are known and are values, functions exist and have their arguments."""
        if node is None or isinstance(node, s.Literal):
            return
        if isinstance(node, s.Name):
            symbol = self.known(node)
            if symbol.role not in ("value", "array"):
                raise self.error(node.at, f"{node.name!r} is {symbol.described}, not a value")
        elif isinstance(node, s.MeasureOf):
            self._operands((node.operand,))
        elif isinstance(node, s.Call | s.QuantumCall):
            self._call(node)
        elif isinstance(node, s.DurationOf):
            self._block(node.body)
        elif isinstance(node, s.Cast):
            self._type(node.type)
            self._value(node.operand)
        else:
            for child in _children(node):
                self._value(child)

    def _call(self, node: s.Call | s.QuantumCall) -> None:
        name = node.name
        routine = self.unit.defs.get(name) or self.unit.externs.get(name)
        if routine is not None:
            self._routine_call(node.at, name, node.arguments, node.operands if isinstance(node, s.QuantumCall) else ())
            self.unit.calls.setdefault(id(self._statement), []).append(node)
            return
        functions = FUNCTIONS_2 if self._version_2 else ARITY.keys() - {"ln"} | {"sizeof"}
        if isinstance(node, s.QuantumCall) or name not in functions:
            known = ", ".join(sorted(functions))
            raise self.error(node.at, f"unknown function {name!r}", f"one of {known}, or a subroutine declared before")
        for argument in node.arguments:
            self._value_or_register(argument) if name == "sizeof" else self._value(argument)
        wanted = ARITY.get(name, len(node.arguments))
        if len(node.arguments) != wanted:
            raise self.error(node.at, f"{name!r} is given {len(node.arguments)} values", str(wanted))

    def _value_or_register(self, node: s.Expression) -> None:
        if isinstance(node, s.Name) and self.known(node).role in ("qubits", "qubit"):
            return
        self._value(node)

    def _routine_call(
        self, at: int, name: str, arguments: tuple[s.Expression, ...], operands: tuple[s.Expression, ...]
    ) -> None:
        routine = self.unit.defs.get(name)
        extern = self.unit.externs.get(name)
        types = [p.type for p in routine.parameters] if routine else list(extern.types if extern else ())
        given = (*arguments, *operands)
        if len(given) != len(types):
            raise self.error(at, f"{name!r} is given {len(given)} arguments", str(len(types)))
        for kind, argument in zip(types, given, strict=True):
            self._operands((argument,)) if kind.name == "qubit" else self._value(argument)

    def _operands(self, nodes: tuple[s.Expression, ...]) -> None:
        for node in nodes:
            symbol = self._base(node)
            if symbol.role not in ("qubits", "qubit"):
                raise self.error(
                    node.at, f"{symbol.described} where a qubit is needed", "a qubit or a register of qubits"
                )

    def _base(self, node: s.Expression) -> Symbol:
        """The symbol that an operand is a part of; its indices are checked."""
        if isinstance(node, s.Name):
            if node.name.startswith("$"):
                return self._hardware_qubit(node)
            return self._operand_symbol(node)
        if isinstance(node, s.Index):
            for item in node.items:
                self._value(item)
            return self._base(node.base)
        if isinstance(node, s.Concat):
            symbols = [self._base(part) for part in node.parts]
            return symbols[0]
        self._value(node)
        return Symbol("value", const=True)

    def _operand_symbol(self, node: s.Name) -> Symbol:
        if self.find(node.name) is None and "gate" in self._inside:
            raise self.error(node.at, f"unknown qubit {node.name!r}", f"one of {', '.join(self._gate_qubits)}")
        if self.find(node.name) is None and self._version_2:
            known = ", ".join([*self.unit.qubits, *self._candidates]) or "none is declared"
            raise self.error(node.at, f"unknown register {node.name!r}", f"a qreg or creg ({known})")
        return self.known(node)

    def _hardware_qubit(self, node: s.Name) -> Symbol:
        if "gate" in self._inside:
            raise self.error(node.at, f"the hardware qubit {node.name} in a gate", "a qubit of the gate")
        number = int(node.name[1:10])
        if number >= self._limits.qubits:
            raise self.sources.cannot_run(node.at, f"{number + 1} qubits", f"at most {self._limits.qubits}")
        self._hardware = max(self._hardware, number)
        return Symbol("qubit")

    def _type(self, node: s.TypeOf) -> None:
        for part in (node.size, node.rank, *node.dims):
            self._value(part)
        if node.element is not None:
            self._type(node.element)


def _children(node: object) -> Iterator[s.Expression | s.Range | s.SetOf | None]:
    """The parts of an expression that are expressions."""
    if isinstance(node, s.Unary):
        yield node.operand
    elif isinstance(node, s.Binary):
        yield from (node.left, node.right)
    elif isinstance(node, s.Range):
        yield from (node.start, node.step, node.stop)
    elif isinstance(node, s.SetOf | s.ArrayOf):
        yield from node.items
    elif isinstance(node, s.Index):
        yield node.base
        yield from node.items
    elif isinstance(node, s.Concat):
        yield from node.parts
