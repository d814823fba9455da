"""Compile, or load from the cache, the compiled code that a start of HFT needs: the risk gate and the first strategy."""

from __future__ import annotations

from pathlib import Path

from .adapters.strategy_files import load
from .domain.risk_gate import warm as warm_gate

STARTED = "imbalance"
"""What runs by default; others compile when they are started."""


def warm() -> None:
    """Seconds the first time, a fraction of one later."""
    warm_gate()
    load(STARTED, Path()).prepare()
