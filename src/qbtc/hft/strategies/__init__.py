"""The example strategies, by name: module and class. A strategy's file imports what it needs from `.api`."""

from __future__ import annotations

EXAMPLES: dict[str, str] = {
    "avellaneda_stoikov": "AvellanedaStoikov",
    "imbalance": "Imbalance",
    "ema_cross": "EmaCross",
    "grid": "Grid",
}
