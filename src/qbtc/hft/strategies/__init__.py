"""The example strategies, by name: module and class. A strategy's file imports what it needs from `.api`."""

from __future__ import annotations

EXAMPLES: dict[str, str] = {
    "avellaneda_stoikov": "AvellanedaStoikov",
    "imbalance": "Imbalance",
    "ema_cross": "EmaCross",
    "grid": "Grid",
    "pairs": "Pairs",
}
ONE_MARKET = tuple(name for name in EXAMPLES if name != "pairs")
"""The rest has legs and takes several markets."""
