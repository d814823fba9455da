"""Syntax trees of OpenQASM 3 at random: every node that the parser can make, in every place where it can stand."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from qbtc.qcs.domain.qasm import syntax as s
from qbtc.qcs.domain.qasm.expressions import PRECEDENCE


class Some:
    """A choice by a generator of random numbers; `|` is one of both sides, each of its parts as likely."""

    def __init__(self, draw: Callable[[random.Random], Any], parts: Sequence[Some] = ()) -> None:
        self.draw, self._parts = draw, tuple(parts) or (self,)

    def __or__(self, other: Some) -> Some:
        return one_of(*self._parts, *other._parts)


def one_of(*parts: Some) -> Some:
    return Some(lambda rng: rng.choice(parts).draw(rng), parts)


def sampled(values: Sequence[Any]) -> Some:
    return Some(lambda rng: rng.choice(values))


def made(make: Callable[[random.Random], Any]) -> Some:
    return Some(make)


def node(kind: type, *parts: Any) -> Some:
    """A node whose fields are drawn, or as they are given."""
    return Some(lambda rng: kind(0, *(p.draw(rng) if isinstance(p, Some) else p for p in parts)))


def several(item: Some, least: int = 0, most: int = 3) -> Some:
    return Some(lambda rng: tuple(item.draw(rng) for _ in range(rng.randint(least, most))))


def levels(lowest: Some, larger: Callable[[Some], Some], height: int = 3) -> Some:
    found = lowest
    for _ in range(height):
        found = lowest | Some(larger(found).draw)
    return found


NAMES = sampled(["a", "b2", "_c", "theta", "Q", "π", "x", "cx"])
OPERATORS = sorted(set(PRECEDENCE))
ASSIGNMENTS = ["=", "+=", "-=", "*=", "/=", "&=", "|=", "~=", "^=", "<<=", ">>=", "%=", "**="]


def real(rng: random.Random) -> float:
    return rng.choice([0.0, 1.0, 0.1, 5e-324, 1.7e308, 1e16, rng.random(), rng.random() * 10.0 ** rng.randint(-30, 30)])


def bits(rng: random.Random) -> s.Literal:
    size = rng.randint(1, 70)
    return s.Literal(0, "bits", rng.randrange(2**size), size=size)


def maybe(some: Some) -> Some:
    return one_of(made(lambda rng: None), Some(some.draw))


literals = one_of(
    made(lambda rng: s.Literal(0, "int", rng.choice([0, 1, 7, rng.randrange(10**30)]))),
    made(lambda rng: s.Literal(0, "float", real(rng))),
    made(lambda rng: s.Literal(0, "imag", real(rng))),
    made(lambda rng: s.Literal(0, "time", real(rng), unit=rng.choice(["dt", "ns", "us", "ms", "s"]))),
    made(lambda rng: s.Literal(0, "bool", rng.random() < 0.5)),
    made(bits),
)
names = node(s.Name, NAMES)
hardware = made(lambda rng: s.Name(0, f"${rng.randrange(100)}"))


def larger(inner: Some) -> Some:
    """Expressions of one more level."""
    return one_of(
        node(s.Unary, sampled("-~!"), inner),
        node(s.Binary, sampled(OPERATORS), inner, inner),
        indexed(inner, inner),
        node(s.Call, NAMES | sampled(["pow"]), several(inner)),
        node(s.Cast, scalars(inner) | arrays(inner), inner),
    )


def indexed(base: Some, inner: Some) -> Some:
    return node(s.Index, base, several(inner | ranges(inner), 1) | several(sets(inner), 1, 1))


def ranges(inner: Some) -> Some:
    return node(s.Range, maybe(inner), None, maybe(inner)) | node(s.Range, maybe(inner), inner, inner)


def sets(inner: Some) -> Some:
    return node(s.SetOf, several(inner, 1))


def scalars(inner: Some) -> Some:
    sized = node(s.TypeOf, sampled(["bit", "int", "uint", "float", "angle"]), maybe(inner))
    plain = node(s.TypeOf, sampled(["bool", "duration", "stretch"]))
    return sized | plain | node(s.TypeOf, "complex", None, maybe(sized))


def arrays(inner: Some, access: str = "") -> Some:
    whole = node(s.TypeOf, "array", None, scalars(inner), several(inner, 1), None, access)
    return whole if not access else whole | node(s.TypeOf, "array", None, scalars(inner), (), inner, access)


def _kept(some: Some, right: Callable[[Any], bool], rng: random.Random) -> Any:
    while True:
        found = some.draw(rng)
        if right(found):
            return found


def _starts_with_pow(e: Any) -> bool:
    """What begins with the word `pow` is a gate's modifier where a statement begins."""
    while isinstance(e, s.Binary | s.Index):
        e = e.left if isinstance(e, s.Binary) else e.base
    return isinstance(e, s.Call) and e.name == "pow"


