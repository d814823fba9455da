"""Calls of subroutines: arguments bound, the body run in scopes of its own, the result converted."""

from __future__ import annotations

from collections.abc import Callable, Generator

from ..program import Op
from . import syntax as s
from .conditions import Conditions
from .evaluator import Names
from .store import Array, Binding, Cell, Qubits
from .unit import Limits, Unit
from .values import Value, converted

Steps = Generator[Op, int | None, None]
Result = Generator[Op, int | None, Value | None]
MAX_CALLS = 40


class Returned(Exception):
    """A subroutine is over."""

    def __init__(self, value: Value | None) -> None:
        self.value = value


class Routines(Conditions):
    """What a machine needs to call subroutines; `_statements` runs a body."""

    def __init__(self, unit: Unit, scopes: list[Names], limits: Limits, check: Callable[[], None]) -> None:
        super().__init__(unit, scopes, limits, check)
        self._level = 0

    def _statements(self, body: s.Block) -> Steps:
        raise NotImplementedError

    def _make_calls(self, statement: s.Statement) -> Steps:
        """Make the calls in a statement's expressions, so that these can be evaluated."""
        for node in self.unit.calls.get(id(statement), ()):
            operands = node.operands if isinstance(node, s.QuantumCall) else ()
            value = yield from self._invoke(node.at, node.name, (*node.arguments, *operands))
            if value is not None:
                self.called[id(node)] = value

    def _invoke(self, at: int, name: str, arguments: tuple[s.Expression, ...]) -> Result:
        if name in self.unit.externs:
            raise self.sources.cannot_run(at, f"extern {name!r} has no implementation here", "a subroutine (def)")
        routine = self.unit.defs[name]
        if self._level >= MAX_CALLS:
            raise self.sources.cannot_run(at, f"subroutines call each other deeper than {MAX_CALLS} levels")
        bound = self._bound(at, routine, arguments)
        saved = self.scopes, self.called
        self.scopes, self.called, self._level = [self.constants, bound], {}, self._level + 1
        value: Value | None = None
        try:
            yield from self._statements(routine.body)
        except Returned as returned:
            value = returned.value
        finally:
            self.scopes, self.called = saved
            self._level -= 1
        return self._returned(at, routine, value)

    def _returned(self, at: int, routine: s.Def, value: Value | None) -> Value | None:
        if routine.returns is None:
            return None
        if value is None:
            raise self.fault(at, f"{routine.name!r} ends without a value", "a return with a value")
        kind = self.kind(routine.returns)
        return Value(kind, self.guarded(at, lambda: converted(value, kind)))

    def _bound(self, at: int, routine: s.Def, arguments: tuple[s.Expression, ...]) -> Names:
        if len(arguments) != len(routine.parameters):
            raise self.fault(at, f"{routine.name!r} is given {len(arguments)} arguments", str(len(routine.parameters)))
        bound: Names = {}
        used: list[int] = []
        for parameter, argument in zip(routine.parameters, arguments, strict=True):
            found = self._argument(parameter, argument)
            bound[parameter.name] = found
            used += found.numbers if isinstance(found, Qubits) else ()
        if len(set(used)) != len(used):
            raise self.fault(at, f"{routine.name!r} is given the same qubit twice", "different qubits")
        return bound

    def _argument(self, parameter: s.Parameter, argument: s.Expression) -> Binding:
        kind = parameter.type
        if kind.name == "qubit":
            return self._qubit_argument(kind, argument)
        if kind.name == "array":
            return self._array_argument(kind, argument)
        scalar = self.kind(kind)
        return Cell(scalar, self.data(argument, scalar))

    def _qubit_argument(self, kind: s.TypeOf, argument: s.Expression) -> Qubits:
        found = self.qubits_of(argument)
        size = 1 if kind.size is None else self.whole(kind.size)
        if len(found.numbers) != size:
            raise self.fault(argument.at, f"{len(found.numbers)} qubits are given", str(size))
        return Qubits(found.numbers, single=kind.size is None)

    def _array_argument(self, kind: s.TypeOf, argument: s.Expression) -> Array:
        found = self.place(argument)
        if not isinstance(found, Array) or kind.element is None:
            raise self.fault(argument.at, "this is no array", "an array")
        shape = tuple(self.whole(d) for d in kind.dims)
        rank = len(shape) if kind.rank is None else self.whole(kind.rank)
        if found.kind != self.kind(kind.element) or found.items.ndim != rank or (shape and found.items.shape != shape):
            wanted = f"an array of {self.kind(kind.element)}, {' x '.join(map(str, shape)) or f'{rank} dimensions'}"
            raise self.fault(argument.at, f"an array of {found.kind} of shape {found.items.shape}", wanted)
        if kind.access == "mutable" and found.const:
            raise self.fault(argument.at, "a readonly array cannot be changed", "a mutable array")
        return Array(found.kind, found.items, kind.access == "readonly")
