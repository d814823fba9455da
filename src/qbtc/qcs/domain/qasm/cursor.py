"""Reading tokens one by one; every refusal names the place and what would have done."""

from __future__ import annotations

from .errors import QasmError, Sources
from .lexer import Tokens

MAX_NESTING = 60
MAX_BLOCKS = 100
MAX_OPERATORS = 200


class Cursor:
    """`kind` and `text` are of the token in hand; the last one is `eof` and is never passed."""

    def __init__(self, tokens: Tokens, sources: Sources) -> None:
        self._sources = sources
        self._kinds, self._texts, self._places = tokens.kinds, tokens.texts, tokens.places
        self._i = 0
        self.kind = self._kinds[0]

    @property
    def text(self) -> str:
        return self._texts[self._i]

    @property
    def at(self) -> int:
        return self._places[self._i]

    @property
    def shown(self) -> str:
        """The token as an error message names it."""
        return "the end of the file" if self.kind == "eof" else repr(self.text.strip()[:40])

    def peek(self, ahead: int = 1) -> str:
        return self._kinds[min(self._i + ahead, len(self._kinds) - 1)]

    def next(self) -> str:
        """Pass the token; gives its text."""
        text = self._texts[self._i]
        if self.kind != "eof":
            self._i += 1
            self.kind = self._kinds[self._i]
        return text

    def accept(self, kind: str) -> bool:
        if self.kind != kind:
            return False
        self._i += 1
        self.kind = self._kinds[self._i]
        return True

    def expect(self, kind: str, expected: str | None = None) -> str:
        if self.kind != kind:
            raise self.error(f"found {self.shown}", expected or repr(kind))
        text = self._texts[self._i]
        self._i += 1
        self.kind = self._kinds[self._i]
        return text

    def error(self, message: str, expected: str | None = None, at: int | None = None) -> QasmError:
        return self._sources.error(self.at if at is None else at, message, expected)
