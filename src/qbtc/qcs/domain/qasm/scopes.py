"""Which names are visible where, while a program is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from . import syntax as s
from .errors import QasmError, Sources

_DESCRIBED = {
    "value": "a classical value",
    "array": "an array",
    "qubit": "a qubit",
    "qubits": "a register of qubits",
    "gate": "a gate",
    "routine": "a subroutine",
}


@dataclass(frozen=True, slots=True)
class Symbol:
    """`role` is value, array, qubit, qubits, gate or routine."""

    role: str
    const: bool = False

    @property
    def described(self) -> str:
        return _DESCRIBED[self.role]


class Scopes:
    """The innermost scope is the last; inside a subroutine or a gate only constants of the outermost one are seen."""

    def __init__(self, sources: Sources, constants: Mapping[str, float]) -> None:
        self.sources = sources
        self._scopes: list[dict[str, Symbol]] = [{}]
        self._closed = False
        self._built_in = {name: Symbol("value", const=True) for name in constants}

    def error(self, at: int, message: str, expected: str | None = None) -> QasmError:
        return self.sources.error(at, message, expected)

    @property
    def is_global(self) -> bool:
        return len(self._scopes) == 1

    @contextmanager
    def scope(self, names: dict[str, Symbol]) -> Iterator[None]:
        self._scopes.append(names)
        yield
        self._scopes.pop()

    @contextmanager
    def isolated(self) -> Iterator[None]:
        outer, self._scopes, self._closed = self._scopes, self._scopes[:1], True
        yield
        self._scopes, self._closed = outer, False

    def declare(self, at: int, name: str, symbol: Symbol, *, gate: bool = False) -> None:
        if name in self._scopes[-1] and not gate:
            raise self.error(at, f"{name!r} is declared twice", "a new name")
        if gate and name in self._scopes[-1] and self._scopes[-1][name].role != "gate":
            raise self.error(at, f"{name!r} is declared twice", "a new name")
        self._scopes[-1][name] = symbol

    def find(self, name: str) -> Symbol | None:
        for scope in reversed(self._scopes):
            if name in scope:
                return scope[name]
        return self._built_in.get(name)

    def outermost(self, name: str) -> Symbol | None:
        return self._scopes[0].get(name)

    def known(self, node: s.Name) -> Symbol:
        """Raises QasmError for a name that is not declared, or is hidden from a subroutine."""
        symbol = self.find(node.name)
        if symbol is None:
            raise self.error(node.at, f"unknown name {node.name!r}", self._nearby())
        hidden = self._closed and symbol is self.outermost(node.name) and not symbol.const
        if hidden and symbol.role in ("value", "array", "qubit", "qubits"):
            where = "a parameter, or a constant of the program"
            raise self.error(node.at, f"{node.name!r} is not visible inside a subroutine or gate", where)
        return symbol

    def _nearby(self) -> str:
        names = [
            name for scope in self._scopes for name, symbol in scope.items() if symbol.role not in ("gate", "routine")
        ]
        return f"a declared name ({', '.join(names[-12:])})" if names else "a declared name (none is declared)"
