"""Waiting in tests: poll a condition until a deadline, from plain code (`until`) or from a coroutine (`eventually`)."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

SECONDS = 30.0


def until(condition: Callable[[], T | None], *, seconds: float = SECONDS, what: str = "the condition") -> T:
    """Poll until the condition gives something truthy, and return it; AssertionError with `what` at the deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds:g} s: {what}")


async def eventually(
    condition: Callable[[], object | Awaitable[object]], seconds: float = SECONDS, *, what: str = "the condition"
) -> None:
    """As `until`, without blocking the event loop; the condition may be a coroutine function."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        await asyncio.sleep(0.02)
