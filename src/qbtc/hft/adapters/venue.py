"""The venue as the engine's port: REST for questions and orders, streams for what happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import SecretStr

from ..ports import Frame, UserEvent
from . import venue_ws
from .venue_rest import Rest


class BinanceVenue(Rest):
    """One account at one Binance-shaped venue."""

    def __init__(self, base_url: str, key: SecretStr, secret: SecretStr) -> None:
        super().__init__(base_url, key, secret)
        self._base_url, self._key, self._signing = base_url, key, secret

    async def stream(self, symbols: Sequence[str], on_frame: Frame) -> None:
        await venue_ws.market_stream(self._base_url, symbols, on_frame)

    async def user_stream(self, on_up: Callable[[], None], on_event: Callable[[UserEvent], None]) -> None:
        await venue_ws.user_stream(self._base_url, self, self._key, self._signing, on_up=on_up, on_event=on_event)
