"""How the backtest is compiled: one decorator, cached under a checksum of all that it is made of."""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

from pathlib import Path
from typing import Any

from qbtc.core.binance.fast_text import compiler, stamp
from qbtc.core.market.engine.memory import lowest as _lowest

_HERE = Path(__file__).parent
_SOURCE = _HERE.parents[2]
_MARK = stamp(
    *(str(_HERE / f"{name}.py") for name in (
        "native", "layout", "book", "touches", "history", "queues", "delays", "resting", "fifo", "venue", "desk",
        "loop", "plain_native",
    )),
    str(_HERE.parent / "strategy_records.py"),
    str(_HERE.parent / "strategy_native.py"),
    str(_SOURCE / "core/market/engine/memory.py"),
    str(_SOURCE / "core/indicators/objects.py"),
)  # fmt: skip
quick = compiler(_MARK)
inlined = compiler(_MARK, inline=True)
"""For functions that take all columns of a feed: handing these on costs more than most of what is done with them."""
held = compiler(_MARK, nogil=False)
"""As `quick`, for what calls Python: the caller's lock on the interpreter stays."""
lowest: Any = _lowest
