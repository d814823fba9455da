"""OpenQASM 2: source text -> `Program`, a flat list of unitary gates, measurements and resets.

    lexer -> parser (with expressions, gates) -> qcs/domain/program

A refusal is a `QasmError` with file, line, column and what was expected. Definition: Cross et al., arXiv 1707.03429.
"""

from .lexer import QasmError
from .parser import Limits, parse

__all__ = ["Limits", "QasmError", "parse"]
