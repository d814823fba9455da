"""Live market data from Binance (or anything that speaks its protocol): streams, snapshots, documented depth sync.

Reads public data only; no key is used. Reconnects with back-off and takes a new snapshot after every gap. Binance's
24 h limit on a connection shows as an ordinary disconnect.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from decimal import Decimal

import httpx
import msgspec
import websockets

from ...contracts.common import MarketMode
from ...core.binance.messages import (
    BookTicker,
    DepthUpdate,
    MalformedFrame,
    Trade,
    decode_snapshot,
    decode_stream,
)
from ...core.market.clock import MarketClock
from ...core.market.instrument import Instrument, OffGrid, split_symbol
from ...kit.errors import BadInput
from ...kit.logs import get_logger
from ..desk import Desk
from ..passed_over import PassedOver
from ..symbol_market import BackgroundSymbol, Publish

log = get_logger(__name__)
FINEST_LOT = Decimal("0.00000001")
BACKOFF = (0.5, 1.0, 2.0, 5.0, 10.0)


class _Filter(msgspec.Struct):
    filterType: str  # noqa: N815
    tickSize: str = ""  # noqa: N815


class _Symbol(msgspec.Struct):
    symbol: str
    filters: list[_Filter]


class _Info(msgspec.Struct):
    symbols: list[_Symbol]


async def reachable(rest: str, seconds: float = 2.0) -> str | None:
    """None if the REST base answers a ping in time, else why not."""
    try:
        async with httpx.AsyncClient(timeout=seconds) as client:
            answer = await asyncio.wait_for(client.get(f"{rest}/api/v3/ping"), seconds)
        return None if answer.status_code == 200 else f"{rest} answered {answer.status_code}"
    except (httpx.HTTPError, TimeoutError) as error:
        return f"{rest} is not reachable ({type(error).__name__})"


class LiveFeed:
    mode = MarketMode.LIVE

    def __init__(self, symbols: list[str], rest: str, stream: str) -> None:
        self._symbols = symbols
        self._rest = rest
        self._stream = stream
        self._markets: dict[str, BackgroundSymbol] = {}
        self._fetching: set[asyncio.Task[None]] = set()
        self.connected = False
        self.clock = MarketClock(time.time_ns())
        self.notes: list[str] = []
        self._passed = PassedOver(self.notes)

    async def prepare(self, desk: Desk, publish: Publish) -> None:
        self._client = httpx.AsyncClient(base_url=self._rest, timeout=5.0)
        try:
            instruments = await self._instruments()
        except (httpx.HTTPError, msgspec.DecodeError) as error:
            raise BadInput(f"the live market at {self._rest} cannot be read: {error!r}", field="market") from error
        for instrument in instruments:
            market = desk.add(instrument, publish, recorded=True)
            assert isinstance(market, BackgroundSymbol)
            market.passed_over = self._passed.tell
            self._markets[instrument.symbol] = market
        for symbol in self._markets:
            await self._resync(symbol)

    async def run(self, changed: Callable[[], None]) -> None:
        attempt = 0
        while True:
            try:
                await self._connection(changed)
                attempt = 0
            except (OSError, TimeoutError, websockets.WebSocketException, httpx.HTTPError) as error:
                log.warning("market connection lost", error=str(error), upstream=self._stream)
            self.connected = False
            changed()
            await asyncio.sleep(BACKOFF[min(attempt, len(BACKOFF) - 1)])
            attempt += 1

    async def _connection(self, changed: Callable[[], None]) -> None:
        kinds = ("depth@100ms", "trade", "bookTicker")
        names = "/".join(f"{symbol.lower()}@{kind}" for symbol in self._symbols for kind in kinds)
        async with websockets.connect(f"{self._stream}/stream?streams={names}", max_queue=4096) as socket:
            for market in self._markets.values():
                market.reset()
            self.connected = True
            changed()
            async for frame in socket:
                try:
                    self._feed(frame)
                except (MalformedFrame, OffGrid) as error:
                    self._passed.tell(str(error))

    def _feed(self, frame: str | bytes) -> None:
        _, event = decode_stream(frame)
        market, now = self._markets.get(event.symbol), time.time_ns()
        if market is None:
            return
        if isinstance(event, DepthUpdate):
            if not market.on_depth(event, now, bridge=False):
                self._want_snapshot(event.symbol)
        elif isinstance(event, Trade):
            market.on_trade(event, now)
        elif isinstance(event, BookTicker) and market.sync.synced:
            market.on_ticker(event, now)

    def _want_snapshot(self, symbol: str) -> None:
        if any(task.get_name() == symbol for task in self._fetching):
            return
        task = asyncio.create_task(self._resync(symbol), name=symbol)
        self._fetching.add(task)
        task.add_done_callback(self._fetching.discard)

    async def _resync(self, symbol: str) -> None:
        """Fetch snapshots until one fits the buffered diffs."""
        for pause in BACKOFF:
            try:
                answer = await self._client.get("/api/v3/depth", params={"symbol": symbol, "limit": 5000})
                answer.raise_for_status()
                if self._markets[symbol].on_snapshot(decode_snapshot(answer.content), time.time_ns()):
                    return
            except (httpx.HTTPError, MalformedFrame, OffGrid) as error:
                log.warning("snapshot failed", symbol=symbol, error=str(error))
            await asyncio.sleep(pause)

    async def _instruments(self) -> list[Instrument]:
        """Symbols with the upstream's tick. Lots are 1e-8: resting orders may be older than today's step."""
        answer = await self._client.get("/api/v3/exchangeInfo")
        answer.raise_for_status()
        ticks = {
            item.symbol: next((f.tickSize for f in item.filters if f.filterType == "PRICE_FILTER"), "")
            for item in msgspec.json.decode(answer.content, type=_Info).symbols
        }
        unknown = [symbol for symbol in self._symbols if not ticks.get(symbol)]
        if unknown:
            raise BadInput(f"symbol {unknown[0]} is not traded at {self._rest}", field="symbols")
        return [Instrument(s, *split_symbol(s), Decimal(ticks[s]).normalize(), FINEST_LOT) for s in self._symbols]
