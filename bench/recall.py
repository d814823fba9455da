"""Speed of recall at 10,000 memories on a real PostgreSQL, through CIO's adapters, one process: prints one JSON line.

How good it is: bench/locomo.py.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from qbtc.cio.adapters import memories, vectors
from qbtc.cio.adapters.lexicon import Lexicon
from qbtc.cio.domain.evidence import Asked
from qbtc.cio.domain.memory import Draft
from qbtc.cio.domain.ranking import Question, rank
from qbtc.cio.recalling import weighed
from qbtc.core.language import query_terms
from qbtc.kit.embedding import LocalEmbedder, Vectors
from qbtc.kit.store import Store
from qbtc.kit.store.bootstrap import prepare
from qbtc.testing.postgres import PostgresServer

SIZE = 10_000


def invented(seed: int = 26) -> Callable[[], str]:
    """Texts of 20 words from a Zipf-like vocabulary of 5,000."""
    rng = random.Random(seed)
    words = [f"w{n}{rng.choice('aeiou')}x" for n in range(5000)]
    weights = [1 / (n + 5) for n in range(5000)]
    return lambda: " ".join(rng.choices(words, weights, k=20))


async def speed(embedder: LocalEmbedder) -> dict[str, object]:
    with PostgresServer() as server, tempfile.TemporaryDirectory() as home:
        dsns = await prepare(server.database(), Path(home), bus_in_database=False)
        store = Store(dsns["cio"], name="cio")
        await store.open()
        try:
            return await measured(store, embedder)
        finally:
            await store.close()


async def measured(store: Store, embedder: LocalEmbedder) -> dict[str, object]:
    text = invented()
    say(f"storing {SIZE} memories")
    started = time.perf_counter()
    await asyncio.gather(*(write(store, text, SIZE // 8) for _ in range(8)))
    written = SIZE / (time.perf_counter() - started)
    say("giving each a vector, then asking 200 times")
    await give_vectors(store, embedder)
    rng, out = np.random.default_rng(26), {"memories": SIZE, "writes_per_s": round(written)}
    search = await vectors.choose(store)
    lexicon = Lexicon(search, embedder.identity)
    parts: dict[str, list[float]] = {"first": [], "lexical": [], "vector": [], "rank": []}
    for _ in range(200):
        await ask(store, lexicon, search, text()[:30], unit(rng), embedder.identity, parts)
    await embedder.embed(["warm"], "query")
    parts["embed_query"] = [await timed_embedding(embedder, text()[:60]) for _ in range(50)]
    return out | {"search": search.name} | {f"{n}_ms": percentiles(v) for n, v in parts.items()}


async def write(store: Store, text: Callable[[], str], count: int) -> None:
    for _ in range(count):
        async with store.transaction() as conn:
            await memories.add(conn, Draft(text(), "note", "desk", None, datetime.now(UTC)))


async def give_vectors(store: Store, embedder: LocalEmbedder) -> None:
    """Random unit vectors: the time of a scan does not depend on what they mean."""
    rng, search = np.random.default_rng(1), await vectors.choose(store)
    while True:
        async with store.transaction() as conn:
            waiting = await memories.waiting(conn, limit=1000)
            if not waiting:
                break
            ids = [w.memory_id for w in waiting]
            rows = np.stack([unit(rng) for _ in ids])
            await search.store(conn, ids, rows, owner=None, identity=embedder.identity)
            await memories.mark(conn, ids, "done")


async def ask(
    store: Store,
    lexicon: Lexicon,
    search: vectors.PgVectors | vectors.ScannedVectors,
    text: str,
    vector: Vectors,
    identity: str,
    parts: dict[str, list[float]],
) -> None:
    async with store.transaction() as conn:
        first = not parts["first"]
        started = time.perf_counter()
        (segment,) = await lexicon.segments(conn, None)
        asked = Asked(text, tuple(query_terms(text)), 0.8)
        words = segment.best(asked.terms, scope=None, kinds=(), limit=100)
        parts["first" if first else "lexical"].append(time.perf_counter() - started)
        started = time.perf_counter()
        ids = segment.nearest(vector, scope=None, kinds=(), limit=256)
        near = await search.exact(conn, vector, identity=identity, ids=ids, limit=100)
        parts["vector"].append(time.perf_counter() - started)
        started = time.perf_counter()
        rank(weighed(segment, Question(text, None), asked, words, near), {}, 10)
        parts["rank"].append(time.perf_counter() - started)


async def timed_embedding(embedder: LocalEmbedder, text: str) -> float:
    started = time.perf_counter()
    await embedder.embed([text], "query")
    return time.perf_counter() - started


def say(progress: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {progress}", file=sys.stderr, flush=True)


def unit(rng: np.random.Generator) -> Vectors:
    row = rng.standard_normal(384).astype(np.float32)
    return row / np.linalg.norm(row)


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(np.array(seconds) * 1e3, [50, 95])
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2)}


async def main() -> None:
    embedder = LocalEmbedder(threads=1)
    result = {"bench": "recall", "speed": await speed(embedder)}
    embedder.close()
    print(json.dumps(result))


if __name__ == "__main__":
    asyncio.run(main())
