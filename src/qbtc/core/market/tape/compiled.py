"""The decorator of the tape's compiled code: cached on disk under a checksum of all sources that it is made of."""

from __future__ import annotations

from pathlib import Path

from ...binance import fast_text
from ...binance.fast_text import compiler, stamp

compiled = compiler(
    stamp(str(Path(__file__).with_name("*.py")), str(Path(fast_text.__file__).with_name("fast_*.py")))
)
