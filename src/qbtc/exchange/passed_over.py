"""Frames of the background that cannot be played: passed over, counted, logged, and said in the market's notes."""

from __future__ import annotations

from ..kit.logs import get_logger

log = get_logger(__name__)


class PassedOver:
    """One bad line must not end a venue, and must not be silent. `notes` are what `/qbtc/v1/market` shows."""

    def __init__(self, notes: list[str]) -> None:
        self.count = 0
        self._notes = notes
        self._note = ""

    def tell(self, reason: str) -> None:
        """Logged at the first, second, fourth, eighth, …: a feed may hold thousands."""
        self.count += 1
        if self.count & (self.count - 1) == 0:
            log.warning("a market frame was passed over", reason=reason, count=self.count)
        if self._note in self._notes:
            self._notes.remove(self._note)
        self._note = f"market frames that were passed over: {self.count}, the last because {reason}"
        self._notes.append(self._note)
