"""Jobs on a Ray cluster: the same functions, on other machines. QBTC must be installed there."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import Any

from pydantic import JsonValue

from qbtc.kit.cluster import joined
from qbtc.qcs.errors import JobCrashed
from qbtc.qcs.jobs.ports import Parameters, Told

from .process import told_result
from .worker import outcome


class RayRunner:
    """Joins the cluster with the first job and leaves it at the end."""

    def __init__(self, address: str, *, megabytes: int) -> None:
        self._address, self._megabytes = address, megabytes
        self._stay, self._door = ExitStack(), asyncio.Lock()
        self._ray: Any = None

    async def run(self, work: str, parameters: Parameters, told: Told) -> JsonValue:
        ray = await self._joined()
        task = ray.remote(max_retries=0, memory=self._megabytes * 1_000_000)(_work)
        await told(0.0, "on the cluster")
        running = task.remote(work, parameters)
        try:
            answer: Parameters = await running
        except ray.exceptions.RayError as error:
            raise JobCrashed(f"on the cluster: {str(error).strip().splitlines()[-1][:300]}") from None
        except asyncio.CancelledError:
            ray.cancel(running, force=True)
            raise
        return told_result(answer)

    async def close(self) -> None:
        await asyncio.to_thread(self._stay.close)

    async def _joined(self) -> Any:
        """Raises NoCluster."""
        async with self._door:
            if self._ray is None:
                self._ray = await asyncio.to_thread(self._stay.enter_context, joined(self._address))
        return self._ray


def _work(work: str, parameters: Parameters) -> Parameters:
    return outcome(work, parameters, lambda _share, _step: None)
