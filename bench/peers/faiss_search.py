"""faiss's exact inner-product search in its own interpreter: a request a line on standard input, an answer a line on output.
It cannot import anything of ours; `bench/fidelity_search.py` starts it.

faiss spreads one query over no threads, so there are two settings: IndexFlatIP as it is, and IndexShards with a half a thread.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import faiss
import numpy as np

INDEXES: dict[str, Any] = {}


def load(path: str, threads: int) -> dict[str, Any]:
    vectors = np.load(path).astype(np.float32)
    faiss.omp_set_num_threads(threads)
    INDEXES["flat"] = faiss.IndexFlatIP(vectors.shape[1])
    INDEXES["flat"].add(vectors)
    INDEXES["shards"] = faiss.IndexShards(vectors.shape[1], True, True)
    for part in np.array_split(vectors, threads):
        shard = faiss.IndexFlatIP(vectors.shape[1])
        shard.add(part)
        INDEXES["shards"].add_shard(shard)
    return {"version": faiss.__version__, "compiled": faiss.get_compile_options().strip()}


def search(index: str, queries: list[list[float]], k: int, batch: int) -> dict[str, Any]:
    asked = np.array(queries, dtype=np.float32)
    seconds, positions = [], []
    for first in range(0, len(asked), batch):
        begun = time.perf_counter()
        _, found = INDEXES[index].search(asked[first : first + batch], k)
        seconds.append(time.perf_counter() - begun)
        positions += found.tolist()
    return {"seconds": seconds, "positions": positions}


for line in sys.stdin:
    request = json.loads(line)
    call = {"load": load, "search": search}[request.pop("call")]
    print(json.dumps(call(**request)), flush=True)
