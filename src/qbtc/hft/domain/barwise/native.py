"""How the code of bars is compiled: cached on disk under a checksum of its sources."""

from __future__ import annotations

from pathlib import Path

from qbtc.core.binance.fast_text import compiler, stamp

compiled = compiler(stamp(str(Path(__file__).with_name("*.py"))))
