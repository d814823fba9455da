"""What the screen sees at once: conflated channels on Redis pub/sub, their last values, and the positions' mirror.

`hft:stream:<channel>` carries the payload, `hft:stream:last:<channel>` keeps it for 60 s so that a new hub starts
warm, `hft:positions:<SYMBOL>` mirrors each position with the same time to live and is rewritten every 20 s. Redis is
never the truth, and when it is away only the screen stands still.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

from pydantic import JsonValue
from redis.asyncio import Redis
from redis.exceptions import RedisError

from qbtc.kit.logs import get_logger

from ..engine import Engine
from ..views import Views

log = get_logger(__name__)

TTL_SECONDS = 60
REFRESH_SECONDS = 20.0
SLOW_EVERY_SECONDS = 1.0
BOOK_DEPTH = 25


class Mirror:
    def __init__(self, redis: Redis, engine: Engine, views: Views, *, hz: float) -> None:
        self._redis, self._engine, self._views = redis, engine, views
        self._interval = 1.0 / hz
        self._sent: dict[str, bytes] = {}
        self._positions: dict[str, bytes] = {}
        self._refreshed = self._slow = 0.0

    async def run(self) -> None:
        """Publish what changed, at most `hz` times a second a channel."""
        pause, loop = 0.5, asyncio.get_running_loop()
        while True:
            try:
                await self.publish(loop.time())
                pause = 0.5
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("the cache is away; the screen waits", error=f"{type(error).__name__}: {error}"[:200])
                self._sent.clear()
                self._positions.clear()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
            await asyncio.sleep(self._interval)

    async def publish(self, now: float) -> None:
        if now - self._refreshed >= REFRESH_SECONDS:
            self._refreshed = now
            self._sent.clear()
            self._positions.clear()
        slow = now - self._slow >= SLOW_EVERY_SECONDS
        self._slow = now if slow else self._slow
        pipe = self._redis.pipeline(transaction=False)
        queued = 0
        for channel, value in self._channels(slow=slow):
            raw = _json(value)
            if self._sent.get(channel) != raw:
                self._sent[channel] = raw
                pipe.publish(f"hft:stream:{channel}", raw)
                pipe.set(f"hft:stream:last:{channel}", raw, ex=TTL_SECONDS)
                queued += 1
        for symbol, raw in self._changed_positions():
            pipe.set(f"hft:positions:{symbol}", raw, ex=TTL_SECONDS)
            queued += 1
        if queued:
            await pipe.execute()

    def _channels(self, *, slow: bool) -> Iterator[tuple[str, JsonValue]]:
        v = self._views
        for symbol in self._engine.feed.symbols if self._engine.feed else ():
            yield from self._of_symbol(symbol, slow=slow)
        yield "positions", {"items": v.positions()}
        yield "orders", {"items": v.shown_orders(finished=50)}
        yield "pnl", v.pnl()
        yield "trading", v.trading()
        if slow:
            yield "market", v.market()
            yield "risk", v.risk()
            yield "strategies", {"items": v.strategies()}
            yield "latency", v.latency()

    def _of_symbol(self, symbol: str, *, slow: bool) -> Iterator[tuple[str, JsonValue]]:
        ticker, candle = self._views.ticker(symbol), self._views.candle(symbol)
        if ticker is not None:
            yield f"ticker.{symbol}", ticker
        if candle is not None:
            yield f"candle.{symbol}", candle
        book = self._views.book(symbol, BOOK_DEPTH)
        if book["synced"]:
            yield f"book.{symbol}", {"seq": book["sequence"], "bids": book["bids"], "asks": book["asks"]}
        if slow:
            yield f"features.{symbol}", self._views.features(symbol)

    def _changed_positions(self) -> Iterator[tuple[str, bytes]]:
        for row in self._views.positions():
            symbol, raw = str(row["symbol"]) if isinstance(row, dict) else "", _json(row)
            if self._positions.get(symbol) != raw:
                self._positions[symbol] = raw
                yield symbol, raw


def _json(value: JsonValue) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
