"""OpenQASM 2 and 3: source text -> `Program` (flat) or `Interpreted` (classical control), and back.

    lexer -> parser2 | parser -> syntax -> checker -> machine (evaluator, gatecalls, conditions) -> qcs/domain/program

A refusal is a `QasmError` with file, line, column and what was expected. Definitions: Cross et al., arXiv 1707.03429, and the
OpenQASM 3 specification (arXiv 2104.14722).
"""

from .errors import NotRunnable, QasmError, pointed
from .load import Interpreted, Setting, Trace, check, load, parse, parse_text, trace
from .unit import Limits

__all__ = [
    "Interpreted",
    "Limits",
    "NotRunnable",
    "QasmError",
    "Setting",
    "Trace",
    "check",
    "load",
    "parse",
    "parse_text",
    "pointed",
    "trace",
]
