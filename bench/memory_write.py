"""Memories a second that CIO acknowledges: text and search terms durable, vectors and features pending. One JSON line.

Chat-sized texts (23 words) go through the rules of `POST /memories/import` into a real PostgreSQL with fsync, in portions of 1,000 and of 1.
What is read back afterwards is compared word for word with what was given. Then the features follow, one task. No peer: none writes without a model.
Options: `--memories`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.harness import emit

from qbtc.cio.describing import Describing
from qbtc.cio.domain.memory import Draft
from qbtc.cio.importing import bring
from qbtc.cio.keeping import Keeper
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


async def measured(store: Store, count: int) -> dict[str, object]:
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
    }  # fmt: skip


async def run(count: int) -> None:
    with PostgresServer() as server, tempfile.TemporaryDirectory() as home:
        dsns = await prepare(server.database(), Path(home), bus_in_database=False)
        store = Store(dsns["cio"], name="cio")
        await store.open()
        try:
            emit("memory_write", **await measured(store, count))
        finally:
            await store.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--memories", type=int, default=10_000)
    asyncio.run(run(options.parse_args().memories))


if __name__ == "__main__":
    main()
