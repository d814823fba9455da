"""Conditions on measured bits that a flat program can say: `if` of a register or a bit compared with a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..program import Condition, Measure, Op
from . import syntax as s
from .evaluator import Names
from .gatecalls import GateCalls
from .store import Bits, Cell, NeedsFeedback
from .unit import Limits, Unit
from .values import INTEGERS

Branches = list[tuple[Condition, s.Block]]
_NOT = ("!", "~")


class Conditions(GateCalls):
    """`conditional` says that what runs now is under a condition, where nothing classical may change."""

    def __init__(self, unit: Unit, scopes: list[Names], limits: Limits, check: Callable[[], None]) -> None:
        super().__init__(unit, scopes, limits, check)
        self.conditional = False

    def branches(self, statement: s.If) -> Branches:
        """The condition of each branch. Raises NeedsFeedback where it is more than bits equal to a value."""
        if self.conditional:
            raise NeedsFeedback
        condition = self._condition(statement.condition)
        found = [(condition, statement.then)]
        if statement.otherwise is not None:
            found.append((_flipped(condition), statement.otherwise))
        return found

    def under(self, condition: Condition, ops: list[Op], *, last: bool) -> list[Op]:
        """The operations, each under the condition, if none of them changes what a later one looks at; behind the `last`
        branch nothing looks any more."""
        looked = range(condition.offset, condition.offset + condition.size)
        followed = ops if not last else ops[:-1]
        if any(isinstance(op, Measure) and op.bit in looked for op in followed):
            raise NeedsFeedback
        return [replace(op, condition=condition) for op in ops]

    def _condition(self, node: s.Expression) -> Condition:
        if isinstance(node, s.Unary) and node.op in _NOT:
            return _flipped(self._condition(node.operand))
        if isinstance(node, s.Cast) and node.type.name == "bool":
            return self._condition(node.operand)
        if isinstance(node, s.Binary) and node.op in ("==", "!="):
            return self._compared(node)
        offset, size, _ = self._register(node)
        if size != 1:
            raise NeedsFeedback
        return Condition(offset, 1, 1)

    def _compared(self, node: s.Binary) -> Condition:
        register, other = node.left, node.right
        try:
            compared = self.value(other)
        except NeedsFeedback:
            register, other = other, register
            compared = self.value(other)
        if compared.kind.name not in INTEGERS:
            raise NeedsFeedback
        value = int(compared.data.real)
        offset, size, signed = self._register(register)
        lowest, highest = (-(1 << size - 1), (1 << size - 1) - 1) if signed else (0, (1 << size) - 1)
        if not lowest <= value <= highest:
            raise NeedsFeedback
        condition = Condition(offset, size, value % (1 << size))
        return _flipped(condition) if node.op == "!=" else condition

    def _register(self, node: s.Expression) -> tuple[int, int, bool]:
        """First bit, number of bits and whether they are read as a signed number."""
        if isinstance(node, s.Cast) and node.type.name in ("int", "uint", "bit"):
            offset, size, signed = self._register(node.operand)
            kind = self.kind(node.type)
            if kind.width < size:
                raise NeedsFeedback
            return offset, size, signed or (kind.name == "int" and kind.width == size)
        if not isinstance(node, s.Name | s.Index):
            raise NeedsFeedback
        found = self.place(node)
        parts = found.parts if isinstance(found, Bits) else ()
        if isinstance(found, Cell) and found.kind.name in ("bit", "bool"):
            parts = tuple((found, i) for i in range(found.kind.width))
        numbers = [cell.offset + place for cell, place in parts if cell.offset is not None]
        if not parts or len(numbers) != len(parts) or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            raise NeedsFeedback
        return numbers[0], len(numbers), False


def _flipped(condition: Condition) -> Condition:
    """The opposite of a condition on one bit."""
    if condition.size != 1:
        raise NeedsFeedback
    return replace(condition, value=1 - condition.value)
