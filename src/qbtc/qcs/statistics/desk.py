"""The use case of asking for a statistic: limits first, then the child process, ended when it takes too long."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import suppress

from pydantic import JsonValue

from qbtc.kit.errors import BadInput, Unavailable
from qbtc.kit.metrics import counter, histogram
from qbtc.qcs.errors import BadStatistic, StatisticsBusy, StatisticTimeout

from .methods import METHODS, Method, read

MAX_WAITING = 16
LINE = 64_000_000
"""Bytes of the longest answer."""


class Statistics:
    """`compute` gives the body of `POST /stats/<method>`. One runs at a time, MAX_WAITING wait; the child starts with the
    first and is ended after `idle` seconds without one, so that an unused service stays small."""

    def __init__(self, *, seconds: float, idle: float) -> None:
        self._limit, self._idle = seconds, idle
        self._turn, self._waiting = asyncio.Lock(), 0
        self._child: asyncio.subprocess.Process | None = None
        self._rest: asyncio.Task[None] | None = None
        self._seconds = histogram("qbtc_qcs_statistics_seconds", "Time to compute a statistic")
        self._runs = counter("qbtc_qcs_statistics_total", "Statistics by outcome", ("outcome",))

    async def compute(self, method: str, parameters: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Raises BadStatistic, BadInput, StatisticTimeout, StatisticsBusy or Unavailable."""
        read(method, parameters)
        if self._waiting >= MAX_WAITING:
            raise StatisticsBusy(f"{MAX_WAITING} statistics wait already; try again in a moment")
        self._waiting += 1
        try:
            async with self._turn:
                found = await self._asked(method, parameters)
        finally:
            self._waiting -= 1
        return self._read(found)

    async def close(self) -> None:
        await self._end()

    def _read(self, found: dict[str, dict[str, JsonValue]]) -> dict[str, JsonValue]:
        if "answer" in found:
            self._runs.labels("done").inc()
            return found["answer"]
        self._runs.labels("refused").inc()
        refused = found["refused"]
        error = BadStatistic if refused["kind"] == "statistic" else BadInput
        field = refused["field"]
        raise error(str(refused["detail"]), field=None if field is None else str(field), allowed=refused["allowed"])

    async def _asked(self, method: str, parameters: Mapping[str, JsonValue]) -> dict[str, dict[str, JsonValue]]:
        child = await self._running()
        assert child.stdin is not None
        assert child.stdout is not None
        request = json.dumps({"method": method, "parameters": dict(parameters)}).encode() + b"\n"
        try:
            with self._seconds.time():
                async with asyncio.timeout(self._limit):
                    child.stdin.write(request)
                    await child.stdin.drain()
                    line = await child.stdout.readline()
        except (TimeoutError, asyncio.CancelledError) as error:
            await self._end()
            if isinstance(error, asyncio.CancelledError):
                raise
            self._runs.labels("timeout").inc()
            raise StatisticTimeout(
                f"{method} was stopped after {self._limit:g} s; give fewer values or draws"
            ) from None
        except (BrokenPipeError, ConnectionResetError, ValueError):
            line = b""
        if not line:
            await self._end()
            self._runs.labels("crashed").inc()
            raise Unavailable(f"the process that computed {method} ended; try again")
        self._rest = asyncio.create_task(self._rest_later())
        found: dict[str, dict[str, JsonValue]] = json.loads(line)
        return found

    async def _running(self) -> asyncio.subprocess.Process:
        if self._rest is not None:
            self._rest.cancel()
        if self._child is None or self._child.returncode is not None:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "qbtc.qcs.statistics.child", limit=LINE,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
        return self._child

    async def _rest_later(self) -> None:
        await asyncio.sleep(self._idle)
        self._rest = None
        await self._end()

    async def _end(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        child, self._child = self._child, None
        if child is not None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.communicate()


def listing() -> list[dict[str, JsonValue]]:
    """Every method with its parameters, for people and pages."""
    return [_listed(method) for method in METHODS.values()]


def _listed(method: Method) -> dict[str, JsonValue]:
    schema = method.body.model_json_schema()
    return {
        "name": method.name,
        "title": method.title,
        "inputs": list(method.inputs),
        "table": method.table,
        "parameters": schema["properties"],
        "required": schema.get("required", []),
        "path": f"/stats/{method.name}",
    }
