"""What is wrong with a source and where: file, line and column from 1, and what was expected.

QasmError            the source is not valid
└── NotRunnable      it is valid, but not something that can be simulated as it stands (no value for an input, ...)
"""

from __future__ import annotations

from bisect import bisect_right


class QasmError(ValueError):
    """`file:line:column: message; expected ...`"""

    def __init__(
        self, message: str, *, line: int, column: int, expected: str | None = None, file: str = "circuit"
    ) -> None:
        tail = f"; expected {expected}" if expected else ""
        super().__init__(f"{file}:{line}:{column}: {message}{tail}")
        self.message, self.line, self.column, self.expected, self.file = message, line, column, expected, file


class NotRunnable(QasmError):
    """A valid program that needs something that is not there: an input's value, an extern's code, more qubits."""


class Sources:
    """Texts end to end, so that a place in any of them is one integer; lines are counted only for an error."""

    def __init__(self) -> None:
        self._files: list[tuple[str, str]] = []
        self._starts: list[int] = []
        self._end = 0

    def add(self, text: str, file: str) -> int:
        """The place of the first character of `text`."""
        start = self._end
        self._files.append((file, text))
        self._starts.append(start)
        self._end += len(text) + 1
        return start

    def place(self, at: int) -> tuple[str, int, int]:
        """File, line and column of a place."""
        number = bisect_right(self._starts, at) - 1
        file, text = self._files[number]
        offset = min(at - self._starts[number], len(text))
        return file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)

    def mention(self, words: tuple[str, ...]) -> bool:
        return any(word in text for _, text in self._files for word in words)

    def error(self, at: int, message: str, expected: str | None = None) -> QasmError:
        file, line, column = self.place(at)
        return QasmError(message, line=line, column=column, expected=expected, file=file)

    def cannot_run(self, at: int, message: str, expected: str | None = None) -> NotRunnable:
        file, line, column = self.place(at)
        return NotRunnable(message, line=line, column=column, expected=expected, file=file)


def pointed(error: QasmError, source: str) -> str:
    """The faulty line of `source` and a caret below the place; empty where there is no such line."""
    lines = source.splitlines()
    if not 1 <= error.line <= len(lines):
        return ""
    text = lines[error.line - 1]
    # A tab stays a tab in the margin, so that the caret stands below its character at any tab width.
    margin = "".join(c if c == "\t" else " " for c in text[: error.column - 1])
    return f"{text}\n{margin}^"
