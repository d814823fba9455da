"""The dead-man timer: when nobody who could stop trading has been heard for a while, trading stops by itself.

Signs of life are Web's looks at HFT (every few seconds, with the header below) and the requests of people, both with a
good token. The first one arms the timer, so an engine that runs without Web is not halted for it. Needs no database, bus
or Redis.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from qbtc.contracts import Scope as Reach
from qbtc.kit.errors import Unauthorised
from qbtc.kit.http.auth import actor_from_header
from qbtc.kit.logs import get_logger
from qbtc.kit.security import Tokens

log = get_logger(__name__)

HEADER = b"x-qbtc-watch"
PROBES = ("/health", "/metrics")
LOOKS_A_TIMEOUT = 10
CHECK_SECONDS = 1.0
WEB = "service:web"


class DeadMan:
    """Calls `kill` once per silence of `seconds`; the halt lasts until a person resumes."""

    def __init__(
        self,
        kill: Callable[[Reach, str], Awaitable[object]],
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._kill, self._seconds, self._clock = kill, seconds, clock
        self._last: float | None = None

    def heard(self) -> None:
        self._last = self._clock()

    async def look(self) -> bool:
        """Halt if it has been silent for too long; True if so."""
        if self._last is None or self._clock() - self._last < self._seconds:
            return False
        self._last = None
        log.error("the control plane is silent; trading stops", seconds=self._seconds)
        await self._kill(Reach.CANCEL, f"dead-man timer: the control plane was silent for {self._seconds:g} s")
        return True

    async def run(self) -> None:
        while True:
            await asyncio.sleep(self._seconds / LOOKS_A_TIMEOUT)
            await self.look()

    def hearing(self, app: ASGIApp, tokens: Tokens) -> ASGIApp:
        """The app, with its requests heard: probes only from Web, anything else from a person or Web."""

        async def heard(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and self._due and _sign_of_life(scope, tokens):
                self.heard()
            await app(scope, receive, send)

        return heard

    @property
    def _due(self) -> bool:
        """A sign of a moment ago is enough: the next one need not be checked."""
        return self._last is None or self._clock() - self._last >= CHECK_SECONDS


def _sign_of_life(scope: Scope, tokens: Tokens) -> bool:
    headers = dict(scope["headers"])
    if scope["path"].startswith(PROBES) and HEADER not in headers:
        return False
    try:
        actor = actor_from_header(tokens, headers.get(b"authorization", b"").decode("latin-1"))
    except Unauthorised:
        return False
    return not actor.is_service or actor.user == WEB
