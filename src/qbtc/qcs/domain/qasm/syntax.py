"""The syntax tree of OpenQASM 2 and 3. `at` is the place in the source and takes no part in comparisons.

Both versions give the same tree: `qreg q[2]` is `qubit[2] q`, `measure q -> c` is `c = measure q`, `^` of version 2 is `**`.
Parentheses are not kept; the printer sets them where the tree needs them.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Node:
    at: int = field(compare=False, repr=False)


# Expressions


@dataclass(slots=True)
class Name(Node):
    """A variable, a register, a constant or a hardware qubit (`$0`)."""

    name: str


@dataclass(slots=True)
class Literal(Node):
    """`kind` is int, float, imag, bool, bits (of `size` bits, as an integer) or time (seconds; `unit` as written)."""

    kind: str
    value: int | float | bool
    size: int = 0
    unit: str = ""


@dataclass(slots=True)
class Unary(Node):
    op: str
    operand: Expression


@dataclass(slots=True)
class Binary(Node):
    op: str
    left: Expression
    right: Expression


@dataclass(slots=True)
class Range(Node):
    start: Expression | None
    step: Expression | None
    stop: Expression | None


@dataclass(slots=True)
class SetOf(Node):
    items: tuple[Expression, ...]


@dataclass(slots=True)
class Index(Node):
    """`base[items]`; a set stands alone."""

    base: Expression
    items: tuple[Expression | Range | SetOf, ...]


@dataclass(slots=True)
class Call(Node):
    name: str
    arguments: tuple[Expression, ...]


@dataclass(slots=True)
class QuantumCall(Node):
    """`name(arguments) operands` as a value: the older form of a subroutine call."""

    name: str
    arguments: tuple[Expression, ...]
    operands: tuple[Expression, ...]


@dataclass(slots=True)
class TypeOf(Node):
    """`element` of complex and array; `dims` of an array, or its rank as (#dim) `rank`; `access` of an array parameter."""

    name: str
    size: Expression | None = None
    element: TypeOf | None = None
    dims: tuple[Expression, ...] = ()
    rank: Expression | None = None
    access: str = ""


@dataclass(slots=True)
class Cast(Node):
    type: TypeOf
    operand: Expression


@dataclass(slots=True)
class DurationOf(Node):
    body: Block


@dataclass(slots=True)
class Concat(Node):
    parts: tuple[Expression, ...]


@dataclass(slots=True)
class ArrayOf(Node):
    items: tuple[Expression, ...]


@dataclass(slots=True)
class MeasureOf(Node):
    operand: Expression


Expression = (
    Name | Literal | Unary | Binary | Index | Call | QuantumCall | Cast | DurationOf | Concat | ArrayOf | MeasureOf
)

# Statements


@dataclass(slots=True)
class Include(Node):
    file: str


@dataclass(slots=True)
class Pragma(Node):
    text: str


@dataclass(slots=True)
class Annotated(Node):
    notes: tuple[str, ...]
    statement: Statement


@dataclass(slots=True)
class Declare(Node):
    type: TypeOf
    name: str
    value: Expression | None = None
    const: bool = False


@dataclass(slots=True)
class Channelled(Node):
    """`input` or `output` of a value."""

    direction: str
    type: TypeOf
    name: str


@dataclass(slots=True)
class Qubits(Node):
    name: str
    size: Expression | None


@dataclass(slots=True)
class Alias(Node):
    name: str
    value: Expression


@dataclass(slots=True)
class Assign(Node):
    target: Expression
    op: str
    value: Expression


@dataclass(slots=True)
class Modifier(Node):
    """inv, pow, ctrl or negctrl, with the exponent or the number of controls."""

    name: str
    value: Expression | None = None


@dataclass(slots=True)
class GateCall(Node):
    """A gate on operands; `duration` is its designator. The name may also be a subroutine's (older form of a call)."""

    name: str
    arguments: tuple[Expression, ...]
    operands: tuple[Expression, ...]
    modifiers: tuple[Modifier, ...] = ()
    duration: Expression | None = None


@dataclass(slots=True)
class Barrier(Node):
    operands: tuple[Expression, ...]


@dataclass(slots=True)
class Nop(Node):
    operands: tuple[Expression, ...]


@dataclass(slots=True)
class ResetOf(Node):
    operand: Expression


@dataclass(slots=True)
class Delay(Node):
    duration: Expression
    operands: tuple[Expression, ...]


@dataclass(slots=True)
class Box(Node):
    duration: Expression | None
    body: Block


@dataclass(slots=True)
class If(Node):
    condition: Expression
    then: Block
    otherwise: Block | None = None


@dataclass(slots=True)
class For(Node):
    type: TypeOf
    name: str
    values: Expression | Range | SetOf
    body: Block


@dataclass(slots=True)
class While(Node):
    condition: Expression
    body: Block


@dataclass(slots=True)
class Case(Node):
    """The values of a case; none for the default."""

    values: tuple[Expression, ...]
    body: Block


@dataclass(slots=True)
class Switch(Node):
    target: Expression
    cases: tuple[Case, ...]


@dataclass(slots=True)
class Jump(Node):
    """break, continue or end."""

    word: str


@dataclass(slots=True)
class Return(Node):
    value: Expression | None


@dataclass(slots=True)
class Evaluate(Node):
    """An expression as a statement."""

    value: Expression


@dataclass(slots=True)
class Scope(Node):
    body: Block


@dataclass(slots=True)
class Parameter(Node):
    """A qubit parameter has the type name `qubit`."""

    type: TypeOf
    name: str


@dataclass(slots=True)
class Def(Node):
    name: str
    parameters: tuple[Parameter, ...]
    returns: TypeOf | None
    body: Block


@dataclass(slots=True)
class Extern(Node):
    name: str
    types: tuple[TypeOf, ...]
    returns: TypeOf | None


@dataclass(slots=True)
class GateDef(Node):
    """`body` is None for an opaque gate."""

    name: str
    parameters: tuple[str, ...]
    qubits: tuple[str, ...]
    body: Block | None


@dataclass(slots=True)
class CalGrammar(Node):
    name: str


@dataclass(slots=True)
class Cal(Node):
    text: str


@dataclass(slots=True)
class DefCal(Node):
    """`head` is everything between `defcal` and the body, with single blanks."""

    head: str
    text: str


Statement = (
    Include
    | Pragma
    | Annotated
    | Declare
    | Channelled
    | Qubits
    | Alias
    | Assign
    | GateCall
    | Barrier
    | Nop
    | ResetOf
    | Delay
    | Box
    | If
    | For
    | While
    | Switch
    | Jump
    | Return
    | Evaluate
    | Scope
    | Def
    | Extern
    | GateDef
    | CalGrammar
    | Cal
    | DefCal
)
Block = tuple[Statement, ...]


@dataclass(slots=True)
class Source:
    """A whole file; `version` is as written ("2.0", "3") or None."""

    version: str | None
    body: Block

    @property
    def major(self) -> int:
        return int((self.version or "3").split(".", maxsplit=1)[0])
