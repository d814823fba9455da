"""One child process: started in its own group, dies with us, its output kept in a log, its whole group killed after it.

asyncio's own subprocess support is not used: it needs a thread a child before Python 3.12, and the kernel's "signal me
when my parent dies" counts the thread that forked. Here everything runs in the loop's thread, on a pidfd.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from qbtc.kit.children import die_with_parent

from . import processes
from .logfile import LogFile


@dataclass(frozen=True, slots=True)
class Command:
    """What to run. `stop_signal` asks for a clean end; `death_signal` is what the kernel sends when we die ourselves.

    A launcher that drops privileges sets its own death signal (changing the user id clears it).
    """

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str = "/"
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 10.0


class Child:
    """A running child; `wait` gives its exit code (negative: the signal) once its group is gone too."""

    def __init__(self, process: subprocess.Popen[bytes], command: Command, log: LogFile) -> None:
        found = processes.read_stat(process.pid)
        self.pid = process.pid
        self.started = found.started if found else 0
        self.executable = os.path.realpath(command.argv[0])
        self.stop_signal = int(command.stop_signal)
        self.born = time.monotonic()
        self.log = log
        self._command = command
        self._process = process
        self._done: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @classmethod
    async def spawn(cls, command: Command, log: LogFile) -> Self:
        """Start the command. Raises OSError when it cannot be executed."""
        reader, writer = os.pipe2(os.O_CLOEXEC)
        parent = os.getpid()
        try:
            process = subprocess.Popen(  # noqa: ASYNC220 - returns as soon as it has forked
                command.argv,
                stdin=subprocess.DEVNULL,
                stdout=writer,
                stderr=writer,
                cwd=command.cwd,
                env=dict(command.env),
                start_new_session=True,
                umask=0o077,
                preexec_fn=lambda: die_with_parent(command.stop_signal, parent),  # noqa: PLW1509
            )
        except OSError:
            os.close(reader)
            raise
        finally:
            os.close(writer)
        child = cls(process, command, log)
        await child._watch(reader)
        return child

    async def _watch(self, reader: int) -> None:
        loop = asyncio.get_running_loop()
        pidfd = os.pidfd_open(self.pid)
        loop.add_reader(pidfd, self._ended, pidfd)
        pipe = os.fdopen(reader, "rb", buffering=0)
        await loop.connect_read_pipe(lambda: _Lines(self.log), pipe)

    def _ended(self, pidfd: int) -> None:
        asyncio.get_running_loop().remove_reader(pidfd)
        os.close(pidfd)
        processes.kill_group(self.pid)
        code = self._process.wait()
        if not self._done.done():
            self._done.set_result(code)

    @property
    def running(self) -> bool:
        return not self._done.done()

    async def wait(self) -> int:
        return await asyncio.shield(self._done)

    async def stop(self) -> int:
        """Ask it to end; kill its group when it has not within its time."""
        if self.running:
            self.signal(self._command.stop_signal)
        try:
            return await asyncio.wait_for(self.wait(), self._command.stop_seconds)
        except TimeoutError:
            self.log.write(f"did not stop within {self._command.stop_seconds:g} s: killed")
            self.kill()
            return await self.wait()

    def signal(self, number: int) -> None:
        if self.running:
            self._process.send_signal(number)

    def kill(self) -> None:
        processes.kill_group(self.pid)


class _Lines(asyncio.Protocol):
    """Splits a pipe into lines for a log; a line without end is cut, so that memory stays bounded."""

    LIMIT = 256 * 1024

    def __init__(self, log: LogFile) -> None:
        self._log = log
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > self.LIMIT:
            lines, self._rest = [*lines, self._rest], b""
        for line in lines:
            self._log.write(line.decode(errors="replace"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._log.write(self._rest.decode(errors="replace"))


def package_folder(package: str) -> Path:
    """Where a wheel was installed, without importing it."""
    from importlib.util import find_spec

    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(package)
    return Path(next(iter(spec.submodule_search_locations)))
