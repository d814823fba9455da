"""Spot venues as the engine's port: REST for questions and orders, streams for what happens.

`BinanceVenue` is the local exchange, which tells more of its market than Binance does; `LiveSpot` is Binance itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from pydantic import SecretStr

from qbtc.contracts.common import MarketMode
from qbtc.core.binance.errors import Code

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


class LiveSpot(SpotVenue):
    """Binance spot, production or test network. `symbols` are those that are asked for; some usual ones if none."""

    def __init__(self, site: Site, key: SecretStr, secret: SecretStr, *, symbols: Sequence[str]) -> None:
        super().__init__(site, key, secret)
        self._symbols = tuple(symbols) or DEFAULT_SYMBOLS
        self._day = 0

    async def market(self) -> MarketInfo:
        instruments = await self.instruments(self._symbols)
        now = await self.venue_time()
        self._day = self._day or day_of(now)
        return live_market(self.site.name, self._symbols, {i.symbol for i in instruments}, now_ns=now, day=self._day)

    async def reset_paper(self) -> None:
        raise no_paper(self.site.name)


def day_of(ns: int) -> int:
    """The UTC day of a time, as days since 1970."""
    return ns // DAY_NS


def live_market(venue: str, wanted: Sequence[str], known: Iterable[str], *, now_ns: int, day: int) -> MarketInfo:
    """A live market. Its session is the day on which we began, so that a restart finds the bars of the same day again.

    Raises VenueError for an unknown symbol.
    """
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise VenueError(Code.BAD_SYMBOL, f"{', '.join(unknown)} cannot be traded at {venue}")
    return MarketInfo(
        mode=MarketMode.LIVE, state="running", session=f"{venue}-{day}", speed=1.0, symbols=tuple(wanted),
        started_ns=day * DAY_NS, market_time_ns=now_ns, ended=False, note=venue,
    )  # fmt: skip


def no_paper(venue: str) -> VenueError:
    return VenueError(Code.UNSUPPORTED_OPERATION, f"{venue} has no paper account to reset")
