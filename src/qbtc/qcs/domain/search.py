"""`fidelity_search`: the public face of the exact searches, for arrays and for indexes that are kept.

Pure states are ranked by fidelity or by signed overlap, density matrices by Uhlmann's fidelity; where one side is pure,
fidelity is <psi|rho|psi>. Building an index of a million states takes a second: keep it where you ask more than once.
"""

from __future__ import annotations

import numpy as np

from qbtc.core.hilbert.overlap import Measure
from qbtc.core.hilbert.search import Found, MixedIndex, PureIndex
from qbtc.core.hilbert.types import Complex

Searchable = PureIndex | MixedIndex | Complex


def fidelity_search(states: Searchable, query: Complex, k: int = 10, *, measure: Measure = "fidelity") -> Found:
    """The exact best k of `states` for `query`: falling score, equal scores by position.

    `states`: unit vectors (n, d), density matrices (n, d, d), a `PureIndex` or a `MixedIndex`. `query`: a unit vector
    (d,) or several (q, d), or a density matrix (d, d). A square array is read as vectors if each row has length 1, else
    as a matrix. Scores and positions are (q, k). Raises InvalidState (a ValueError) for what is not a state, NaN included.
    """
    index = index_of(states)
    query = np.asarray(query, dtype=np.complex128)
    mixed_query = query.ndim == 2 and query.shape == (index.size, index.size) and not _are_units(query)
    if measure not in ("signed", "fidelity"):
        raise ValueError(f"no measure {measure!r}; allowed are 'signed' and 'fidelity'")
    if measure == "signed" and (mixed_query or isinstance(index, MixedIndex)):
        raise ValueError("signed overlap is defined between pure states only; use measure='fidelity'")
    if isinstance(index, PureIndex):
        return index.expect(query, k) if mixed_query else index.search(query, k, by=measure)
    if mixed_query:
        return index.search(query, k)
    if not query.size:
        raise ValueError("no query is given; at least one is needed")
    found = [index.search(one, k) for one in np.atleast_2d(query)]
    share = float(np.mean([f.scored for f in found]))
    return Found(np.concatenate([f.scores for f in found]), np.concatenate([f.positions for f in found]), share)


def index_of(states: Searchable) -> PureIndex | MixedIndex:
    """An index of arrays; indexes are given back as they are."""
    if isinstance(states, PureIndex | MixedIndex):
        return states
    states = np.asarray(states, dtype=np.complex128)
    if states.ndim not in (2, 3):
        raise ValueError(f"states have shape {states.shape}; allowed are vectors (n, d) and matrices (n, d, d)")
    index: PureIndex | MixedIndex = PureIndex(states.shape[1]) if states.ndim == 2 else MixedIndex(states.shape[1])
    index.append(states)
    return index


def _are_units(rows: Complex) -> bool:
    return bool(np.all(np.abs(np.linalg.norm(rows, axis=1) - 1) < 1e-9))
