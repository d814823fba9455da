"""The syntax tree as text in one fixed layout: parsing what is printed gives the same tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from . import syntax as s
from .expressions import PRECEDENCE, UNARY

_HIGHEST = 20


def printed(source: s.Source) -> str:
    """A whole file, in the version it says."""
    printer = _Printer2() if source.major == 2 else _Printer()
    lines = [f"OPENQASM {source.version};"] if source.version else []
    for statement in source.body:
        lines += printer.statement(statement)
    return "\n".join(lines) + "\n"


def number(value: float) -> str:
    """A real number that reads back as the same one, and never as an integer."""
    text = repr(float(value))
    return text if any(c in text for c in ".en") else text + ".0"


class _Printer:
    """Version 3. `statement` gives lines, `expression` text."""

    power = "**"

    def __init__(self) -> None:
        self._expressions: dict[type, Callable[..., str]] = {
            s.Name: lambda e: e.name,
            s.Literal: self._literal,
            s.Index: lambda e: self._operand(e.base) + self._index(e),
            s.Range: self._range,
            s.SetOf: lambda e: "{" + self._list(e.items) + "}",
            s.Call: lambda e: f"{e.name}({self._list(e.arguments)})",
            s.QuantumCall: self._quantum_call,
            s.Cast: lambda e: f"{self.type(e.type)}({self.expression(e.operand)})",
            s.DurationOf: lambda e: "durationof({" + self._inline(e.body) + "})",
            s.Concat: lambda e: " ++ ".join(self.expression(p) for p in e.parts),
            s.ArrayOf: lambda e: "{" + self._list(e.items) + "}",
            s.MeasureOf: lambda e: f"measure {self.expression(e.operand)}",
        }
        self._simple: dict[type, Callable[..., str]] = {
            s.Include: lambda n: f'include "{n.file}"',
            s.Declare: self._declare,
            s.Channelled: lambda n: f"{n.direction} {self.type(n.type)} {n.name}",
            s.Qubits: self._qubits,
            s.Alias: lambda n: f"let {n.name} = {self.expression(n.value)}",
            s.Assign: lambda n: f"{self.expression(n.target)} {n.op} {self.expression(n.value)}",
            s.GateCall: self._gate_call,
            s.Barrier: lambda n: self._word("barrier", n.operands),
            s.Nop: lambda n: self._word("nop", n.operands),
            s.ResetOf: lambda n: f"reset {self.expression(n.operand)}",
            s.Delay: lambda n: self._word(f"delay[{self.expression(n.duration)}]", n.operands),
            s.Jump: lambda n: n.word,
            s.Return: lambda n: f"return {self.expression(n.value)}" if n.value else "return",
            s.Evaluate: lambda n: self.expression(n.value),
            s.Extern: self._extern,
            s.CalGrammar: lambda n: f'defcalgrammar "{n.name}"',
        }
        self._compound: dict[type, Callable[..., list[str]]] = {
            s.Pragma: lambda n: [f"pragma {n.text}"],
            s.Annotated: lambda n: [*(f"@{note}" for note in n.notes), *self.statement(n.statement)],
            s.Box: lambda n: self._braced(f"box[{self.expression(n.duration)}]" if n.duration else "box", n.body),
            s.If: self._if,
            s.For: self._for,
            s.While: lambda n: self._braced(f"while ({self.expression(n.condition)})", n.body),
            s.Switch: self._switch,
            s.Scope: lambda n: self._braced("", n.body),
            s.Def: self._def,
            s.GateDef: self._gate,
            s.Cal: lambda n: [f"cal {{{n.text}}}"],
            s.DefCal: lambda n: [f"defcal {n.head} {{{n.text}}}"],
        }

    def statement(self, node: s.Statement) -> list[str]:
        simple = self._simple.get(type(node))
        return [simple(node) + ";"] if simple is not None else self._compound[type(node)](node)

    def expression(self, node: s.Expression | s.Range | s.SetOf, outer: int = 0) -> str:
        """`outer` is the precedence of what stands around."""
        if isinstance(node, s.Unary):
            text = node.op + self.expression(node.operand, UNARY)
            return f"({text})" if outer > UNARY else text
        if isinstance(node, s.Binary):
            return self._binary(node, outer)
        return self._expressions[type(node)](node)

    def _binary(self, node: s.Binary, outer: int) -> str:
        level = PRECEDENCE[node.op]
        right_first = node.op == "**"
        left = self.expression(node.left, level + right_first)
        right = self.expression(node.right, level + (not right_first))
        text = f"{left} {self.power if right_first else node.op} {right}"
        return f"({text})" if level < outer else text

    def _operand(self, node: s.Expression) -> str:
        """What an index follows; version 3 has no literal or operator there without parentheses."""
        text = self.expression(node, _HIGHEST)
        return f"({text})" if isinstance(node, s.Literal) else text

    def _literal(self, node: s.Literal) -> str:
        if node.kind == "bits":
            return f'"{int(node.value):0{node.size}b}"'
        if node.kind == "bool":
            return "true" if node.value else "false"
        if node.kind == "int":
            return str(node.value)
        return number(float(node.value)) + {"imag": "im", "time": node.unit}.get(node.kind, "")

    def _index(self, node: s.Index) -> str:
        return "[" + self._list(node.items) + "]"

    def _range(self, node: s.Range) -> str:
        ends = [node.start, node.stop] if node.step is None else [node.start, node.step, node.stop]
        return ":".join("" if e is None else self.expression(e) for e in ends)

    def _list(self, nodes: Iterable[s.Expression | s.Range | s.SetOf]) -> str:
        return ", ".join(self.expression(n) for n in nodes)

    def _quantum_call(self, node: s.QuantumCall) -> str:
        arguments = f"({self._list(node.arguments)})" if node.arguments else ""
        return f"{node.name}{arguments} {self._list(node.operands)}"

    def type(self, node: s.TypeOf) -> str:
        if node.name == "array" and node.element is not None:
            tail = self._list(node.dims) if node.rank is None else f"#dim = {self.expression(node.rank)}"
            return f"{node.access} array[{self.type(node.element)}, {tail}]".lstrip()
        if node.element is not None:
            return f"{node.name}[{self.type(node.element)}]"
        return node.name + self._size(node.size)

    def _size(self, node: s.Expression | None) -> str:
        return "" if node is None else f"[{self.expression(node)}]"

    def _word(self, word: str, operands: tuple[s.Expression, ...]) -> str:
        return f"{word} {self._list(operands)}".rstrip()

    def _declare(self, node: s.Declare) -> str:
        value = "" if node.value is None else f" = {self.expression(node.value)}"
        return f"{'const ' if node.const else ''}{self.type(node.type)} {node.name}{value}"

    def _qubits(self, node: s.Qubits) -> str:
        return f"qubit{self._size(node.size)} {node.name}"

    def _gate_call(self, node: s.GateCall) -> str:
        modifiers = "".join(self._modifier(m) + " @ " for m in node.modifiers)
        arguments = f"({self._list(node.arguments)})" if node.arguments else ""
        return self._word(f"{modifiers}{node.name}{arguments}{self._size(node.duration)}", node.operands)

    def _modifier(self, node: s.Modifier) -> str:
        return node.name + ("" if node.value is None else f"({self.expression(node.value)})")

    def _body(self, body: s.Block) -> list[str]:
        return [line for statement in body for line in self.statement(statement)]

    def _inline(self, body: s.Block) -> str:
        """On one line, but for what ends with its line."""
        lines = self._body(body)
        return "".join(line + ("\n" if line.lstrip().startswith(("@", "pragma ")) else " ") for line in lines).rstrip(" ")

    def _braced(self, head: str, body: s.Block) -> list[str]:
        return [f"{head} {{".lstrip(), *("  " + line for line in self._body(body)), "}"]

    def _if(self, node: s.If) -> list[str]:
        lines = self._braced(f"if ({self.expression(node.condition)})", node.then)
        if node.otherwise is None:
            return lines
        return [*lines[:-1], *self._braced("} else", node.otherwise)]

    def _for(self, node: s.For) -> list[str]:
        values = self.expression(node.values)
        values = f"[{values}]" if isinstance(node.values, s.Range) else values
        return self._braced(f"for {self.type(node.type)} {node.name} in {values}", node.body)

    def _switch(self, node: s.Switch) -> list[str]:
        lines = [f"switch ({self.expression(node.target)}) {{"]
        for case in node.cases:
            head = f"case {self._list(case.values)}" if case.values else "default"
            lines += ["  " + line for line in self._braced(head, case.body)]
        return [*lines, "}"]

    def _def(self, node: s.Def) -> list[str]:
        parameters = ", ".join(f"{self.type(p.type)} {p.name}" for p in node.parameters)
        returns = f" -> {self.type(node.returns)}" if node.returns else ""
        return self._braced(f"def {node.name}({parameters}){returns}", node.body)

    def _extern(self, node: s.Extern) -> str:
        returns = f" -> {self.type(node.returns)}" if node.returns else ""
        return f"extern {node.name}({', '.join(self.type(t) for t in node.types)}){returns}"

    def _head(self, node: s.GateDef) -> str:
        parameters = f"({', '.join(node.parameters)})" if node.parameters else ""
        return f"{node.name}{parameters} {', '.join(node.qubits)}"

    def _gate(self, node: s.GateDef) -> list[str]:
        return self._braced(f"gate {self._head(node)}", node.body or ())


class _Printer2(_Printer):
    power = "^"

    def _gate(self, node: s.GateDef) -> list[str]:
        return [f"opaque {self._head(node)};"] if node.body is None else super()._gate(node)

    def _qubits(self, node: s.Qubits) -> str:
        return f"qreg {node.name}{self._size(node.size)}"

    def _declare(self, node: s.Declare) -> str:
        return f"creg {node.name}{self._size(node.type.size)}"

    def statement(self, node: s.Statement) -> list[str]:
        if isinstance(node, s.Assign) and isinstance(node.value, s.MeasureOf):
            return [f"{self.expression(node.value)} -> {self.expression(node.target)};"]
        if isinstance(node, s.If) and isinstance(node.condition, s.Binary):
            return [f"if ({self._condition(node.condition)}) {self.statement(node.then[0])[0]}"]
        return super().statement(node)

    def _condition(self, node: s.Binary) -> str:
        return f"{self.expression(node.left)} == {self.expression(node.right)}"
