"""OpenQASM 3: tokens to the syntax tree. Accepts what the language's reference grammar accepts, and `pow(a, b)` as a function."""

from __future__ import annotations

import re
from collections.abc import Callable

from . import syntax as s
from .cursor import MAX_BLOCKS
from .declarations import Declarations
from .errors import Sources
from .expressions import TYPES
from .lexer import Tokens

_VERSION = re.compile(r"[0-9]+(\.[0-9]+)?")
_ASSIGNMENTS = frozenset(["=", "+=", "-=", "*=", "/=", "&=", "|=", "~=", "^=", "<<=", ">>=", "%=", "**="])
STATEMENT = "a statement"


class Parser3(Declarations):
    """One method a statement, found by its first word."""

    def __init__(self, tokens: Tokens, sources: Sources) -> None:
        super().__init__(tokens, sources)
        self._level = 0
        self._first: dict[str, Callable[[int], s.Statement]] = {
            "id": self._named,
            "include": self._include,
            "qubit": self._qubits,
            "qreg": self._old_register,
            "creg": self._old_register,
            "const": self._const,
            "input": self._channelled,
            "output": self._channelled,
            "let": self._alias,
            "measure": self._measure,
            "reset": self._reset,
            "barrier": self._barrier,
            "delay": self._delay,
            "box": self._box,
            "nop": self._nop,
            "if": self._if,
            "for": self._for,
            "while": self._while,
            "switch": self._switch,
            "break": self._jump,
            "continue": self._jump,
            "end": self._jump,
            "return": self._return,
            "def": self._def,
            "extern": self._extern,
            "gate": self._gate,
            "defcalgrammar": self._grammar,
            "cal": self._cal,
            "defcal": self._defcal,
            "pragma": self._pragma,
            "note": self._annotated,
            "gphase": self._gate_call,
            **dict.fromkeys(("inv", "pow", "ctrl", "negctrl"), self._gate_call),
            **dict.fromkeys(TYPES, self._declared),
        }

    def source(self) -> s.Source:
        version = self._header()
        body: list[s.Statement] = []
        while self.kind != "eof":
            body.append(self.statement())
        return s.Source(version, tuple(body))

    def _header(self) -> str | None:
        if not self.accept("OPENQASM"):
            return None
        at, version = self.at, self.next()
        if not _VERSION.fullmatch(version) or version.split(".")[0] != "3":
            raise self.error(f"version {version} is not supported", "2.0, 3, 3.0 or 3.1", at)
        self.expect(";")
        return version

    def statement(self) -> s.Statement:
        if self.kind == "{":
            return s.Scope(self.at, self.block())
        handler = self._first.get(self.kind, self._evaluated)
        return handler(self.at)

    def block(self) -> s.Block:
        self._level += 1
        if self._level > MAX_BLOCKS:
            raise self.error(f"blocks are nested deeper than {MAX_BLOCKS} levels")
        self.expect("{")
        operators = self._operators
        found: list[s.Statement] = []
        while self.kind != "}":
            if self.kind == "eof":
                raise self.error("the block never ends", "'}'")
            self._operators = operators
            found.append(self.statement())
        self.next()
        self._operators = operators
        self._level -= 1
        return tuple(found)

    def body(self) -> s.Block:
        """A block, or one statement."""
        if self.kind == "{":
            return self.block()
        self._level += 1
        if self._level > MAX_BLOCKS:
            raise self.error(f"blocks are nested deeper than {MAX_BLOCKS} levels")
        found = self.statement()
        self._level -= 1
        return (found,)

    def _named(self, at: int) -> s.Statement:
        """What starts with a name: an assignment, a gate, a call or an expression."""
        ahead = self.peek()
        if ahead in ("id", "hardware"):
            return self._gate_call(at)
        name = self.next()
        if self.kind == "(":
            return self._called(at, name)
        target: s.Expression = s.Name(at, name)
        indexed = 0
        while self.kind == "[":
            target, indexed = self.index_of(target), indexed + 1
        if self.kind in ("id", "hardware") and indexed == 1:
            return self._timed_gate(at, name, (), target)
        if self.kind in _ASSIGNMENTS:
            op = self.next()
            return self._closed(s.Assign(at, target, op, self.value()))
        return self._continued(at, target)

    def _called(self, at: int, name: str) -> s.Statement:
        arguments = self.arguments()
        if self.kind in ("id", "hardware"):
            return self._operated(at, name, arguments, None)
        call = s.Call(at, name, arguments)
        if self.kind != "[":
            return self._continued(at, call)
        target: s.Expression = self.index_of(call)
        if self.kind in ("id", "hardware"):
            return self._timed_gate(at, name, arguments, target)
        return self._continued(at, target)

    def _timed_gate(self, at: int, name: str, arguments: tuple[s.Expression, ...], index: s.Expression) -> s.Statement:
        """`x[100ns] q;`: what looked like an index is the duration of a gate."""
        if not isinstance(index, s.Index) or len(index.items) != 1 or isinstance(index.items[0], s.Range | s.SetOf):
            raise self.error(f"found {self.shown}", "';' or '='")
        return self._operated(at, name, arguments, index.items[0])

    def _operated(
        self, at: int, name: str, arguments: tuple[s.Expression, ...], duration: s.Expression | None
    ) -> s.Statement:
        operands = self.operands()
        if self.kind == "->" and duration is None:
            return self._into(s.QuantumCall(at, name, arguments, operands))
        return self._closed(s.GateCall(at, name, arguments, operands, (), duration))

    def _continued(self, at: int, left: s.Expression) -> s.Statement:
        """An expression statement whose first operand is read already."""
        if self.kind == "->" and isinstance(left, s.Call):
            raise self.error("found '->'", "'=' to keep the value of a call")
        return self._closed(s.Evaluate(at, self.rest(left)))

    def _evaluated(self, at: int) -> s.Statement:
        if self.kind in ("eof", "}", ")", "]", ";", ",", "else", "case", "default", "in"):
            raise self.error(f"found {self.shown}", STATEMENT)
        return self._closed(s.Evaluate(at, self.expression()))

    def _declared(self, start: int) -> s.Statement:
        kind = self.type_of()
        if self.kind == "(":
            return self._continued(start, self.cast(kind))
        at, name = self.at, self.expect("id", f"a name for the {kind.name}")
        value = self.initial() if self.accept("=") else None
        return self._closed(s.Declare(at, kind, name, value))

    def _measure(self, at: int) -> s.Statement:
        self.next()
        return self._into(s.MeasureOf(at, self.operand()))

    def _into(self, value: s.Expression) -> s.Statement:
        if not self.accept("->"):
            return self._closed(s.Evaluate(value.at, value))
        if self.kind != "id":
            raise self.error(f"found {self.shown}", "a classical bit or register")
        target = self.operand()
        return self._closed(s.Assign(target.at, target, "=", value))

    def _reset(self, at: int) -> s.Statement:
        self.next()
        return self._closed(s.ResetOf(at, self.operand()))

    def _barrier(self, at: int) -> s.Statement:
        self.next()
        return self._closed(s.Barrier(at, self._maybe_operands()))

    def _nop(self, at: int) -> s.Statement:
        self.next()
        return self._closed(s.Nop(at, self._maybe_operands()))

    def _maybe_operands(self) -> tuple[s.Expression, ...]:
        return () if self.kind == ";" else self.operands()

    def _delay(self, at: int) -> s.Statement:
        self.next()
        duration = self.size()
        if duration is None:
            raise self.error(f"found {self.shown}", "'[' and a duration")
        return self._closed(s.Delay(at, duration, self._maybe_operands()))

    def _box(self, at: int) -> s.Statement:
        self.next()
        return s.Box(at, self.size(), self.block())

    def _if(self, at: int) -> s.Statement:
        self.next()
        condition = self._condition()
        then = self.body()
        return s.If(at, condition, then, self.body() if self.accept("else") else None)

    def _condition(self) -> s.Expression:
        self.expect("(")
        found = self.expression()
        self.expect(")")
        return found

    def _for(self, at: int) -> s.Statement:
        self.next()
        kind = self.scalar()
        name = self.expect("id", "the name of the loop's variable")
        self.expect("in")
        values: s.Expression | s.Range | s.SetOf
        if self.kind == "{":
            values = self.set_of()
        elif self.accept("["):
            values = self.range_or_value()
            if not isinstance(values, s.Range):
                raise self.error(f"found {self.shown}", "':' and the end of the range")
            self.expect("]")
        else:
            values = self.expression()
        return s.For(at, kind, name, values, self.body())

    def _while(self, at: int) -> s.Statement:
        self.next()
        condition = self._condition()
        return s.While(at, condition, self.body())

    def _switch(self, at: int) -> s.Statement:
        self.next()
        target = self._condition()
        self.expect("{")
        cases: list[s.Case] = []
        while self.kind in ("case", "default"):
            if cases and not cases[-1].values:
                raise self.error(f"found {self.shown} after the default", "'}'")
            cases.append(self._case(self.at))
        self.expect("}", "'case', 'default' or '}'")
        return s.Switch(at, target, tuple(cases))

    def _case(self, at: int) -> s.Case:
        if self.next() == "default":
            return s.Case(at, (), self.block())
        values = [self.expression()]
        while self.accept(",") and self.kind != "{":
            values.append(self.expression())
        return s.Case(at, tuple(values), self.block())

    def _jump(self, at: int) -> s.Statement:
        return self._closed(s.Jump(at, self.next()))

    def _return(self, at: int) -> s.Statement:
        self.next()
        return self._closed(s.Return(at, None if self.kind == ";" else self.value()))

    def _gate_call(self, at: int) -> s.Statement:
        modifiers: list[s.Modifier] = []
        while self.kind in ("inv", "pow", "ctrl", "negctrl"):
            modifiers.append(self._modifier(self.at))
        name = self.next() if self.kind == "gphase" else self.expect("id", "the name of a gate")
        arguments = self.arguments() if self.kind == "(" else ()
        duration = self.size()
        if name == "gphase" and self.kind == ";":
            operands: tuple[s.Expression, ...] = ()
        else:
            operands = self.operands()
        if self.kind == "->" and not modifiers and duration is None and name != "gphase":
            return self._into(s.QuantumCall(at, name, arguments, operands))
        return self._closed(s.GateCall(at, name, arguments, operands, tuple(modifiers), duration))

    def _modifier(self, at: int) -> s.Modifier:
        name, value = self.next(), None
        if name == "pow" or (name != "inv" and self.kind == "("):
            self.expect("(")
            value = self.expression()
            self.expect(")")
        if self.kind == "note":
            raise self.error(f"found {self.shown}", "'@' and a blank before the name of the gate")
        self.expect("@")
        return s.Modifier(at, name, value)

    def _include(self, _at: int) -> s.Statement:
        self.next()
        at = self.at
        return self._closed(s.Include(at, self.expect("string", "a file name in quotes")[1:-1]))

    def _pragma(self, at: int) -> s.Statement:
        text = self.next().removeprefix("#").removeprefix("pragma").strip(" \t")
        if not text:
            raise self.error("the pragma is empty", "its text on the same line", at)
        return s.Pragma(at, text)

    def _annotated(self, at: int) -> s.Statement:
        notes: list[str] = []
        while self.kind == "note":
            notes.append(self.next()[1:].strip(" \t"))
        if self.kind in ("eof", "}", "pragma", "{"):
            raise self.error(f"found {self.shown}", "a statement after the annotation")
        return s.Annotated(at, tuple(notes), self.statement())
