"""Technical indicators for strategies and research: `qbtc.core.indicators` under the name that traders import.

    from qbtc.hft.indicators import EMA, MACD
"""

from __future__ import annotations

from typing import Any

from qbtc.core import indicators as _indicators
from qbtc.core.indicators import FUNCTIONS, MA_Type, groups, indicator

__all__ = ["FUNCTIONS", "MA_Type", "groups", "indicator"]


def __getattr__(name: str) -> Any:
    return getattr(_indicators, name)


def __dir__() -> list[str]:
    return dir(_indicators)
