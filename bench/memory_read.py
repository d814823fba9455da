"""Recall at a million memories: time of a search, of the query's embedding apart, of the start, and memory of the process. One JSON line.

Texts are halves of passages of the shared corpora put together anew, 20 to a session; the first `--embedded` passages have the vectors of
the local model, and a memory has a mixture of those of its two passages around their mean with noise (a million real embeddings would take
hours). Questions are those of LoCoMo with their real vectors. The rows are in a real PostgreSQL with fsync. A process of its own then
imports the whole service, reads the index, loads the model, and answers through `Recaller`: wall time of a search with its
transaction, from a question and its vector to memories. How good: the answers beside those of an exact scan of all vectors
by the database, for `--exact` questions. What it is: bench/locomo.py says how good the ranking is.

`--cache FILE.npz` keeps the vectors of passages and questions for the next run. Without the shared data the line says that it was skipped.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import psycopg
from bench.harness import emit

from qbtc.cio.adapters import vectors
from qbtc.cio.adapters.lexicon import Lexicon
from qbtc.cio.adapters.state_cache import StateCache
from qbtc.cio.domain.ranking import Question
from qbtc.cio.domain.segment import Segment
from qbtc.cio.recalling import ESTIMATED, Parts, Recaller
from qbtc.cio.status import proportional_set_size
from qbtc.core.language import analyse
from qbtc.kit.embedding import LOCAL_IDENTITY, LocalEmbedder, Vectors
from qbtc.kit.store import Store
from qbtc.kit.store.bootstrap import prepare
from qbtc.testing.data import DATA
from qbtc.testing.postgres import PostgresServer

PORTION, SESSION, WIDTH = 10_000, 20, 384
NAMES = ("Ana", "Bo", "Caroline", "Dev", "Elena", "Farid", "Gina", "Hugo")
SETTINGS = {"max_wal_size": "8GB", "checkpoint_timeout": "1h"}


def passages() -> list[str]:
    """Turns of conversations, paragraphs of documents and pairs of verses, each once, shuffled."""
    found = [turn["text"] for talk in conversations() for turn in talk]
    for path in sorted((DATA / "docs" / "rfc").glob("*.txt")):
        found += [
            text[:300]
            for part in re.split(r"\n\s*\n", path.read_text(errors="ignore"))
            if len(text := " ".join(part.split())) > 40
        ]
    for path in sorted((DATA / "text" / "sonnets_es").rglob("*.xml")):
        lines = [
            " ".join("".join(e.itertext()).split())
            for e in ElementTree.parse(path).iter()
            if e.tag.rsplit("}")[-1] == "l"
        ]
        found += [" ".join(lines[i : i + 2]) for i in range(0, len(lines) - 1, 2)]
    found = [text for text in dict.fromkeys(found) if len(text.split()) > 3]
    random.Random(26).shuffle(found)
    return found


def conversations() -> Iterator[list[dict[str, str]]]:
    for item in json.loads((DATA / "memory" / "locomo_dev.json").read_text()):
        for number in range(1, 100):
            yield item["conversation"].get(f"session_{number}") or []


def questions() -> list[str]:
    asked = [
        q["question"] for item in json.loads((DATA / "memory" / "locomo_dev.json").read_text()) for q in item["qa"]
    ]
    random.Random(1).shuffle(asked)
    return asked


async def embedded(texts: Sequence[str], kind: str) -> Vectors:
    model = LocalEmbedder(threads=1)
    rows = []
    for start in range(0, len(texts), 64):
        rows.append(await model.embed(texts[start : start + 64], kind))  # type: ignore[arg-type]
        if start % 1024 == 0:
            say(f"{start} of {len(texts)} {kind} vectors")
    model.close()
    return np.concatenate(rows)


def known(cache: Path | None, texts: list[str], asked: list[str]) -> tuple[Vectors, Vectors]:
    """Vectors of passages and of questions, from the cache if it has exactly these."""
    if cache and cache.exists():
        with np.load(cache) as kept:
            if kept["texts"].tolist() == texts and kept["asked"].tolist() == asked:
                return kept["passages"], kept["questions"]
    found = asyncio.run(embedded(texts, "passage")), asyncio.run(embedded(asked, "query"))
    if cache:
        np.savez(cache, texts=np.array(texts), asked=np.array(asked), passages=found[0], questions=found[1])
    return found


class Made:
    """Memories by number: text, terms and vector of two passages, first half and second half."""

    def __init__(self, texts: Sequence[str], rows: Vectors) -> None:
        self._halves = [
            (text[: len(text) // 2].rsplit(" ", 1)[0], text[len(text) // 2 :].split(" ", 1)[-1]) for text in texts
        ]
        self._terms = [(analyse(a), analyse(b)) for a, b in self._halves]
        self._names = [analyse(name) for name in NAMES]
        self._centre = rows.mean(axis=0)
        self._around = rows - self._centre

    def portion(self, first: int, count: int) -> tuple[list[str], Vectors]:
        """Lines for COPY of the memories, and their vectors (count, WIDTH)."""
        rng = np.random.default_rng(first)
        pairs = rng.integers(0, len(self._halves), (count, 2))
        lines = [self._line(first + i, a, b) for i, (a, b) in enumerate(pairs.tolist())]
        noise = rng.standard_normal((count, WIDTH)).astype(np.float32) * self._around.std(axis=0)
        rows = self._centre + 0.75 * self._around[pairs[:, 0]] + 0.5 * self._around[pairs[:, 1]] + 0.43 * noise
        return lines, (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def _line(self, number: int, a: int, b: int) -> str:
        who = number % len(NAMES)
        text = f"{self._halves[a][0]} {self._halves[b][1]}"
        terms = [*self._names[who], *self._terms[a][0], *self._terms[b][1]]
        array = "{" + ",".join(f'"{term}"' for term in terms) + "}"
        cells = (
            uuid_of(number),
            text,
            "chat",
            "desk",
            f"s{number // SESSION}",
            str(datetime.now(UTC)),
            "0",
            array,
            NAMES[who],
        )
        return (
            "\t".join(cell.replace("\\", "\\\\").replace("\t", " ").replace("\n", " ") for cell in cells)
            + "\t4\tdone\tdone\n"
        )


def uuid_of(number: int) -> str:
    text = f"0190{number:012x}7000800000000000"
    return f"{text[:8]}-{text[8:12]}-7{text[13:16]}-8{text[17:20]}-{number:012x}"


def fill(dsn: str, made: Made, count: int) -> None:
    identity = LOCAL_IDENTITY.encode()
    row = np.dtype(
        [
            ("n", ">i2"),
            ("li", ">i4"),
            ("id", "V16"),
            ("ln", ">i4"),
            ("name", f"S{len(identity)}"),
            ("lv", ">i4"),
            ("dim", ">i2"),
            ("un", ">i2"),
            ("v", ">f4", WIDTH),
        ]
    )
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("SET search_path = cio_consciousness, public, extensions")
        conn.execute("SET session_replication_role = replica")
        for first in range(0, count, PORTION):
            size = min(PORTION, count - first)
            lines, rows = made.portion(first, size)
            with conn.cursor().copy(
                "COPY memories (memory_id, text, kind, scope, session, happened_at, content_hash, terms, author, marks,"
                " embedding_state, feature_state) FROM STDIN"
            ) as copy:
                copy.write("".join(lines))
            packed = np.zeros(size, row)
            packed["n"], packed["li"], packed["ln"], packed["lv"], packed["dim"] = (
                3,
                16,
                len(identity),
                4 + 4 * WIDTH,
                WIDTH,
            )
            packed["id"] = np.array([bytes.fromhex(uuid_of(first + i).replace("-", "")) for i in range(size)], "V16")
            packed["name"], packed["v"] = identity, rows
            with conn.cursor().copy("COPY embeddings (memory_id, identity, vector) FROM STDIN (FORMAT binary)") as copy:
                copy.write(b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0))
                copy.write(packed.tobytes())
                copy.write(struct.pack(">h", -1))
            if first % (10 * PORTION) == 0:
                say(f"{first + size} memories kept")
        conn.execute("ANALYZE memories")
        conn.execute("ANALYZE embeddings")


class Given:
    """An embedder whose vectors are there already: the time of a search is then without the model's."""

    identity, dim = LOCAL_IDENTITY, WIDTH

    def __init__(self, rows: dict[str, Vectors]) -> None:
        self._rows = rows

    async def embed(self, texts: Sequence[str], kind: str) -> Vectors:
        return np.stack([self._rows[text] for text in texts])


