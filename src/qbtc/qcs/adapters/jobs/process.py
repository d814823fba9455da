"""Jobs in processes of their own: what a job does to its process, it does to nobody else, and to cancel is to kill."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process

from pydantic import JsonValue

from qbtc.kit.errors import QbtcError
from qbtc.qcs.errors import JobCrashed, JobRefused, JobTooLarge
from qbtc.qcs.jobs.ports import Parameters, Told

MODULE = "qbtc.qcs.adapters.jobs.worker"
LONGEST_LINE = 16_000_000
SAID = 2_000
ERRORS: dict[str, type[QbtcError]] = {error.slug: error for error in (JobRefused, JobTooLarge)}


class ProcessRunner:
    """`nice` is the priority of a job's process, `megabytes` what it may hold."""

    def __init__(self, *, nice: int, megabytes: int) -> None:
        self._nice, self._megabytes = nice, megabytes

    async def run(self, work: str, parameters: Parameters, told: Told) -> JsonValue:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            MODULE,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            limit=LONGEST_LINE,
            start_new_session=True,
        )
        said = asyncio.create_task(_last_words(process))
        try:
            await self._ask(process, work, parameters)
            answer = await _answer(process, told)
            await process.wait()
            return _result(answer, process, await said)
        finally:
            said.cancel()
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await asyncio.shield(process.wait())

    async def close(self) -> None:
        """Nothing is kept between jobs."""

    async def _ask(self, process: Process, work: str, parameters: Parameters) -> None:
        asked = {"work": work, "parameters": parameters, "nice": self._nice, "megabytes": self._megabytes}
        assert process.stdin is not None
        with contextlib.suppress(ConnectionError):  # one that died at once is told by its end
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            await process.stdin.drain()


async def _answer(process: Process, told: Told) -> Parameters:
    """The last line; progress goes to `told`."""
    assert process.stdout is not None
    async for line in process.stdout:
        said: Parameters = json.loads(line)
        if "share" not in said:
            return said
        await told(float(str(said["share"])), str(said["step"]))
    return {}


async def _last_words(process: Process) -> str:
    """The end of what it wrote to stderr."""
    assert process.stderr is not None
    kept = b""
    while chunk := await process.stderr.read(65_536):
        kept = (kept + chunk)[-SAID:]
    return kept.decode(errors="replace").strip()


def told_result(answer: Parameters) -> JsonValue:
    """The result in a job's last line. Raises the error in it."""
    error = answer.get("error")
    if isinstance(error, dict):
        raise ERRORS[str(error["slug"])](str(error["detail"]))
    return answer["result"]


def _result(answer: Parameters, process: Process, said: str) -> JsonValue:
    """Raises what the job said, or JobCrashed where it could say nothing."""
    if answer:
        return told_result(answer)
    code = process.returncode or 0
    how = f"by signal {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
    raise JobCrashed(f"its process ended {how}; {said.splitlines()[-1][:300] if said else 'it said nothing'}")
