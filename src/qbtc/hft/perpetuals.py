"""Hears of the perpetuals of the session's symbols, for as long as the service runs: for features, never for orders.

Nothing depends on it: where a symbol has no perpetual, or nobody tells of it, its dimensions are absent and say so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from qbtc.core.binance.messages import MalformedFrame, decode_mark
from qbtc.kit.logs import get_logger

from .domain.feed import Feed
from .ports import NoAnswer, Perpetuals, VenueError

log = get_logger(__name__)

WAIT, LONGEST = 1.0, 60.0
INTEREST_SECONDS = 10.0
"""Between two questions for open interest, of all symbols together."""


class Listener:
    """`feed` is that of the session now, None before the first."""

    def __init__(self, source: Perpetuals, feed: Callable[[], Feed | None]) -> None:
        self._source, self._feed = source, feed

    async def run(self) -> None:
        """For ever: connect, and again after a pause when it ends or the session has other symbols."""
        pause = WAIT
        while True:
            feed = self._feed()
            if feed is None:
                await asyncio.sleep(WAIT)
                continue
            try:
                there = await self._source.contracts(feed.symbols)
                pause = WAIT if there else LONGEST
                await self._session(feed.symbols, there)
            except (NoAnswer, VenueError, MalformedFrame, KeyError, ValueError) as error:
                pause = min(2 * pause, LONGEST)
                log.info("perpetuals will be asked for again", error=str(error), pause=pause)
            await asyncio.sleep(pause)

    async def _session(self, symbols: tuple[str, ...], hours: dict[str, float]) -> None:
        """Until the connection ends, or the session has other symbols."""
        if not hours:
            return
        works = [
            asyncio.ensure_future(self._source.stream([*hours], lambda raw: self._on_mark(raw, hours))),
            asyncio.ensure_future(self._ask(symbols, [*hours])),
        ]
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            for work in done:
                work.result()
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)

    def _on_mark(self, raw: bytes, hours: dict[str, float]) -> None:
        event, feed = decode_mark(raw), self._feed()
        market = feed.markets.get(event.symbol) if feed else None
        if market is not None:
            market.perpetual.hours = hours.get(event.symbol, market.perpetual.hours)
            market.perpetual.on_mark(event)

    async def _ask(self, symbols: tuple[str, ...], there: list[str]) -> None:
        """Open interest, by turns, so that many symbols are no burst of questions."""
        while True:
            for symbol in there:
                feed = self._feed()
                if feed is not None and feed.symbols != symbols:
                    return
                await self._interest(symbol)
                await asyncio.sleep(INTEREST_SECONDS / len(there))

    async def _interest(self, symbol: str) -> None:
        try:
            quantity, at = await self._source.open_interest(symbol)
        except (NoAnswer, VenueError) as error:
            log.info("open interest is not known", symbol=symbol, error=str(error))
            return
        feed = self._feed()
        if feed is not None and symbol in feed.markets:
            feed.markets[symbol].perpetual.on_interest(quantity, at)