async def answered(dsn: str, asked: list[str], rows: Vectors, exact: int) -> dict[str, object]:
    """In a process of its own: start, ask, compare."""
    import redis.asyncio

    import qbtc.cio.service  # noqa: F401 - what the service imports counts

    store = Store(dsn, name="cio")
    await store.open()
    search = await vectors.choose(store)
    lexicon = Lexicon(search, LOCAL_IDENTITY)
    cache = StateCache(redis.asyncio.Redis(), ttl_seconds=60)
    given = Given(dict(zip(asked, rows, strict=True)))
    recaller = Recaller(Parts(store, given, lexicon, search, cache, 0.80))  # type: ignore[arg-type]
    started, cpu = time.perf_counter(), time.process_time()
    async with store.transaction() as conn:
        await lexicon.segments(conn, None)
    start, start_cpu = time.perf_counter() - started, time.process_time() - cpu
    model = LocalEmbedder(threads=1)
    for text in asked[:20]:
        await recaller.recall(Question(text, None, limit=10))
        await model.embed([text], "query")
    parts: dict[str, list[float]] = {
        "search": [],
        "search_scope": [],
        "search_scope_cpu": [],
        "embed_query": [],
        "embed_query_cpu": [],
    }
    for text in asked[20:]:
        parts["search"].append(await timed(recaller.recall(Question(text, None, limit=10))))
        cpu = time.process_time()
        parts["search_scope"].append(await timed(recaller.recall(Question(text, None, scope="desk", limit=10))))
        parts["search_scope_cpu"].append(time.process_time() - cpu)
        cpu = time.process_time()
        parts["embed_query"].append(await timed(model.embed([text], "query")))
        parts["embed_query_cpu"].append(time.process_time() - cpu)
    memory = proportional_set_size() or 0
    out = {"start_s": round(start, 1), "start_cpu_s": round(start_cpu, 1), "pss_mb": round(memory / 1e6)}
    out |= {f"{name}_ms": percentiles(values) for name, values in parts.items()}
    compared = await beside(store, recaller, asked[:exact], rows[:exact])
    await store.close()
    return out | compared


