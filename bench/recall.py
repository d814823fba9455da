"""Recall quality on LoCoMo conversations and speed at 10,000 memories: prints one JSON line.

Quality: each conversation turn is a memory ("speaker: text"), each question is asked as it is; any@10 and all@10 are
the shares of questions of which any or all evidence turns are among the first ten. The fusion is CIO's own
(cio/domain), the model the local one; no language model is called. The data is never part of the product: it is looked
for in QBTC_DATA or ../shared/data, and without it the line says that it was skipped. Two conversations, or with
QBTC_TEST_SIZE=exhaustive all of them.
Speed: the same rules on a real PostgreSQL, through CIO's adapters, one process.
"""

from __future__ import annotations

import asyncio
import json
import os
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
from qbtc.cio.domain import recall as rules
from qbtc.cio.domain.memory import Draft
from qbtc.cio.domain.segment import Entry, Segment
from qbtc.core.language import analyse, query_terms
from qbtc.core.retrieval import top_cosine
from qbtc.kit.embedding import LocalEmbedder, Vectors
from qbtc.kit.store import Store
from qbtc.kit.store.bootstrap import prepare
from qbtc.testing.data import DATA
from qbtc.testing.postgres import PostgresServer

LOCOMO = DATA / "memory" / "locomo_dev.json"
FLOOR = 0.80
K = 10
SIZE = 10_000
CONVERSATIONS = 2
EXHAUSTIVE = os.environ.get("QBTC_TEST_SIZE") == "exhaustive"

Turn = tuple[str, str, str]
Ranker = Callable[[str, Vectors], list[str]]


def turns(conversation: dict[str, object]) -> list[Turn]:
    """(id, text, session) in order."""
    found: list[Turn] = []
    for number in range(1, 100):
        session = conversation.get(f"session_{number}")
        for turn in session if isinstance(session, list) else []:
            found.append((turn["dia_id"], f"{turn['speaker']}: {turn['text']}", str(number)))
    return found


def lexical_leg(segment: Segment, question: str) -> dict[str, float]:
    return dict(segment.search(query_terms(question), scope=None, kinds=(), limit=100))


def rankers(spoken: Sequence[Turn], matrix: Vectors) -> dict[str, Ranker]:
    ids = [key for key, _, _ in spoken]
    segment, plain = Segment(), Segment(neighbour_share=0.0)
    for key, text, session in spoken:
        for one in (segment, plain):
            one.add(Entry(key, analyse(text), "s", "chat", session))

    def dense(vector: Vectors) -> dict[str, float]:
        return {ids[i]: cosine for i, cosine in top_cosine(matrix, vector, 100)}

    def hybrid(question: str, vector: Vectors) -> list[str]:
        lexical = lexical_leg(segment, question)
        kept = rules.plausible(dense(vector), floor=FLOOR, lexical=lexical)
        lent = rules.lend(kept, {key: segment.neighbours(key) for key in kept})
        return [r.memory_id for r in rules.fuse({rules.LEXICAL: lexical, rules.VECTOR: lent}, K)]

    return {
        "bm25": lambda q, _: list(lexical_leg(plain, q)),
        "bm25_neighbours": lambda q, _: list(lexical_leg(segment, q)),
        "dense": lambda _, v: list(dense(v)),
        "cio": hybrid,
    }


async def quality(embedder: LocalEmbedder) -> dict[str, object]:
    if not LOCOMO.exists():
        return {"skipped": "no locomo_dev.json in ../shared/data or QBTC_DATA"}
    outcomes: dict[str, list[tuple[bool, bool]]] = {}
    conversations = json.loads(LOCOMO.read_text())
    chosen = conversations if EXHAUSTIVE else conversations[:CONVERSATIONS]
    for number, item in enumerate(chosen, 1):
        say(f"conversation {number} of {len(chosen)}")
        spoken = turns(item["conversation"])
        known = {key for key, _, _ in spoken}
        asked = [(q["question"], [e for e in q.get("evidence", []) if e in known]) for q in item["qa"]]
        asked = [(question, gold) for question, gold in asked if gold]
        matrix = await embed(embedder, [text for _, text, _ in spoken], "passage")
        vectors_of = await embed(embedder, [question for question, _ in asked], "query")
        for name, rank in rankers(spoken, matrix).items():
            for (question, gold), vector in zip(asked, vectors_of, strict=True):
                hit = [key in rank(question, vector)[:K] for key in gold]
                outcomes.setdefault(name, []).append((any(hit), all(hit)))
        say(json.dumps({name: summary(pairs) for name, pairs in outcomes.items()}))
    return {"conversations": len(chosen)} | {name: summary(pairs) for name, pairs in outcomes.items()}


async def embed(embedder: LocalEmbedder, texts: Sequence[str], kind: str) -> Vectors:
    rows = [await embedder.embed(texts[i : i + 64], kind) for i in range(0, len(texts), 64)]  # type: ignore[arg-type]
    return np.concatenate(rows)


def summary(pairs: Sequence[tuple[bool, bool]]) -> dict[str, float]:
    any_, all_ = np.array(pairs, dtype=float).T
    return {"any@10": round(any_.mean(), 4), "all@10": round(all_.mean(), 4), "questions": len(pairs)}


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
    search, lexicon = await vectors.choose(store), Lexicon()
    parts: dict[str, list[float]] = {"first": [], "lexical": [], "vector": []}
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
        await lexicon.search(conn, text, person=None, scope=None, kinds=(), limit=100)
        parts["first" if first else "lexical"].append(time.perf_counter() - started)
        started = time.perf_counter()
        await search.nearest(conn, vector, identity=identity, scope=None, kinds=(), limit=100)
        parts["vector"].append(time.perf_counter() - started)


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
    result = {"bench": "recall", "speed": await speed(embedder), "locomo_dev": await quality(embedder)}
    embedder.close()
    print(json.dumps(result))


if __name__ == "__main__":
    asyncio.run(main())
