"""The shared memory of engine and control side: state, latency, commands in, the tape out.

A file of one PANEL record in memory (/dev/shm, else below QBTC_HOME), so that what the loop wrote survives its death by
`kill -9`; a power loss takes it (see `intents` for what is on disk by then). Python sides only: the loop writes the
same memory from compiled code. `ask`, `limit`, `advise` and `beat` are the control process's; `command` the engine's.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from qbtc.hft.domain.latency import Row as Stage
from qbtc.hft.domain.latency import summary_row

from .codes import Halt, Verb
from .layout import COMMANDS, MAGIC, PANEL, STAGES, SUB_BITS, TAPE, VERSION

Row = np.void
STATES = ("ACTIVE", "REDUCING", "HALTED")
_SHM = Path("/dev/shm")  # noqa: S108 - shared memory is what it is for


class NoPanel(RuntimeError):
    """There is no engine's memory here, or it is another version's."""


def panel_path(home: Path) -> Path:
    """Where the engine of this QBTC_HOME keeps its panel."""
    name = f"qbtc-hotloop-{os.getuid()}-{hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]}"
    return _SHM / name if os.access(_SHM, os.W_OK) else home / "hft" / name


class Panel:
    """A mapped PANEL. `record` is what compiled code gets."""

    def __init__(self, path: Path, memory: NDArray[np.void]) -> None:
        self.path = path
        self._memory = memory
        self.record: Row = memory[0]

    @classmethod
    def create(cls, path: Path) -> Panel:
        """A fresh panel in place of an old one; the old one's readers keep what they mapped, and nobody finds half of one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, PANEL.itemsize)
        finally:
            os.close(descriptor)
        made = cls(path, np.memmap(fresh, PANEL, "r+", shape=(1,)))
        made._memory.view(np.uint8)[:] = 0  # every page is there before the loop starts
        head = made.record["head"]
        head["magic"], head["version"], head["pid"] = MAGIC, VERSION, os.getpid()
        head["state"], head["reason"] = 2, Halt.STARTING
        fresh.replace(path)
        return made

    @classmethod
    def attach(cls, path: Path) -> Panel:
        """The panel of a running or dead engine. Raises NoPanel."""
        try:
            if path.stat().st_size != PANEL.itemsize:
                raise NoPanel(f"{path} is of another version")
            found = cls(path, np.memmap(path, PANEL, "r+", shape=(1,)))
        except OSError as error:
            raise NoPanel(f"no engine has run here: {path}: {error.strerror}") from None
        if found.record["head"]["magic"] != MAGIC or found.record["head"]["version"] != VERSION:
            raise NoPanel(f"{path} is of another version")
        return found

    # Commands.

    def command(self, verb: Verb, *words: int, symbol: int = 0) -> None:
        """Tell the loop something, in up to eight words. Raises RuntimeError if it does not read its commands."""
        cursors = self.record["command_cursors"]
        at = int(cursors["head"])
        if at - int(cursors["tail"]) >= COMMANDS:
            raise RuntimeError("the engine does not read its commands")
        row = self.record["commands"][at % COMMANDS]
        row["verb"], row["symbol"] = verb, symbol
        for name, word in zip("abcdefgh", (*words, *[0] * 8), strict=False):
            row[name] = word
        cursors["head"] = at + 1

    @property
    def obeyed(self) -> bool:
        """True if every command was read."""
        cursors = self.record["command_cursors"]
        return bool(cursors["head"] == cursors["tail"])

    def beat(self) -> None:
        """The control side lives."""
        self.record["control"]["beat"] = time.monotonic_ns()

    def ask(self, state: int, *, cancel: bool = False, resume: bool = False) -> None:
        """ACTIVE, REDUCING or HALTED, for the loop to take at once; `cancel`: nothing stays open while it is HALTED.

        `resume`: a person ends whatever halt there is. Without it a halt that the engine found itself stays.
        """
        control = self.record["control"]
        control["state"], control["cancel"] = state, int(cancel)
        control["resumes"] += int(resume)
        control["asked"] += 1

    def limit(self, limits: Sequence[NDArray[np.void]]) -> None:
        """New limits, a record a symbol."""
        for i, record in enumerate(limits):
            self.record["limits"][i] = record[0]
        self.record["control"]["limits"] += 1

    def settle(self, baselines: Sequence[int], *, covers: int = 0) -> None:
        """The balance of each symbol's base asset, in 1e-8, that is no position.

        `covers`: how many of the differences that the engine has found (`head.differences`) this takes into account;
        while it has found more, nothing is sent.
        """
        self.record["baselines"][: len(baselines)] = baselines
        self.record["control"]["covers"] = covers
        self.record["control"]["baselines"] += 1

    @property
    def uncovered(self) -> bool:
        """True if the engine has found differences that the baselines do not take into account."""
        return bool(self.record["head"]["differences"] > self.record["control"]["covers"])

    def advise(self, i: int, *, regime: int, confidence: float, bias: float, until: int) -> None:
        """The slow parameters of a symbol, valid `until` a time of CLOCK_MONOTONIC."""
        self.record["slow"][i] = (regime, confidence, bias, until)
        self.record["control"]["slow"] += 1

    # The tape.

    @property
    def written(self) -> int:
        return int(self.record["tape_cursors"]["head"])

    def rows(self, start: int, stop: int) -> NDArray[np.void]:
        """Copies of the records `start` to `stop`; those that were overwritten meanwhile are left out."""
        numbers = np.arange(start, stop)
        found: NDArray[np.void] = self.record["tape"][numbers % TAPE]
        kept: NDArray[np.void] = found[found["number"] == numbers]
        return kept

    def pieces(self, start: int, stop: int) -> list[NDArray[np.uint8]]:
        """The bytes of records that the writer cannot reach yet (see the tape's tail), where they lie: one piece or two."""
        first, count = start % TAPE, stop - start
        behind = max(first + count - TAPE, 0)
        tape = self.record["tape"]
        return [part.view(np.uint8) for part in (tape[first : first + count - behind], tape[:behind]) if len(part)]

    # Latency.

    def latency(self) -> list[Stage]:
        """p50, p99, p99.9 and largest of each stage in microseconds, upper edges of buckets 1.6 % wide."""
        rows = zip(STAGES, self.record["latency"], strict=True)
        return [summary_row(name, int(counts.sum()), partial(quantile, counts)) for name, counts in rows]

    @property
    def prefix(self) -> str:
        """What the client order ids of this run begin with."""
        return bytes(self.record["prefix"]).rstrip(b"\0").decode()

    @property
    def names(self) -> list[str]:
        """The symbols, by their numbers on the tape."""
        return [bytes(row).rstrip(b"\0").decode() for row in self.record["names"]]

    @property
    def untaken(self) -> int:
        """The first record that the control side has not taken, or the oldest that the tape still holds."""
        return max(int(self.record["control"]["taken"]), self.written - TAPE + 1)

    def take(self, count: int) -> None:
        """The control side has read so many records, and keeps what follows from them: no later one reads them again."""
        self.record["control"]["taken"] = count

    @property
    def coming_round(self) -> int | None:
        """When the loop came round last, in ns; None while it is not in its sockets."""
        head = self.record["head"]
        return int(head["beat"]) if head["running"] else None

    def status(self) -> dict[str, JsonValue]:
        head = self.record["head"]
        counts = (
            "frames", "decisions", "sent", "cancels", "acked", "filled", "rejected", "refused", "faults", "gaps",
            "open_orders", "unknown_orders", "differences",
        )  # fmt: skip
        return {
            "pid": int(head["pid"]),
            "running": bool(head["running"]),
            "state": STATES[int(head["state"])],
            "reason": Halt(int(head["reason"])).name,
            "detail": int(head["detail"]),
            "waits": "spin" if head["spin"] else "epoll",
            "tls": bool(head["tls"]),
            "positions": [int(lots) for lots in self.record["positions"][: int(head["symbols"])]],
            "beat_age_ms": round((time.monotonic_ns() - int(head["beat"])) / 1e6, 1),
            **{name: int(head[name]) for name in counts},
        }


class TapeReader:
    """Reads the tape behind the loop, record by record; `lost` counts what was overwritten before it was read."""

    def __init__(self, panel: Panel, start: int | None = None) -> None:
        self._panel = panel
        self.at = panel.written if start is None else start
        self.lost = 0

    def read(self) -> Iterator[Row]:
        written = self._panel.written
        oldest = max(self.at, written - TAPE + 1)
        rows = self._panel.rows(oldest, written)
        self.lost += written - self.at - len(rows)
        self.at = written
        yield from rows


def upper_edge(index: int) -> int:
    """The largest duration in ns that counts in a bucket."""
    if index < 2 << SUB_BITS:
        return index
    shift = (index >> SUB_BITS) - 1
    return ((index - (shift << SUB_BITS) + 1) << shift) - 1


def quantile(counts: NDArray[np.int64], q: float) -> int | None:
    """Nanoseconds at or below which a share q of the durations lies; None without any."""
    total = np.cumsum(counts)
    if not total[-1]:
        return None
    return upper_edge(int(np.searchsorted(total, max(1, int(np.ceil(q * total[-1]))))))
