"""Ranked retrieval: an incremental BM25 index, exact cosine scan, and fusion of rankings.

Pure: terms, vectors and scores in, rankings out. Knows nothing of storage, owners or models. Above it: CIO, Ce3.
"""

from .bm25 import Bm25Index
from .fusion import reciprocal_rank, spread, weighted
from .vectors import top_cosine

__all__ = ["Bm25Index", "reciprocal_rank", "spread", "top_cosine", "weighted"]
