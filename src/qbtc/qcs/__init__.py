"""QCS: the quantum-statistical engine. Folds market states into the 26-dimensional density matrix, runs circuits.

The library's public names are imported when they are first used.
"""

from importlib import import_module
from typing import Any

PUBLIC = {
    "coherence": "qbtc.qcs.domain.reports",
    "fidelity_search": "qbtc.qcs.domain.search",
}


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(PUBLIC[name]), name)
