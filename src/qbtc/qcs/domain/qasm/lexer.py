"""Text to tokens of OpenQASM 2 and 3, by the lexical rules of the language's reference grammar.

Tokens are three lists of equal length: kind, text, place. The kind of a keyword or a sign is its own text; the others are
id, integer, real, imag, time, string, hardware, pragma, note (an annotation), block (the body of a calibration) and eof.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from .errors import Sources

_INT = r"[0-9](?:_?[0-9])*"
_FLOAT = rf"(?:{_INT}[eE][+-]?{_INT}|\.{_INT}(?:[eE][+-]?{_INT})?|{_INT}\.(?:{_INT})?(?:[eE][+-]?{_INT})?)"
_SPACE = r"(?:[ \t\r\n]+|//[^\r\n]*|/\*.*?\*/)*+"
"""Possessive: given back piece by piece, n spaces before what is no header would be tried in 2^n ways."""
_PATTERN = re.compile(
    rf"{_SPACE}"
    r"(?:(?P<pragma>\#?pragma(?!\w)[^\r\n]*)"
    r"|(?P<word>[^\W\d]\w*)"
    rf"|(?P<time>(?:{_FLOAT}|{_INT})[ \t]*(?:dt|ns|us|µs|ms|s))"
    rf"|(?P<imag>(?:{_FLOAT}|{_INT})[ \t]*im)"
    rf"|(?P<real>{_FLOAT})"
    rf"|(?P<integer>0[bB][01](?:_?[01])*|0o[0-7](?:_?[0-7])*|0[xX][0-9a-fA-F](?:_?[0-9a-fA-F])*|{_INT})"
    r"|(?P<hardware>\$[0-9]+)"
    r"|(?P<string>\"[^\"\r\t\n]+\"|'[^'\r\t\n]+')"
    r"|(?P<note>@[^\W\d]\w*(?:\.[^\W\d]\w*)*[^\r\n]*)"
    r"|(?P<open>/\*)"
    r"|(?P<sign>\*\*=|<<=|>>=|->|\+\+|\*\*|\|\||&&|==|!=|<=|>=|<<|>>|[-+*/&|~^%]=|\#dim|[\[\]{}();:,.=+\-*/%|&^@~!<>])"
    r"|(?P<eof>\Z)"
    r"|(?P<bad>.))",
    re.DOTALL,
)
_VERSION = re.compile(rf"{_SPACE}OPENQASM[ \t\r\n]+(?P<major>[0-9]+)", re.DOTALL)
MARK = "\ufeff"
"""The byte order mark that editors on Windows begin a file with; it means nothing."""
_BLOCK = re.compile(r"[{}]")
_LETTERS = {"Lu", "Ll", "Lt", "Lm", "Lo", "Nl"}

WORDS_2 = frozenset(["OPENQASM", "include", "qreg", "creg", "gate", "opaque", "barrier", "measure", "reset", "if"])
WORDS_3 = frozenset(
    [
        "OPENQASM",
        "include",
        "defcalgrammar",
        "def",
        "cal",
        "defcal",
        "gate",
        "extern",
        "box",
        "let",
        "break",
        "continue",
        "if",
        "else",
        "end",
        "return",
        "for",
        "while",
        "in",
        "switch",
        "case",
        "default",
        "nop",
        "input",
        "output",
        "const",
        "readonly",
        "mutable",
        "qreg",
        "qubit",
        "creg",
        "bool",
        "bit",
        "int",
        "uint",
        "float",
        "angle",
        "complex",
        "array",
        "void",
        "duration",
        "stretch",
        "gphase",
        "inv",
        "pow",
        "ctrl",
        "negctrl",
        "durationof",
        "delay",
        "reset",
        "measure",
        "barrier",
        "true",
        "false",
        "im",
    ]
)


@dataclass(slots=True)
class Tokens:
    version: int
    kinds: list[str]
    texts: list[str]
    places: list[int]


def version_of(source: str) -> int:
    """2 or 3 as the header says; 3 where there is none."""
    found = _VERSION.match(source)
    return 2 if found and int(found["major"][:9]) == 2 else 3


def tokenize(source: str, sources: Sources, file: str, version: int | None = None) -> Tokens:
    """All tokens and a final `eof`. Raises QasmError at the first character that starts none."""
    base = sources.add(source, file)
    position = len(MARK) if source.startswith(MARK) else 0
    tokens = Tokens(version or version_of(source[position:]), [], [], [])
    while position >= 0:
        position = _scan(source, position, tokens, base, sources)
    return tokens


def _scan(source: str, position: int, tokens: Tokens, base: int, sources: Sources) -> int:
    """Tokens up to the end (-1), or to the end of a calibration's body, whose inside is not OpenQASM."""
    words = WORDS_2 if tokens.version == 2 else WORDS_3
    kinds, texts, places = tokens.kinds.append, tokens.texts.append, tokens.places.append
    calibration = False
    for match in _PATTERN.finditer(source, position):
        kind = match.lastgroup or "bad"
        text, start = match[kind], match.start(kind)
        if kind == "word":
            kind = text if text in words else "id"
            if kind == "id" and not text.isascii():
                _check_letters(text, base + start, sources)
            calibration |= kind in ("cal", "defcal")
        elif kind == "sign":
            kind = text
        elif kind in ("bad", "open"):
            raise _unexpected(kind, text, base + start, sources)
        kinds(kind)
        texts(text)
        places(base + start)
        if kind == "eof":
            return -1
        if calibration and kind == "{":
            return _block(source, match.end(), tokens, base, sources)
    return -1


def _block(source: str, start: int, tokens: Tokens, base: int, sources: Sources) -> int:
    """The raw text up to the brace that closes the one before `start`; where to go on."""
    depth = 1
    for brace in _BLOCK.finditer(source, start):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            tokens.kinds += ["block", "}"]
            tokens.texts += [source[start : brace.start()], "}"]
            tokens.places += [base + start, base + brace.start()]
            return brace.end()
    raise sources.error(base + start - 1, "the calibration block never ends", "'}'")


def _check_letters(text: str, at: int, sources: Sources) -> None:
    for offset, letter in enumerate(text):
        if not letter.isascii() and unicodedata.category(letter) not in _LETTERS:
            raise sources.error(at + offset, f"unexpected character {letter!r}", "letters, digits and _ in a name")


def _unexpected(kind: str, text: str, at: int, sources: Sources) -> Exception:
    if kind == "open":
        return sources.error(at, "the comment never ends", "'*/'")
    if text in "\"'":
        return sources.error(at, "the string never ends", f"a closing {text} on the same line")
    return sources.error(at, f"unexpected character {text!r}", "a name, a number, a string or a sign of the language")
