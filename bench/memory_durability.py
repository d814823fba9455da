"""kill -9 of CIO at random points of a stream of writes, and of PostgreSQL a few times: is anything acknowledged lost? One JSON line.

The service is the real one (`qbtc.kit.runtime.run`) on a real PostgreSQL with fsync, a real Valkey and its own bus; it is forked from a
process that has imported it, or a thousand starts would be a thousand imports. Writers send single memories and portions of 20 without
pause, the service is killed after a random time, started again, and so on. A portion without an answer is sent again as it was, a single memory never. At the end:
every acknowledged memory is there once, word for word; every portion is there whole or not at all. Raises AssertionError otherwise.

Options: `--kills` (1,000), `--postgres` (5 kills of PostgreSQL among them), `--seed`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
from bench.harness import emit

from qbtc.contracts import Role
from qbtc.kit.security import mint
from qbtc.kit.security.keys import ensure_keys, write_secret
from qbtc.kit.store.bootstrap import prepare
from qbtc.testing.ports import free_offset
from qbtc.testing.postgres import PostgresServer
from qbtc.testing.valkey import ValkeyServer
from qbtc.testing.waiting import until

PORTION, WRITERS, ANSWERS, PAUSE = 20, 2, 12, 0.02
"""Memories of a portion; threads that write; a service is killed after 1 to ANSWERS answers and up to PAUSE seconds."""

NURSERY = """
import os, signal, sys
from qbtc.cio.service import SPEC
from qbtc.kit.runtime import run
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in sys.stdin:
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        sys.stdin.close()
        os.dup2(2, 1)
        os._exit(run(SPEC))
    print(pid, flush=True)