async def beside(store: Store, recaller: Recaller, asked: Sequence[str], rows: Vectors) -> dict[str, object]:
    """How much of the exact answers is found: of the nearest 100 and 10 vectors, and of the ten memories of a recall."""
    hundred, ten, same = [], [], []
    packed = Segment.names
    for text, row in zip(asked, rows, strict=True):
        async with store.transaction() as conn:
            literal = "[" + ",".join(map(str, row.tolist())) + "]"
            cursor = await conn.execute(
                "SELECT memory_id::text AS id FROM embeddings ORDER BY vector <=> %s::vector LIMIT 256", (literal,)
            )
            best = [found["id"] for found in await cursor.fetchall()]
            (segment,) = await recaller._p.lexicon.segments(conn, None)
        near = set(segment.names(segment.vectors.nearest(row, ESTIMATED)))
        hundred.append(len(near & set(best[:100])) / 100)
        ten.append(len(near & set(best[:10])) / 10)
        ours = [hit.memory_id for hit in (await recaller.recall(Question(text, None, limit=10))).hits]
        Segment.names = lambda *_, best=best: best  # type: ignore[method-assign]
        theirs = [hit.memory_id for hit in (await recaller.recall(Question(text, None, limit=10))).hits]
        Segment.names = packed  # type: ignore[method-assign]
        same.append(len(set(ours) & set(theirs)) / max(1, len(theirs)))
    if not asked:
        return {}
    means = {"nearest_100_met": hundred, "nearest_10_met": ten, "recall_10_same": same}
    return {name: round(float(np.mean(values)), 4) for name, values in means.items()} | {"compared": len(asked)}


async def timed(what: Any) -> float:
    started = time.perf_counter()
    await what
    return time.perf_counter() - started


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(np.array(seconds) * 1e3, [50, 95])
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2)}


def say(progress: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {progress}", file=sys.stderr, flush=True)


def run(options: argparse.Namespace) -> None:
    texts, asked = passages()[: options.embedded], questions()[: options.questions + 20]
    rows, wanted = known(options.cache, texts, asked)
    with PostgresServer(SETTINGS) as server, tempfile.TemporaryDirectory() as home:
        admin = server.database()
        dsns = asyncio.run(prepare(admin, Path(home), bus_in_database=False))
        started = time.perf_counter()
        fill(admin, Made(texts, rows), options.memories)
        say(f"filled in {time.perf_counter() - started:.0f} s")
        np.savez(Path(home) / "asked.npz", asked=np.array(asked), rows=wanted)
        command = [sys.executable, __file__, "--answer", str(Path(home) / "asked.npz"), "--exact", str(options.exact)]
        done = subprocess.run(
            command, env=os.environ | {"BENCH_DSN": dsns["cio"]}, stdout=subprocess.PIPE, text=True, check=True
        )
    emit("memory_read", memories=options.memories, embedded=len(texts), **json.loads(done.stdout))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--memories", type=int, default=1_000_000, help="how many are searched")
    options.add_argument(
        "--embedded", type=int, default=20_000, help="passages with real vectors, of which the memories are mixed"
    )
    options.add_argument("--questions", type=int, default=300, help="how many are timed, after 20 that warm up")
    options.add_argument("--exact", type=int, default=30, help="questions compared with an exact scan")
    options.add_argument("--cache", type=Path, help="a file .npz that keeps vectors for the next run")
    options.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.answer:
        with np.load(chosen.answer) as given:
            asked, rows = given["asked"].tolist(), given["rows"]
        print(json.dumps(asyncio.run(answered(os.environ["BENCH_DSN"], asked, rows, chosen.exact))))
    elif not (DATA / "memory" / "locomo_dev.json").exists():
        emit("memory_read", skipped="no shared data in ../shared/data or QBTC_DATA")
    else:
        run(chosen)


if __name__ == "__main__":
    main()
