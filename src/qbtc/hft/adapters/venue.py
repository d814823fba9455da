"""Spot venues as the engine's port: REST for questions and orders, streams for what happens.

`BinanceVenue` is the local exchange, which tells more of its market than Binance does; `LiveSpot` is Binance itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from pydantic import SecretStr

from qbtc.contracts.common import MarketMode
from qbtc.core.binance.errors import Code
from qbtc.core.market.instrument import Instrument

from ..domain.venues import LOCAL, Addresses, Site, site
from ..ports import Frame, Margin, MarketInfo, UserEvent, VenueError
from . import venue_ws
from .venue_rest import Rest

DEFAULT_SYMBOLS = ("BTCUSDT", "ETHUSDT")
DAY_NS = 86_400 * 10**9


class SpotVenue(Rest):
    """One spot account at one Binance-shaped venue."""

    def __init__(self, site: Site, key: SecretStr, secret: SecretStr) -> None:
        super().__init__(site.rest, key, secret)
        self.site, self._key, self._signing = site, key, secret

    async def stream(self, symbols: Sequence[str], on_frame: Frame) -> None:
        names = venue_ws.stream_names(symbols)
        await venue_ws.market_stream(venue_ws.stream_url(self.site.stream, names), on_frame)

    async def user_stream(self, on_up: Callable[[], None], on_event: Callable[[UserEvent], None]) -> None:
        self.backoff.check("user stream")
        await venue_ws.user_stream(self.site.ws_api, self, self._key, self._signing, on_up=on_up, on_event=on_event)

    async def margin(self) -> Margin | None:
        return None


class BinanceVenue(SpotVenue):
    """The local exchange: it says itself what market it plays, in `/qbtc/v1/market` and in a stream of its own."""

    def __init__(self, base_url: str, key: SecretStr, secret: SecretStr) -> None:
        super().__init__(site(LOCAL, Addresses(), here=base_url), key, secret)

    async def stream(self, symbols: Sequence[str], on_frame: Frame) -> None:
        names = [*venue_ws.stream_names(symbols), venue_ws.MARKET_STREAM]
        await venue_ws.market_stream(venue_ws.stream_url(self.site.stream, names), on_frame)


class LiveMarket:
    """What a live market says of itself, spot or futures. Its session is the day on which we began, so that a restart
    finds the bars of the same day again."""

    def __init__(self, venue: LiveVenue, symbols: Sequence[str]) -> None:
        self._venue, self._symbols, self._day = venue, tuple(symbols) or DEFAULT_SYMBOLS, 0

    async def info(self) -> MarketInfo:
        """Raises VenueError for an unknown symbol."""
        name, known = self._venue.site.name, await self._venue.instruments(self._symbols)
        now = await self._venue.venue_time()
        self._day = self._day or now // DAY_NS
        unknown = sorted(set(self._symbols) - {i.symbol for i in known})
        if unknown:
            raise VenueError(Code.BAD_SYMBOL, f"{', '.join(unknown)} cannot be traded at {name}")
        return MarketInfo(
            mode=MarketMode.LIVE, state="running", session=f"{name}-{self._day}", speed=1.0, symbols=self._symbols,
            started_ns=self._day * DAY_NS, market_time_ns=now, ended=False, note=name,
        )  # fmt: skip


class LiveVenue(Protocol):
    """What `LiveMarket` asks."""

    site: Site

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]: ...

    async def venue_time(self) -> int: ...


class LiveSpot(SpotVenue):
    """Binance spot, production or test network. `symbols` are those that are asked for; some usual ones if none."""

    def __init__(self, site: Site, key: SecretStr, secret: SecretStr, *, symbols: Sequence[str]) -> None:
        super().__init__(site, key, secret)
        self._market = LiveMarket(self, symbols)

    async def market(self) -> MarketInfo:
        return await self._market.info()

    async def reset_paper(self) -> None:
        raise no_paper(self.site.name)


def no_paper(venue: str) -> VenueError:
    return VenueError(Code.UNSUPPORTED_OPERATION, f"{venue} has no paper account to reset")