"""


@dataclass
class Outcome:
    """What was acknowledged (scope and text by id elsewhere, or text by id), what had no answer, and the kills."""

    single: dict[str, str] = field(default_factory=dict)
    portions: dict[int, list[dict[str, str]]] = field(default_factory=dict)
    unanswered: int = 0
    again_present: int = 0
    kills: int = 0
    postgres_kills: int = 0

    @property
    def answers(self) -> int:
        return len(self.single) + len(self.portions)


class House:
    """One CIO that can be killed and started again."""

    def __init__(self, home: Path, server: PostgresServer, valkey: ValkeyServer) -> None:
        self.home, self.server = home, server
        ensure_keys(home)
        self.admin_dsn = server.database()
        asyncio.run(prepare(self.admin_dsn, home))
        path = home / "secrets" / "cio.json"
        write_secret(path, path.read_bytes().rstrip()[:-1] + f', "redis_url": "{valkey.url}"}}'.encode())
        offset = free_offset()
        self.url = f"http://127.0.0.1:{8200 + offset}"
        self.headers = {"Authorization": f"Bearer {mint(home, role=Role.TRADER, user='ana', seconds=86_400)}"}
        env = os.environ | {"QBTC_HOME": str(home), "QBTC_PORT_OFFSET": str(offset), "QBTC_LOG_LEVEL": "error"}
        command = [sys.executable, "-c", NURSERY]
        with (home / "log").open("wb") as log:
            self._nursery = subprocess.Popen(
                command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.pid = 0

    def start(self) -> None:
        """Start it, and again when it gives up because the database is not back yet, as the supervisor does."""
        self._fork()
        until(self._ready, seconds=300, what="CIO answers")

    def _fork(self) -> None:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write("\n")
        self._nursery.stdin.flush()
        self.pid = int(self._nursery.stdout.readline())

    def _lives(self) -> bool:
        return Path(f"/proc/{self.pid}").exists()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        until(lambda: not self._lives(), what="CIO is gone")

    def close(self) -> None:
        self.kill()
        with self._nursery:  # waits for its end and closes its pipes
            self._nursery.kill()

    def _ready(self) -> bool:
        if not self._lives():
            self._fork()
        try:
            return httpx.get(f"{self.url}/health/ready", trust_env=False, timeout=5.0).status_code == 200
        except httpx.TransportError:
            return False


class Writer(threading.Thread):
    """Writes until told to stop, through deaths and starts of the service."""

    def __init__(self, house: House, number: int, outcome: Outcome) -> None:
        super().__init__(daemon=True)
        self.house, self.number, self.outcome = house, number, outcome
        self.stop = threading.Event()

    def run(self) -> None:
        count = 0
        with httpx.Client(base_url=self.house.url, headers=self.house.headers, trust_env=False, timeout=20.0) as http:
            while not self.stop.is_set():
                count += 1
                self._single(http, f"w{self.number} writes alone {count} ñ")
                self._portion(http, self.number * 10_000_000 + count)

    def _single(self, http: httpx.Client, text: str) -> None:
        """Sent once: nothing says whether one without an answer was kept, so it is not sent again."""
        answer = self._sent(http, "/memories", {"text": text, "scope": "stream"})
        if answer is not None:
            self.outcome.single[str(answer["memory_id"])] = text

    def _portion(self, http: httpx.Client, number: int) -> None:
        items = [{"id": f"{number}-{i}", "text": f"portion {number} line {i} ñ"} for i in range(PORTION)]
        for attempt in range(1000):
            answer = self._sent(http, "/memories/import", {"scope": "portions", "items": items})
            if answer is not None:
                assert answer["present"] in (0, PORTION), f"half a portion was there: {answer}"
                self.outcome.again_present += attempt > 0 and answer["present"] == PORTION
                self.outcome.portions[number] = items
                return
            if self.stop.is_set():
                return

    def _sent(self, http: httpx.Client, path: str, body: object) -> dict[str, object] | None:
        """The answer when it was acknowledged; None when nobody answered, or the database was away."""
        try:
            answer = http.post(path, json=body)
        except httpx.TransportError:
            self.outcome.unanswered += 1
            time.sleep(0.002)
            return None
        if answer.status_code == 201:
            return dict(answer.json())
        assert answer.status_code >= 500, answer.text
        self.outcome.unanswered += 1
        time.sleep(0.01)
        return None


@contextmanager
def house() -> Iterator[House]:
    with PostgresServer() as server, ValkeyServer() as valkey, tempfile.TemporaryDirectory() as home:
        made = House(Path(home), server, valkey)
        made.start()
        try:
            yield made
        finally:
            made.close()


def stream(made: House, *, kills: int, postgres: int, seed: int = 26) -> Outcome:
    """Write through the kills; returns what was acknowledged."""
    outcome, chance = Outcome(), random.Random(seed)
    writers = [Writer(made, n, outcome) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    at_postgres = set(chance.sample(range(kills), min(postgres, kills)))
    for number in range(kills):
        _wait_for(outcome, writers, chance.randint(1, ANSWERS))
        time.sleep(chance.random() * PAUSE)
        if number in at_postgres:
            made.server.kill()
            made.server.start()
            outcome.postgres_kills += 1
        else:
            made.kill()
            made.start()
            outcome.kills += 1
        if number % 50 == 0:
            print(f"{number} kills, {outcome.answers:,} answers", file=sys.stderr, flush=True)
    _wait_for(outcome, writers, 1)
    for writer in writers:
        writer.stop.set()
    for writer in writers:
        writer.join(60)
    return outcome


def _wait_for(outcome: Outcome, writers: list[Writer], answers: int) -> None:
    wanted = outcome.answers + answers

    def enough() -> bool:
        assert all(writer.is_alive() for writer in writers), "a writer has met what it did not expect"
        return outcome.answers >= wanted

    until(enough, seconds=120, what="memories are acknowledged")


def check(made: House, outcome: Outcome) -> None:
    """Every acknowledged memory once and word for word; every portion whole or not at all."""
    with psycopg.connect(made.admin_dsn, autocommit=True) as admin:
        rows = admin.execute("SELECT memory_id::text, scope, given_id, text FROM cio_consciousness.memories").fetchall()
    alone = {memory_id: text for memory_id, scope, _, text in rows if scope == "stream"}
    lost = [key for key, text in outcome.single.items() if alone.get(key) != text]
    assert not lost, f"{len(lost)} acknowledged memories are lost or changed: {lost[:3]}"
    texts = list(alone.values())
    assert len(texts) == len(set(texts)), "a memory that was sent once is there twice"
    brought: dict[int, dict[str, str]] = {}
    for _, scope, given_id, text in rows:
        if scope == "portions":
            brought.setdefault(int(given_id.split("-")[0]), {})[given_id] = text
    for number, items in outcome.portions.items():
        assert brought.get(number) == {item["id"]: item["text"] for item in items}, f"portion {number} is not whole"
    assert all(len(found) == PORTION for found in brought.values()), "half a portion is there"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=1000, help="how often something is killed")
    options.add_argument("--postgres", type=int, default=5, help="how many of these kills are of PostgreSQL")
    options.add_argument("--seed", type=int, default=26, help="of the times of the kills")
    chosen = options.parse_args()
    started = time.perf_counter()
    with house() as made:
        outcome = stream(made, kills=chosen.kills, postgres=chosen.postgres, seed=chosen.seed)
        check(made, outcome)
    emit(
        "memory_durability", kills=outcome.kills, postgres_kills=outcome.postgres_kills,
        acknowledged=len(outcome.single) + PORTION * len(outcome.portions), without_answer=outcome.unanswered,
        kept_without_answer=outcome.again_present, seconds=round(time.perf_counter() - started),
    )  # fmt: skip


if __name__ == "__main__":
    main()
