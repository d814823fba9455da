"""OpenQASM 2 (Cross et al., arXiv 1707.03429): tokens to the same syntax tree as version 3."""

from __future__ import annotations

from collections.abc import Callable

from . import syntax as s
from .errors import Sources
from .expressions import PRECEDENCE, Expressions
from .lexer import Tokens

STATEMENTS = "qreg, creg, gate, opaque, barrier, measure, reset, if or the name of a gate"
_VALUE = "a number, pi, a parameter, a function or '('"
_SIGNS = frozenset("+-*/")


class Parser2(Expressions):
    """`parse` gives the whole file."""

    def __init__(self, tokens: Tokens, sources: Sources) -> None:
        super().__init__(tokens, sources)
        self._first: dict[str, Callable[[int], s.Statement]] = {
            "include": self._include,
            "qreg": self._register,
            "creg": self._register,
            "gate": self._gate,
            "opaque": self._opaque,
            "if": self._if,
        }

    def source(self) -> s.Source:
        self.expect("OPENQASM", "'OPENQASM 2.0;' as the first statement")
        at, version = self.at, self.next()
        if version not in ("2.0", "2"):
            raise self.error(f"version {version} is not supported", "2.0, 3, 3.0 or 3.1", at)
        self.expect(";")
        body: list[s.Statement] = []
        while self.kind != "eof":
            handler = self._first.get(self.kind, self._operation)
            body.append(handler(self.at))
        return s.Source(version, tuple(body))

    def _include(self, _start: int) -> s.Statement:
        self.next()
        at = self.at
        name = self.expect("string", 'a file name such as "qelib1.inc"')
        self.expect(";")
        return s.Include(at, name[1:-1])

    def _register(self, _start: int) -> s.Statement:
        word = self.next()
        at, name = self.at, self.expect("id", "a name")
        self.expect("[")
        place = self.at
        size = s.Literal(place, "int", self.whole(self.expect("integer", "the size of the register"), place))
        self.expect("]")
        self.expect(";")
        return s.Qubits(at, name, size) if word == "qreg" else s.Declare(at, s.TypeOf(at, "bit", size), name)

    def _gate(self, _start: int) -> s.Statement:
        at, name, parameters, qubits = self._signature()
        self.expect("{")
        body: list[s.Statement] = []
        while self.kind != "}":
            if self.kind not in ("id", "barrier"):
                raise self.error(f"found {self.shown}", "a gate, 'barrier' or '}'")
            body.append(self._operation(self.at))
        self.next()
        return s.GateDef(at, name, parameters, qubits, tuple(body))

    def _opaque(self, _start: int) -> s.Statement:
        at, name, parameters, qubits = self._signature()
        self.expect(";")
        return s.GateDef(at, name, parameters, qubits, None)

    def _signature(self) -> tuple[int, str, tuple[str, ...], tuple[str, ...]]:
        self.next()
        at, name = self.at, self.expect("id", "a name")
        parameters: tuple[str, ...] = ()
        if self.accept("("):
            parameters = () if self.kind == ")" else self._names("a parameter")
            self.expect(")", "',' or ')'")
        return at, name, parameters, self._names("a qubit")

    def _names(self, what: str) -> tuple[str, ...]:
        found = [self.expect("id", f"the name of {what}")]
        while self.accept(","):
            found.append(self.expect("id", f"the name of {what}"))
        return tuple(found)

    def _if(self, at: int) -> s.Statement:
        self.next()
        self.expect("(")
        register = s.Name(self.at, self.expect("id", "a classical register"))
        place = self.at
        self.expect("==")
        value_at = self.at
        value = self.whole(self.expect("integer", "a whole number"), value_at)
        self.expect(")")
        condition = s.Binary(place, "==", register, s.Literal(value_at, "int", value))
        return s.If(at, condition, (self._operation(self.at),))

    def _operation(self, at: int) -> s.Statement:
        if self.kind == "measure":
            return self._measure(at)
        if self.kind == "reset":
            self.next()
            return self._closed(s.ResetOf(at, self.operand()))
        if self.kind == "barrier":
            self.next()
            return self._closed(s.Barrier(at, self.operands()))
        if self.kind != "id":
            raise self.error(f"found {self.shown}", STATEMENTS)
        name = self.next()
        arguments = self.arguments() if self.kind == "(" else ()
        return self._closed(s.GateCall(at, name, arguments, self.operands()))

    def _measure(self, at: int) -> s.Statement:
        self.next()
        value = s.MeasureOf(at, self.operand())
        self.expect("->")
        target = self.operand()
        return self._closed(s.Assign(at, target, "=", value))

    def _closed(self, found: s.Statement) -> s.Statement:
        self.expect(";")
        return found

    def operand(self) -> s.Expression:
        at = self.at
        name = s.Name(at, self.expect("id", "a register or an element of one"))
        if self.kind != "[":
            return name
        place = self.at
        self.next()
        index_at = self.at
        index = s.Literal(index_at, "int", self.whole(self.expect("integer", "an index"), index_at))
        self.expect("]")
        return s.Index(place, name, (index,))

    def operands(self) -> tuple[s.Expression, ...]:
        found = [self.operand()]
        while self.accept(","):
            found.append(self.operand())
        return tuple(found)

    def _operator(self) -> str:
        if self.kind == "^":
            return "**"
        return self.kind if self.kind in _SIGNS else ""

    def _prefix(self) -> s.Expression:
        at = self.at
        if self.kind == "-":
            self.next()
            self._count()
            return s.Unary(at, "-", self._climb(PRECEDENCE["*"] + 1))
        if self.accept("+"):
            self._count()
            return self._climb(PRECEDENCE["*"] + 1)
        return self._atom()

    def _atom(self) -> s.Expression:
        if self.kind not in ("id", "integer", "real", "("):
            raise self.error(f"found {self.shown}", _VALUE)
        return super()._atom()
