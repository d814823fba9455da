"""Text to tokens, each with its line and column (from 1)."""

from __future__ import annotations

import re
from dataclasses import dataclass


class QasmError(ValueError):
    """`file:line:column: message; expected ...`"""

    def __init__(
        self, message: str, *, line: int, column: int, expected: str | None = None, file: str = "circuit"
    ) -> None:
        tail = f"; expected {expected}" if expected else ""
        super().__init__(f"{file}:{line}:{column}: {message}{tail}")
        self.message, self.line, self.column, self.expected, self.file = message, line, column, expected, file


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is id, real, int, string, symbol or end."""

    kind: str
    text: str
    line: int
    column: int


_PATTERN = re.compile(
    r"(?P<skip>[ \t\r\n]+|//[^\n]*)"
    r"|(?P<real>(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)"
    r"|(?P<int>\d+)"
    r"|(?P<id>[A-Za-z_][A-Za-z0-9_]*)"
    r'|(?P<string>"[^"\n]*")'
    r"|(?P<symbol>->|==|[;,(){}\[\]+\-*/^])"
)


def tokenize(source: str, file: str) -> list[Token]:
    """All tokens and a final `end`. Raises QasmError at the first character that starts none."""
    tokens: list[Token] = []
    position, line, start = 0, 1, 0
    while position < len(source):
        match = _PATTERN.match(source, position)
        if match is None:
            raise QasmError(
                f"unexpected character {source[position]!r}",
                line=line,
                column=position - start + 1,
                file=file,
                expected="a name, a number, a string or one of ; , ( ) { } [ ] + - * / ^ -> ==",
            )
        kind, text = str(match.lastgroup), match.group()
        if kind != "skip":
            tokens.append(Token(kind, text, line, position - start + 1))
        breaks = text.count("\n")
        if breaks:
            line, start = line + breaks, position + text.rindex("\n") + 1
        position = match.end()
    tokens.append(Token("end", "end of file", line, position - start + 1))
    return tokens


class Cursor:
    """Reads tokens one by one; every refusal names the place and what would have done."""

    def __init__(self, source: str, file: str) -> None:
        self.file = file
        self._tokens, self._at = tokenize(source, file), 0

    @property
    def now(self) -> Token:
        return self._tokens[self._at]

    def next(self) -> Token:
        token = self.now
        self._at += token.kind != "end"
        return token

    def accept(self, text: str) -> bool:
        """Take the token if it is this symbol or word."""
        if self.now.text == text and self.now.kind in ("symbol", "id"):
            self.next()
            return True
        return False

    def expect(self, text: str) -> Token:
        if self.now.text == text and self.now.kind in ("symbol", "id"):
            return self.next()
        raise self.error(f"found {self.now.text!r}", expected=repr(text))

    def take(self, kind: str, expected: str) -> Token:
        if self.now.kind == kind:
            return self.next()
        raise self.error(f"found {self.now.text!r}", expected=expected)

    def error(self, message: str, *, expected: str | None = None, at: Token | None = None) -> QasmError:
        token = at or self.now
        return QasmError(message, line=token.line, column=token.column, expected=expected, file=self.file)
