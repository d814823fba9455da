"""Faults between the sockets and whoever serves them: `Gate` stands before a `Choose` and wraps every endpoint once."""

from __future__ import annotations

import asyncio

from .faults import Faults, FaultyEndpoint, Noise, Plan, stream_event, user_event
from .server import Choose, Served
from .sockets import Endpoint, Handshake

CALLS = ("/ws-api", "/ws-fapi")
"""Paths where requests are answered and a user's events come between."""
PRIVATE = ("/private", "/fstream/private")
"""Streams of a user's events."""


class Gate:
    def __init__(self, faults: Faults, choose: Choose) -> None:
        self._faults = faults
        self._choose = choose
        self._wrapped: dict[tuple[Endpoint, str], FaultyEndpoint] = {}

    def __call__(self, handshake: Handshake) -> Served:
        """Raises what the wrapped `Choose` raises."""
        served = self._choose(handshake)
        key = served.endpoint, _kind(handshake.path)
        if key not in self._wrapped:
            self._wrapped[key] = self._wrap(*key)
        return served._replace(endpoint=self._wrapped[key])

    def _wrap(self, endpoint: Endpoint, kind: str) -> FaultyEndpoint:
        noise = _of_market if kind == "public" else _of_user
        is_event = user_event if kind == "calls" else stream_event
        later = asyncio.get_running_loop().call_later
        return FaultyEndpoint(endpoint, self._faults, later, noise=noise, is_event=is_event)


def _kind(path: str) -> str:
    if path.startswith(CALLS):
        return "calls"
    return "private" if path.startswith(PRIVATE) else "public"


def _of_market(plan: Plan) -> Noise:
    return plan.market


def _of_user(plan: Plan) -> Noise:
    return plan.user
