"""OpenQASM 2 tokens to a `Program`: registers, gate definitions, operations over whole registers, `if`.

`opaque` gates may be declared but not applied; the only include is "qelib1.inc". Expansion is counted, so that nested
definitions cannot grow without bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ..program import Condition, Measure, Op, Program, Register, Reset, Unitary
from .expressions import Expression, ExpressionParser
from .gates import BUILT_IN, QELIB1, Gate
from .lexer import Cursor, QasmError, Token

MAX_LEVELS = 100
STATEMENTS = "qreg, creg, gate, opaque, barrier, measure, reset, if or the name of a gate"


@dataclass(frozen=True, slots=True)
class Limits:
    qubits: int = 22
    bits: int = 256
    operations: int = 200_000


@dataclass(frozen=True, slots=True)
class Call:
    """One line of a gate body: which gate, its parameters, which of the body's qubits."""

    token: Token
    expressions: tuple[Expression, ...]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Defined:
    """A gate of the source; `body` is None for an opaque one."""

    name: str
    names: tuple[str, ...]
    qubits: int
    body: tuple[Call, ...] | None
    level: int = 0

    @property
    def parameters(self) -> int:
        return len(self.names)


def parse(source: str, *, file: str = "circuit", limits: Limits | None = None) -> Program:
    """Raises QasmError with the place of the first fault."""
    return _Parser(Cursor(source, file), limits or Limits()).program()


