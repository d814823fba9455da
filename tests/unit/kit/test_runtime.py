"""Background tasks of a service are started again for ever."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from qbtc.kit import runtime


async def test_the_pause_before_a_crashed_task_grows_until_a_run_has_been_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now, pauses = [0.0], list[float]()
    runs = iter((1.0, 1.0, 1.0, 61.0, 1.0))

    async def task() -> None:
        length = next(runs, None)
        if length is not None:
            now[0] += length
            raise ValueError("broken")

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(runtime, "monotonic", lambda: now[0])
    monkeypatch.setattr(asyncio, "sleep", sleep)
    await runtime._guard(cast(Any, SimpleNamespace(stop=asyncio.Event())), task)
    assert pauses == [0.5, 1.0, 2.0, 0.5, 1.0]