expressions = levels(literals | names, larger)
expressions_without_pow = made(lambda rng: _kept(expressions, lambda e: not _starts_with_pow(e), rng))
operands = names | hardware | indexed(names, expressions)
targets = names | indexed(names, expressions) | indexed(indexed(names, expressions), expressions)
quantum = node(s.QuantumCall, NAMES, several(expressions), several(operands, 1))
values = expressions | quantum | node(s.MeasureOf, operands)
lists = levels(node(s.ArrayOf, several(expressions)), lambda i: node(s.ArrayOf, several(i | expressions)), 1)
initial = values | lists | node(s.Concat, several(expressions, 2))
parameter_types = one_of(scalars(expressions), arrays(expressions, "readonly"), arrays(expressions, "mutable"))
parameters = node(s.Parameter, parameter_types | node(s.TypeOf, "qubit", maybe(expressions)), NAMES)
modifiers = one_of(
    node(s.Modifier, "inv"),
    node(s.Modifier, "pow", expressions),
    node(s.Modifier, sampled(["ctrl", "negctrl"]), maybe(expressions)),
)
gate_calls = node(
    s.GateCall, NAMES, several(expressions), several(operands, 1), several(modifiers), maybe(expressions)
) | node(s.GateCall, "gphase", several(expressions, 1, 1), several(operands), several(modifiers), maybe(expressions))
evaluated = node(s.Evaluate, expressions_without_pow | node(s.MeasureOf, operands))
simple = one_of(
    node(s.Include, sampled(["stdgates.inc", "folder/more gates.inc"])),
    node(s.Declare, scalars(expressions) | arrays(expressions), NAMES, maybe(initial)),
    node(s.Declare, scalars(expressions), NAMES, initial, True),
    node(s.Channelled, sampled(["input", "output"]), scalars(expressions) | arrays(expressions), NAMES),
    node(s.Qubits, NAMES, maybe(expressions)),
    node(s.Alias, NAMES, expressions | node(s.Concat, several(expressions, 2))),
    node(s.Assign, targets, sampled(ASSIGNMENTS), values),
    gate_calls,
    node(s.Barrier, several(operands)),
    node(s.Nop, several(operands)),
    node(s.ResetOf, operands),
    node(s.Delay, expressions, several(operands)),
    node(s.Jump, sampled(["break", "continue", "end"])),
    node(s.Return, maybe(values)),
    evaluated,
    node(s.Extern, NAMES, several(parameter_types), maybe(scalars(expressions))),
    node(s.CalGrammar, sampled(["openpulse", "my grammar"])),
    node(s.Cal, sampled(["", " frame f = newframe({q}, 5e9); ", "\n play {{x}}\n"])),
    node(s.DefCal, sampled(["x $0", "measure $0 -> bit", "rz ( angle theta ) q"]), " a {b} "),
)


def compound(inner: Some) -> Some:
    """Statements with blocks of the statements `inner`."""
    block = several(inner)
    full, default = several(node(s.Case, several(expressions, 1), block)), several(node(s.Case, (), block), 0, 1)
    cases = made(lambda rng: full.draw(rng) + default.draw(rng))
    noted = made(lambda rng: _kept(inner, lambda n: not isinstance(n, s.Annotated | s.Pragma | s.Scope), rng))
    return one_of(
        node(s.Box, maybe(expressions), block),
        node(s.If, expressions, block, maybe(block)),
        node(s.For, scalars(expressions), NAMES, expressions | ranges(expressions) | sets(expressions), block),
        node(s.While, expressions, block),
        node(s.Switch, expressions, cases),
        node(s.Scope, block),
        node(s.Def, NAMES, several(parameters), maybe(scalars(expressions)), block),
        node(s.GateDef, NAMES, several(NAMES), several(NAMES, 1), block),
        node(s.Declare, node(s.TypeOf, "duration"), NAMES, node(s.DurationOf, block)),
        node(s.Annotated, several(sampled(["note", "note with words"]), 1), noted),
        node(s.Pragma, sampled(["any words", "with { brace"])),
    )


statements = levels(simple, compound, 2)
versions, bodies = sampled([None, "3", "3.0", "3.1"]), several(statements, 0, 4)


def source(seed: int) -> s.Source:
    """The tree of a whole file."""
    rng = random.Random(seed)
    return s.Source(versions.draw(rng), bodies.draw(rng))
