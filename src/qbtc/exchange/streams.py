"""From what the markets do to all public streams: real-time ones at once, the others at their pace in market time.

    in    publish(name, frame)   what a symbol's market says: `@trade`, `@depth@100ms`, `@bookTicker`; the venue's state
          pulse(now)             time passes: conflated and partial depth, klines, tickers
    out   two hubs, `json` and `sbe`

Only what somebody hears is computed, but for the tapes (trades and candles), which REST reads too. No sockets; the
clock and the way to be called again after this step are passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..core.binance.errors import ApiError, Code
from ..core.binance.messages import BookTicker, DepthUpdate, Trade
from ..core.binance.wire import Time
from . import market_data_bodies as bodies
from . import streams_sbe
from .fanout import Hub, Payload
from .klines import end_of, start_of
from .market_data_tape import Tape
from .stream_names import WINDOWS, Kline, depth, kline
from .streams_channel import Channel, Market

MS = 1_000_000
PACE, KLINE_PACE = 1000, 2000
CLOSE_GRACE = 100
"""Market ms that a candle waits after its end for trades that are still under way."""
SBE_SNAPSHOT, SBE_LEVELS = 50, 20
SHUTDOWN = "!serverShutdown"
Job = Callable[[int], None]
"""What a stream does when time has passed; market ms."""


class Streams:
    """All symbols. `markets` may fill up after this is made; `clock` gives market time in ns."""

    def __init__(
        self, markets: Mapping[str, Market], clock: Callable[[], int], later: Callable[[Callable[[], None]], object]
    ) -> None:
        self.json = Hub()
        self.sbe = Hub()
        self.clock = clock
        self._markets = markets
        self._later = later
        self._channels: dict[str, Channel] = {}
        self._unsettled: dict[Channel, None] = {}
        self._jobs: dict[str, Job] = {}
        self.json.changed = self.sbe.changed = self._plan

    @property
    def heard(self) -> bool:
        """Whether anybody listens to anything."""
        return bool(self.json.clients or self.sbe.clients)

    @property
    def clients(self) -> int:
        return self.json.clients + self.sbe.clients

    @property
    def symbols(self) -> list[str]:
        return sorted(self._markets)

    @property
    def names(self) -> set[str]:
        """Symbols in lower case."""
        return {symbol.lower() for symbol in self._markets}

    def channel(self, symbol: str) -> Channel:
        """Raises ApiError -1121."""
        found = self._channels.get(symbol)
        if found is None:
            market = self._markets.get(symbol)
            if market is None:
                raise ApiError(Code.BAD_SYMBOL)
            found = self._channels[symbol] = Channel(market, self.json, self.sbe)
        return found

    def tape(self, symbol: str) -> Tape:
        return self.channel(symbol).tape

    def publish(self, stream: str, payload: Payload) -> None:
        if isinstance(payload, Trade):
            channel = self.channel(payload.symbol)
            channel.on_trade(payload)
            if not self._unsettled:
                self._later(self.settle)
            self._unsettled[channel] = None
        elif isinstance(payload, DepthUpdate):
            if stream.endswith("@100ms"):
                self.channel(payload.symbol).on_depth(payload)
        elif isinstance(payload, BookTicker):
            self.channel(payload.symbol).on_ticker(payload, self.clock)
        else:
            self.json.keep(stream, payload)

    def settle(self) -> None:
        """The step that traded is over."""
        channels, self._unsettled = self._unsettled, {}
        for channel in channels:
            channel.settle()

    def pulse(self, now: int) -> None:
        """Market time in ns."""
        ms = now // MS
        for channel in self._channels.values():
            channel.pulse(ms)
        for job in tuple(self._jobs.values()):
            job(ms)

    def shutdown(self) -> None:
        """Tell every connection that the venue is about to go."""
        self.json.broadcast(SHUTDOWN, {"e": "serverShutdown", "E": Time(self.clock())})

    # ---- what time does to a stream

    def _plan(self) -> None:
        """Keep the jobs of streams that are still heard, with their state; begin those of new ones."""
        wanted = {f"json:{name}": name for name in self.json.streams} | {f"sbe:{n}": n for n in self.sbe.streams}
        jobs = {key: self._jobs.get(key) or self._job(key, name) for key, name in wanted.items()}
        self._jobs = {key: job for key, job in jobs.items() if job is not None}

    def _job(self, key: str, stream: str) -> Job | None:
        if stream.startswith("!"):
            return self._all_job(stream)
        name, _, kind = stream.partition("@")
        symbol = next((symbol for symbol in self._markets if symbol.lower() == name), None)
        if symbol is None:
            return None
        channel = self.channel(symbol)
        return self._sbe_job(channel, stream, kind) if key.startswith("sbe:") else self._one_job(channel, stream, kind)

    def _one_job(self, channel: Channel, stream: str, kind: str) -> Job | None:
        candle, book = kline(kind), depth(kind)
        if candle is not None:
            return KlineJob(self.json, channel, stream, candle)
        if book is not None and not book[0]:
            return None
        if book is not None:
            return paced(book[1], lambda ms: self.json.publish(stream, channel.market.snapshot(book[0], ms * MS)))
        body = self._figures(channel, kind)
        return paced(PACE, lambda ms: self.json.publish(stream, body(ms))) if body else None

    def _figures(self, channel: Channel, kind: str) -> Callable[[int], bodies.Json] | None:
        if kind == "miniTicker":
            return lambda ms: bodies.mini_event(channel.day(ms))
        if kind == "ticker":
            return lambda ms: bodies.day_event(channel.day(ms))
        if kind == "avgPrice":
            return lambda ms: bodies.average_event(channel.tape, ms)
        window = kind.removeprefix("ticker_")
        if window in WINDOWS:
            return lambda ms: bodies.window_event(channel.window(ms, WINDOWS[window]), window)
        return None

    def _sbe_job(self, channel: Channel, stream: str, kind: str) -> Job | None:
        def snapshot(ms: int) -> None:
            body = channel.market.snapshot(SBE_LEVELS, ms * MS)
            self.sbe.publish_bytes(stream, streams_sbe.depth_snapshot(channel.item.symbol, body, ms * MS))

        return paced(SBE_SNAPSHOT, snapshot) if kind == "depth20" else None

    def _all_job(self, stream: str) -> Job | None:
        """`!...@arr`: all symbols that traded since the last one."""
        kind = stream[1:].removesuffix("@arr")
        seen: dict[str, int] = {}

        def all_changed(ms: int) -> None:
            rows = []
            for symbol in self._markets:
                channel = self.channel(symbol)
                body = self._figures(channel, kind)
                if body is not None and channel.tape.count != seen.get(symbol, 0):
                    seen[symbol] = channel.tape.count
                    rows.append(body(ms))
            if rows:
                self.json.publish(stream, rows)

        return paced(PACE, all_changed) if stream.endswith("@arr") else None


def paced(pace: int, run: Job) -> Job:
    """`run` once in each `pace` ms of the market's clock."""
    slot = -1

    def job(ms: int) -> None:
        nonlocal slot
        if ms // pace != slot:
            slot = ms // pace
            run(ms)

    return job


class KlineJob:
    """One kline stream: each candle once when it has ended, the running one at its pace."""

    def __init__(self, hub: Hub, channel: Channel, stream: str, wanted: Kline) -> None:
        self._hub, self._channel, self._stream, self._wanted = hub, channel, stream, wanted
        self._start = -1
        self._sent = 0
        self._pace = PACE if wanted.interval == "1s" else KLINE_PACE

    def __call__(self, ms: int) -> None:
        interval, zone = self._wanted.interval, self._wanted.zone
        running = start_of(ms, interval, zone)
        if self._start < 0:
            self._start = running
        while self._start < running and ms >= end_of(self._start, interval, zone) + CLOSE_GRACE:
            self._say(ms, closed=True)
            self._start, self._sent = end_of(self._start, interval, zone), 0
        if ms - self._sent >= self._pace and self._start == running:
            self._sent = ms
            self._say(ms, closed=False)

    def _say(self, ms: int, *, closed: bool) -> None:
        grid = self._wanted.interval, self._wanted.zone
        found = self._channel.tape.candles.at(self._start, *grid)
        if found is not None:
            self._hub.publish(self._stream, bodies.kline_event(self._channel.item, found, grid, now=ms, closed=closed))
