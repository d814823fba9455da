"""What market this is: mode, clock and state of one session, as `/qbtc/v1/market` shows it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..contracts.common import MarketMode
from ..core.market.clock import MarketClock

MS = 1_000_000


@dataclass(slots=True)
class Session:
    mode: MarketMode
    identity: str
    clock: MarketClock
    symbols: list[str]
    notes: list[str] = field(default_factory=list)
    connected: bool = True

    def describe(self, wall: int) -> dict[str, object]:
        ended = self.clock.ended
        return {
            "mode": (MarketMode.ENDED if ended else self.mode).value,
            "source": self.mode.value,
            "state": "ended" if ended else "running" if self.connected else "disconnected",
            "session": self.identity,
            "speed": self.clock.speed,
            "symbols": self.symbols,
            "started": self.clock.started // MS,
            "market_time_ms": self.clock.now(wall) // MS,
            "ended": ended,
            "note": "; ".join(self.notes),
        }
