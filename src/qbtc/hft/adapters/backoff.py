"""Silence towards a venue that has had too many requests: each further one would lengthen the ban."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic

import httpx

from qbtc.core.binance.errors import Code

from ..ports import NoAnswer, VenueError

TOO_MANY, BANNED = 429, 418
TOO_MANY_ORDERS = -1015
FIRST_SECONDS, LONGEST_SECONDS = 1.0, 60.0
"""Where the venue does not say how long: each time twice as long."""
BAN_SECONDS = 3 * 86_400.0
UNTIL = re.compile(r"until (\d{13})\b")


class Backoff:
    """`now_ms` is the venue's clock; a limit of orders alone does not keep from cancelling."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._until = 0.0
        self._next = FIRST_SECONDS

    def check(self, what: str) -> None:
        """Raises NoAnswer while nothing may be asked."""
        left = self._until - monotonic()
        if left > 0:
            raise NoAnswer(f"{what}: not asked, the venue wants no request for another {left:.1f} s")

    def heed(self, answer: httpx.Response, refusal: VenueError | NoAnswer | None) -> None:
        """Take note of an answer, and of the refusal that it is."""
        code = refusal.code if isinstance(refusal, VenueError) else None
        if code == TOO_MANY_ORDERS:
            return
        if answer.status_code in (TOO_MANY, BANNED) or code == Code.TOO_MANY_REQUESTS:
            self._until = max(self._until, monotonic() + self._seconds(answer, refusal))
        elif answer.is_success:
            self._next = FIRST_SECONDS

    def _seconds(self, answer: httpx.Response, refusal: VenueError | NoAnswer | None) -> float:
        said = answer.headers.get("Retry-After", "")
        if said.isascii() and said.isdigit():
            return min(float(said), BAN_SECONDS)
        if found := UNTIL.search(str(refusal)):
            return min(max(0.0, (int(found[1]) - self._now_ms()) / 1000), BAN_SECONDS)
        seconds, self._next = self._next, min(2 * self._next, LONGEST_SECONDS)
        return seconds
