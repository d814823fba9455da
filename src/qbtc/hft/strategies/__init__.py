"""Example strategies by name."""

from __future__ import annotations

from collections.abc import Callable

from ..domain.strategy import Strategy
from .imbalance import Imbalance

STRATEGIES: dict[str, Callable[[], Strategy]] = {"imbalance": Imbalance}

__all__ = ["STRATEGIES", "Imbalance"]
