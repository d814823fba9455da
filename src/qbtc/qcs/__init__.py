"""QCS: the quantum-statistical engine. Folds market states into the 26-dimensional density matrix, runs circuits.

From Python: `simulate(qasm, shots=1024)`, `coherence(rho)`, `fidelity_search(...)`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .domain.reports import coherence as coherence
    from .domain.search import fidelity_search as fidelity_search
    from .simulation import simulate as simulate

# Loaded when first asked for: `qbtc` starts without NumPy.
_WHERE = {"coherence": "domain.reports", "fidelity_search": "domain.search", "simulate": "simulation"}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    return found
