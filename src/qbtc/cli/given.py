"""A text that a verb takes: in quotes, in a file, or on standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from qbtc.engines.base import EngineError

MOST_CHARACTERS: Final = 2_000_000


def given_text(text: str) -> str:
    """The text. Raises EngineError where there is nothing, too much, or something that is not text."""
    given = _decoded(sys.stdin.buffer.read(), "standard input") if text == "-" else _from_file(text)
    if len(given) > MOST_CHARACTERS:
        raise EngineError(f"The text has {len(given):,} characters.", f"Allowed: up to {MOST_CHARACTERS:,}.")
    if not given.strip():
        raise EngineError("The text is empty.", "Give words, a file, or - for standard input.")
    return given


def _from_file(text: str) -> str:
    """The content of the file of this name; the text itself where it does not look like one."""
    path = Path(text)
    if not text.strip():
        return text
    if _looks_like_text(text) and not _exists(path):
        return text
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise EngineError(f"{text} {what}.", "Give a text file, or the text itself in quotes.")
    if path.stat().st_size > 4 * MOST_CHARACTERS:
        raise EngineError(
            f"{text} has {path.stat().st_size:,} bytes.", f"Allowed: up to {MOST_CHARACTERS:,} characters."
        )
    return _decoded(path.read_bytes(), text)


def _looks_like_text(text: str) -> bool:
    return any(c.isspace() for c in text.strip()) or not ("/" in text or Path(text).suffix[1:].isalnum())


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # longer than a name may be
        return False


def _decoded(raw: bytes, where: str) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EngineError(
            f"{where} is not UTF-8 text (byte {error.start:,}).", "Convert it, for example with iconv."
        ) from None
    if "\0" in text:
        raise EngineError(f"{where} is binary, not text.", "Give a UTF-8 text file.")
    return text
