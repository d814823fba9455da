"""Declarations and definitions of OpenQASM 3: registers, constants, aliases, subroutines, gates, calibrations."""

from __future__ import annotations

from . import syntax as s
from .expressions import SCALARS, Expressions

_CALIBRATED = frozenset(["measure", "reset", "delay", "id"])


class Declarations(Expressions):
    """One method a statement; the word that begins it is in hand."""

    def _closed(self, found: s.Statement) -> s.Statement:
        self.expect(";")
        return found

    def _const(self, _start: int) -> s.Statement:
        self.next()
        kind = self.scalar()
        at, name = self.at, self.expect("id", f"a name for the {kind.name}")
        self.expect("=", "'=' and the value of the constant")
        return self._closed(s.Declare(at, kind, name, self.initial(), const=True))

    def _channelled(self, _start: int) -> s.Statement:
        direction = self.next()
        kind = self.type_of()
        at = self.at
        return self._closed(s.Channelled(at, direction, kind, self.expect("id", f"a name for the {direction}")))

    def _qubits(self, _start: int) -> s.Statement:
        self.next()
        size = self.size()
        at = self.at
        return self._closed(s.Qubits(at, self.expect("id", "a name for the qubits"), size))

    def _old_register(self, _start: int) -> s.Statement:
        word = self.next()
        at, name = self.at, self.expect("id", "a name for the register")
        size = self.size()
        found = s.Qubits(at, name, size) if word == "qreg" else s.Declare(at, s.TypeOf(at, "bit", size), name)
        return self._closed(found)

    def _alias(self, _start: int) -> s.Statement:
        self.next()
        at, name = self.at, self.expect("id", "a name for the alias")
        self.expect("=")
        return self._closed(s.Alias(at, name, self.concatenation()))

    def _def(self, _start: int) -> s.Statement:
        self.next()
        at, name = self.at, self.expect("id", "a name for the subroutine")
        self.expect("(")
        parameters: list[s.Parameter] = []
        while self.kind != ")":
            parameters.append(self._parameter(self.at))
            if not self.accept(","):
                break
        self.expect(")", "',' or ')'")
        returns = self.scalar() if self.accept("->") else None
        return s.Def(at, name, tuple(parameters), returns, self.block())

    def _parameter(self, at: int) -> s.Parameter:
        if self.accept("qubit"):
            kind = s.TypeOf(at, "qubit", self.size())
            return s.Parameter(at, kind, self.expect("id", "a name for the parameter"))
        if self.kind in ("qreg", "creg"):
            word = "qubit" if self.next() == "qreg" else "bit"
            name = self.expect("id", "a name for the parameter")
            return s.Parameter(at, s.TypeOf(at, word, self.size()), name)
        kind = self._parameter_type()
        return s.Parameter(at, kind, self.expect("id", "a name for the parameter"))

    def _parameter_type(self) -> s.TypeOf:
        if self.kind in ("readonly", "mutable"):
            return self.array_reference()
        if self.kind not in SCALARS:
            raise self.error(f"found {self.shown}", "a type: a scalar, qubit, readonly array or mutable array")
        return self.scalar()

    def _extern(self, _start: int) -> s.Statement:
        self.next()
        at, name = self.at, self.expect("id", "a name for the extern")
        self.expect("(")
        types: list[s.TypeOf] = []
        while self.kind != ")":
            start = self.at
            types.append(s.TypeOf(start, "bit", self.size()) if self.accept("creg") else self._parameter_type())
            if not self.accept(","):
                break
        self.expect(")", "',' or ')'")
        returns = self.scalar() if self.accept("->") else None
        return self._closed(s.Extern(at, name, tuple(types), returns))

    def _gate(self, _start: int) -> s.Statement:
        self.next()
        at, name = self.at, self.expect("id", "a name for the gate")
        parameters: tuple[str, ...] = ()
        if self.accept("("):
            parameters = () if self.kind == ")" else self._names("a parameter", ")")
            self.expect(")", "',' or ')'")
        qubits = self._names("a qubit", "{")
        return s.GateDef(at, name, parameters, qubits, self.block())

    def _names(self, what: str, end: str) -> tuple[str, ...]:
        found = [self.expect("id", f"the name of {what}")]
        while self.accept(",") and self.kind != end:
            found.append(self.expect("id", f"the name of {what}"))
        return tuple(found)

    def _grammar(self, at: int) -> s.Statement:
        self.next()
        return self._closed(s.CalGrammar(at, self.expect("string", "the name of a grammar in quotes")[1:-1]))

    def _cal(self, at: int) -> s.Statement:
        self.next()
        self.expect("{")
        text = self.expect("block")
        self.expect("}")
        return s.Cal(at, text)

    def _defcal(self, at: int) -> s.Statement:
        self.next()
        if self.kind not in _CALIBRATED:
            raise self.error(f"found {self.shown}", "measure, reset, delay or the name of a gate")
        words = [self.next()]
        while self.kind != "{":
            if self.kind in ("eof", ";", "}"):
                raise self.error(f"found {self.shown}", "'{' and the body of the calibration")
            words.append(self.next())
        self.next()
        text = self.expect("block")
        self.expect("}")
        return s.DefCal(at, " ".join(words), text)
