"""Binance's USD-M futures as the engine's port.

Market data come over two connections, as Binance has split them (book under /public, trades under /market); what
happens to the account over a third (/private), named by a listen key that is kept alive while it lasts.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

import msgspec
import websockets
from pydantic import SecretStr

from qbtc.core.binance.futures_data import AccountUpdate, Expired, decode_futures_event
from qbtc.core.binance.messages import MalformedFrame
from qbtc.core.binance.user_data import AccountPosition, AssetBalance
from qbtc.kit.logs import get_logger

from ..domain.pairs import contract
from ..domain.units import text, units
from ..domain.venues import Site
from ..ports import Frame, MarketInfo, NoAnswer, UserEvent, VenueError
from . import venue_ws
from .venue import LiveMarket, no_paper
from .venue_usdm_rest import ASSET, UsdmRest

log = get_logger(__name__)

KEEP_SECONDS = 1500.0
PUBLIC = ("depth@100ms", "bookTicker")
MARKET = ("aggTrade",)


class UsdmVenue(UsdmRest):
    """One futures account. `symbols` are those that are asked for; some usual ones if none."""

    def __init__(self, site: Site, key: SecretStr, secret: SecretStr, *, symbols: Sequence[str]) -> None:
        super().__init__(site.rest, key, secret)
        self.site = site
        self._market = LiveMarket(self, symbols)

    async def market(self) -> MarketInfo:
        return await self._market.info()

    async def stream(self, symbols: Sequence[str], on_frame: Frame) -> None:
        """Until one of the two connections ends: without the other, half of the market would be missing."""
        works = [
            asyncio.ensure_future(venue_ws.market_stream(self._url(path, symbols, kinds), on_frame))
            for path, kinds in (("public", PUBLIC), ("market", MARKET))
        ]
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            for work in done:
                work.result()
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)

    def _url(self, path: str, symbols: Sequence[str], kinds: Sequence[str]) -> str:
        return venue_ws.stream_url(f"{self.site.stream}/{path}", venue_ws.stream_names(symbols, kinds))

    async def user_stream(self, on_up: Callable[[], None], on_event: Callable[[UserEvent], None]) -> None:
        url = f"{self.site.stream}/private/ws?listenKey={await self.listen_key()}"
        try:
            async with websockets.connect(url, max_size=venue_ws.MAX_MESSAGE, compression=None) as socket:
                keeper = asyncio.ensure_future(self._keep_alive(socket))
                try:
                    await self.balances()
                    on_up()
                    async for frame in socket:
                        self._deliver(frame, on_event)
                finally:
                    keeper.cancel()
        except (OSError, websockets.WebSocketException, TimeoutError) as error:
            raise NoAnswer(f"user stream: {type(error).__name__}: {error}") from None

    async def _keep_alive(self, socket: websockets.ClientConnection) -> None:
        """A key that cannot be kept ends the connection: events would stop without a word."""
        while True:
            await asyncio.sleep(KEEP_SECONDS)
            try:
                await self.keep_listen_key()
            except (VenueError, NoAnswer) as error:
                log.warning("the listen key was not kept alive; the stream is made again", error=str(error))
                with contextlib.suppress(OSError, websockets.WebSocketException):
                    await socket.close()
                return

    def _deliver(self, frame: str | bytes, on_event: Callable[[UserEvent], None]) -> None:
        try:
            event = decode_futures_event(frame)
        except (MalformedFrame, msgspec.ValidationError) as error:
            log.warning("a user data frame was not understood", error=str(error))
            return
        if isinstance(event, Expired):
            raise NoAnswer("user stream: the listen key has expired")
        if event is not None:
            on_event(self._in_terms_of_assets(event) if isinstance(event, AccountUpdate) else event)

    def _in_terms_of_assets(self, event: AccountUpdate) -> AccountPosition:
        """Positions as balances of their contracts, and the bound margin as it was when the account was last asked."""
        held = [AssetBalance(contract(s), q, "0") for s, q in event.positions.items() if s in self.known]
        wallets = [self._wallet(asset, wallet) for asset, wallet in event.wallets.items()]
        return AccountPosition(event_ms=event.event_ms, updated_ms=event.event_ms, balances=wallets + held)

    def _wallet(self, asset: str, wallet: str) -> AssetBalance:
        locked = min(self.locked, max(0, units(wallet))) if asset == ASSET else 0
        return AssetBalance(asset, text(units(wallet) - locked), text(locked))

    async def reset_paper(self) -> None:
        raise no_paper(self.site.name)
