"""What people and services ask: the cache first where the newest will do, the database for everything else."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import JsonValue

from qbtc.contracts.basis26 import WINDOW_BARS

from .coherences import Intervals
from .errors import UnknownState
from .ports import KeptState, Screen, States

SERIES = (
    "coherence",
    "coherence_l1",
    "coherence_relative",
    "purity",
    "entropy",
    "effective_rank",
    "participation",
    "shrinkage",
    "divergence",
    "novelty",
    "intensity",
    "regime",
    "regime_probabilities",
    "regime_changed",
)


def payload(kept: KeptState) -> dict[str, JsonValue]:
    """A state as the HTTP API and the screen see it; nanoseconds are strings, JSON numbers would lose digits."""
    where: dict[str, JsonValue] = {
        "session": kept.session,
        "bar": kept.bar,
        "bar_end": str(kept.bar_end),
        "mode": kept.mode.value,
        "gap": kept.gap,
    }
    return where | kept.state.model_dump(mode="json")


class Queries:
    def __init__(self, states: States[Any], screen: Screen) -> None:
        self._states, self._screen, self._intervals = states, screen, Intervals()

    async def latest(self) -> list[dict[str, JsonValue]]:
        found = await self._states.latest()
        await self._screen.rebuild(found)
        return [payload(kept) for kept in found]

    async def newest(self, symbol: str) -> dict[str, JsonValue]:
        """The newest state of one symbol; raises UnknownState."""
        cached = await self._screen.one(symbol)
        if cached is not None:
            return cached
        found = await self._states.of_symbol(symbol, 1)
        if not found:
            raise UnknownState(f"no state of {symbol} is stored yet", field="symbol")
        await self._screen.rebuild(found)
        return payload(found[0])

    async def of_symbol(self, symbol: str | None, limit: int) -> list[dict[str, JsonValue]]:
        return [payload(kept) for kept in await self._states.of_symbol(symbol, limit)]

    async def one(self, state_id: str) -> dict[str, JsonValue]:
        return payload(await self._states.one(state_id))

    async def matrix(self, state_id: str) -> dict[str, JsonValue]:
        found = await self._states.matrix(state_id)
        return {
            "state_id": state_id,
            "shrinkage": found.shrinkage,
            "real": found.rho.real.tolist(),
            "imaginary": found.rho.imag.tolist(),
        }

    async def coherence(self, symbol: str, limit: int) -> list[dict[str, JsonValue]]:
        """The series of the numbers of rho, oldest first; `t` is milliseconds of market time.

        `coherence_low` and `coherence_high` are a 90 % bootstrap interval, at some of the points.
        """
        rows = list(reversed(await self._states.of_symbol(symbol, limit + WINDOW_BARS - 1)))
        found = await asyncio.to_thread(self._intervals.of_series, rows, limit)
        return [_point(kept, found.get(kept.state.state_id)) for kept in rows[-limit:]]


def _point(kept: KeptState, interval: tuple[float, float] | None) -> dict[str, JsonValue]:
    values: dict[str, JsonValue] = {name: getattr(kept.state, name) for name in SERIES}
    where: dict[str, JsonValue] = {"t": kept.bar_end // 1_000_000, "bar": kept.bar, "state_id": kept.state.state_id}
    low, high = interval or (None, None)
    return where | values | {"coherence_low": low, "coherence_high": high}
