"""Faults between the sockets and whoever serves them: `Gate` stands before a `Choose` and wraps every endpoint once."""

from __future__ import annotations

import asyncio

from .faults import Faults, FaultyEndpoint, Noise, Plan, market_event, user_event
from .server import Choose, Served
from .sockets import Endpoint, Handshake

PRIVATE = ("/ws-api", "/ws-fapi", "/private")
"""Paths whose events are a user's."""


class Gate:
    def __init__(self, faults: Faults, choose: Choose) -> None:
        self._faults = faults
        self._choose = choose
        self._wrapped: dict[tuple[Endpoint, bool], FaultyEndpoint] = {}

    def __call__(self, handshake: Handshake) -> Served:
        """Raises what the wrapped `Choose` raises."""
        served = self._choose(handshake)
        key = served.endpoint, not handshake.path.startswith(PRIVATE)
        if key not in self._wrapped:
            self._wrapped[key] = self._wrap(*key)
        return served._replace(endpoint=self._wrapped[key])

    def _wrap(self, endpoint: Endpoint, public: bool) -> FaultyEndpoint:
        noise, is_event = (_of_market, market_event) if public else (_of_user, user_event)
        later = asyncio.get_running_loop().call_later
        return FaultyEndpoint(endpoint, self._faults, later, noise=noise, is_event=is_event)


def _of_market(plan: Plan) -> Noise:
    return plan.market


def _of_user(plan: Plan) -> Noise:
    return plan.user