class _Parser:
    def __init__(self, cursor: Cursor, limits: Limits) -> None:
        self._c, self._limits = cursor, limits
        self._gates: dict[str, Gate | Defined] = dict(BUILT_IN)
        self._qubits: dict[str, Register] = {}
        self._bits: dict[str, Register] = {}
        self._ops: list[Op] = []
        self._calls = 0
        self._statements: dict[str, Callable[[], None]] = {
            "include": self._include,
            "qreg": self._quantum,
            "creg": self._classical,
            "gate": self._gate,
            "opaque": self._opaque,
            "if": self._conditional,
        }

    def program(self) -> Program:
        self._header()
        while self._c.now.kind != "end":
            self._statement()
        if not self._qubits:
            raise self._c.error("the circuit has no qubits", expected="a qreg")
        return Program(tuple(self._qubits.values()), tuple(self._bits.values()), tuple(self._ops))

    def _header(self) -> None:
        if not self._c.accept("OPENQASM"):
            raise self._c.error(f"found {self._c.now.text!r}", expected="'OPENQASM 2.0;' as the first statement")
        version = self._c.next()
        if version.text not in ("2.0", "2"):
            raise self._c.error(f"version {version.text} is not supported", expected="2.0", at=version)
        self._c.expect(";")

    def _statement(self) -> None:
        token = self._c.now
        if token.kind != "id":
            raise self._c.error(f"found {token.text!r}", expected=STATEMENTS)
        special = self._statements.get(token.text)
        if special:
            self._c.next()
            special()
        else:
            self._ops += self._operation(None)

    def _include(self) -> None:
        name = self._c.take("string", 'a file name such as "qelib1.inc"')
        if name.text != '"qelib1.inc"':
            raise self._c.error(f"cannot include {name.text}", expected='"qelib1.inc"', at=name)
        self._c.expect(";")
        self._gates |= QELIB1

    def _quantum(self) -> None:
        self._register(self._qubits, self._limits.qubits, "qubits")

    def _classical(self) -> None:
        self._register(self._bits, self._limits.bits, "classical bits")

    def _register(self, kind: dict[str, Register], limit: int, what: str) -> None:
        name = self._new_name()
        self._c.expect("[")
        size = self._c.take("int", "the size of the register")
        self._c.expect("]")
        self._c.expect(";")
        used = sum(r.size for r in kind.values())
        wanted = self._integer(size)
        if wanted == 0:
            raise self._c.error("a register cannot be empty", expected="a size of at least 1", at=size)
        if used + wanted > limit:
            raise self._c.error(f"{used + wanted} {what}", expected=f"at most {limit}", at=size)
        kind[name] = Register(name, used, wanted)

    def _new_name(self) -> str:
        token = self._c.take("id", "a name")
        if token.text in self._qubits or token.text in self._bits or token.text in self._gates:
            raise self._c.error(f"{token.text!r} is declared twice", expected="a new name", at=token)
        return token.text

    def _integer(self, token: Token) -> int:
        if len(token.text) > 9:
            raise self._c.error(f"the number {token.text[:20]} is too large", expected="at most 9 digits", at=token)
        return int(token.text)

    def _gate(self) -> None:
        name, names, qubits = self._signature()
        self._c.expect("{")
        body: list[Call] = []
        while not self._c.accept("}"):
            call = self._body_line(names, qubits)
            if call:
                body.append(call)
        level = 1 + max((getattr(self._gates[c.token.text], "level", 0) for c in body), default=0)
        if level > MAX_LEVELS:
            raise self._c.error(f"gate {name!r} nests {level} definitions", expected=f"at most {MAX_LEVELS}")
        self._gates[name] = Defined(name, names, len(qubits), tuple(body), level)

    def _opaque(self) -> None:
        name, names, qubits = self._signature()
        self._c.expect(";")
        self._gates[name] = Defined(name, names, len(qubits), None)

    def _signature(self) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        name = self._new_name()
        names: tuple[str, ...] = ()
        if self._c.accept("("):
            names = () if self._c.now.text == ")" else self._name_list("a parameter")
            self._c.expect(")")
        return name, names, self._name_list("a qubit")

    def _name_list(self, what: str) -> tuple[str, ...]:
        names: list[str] = []
        while True:
            token = self._c.take("id", f"the name of {what}")
            if token.text in names:
                raise self._c.error(f"{token.text!r} appears twice", expected="different names", at=token)
            names.append(token.text)
            if not self._c.accept(","):
                return tuple(names)

    def _body_line(self, names: tuple[str, ...], qubits: tuple[str, ...]) -> Call | None:
        token = self._c.take("id", "a gate, 'barrier' or '}'")
        expressions = () if token.text == "barrier" else self._parameters(token, names)
        places = tuple(self._place(qubits) for _ in self._separated())
        self._c.expect(";")
        if token.text == "barrier":
            return None
        self._check_call(token, len(expressions), places)
        return Call(token, expressions, places)

    def _place(self, qubits: tuple[str, ...]) -> int:
        token = self._c.take("id", f"a qubit of this gate ({', '.join(qubits)})")
        if token.text not in qubits:
            raise self._c.error(f"unknown qubit {token.text!r}", expected=f"one of {', '.join(qubits)}", at=token)
        return qubits.index(token.text)

    def _separated(self) -> Iterator[None]:
        """One turn for each item of a comma-separated list."""
        yield
        while self._c.accept(","):
            yield

    def _parameters(self, token: Token, names: tuple[str, ...]) -> tuple[Expression, ...]:
        self._known(token)
        if not self._c.accept("("):
            return ()
        if self._c.accept(")"):
            return ()
        found = tuple(ExpressionParser(self._c, names).parse() for _ in self._separated())
        self._c.expect(")")
        return found

    def _known(self, token: Token) -> Gate | Defined:
        gate = self._gates.get(token.text)
        if gate is None:
            hint = 'include "qelib1.inc"; first' if token.text in QELIB1 else STATEMENTS
            raise self._c.error(f"unknown gate {token.text!r}", expected=hint, at=token)
        return gate

    def _check_call(self, token: Token, parameters: int, qubits: tuple[int, ...]) -> None:
        gate = self._known(token)
        for what, given, wanted in (("parameters", parameters, gate.parameters), ("qubits", len(qubits), gate.qubits)):
            if given != wanted:
                raise self._c.error(f"{token.text!r} is given {given} {what}", expected=str(wanted), at=token)
        if len(set(qubits)) != len(qubits):
            raise self._c.error(f"{token.text!r} is given the same qubit twice", expected="different qubits", at=token)

    def _conditional(self) -> None:
        self._c.expect("(")
        register = self._named(self._bits, "a classical register")
        self._c.expect("==")
        value = self._integer(self._c.take("int", "a whole number"))
        self._c.expect(")")
        self._ops += self._operation(Condition(register.offset, register.size, value))

    def _operation(self, condition: Condition | None) -> list[Op]:
        token = self._c.take("id", "measure, reset or the name of a gate")
        if token.text == "measure":
            return self._measure(token, condition)
        if token.text == "reset":
            found: list[Op] = [Reset(q, condition) for q in self._argument(self._qubits, "a qubit or quantum register")]
        elif token.text == "barrier" and condition is None:
            for _ in self._separated():
                self._argument(self._qubits, "a qubit or quantum register")
            found = []
        else:
            found = self._apply(token, condition)
        self._c.expect(";")
        return self._counted(token, found)

    def _measure(self, token: Token, condition: Condition | None) -> list[Op]:
        qubits = self._argument(self._qubits, "a qubit or quantum register")
        self._c.expect("->")
        bits = self._argument(self._bits, "a classical bit or register")
        if len(qubits) != len(bits):
            raise self._c.error(
                f"{len(qubits)} qubits measured into {len(bits)} bits", expected="equal sizes", at=token
            )
        self._c.expect(";")
        return self._counted(token, [Measure(q, b, condition) for q, b in zip(qubits, bits, strict=True)])

    def _apply(self, token: Token, condition: Condition | None) -> list[Op]:
        values = tuple(e({}) for e in self._parameters(token, ()))
        arguments = [self._argument(self._qubits, "a qubit or quantum register") for _ in self._separated()]
        sizes = {len(a) for a in arguments if len(a) > 1}
        if len(sizes) > 1:
            raise self._c.error(f"registers of sizes {sorted(sizes)}", expected="registers of one size", at=token)
        found: list[Op] = []
        for i in range(max(map(len, arguments))):
            places = tuple(a[i] if len(a) > 1 else a[0] for a in arguments)
            self._check_call(token, len(values), places)
            self._expand(token, values, places, found)
        return [replace(op, condition=condition) for op in found] if condition else found

    def _expand(self, token: Token, values: tuple[float, ...], qubits: tuple[int, ...], out: list[Op]) -> None:
        gate = self._known(token)
        self._calls += 1
        if self._calls > self._limits.operations:
            raise self._c.error("too many operations", expected=f"at most {self._limits.operations}", at=token)
        if isinstance(gate, Gate):
            out.append(Unitary(gate.name, gate.matrix(*values), qubits[gate.controls :], qubits[: gate.controls]))
            return
        if gate.body is None:
            raise self._c.error(f"{gate.name!r} is opaque: it has no definition to simulate", at=token)
        scope = dict(zip(gate.names, values, strict=True))
        for call in gate.body:
            inner = tuple(e(scope) for e in call.expressions)
            self._expand(call.token, inner, tuple(qubits[p] for p in call.places), out)

    def _counted(self, token: Token, found: list[Op]) -> list[Op]:
        if len(self._ops) + len(found) > self._limits.operations:
            raise self._c.error("too many operations", expected=f"at most {self._limits.operations}", at=token)
        return found

    def _argument(self, kind: dict[str, Register], what: str) -> tuple[int, ...]:
        """Numbers of one element, or of a whole register."""
        register = self._named(kind, what)
        if not self._c.accept("["):
            return tuple(range(register.offset, register.offset + register.size))
        index = self._c.take("int", "an index")
        number = self._integer(index)
        if number >= register.size:
            allowed = f"an index from 0 to {register.size - 1}"
            raise self._c.error(f"{register.name}[{number}] does not exist", expected=allowed, at=index)
        self._c.expect("]")
        return (register.offset + number,)

    def _named(self, kind: dict[str, Register], what: str) -> Register:
        token = self._c.take("id", what)
        register = kind.get(token.text)
        if register is None:
            known = ", ".join(kind) or "none is declared"
            raise self._c.error(f"unknown register {token.text!r}", expected=f"{what} ({known})", at=token)
        return register


__all__ = ["Limits", "QasmError", "parse"]
