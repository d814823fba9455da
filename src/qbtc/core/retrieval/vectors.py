"""Exact cosine search by one matrix product; the path that needs no index and no extension."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def top_cosine(matrix: NDArray[np.float32], query: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
    """Best `limit` rows of `matrix` (n, d) by cosine to `query` (d,), best first, ties by row.

    Rows of length 0 have cosine 0. Raises ValueError when the dimensions differ.
    """
    if matrix.ndim != 2 or query.ndim != 1 or matrix.shape[1] != query.shape[0]:
        raise ValueError(f"cannot compare vectors of shape {matrix.shape} with a query of shape {query.shape}")
    if not len(matrix) or limit < 1:
        return []
    norms = np.linalg.norm(matrix, axis=1) * np.linalg.norm(query)
    cosines = np.divide(matrix @ query, norms, out=np.zeros(len(matrix), np.float32), where=norms > 0)
    return [(int(i), float(cosines[i])) for i in top_slots(cosines, limit)]


def top_slots(scores: NDArray[np.floating], limit: int) -> NDArray[np.intp]:
    """Positions of the `limit` largest scores, best first, ties by position."""
    if limit < len(scores):
        kept = np.sort(np.argpartition(-scores, limit)[:limit])
        return kept[np.argsort(-scores[kept], kind="stable")]
    return np.argsort(-scores, kind="stable")
