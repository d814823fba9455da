"""From markets to public streams: everything at its pace in market time, computed only if somebody hears it.

`moved` after every step that touched a market (bookTicker, trades), `tick` about every 100 ms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...core.market.futures.market import Aggregate, Diff, Market, Print
from ...core.market.futures.series import Candle, end_of, start_of
from ...core.market.futures.wire import MS, Json, dec
from .api_market import FAR_DELIVERY, ONBOARD, average, percent, rows
from .hub import Hub

SLACK = 20
SPEEDS = {"@0ms": 0, "@100ms": 100, "": 250, "@250ms": 250, "@500ms": 500}
Job = Callable[[int], None]


class DepthJob:
    """One diff stream: changes of its interval, with `pu` the last id sent before. `U` is never above `pu`, so that
    the next event fits a snapshot that was taken when nothing was pending."""

    def __init__(self, hub: Hub, market: Market, stream: str, pace: int) -> None:
        self._hub, self._market, self._stream, self._pace = hub, market, stream, pace
        self._bids: dict[int, int] = {}
        self._asks: dict[int, int] = {}
        self._first = 0
        self._last = self._sent = market.update_id
        self._at = 0

    def add(self, diff: Diff) -> None:
        self._first = self._first or diff.first
        self._last = diff.last
        self._bids |= diff.bids
        self._asks |= diff.asks

    def __call__(self, ms: int) -> None:
        if not self._first or ms - self._at < self._pace - SLACK:
            return
        market = self._market
        self._hub.publish(
            self._stream,
            {
                "e": "depthUpdate",
                "E": ms,
                "T": ms,
                "s": market.symbol,
                "U": min(self._first, self._sent),
                "u": self._last,
                "pu": self._sent,
                "b": rows(market, self._bids.items()),
                "a": rows(market, self._asks.items()),
                "ps": market.symbol,
                "st": 1,
            },
        )
        self._bids, self._asks, self._first = {}, {}, 0
        self._sent, self._at = self._last, ms


class KlineJob:
    """One kline stream: the running candle at its pace while it changes, and once when it has ended."""

    def __init__(self, hub: Hub, market: Market, stream: str, interval: str, *, continuous: bool) -> None:
        self._hub, self._market, self._stream = hub, market, stream
        self._interval, self._continuous = interval, continuous
        self._start, self._count, self._at = -1, -1, 0

    def __call__(self, ms: int) -> None:
        running = start_of(self._interval, ms)
        if 0 <= self._start < running:
            found = self._market.series.read(self._interval, self._start, self._start, 1)
            if found:
                self._say(found[0], ms, closed=True)
            self._start = -1
        if ms - self._at < 250 - SLACK:
            return
        current = self._market.series.current(self._interval)
        if current is None or current.start != running:
            return
        if (current.start, current.count) != (self._start, self._count):
            self._start, self._count, self._at = current.start, current.count, ms
            self._say(current, ms, closed=False)

    def _say(self, candle: Candle, ms: int, *, closed: bool) -> None:
        market = self._market
        body = kline(market, candle, self._interval, closed=closed)
        if self._continuous:
            del body["s"]
            head: Json = {"e": "continuous_kline", "E": ms, "ps": market.symbol, "ct": "PERPETUAL"}
        else:
            head = {"e": "kline", "E": ms, "s": market.symbol}
        self._hub.publish(self._stream, head | {"k": body})


class Publisher:
    def __init__(self, hub: Hub, markets: Mapping[str, Market]) -> None:
        self._hub = hub
        self._markets = markets
        self._jobs: dict[str, Job] = {}
        self._depth: dict[str, list[DepthJob]] = {}
        self._touches: dict[str, object] = {}
        self._forced: list[tuple[str, Json]] = []

    def force(self, stream: str, body: Json) -> None:
        """A forceOrder event."""
        self._hub.publish(stream, body)
        self._hub.publish("!forceOrder@arr", body)

    def moved(self, market: Market, now: int) -> None:
        """Number what changed; tell of the touch and of trades at once."""
        ms = now // MS
        diff = market.flush()
        if diff is not None:
            for job in self._depth.get(market.symbol, ()):
                job.add(diff)
            self._touch(market, ms)
        trades, aggregates = market.take_trades()
        if trades:
            self._trades(market, trades, aggregates, ms)

    def _touch(self, market: Market, ms: int) -> None:
        touch = market.touch()
        if touch == self._touches.get(market.symbol):
            return
        self._touches[market.symbol] = touch
        name = f"{market.symbol.lower()}@bookTicker"
        if self._hub.wants(name) or self._hub.wants("!bookTicker"):
            (bid,), (ask,) = (rows(market, [level]) for level in touch)
            body = {
                "e": "bookTicker", "u": market.update_id, "E": ms, "T": ms, "s": market.symbol,
                "ps": market.symbol, "b": bid[0], "B": bid[1], "a": ask[0], "A": ask[1], "st": 1,
            }  # fmt: skip
            self._hub.publish(name, body)
            self._hub.publish("!bookTicker", body)

    def _trades(self, market: Market, trades: list[Print], aggregates: list[Aggregate], ms: int) -> None:
        lower, rules = market.symbol.lower(), market.contract
        if self._hub.wants(f"{lower}@trade"):
            for row in trades:
                price, size = dec(row.price, rules.price_places), dec(row.quantity, rules.quantity_places)
                body: Json = {
                    "e": "trade", "E": ms, "T": row.ms, "s": market.symbol, "t": row.trade_id,
                    "p": price, "q": size, "X": "MARKET", "m": row.side < 0,
                }  # fmt: skip
                self._hub.publish(f"{lower}@trade", body)
        if self._hub.wants(f"{lower}@aggTrade"):
            for agg in aggregates:
                price, size = dec(agg.price, rules.price_places), dec(agg.quantity, rules.quantity_places)
                body = {
                    "e": "aggTrade", "E": ms, "s": market.symbol, "a": agg.agg_id, "p": price, "q": size,
                    "nq": size, "f": agg.first, "l": agg.last, "T": agg.ms, "m": agg.side < 0, "st": 1,
                }  # fmt: skip
                self._hub.publish(f"{lower}@aggTrade", body)

    def plan(self) -> None:
        """Keep the jobs of streams that are still heard, with their state; begin those of new ones."""
        old, self._jobs, self._depth = self._jobs, {}, {}
        for name in self._hub.streams:
            job = old.get(name) or self._job(name)
            if job is not None:
                self._jobs[name] = job
            if isinstance(job, DepthJob):
                self._depth.setdefault(name.partition("@")[0].upper(), []).append(job)

    def tick(self, now: int) -> None:
        for job in tuple(self._jobs.values()):
            job(now // MS)

    def _job(self, name: str) -> Job | None:
        if name.startswith("!"):
            return self._all_job(name)
        symbol, _, kind = name.partition("@")
        market = self._markets.get(symbol.removesuffix("_perpetual").upper())
        if market is None:
            return None
        if kind.startswith("kline_"):
            return KlineJob(self._hub, market, name, kind[6:], continuous=False)
        if kind.startswith("continuousKline_"):
            return KlineJob(self._hub, market, name, kind[16:], continuous=True)
        if kind.startswith("depth"):
            return self._depth_job(market, name, kind[5:])
        if kind == "rpiDepth@500ms":  # the same book: nobody places RPI orders here
            return DepthJob(self._hub, market, name, 500)
        return self._figures_job(market, name, kind)

    def _depth_job(self, market: Market, name: str, rest: str) -> Job:
        levels, at, speed = rest.partition("@")
        pace = SPEEDS[at + speed]
        if not levels:
            return DepthJob(self._hub, market, name, pace)
        sent = market.update_id

        def partial(ms: int) -> None:
            nonlocal sent
            bids, asks = (rows(market, market.top(int(levels), side)) for side in (0, 1))
            body = {
                "e": "depthUpdate", "E": ms, "T": ms, "s": market.symbol, "U": min(sent, market.update_id),
                "u": market.update_id, "pu": sent, "b": bids, "a": asks, "ps": market.symbol, "st": 1,
            }  # fmt: skip
            sent = market.update_id
            self._hub.publish(name, body)

        return paced(pace, partial)

    def _figures_job(self, market: Market, name: str, kind: str) -> Job | None:
        if kind.startswith("markPrice"):
            pace = 1000 if kind.endswith("@1s") else 3000
            return paced(pace, lambda ms: self._hub.publish(name, mark_price(market, ms)))
        if kind == "miniTicker":
            return paced(2000, lambda ms: self._hub.publish(name, mini_ticker(market, ms)))
        if kind == "ticker":
            return paced(2000, lambda ms: self._hub.publish(name, ticker(market, ms)))
        if kind == "contractInfo":
            return once(lambda ms: self._hub.publish(name, contract_info(market, ms)))
        return None

    def _all_job(self, name: str) -> Job | None:
        kind = name[1:].partition("@")[0]
        render = {"miniTicker": mini_ticker, "ticker": ticker, "markPrice": mark_price}.get(kind)
        if render is not None:
            pace = 3000 if kind == "markPrice" and not name.endswith("@1s") else 1000
            return paced(
                pace, lambda ms: self._hub.publish(name, [render(market, ms) for market in self._markets.values()])
            )
        if kind == "contractInfo":
            return once(lambda ms: self._contracts(name, ms))
        return None

    def _contracts(self, name: str, ms: int) -> None:
        for market in self._markets.values():
            self._hub.publish(name, contract_info(market, ms))


def paced(pace: int, run: Job) -> Job:
    """`run` at most once in `pace` ms of the market's clock."""
    last = 0

    def job(ms: int) -> None:
        nonlocal last
        if ms - last >= pace - SLACK:
            last = ms
            run(ms)

    return job


def once(run: Job) -> Job:
    done = False

    def job(ms: int) -> None:
        nonlocal done
        if not done:
            done = True
            run(ms)

    return job


def kline(market: Market, candle: Candle, interval: str, *, closed: bool) -> Json:
    price, size = market.contract.price_places, market.contract.quantity_places
    return {
        "t": candle.start,
        "T": end_of(interval, candle.start),
        "s": market.symbol,
        "i": interval,
        "f": candle.first_id,
        "L": candle.last_id,
        "o": dec(candle.open, price),
        "c": dec(candle.close, price),
        "h": dec(candle.high, price),
        "l": dec(candle.low, price),
        "v": dec(candle.volume, size),
        "n": candle.count,
        "x": closed,
        "q": dec(candle.quote, 5),
        "V": dec(candle.taker, size),
        "Q": dec(candle.taker_quote, 5),
        "B": "0",
    }


def mark_price(market: Market, ms: int) -> Json:
    prices = market.prices
    return {
        "e": "markPriceUpdate",
        "E": ms,
        "s": market.symbol,
        "p": dec(prices.mark),
        "ap": dec(prices.mark),
        "P": dec(prices.index),
        "i": dec(prices.index),
        "r": dec(market.funding.rate),
        "T": market.next_funding // MS,
        "st": 1,
    }


def _day(market: Market, ms: int) -> Candle:
    return market.series.day(ms) or Candle(ms, *(market.prices.last,) * 4)


def mini_ticker(market: Market, ms: int) -> Json:
    day, price, size = _day(market, ms), market.contract.price_places, market.contract.quantity_places
    return {
        "e": "24hrMiniTicker",
        "E": ms,
        "s": market.symbol,
        "c": dec(day.close, price),
        "o": dec(day.open, price),
        "h": dec(day.high, price),
        "l": dec(day.low, price),
        "v": dec(day.volume, size),
        "q": dec(day.quote, 2),
        "ps": market.symbol,
        "st": 1,
    }


def ticker(market: Market, ms: int) -> Json:
    day, price, size = _day(market, ms), market.contract.price_places, market.contract.quantity_places
    return mini_ticker(market, ms) | {
        "e": "24hrTicker",
        "p": dec(day.close - day.open, price),
        "P": percent(day.close - day.open, day.open),
        "w": dec(average(day) or day.close, price),
        "Q": dec(market.trades[-1].quantity if market.trades else 0, size),
        "O": day.start,
        "C": ms,
        "F": day.first_id,
        "L": day.last_id,
        "n": day.count,
    }


def contract_info(market: Market, ms: int) -> Json:
    scale = 10**8
    return {
        "e": "contractInfo",
        "E": ms,
        "s": market.symbol,
        "ct": "PERPETUAL",
        "dt": FAR_DELIVERY,
        "ot": ONBOARD,
        "cs": "TRADING",
        "st": 1,
        "bks": [
            {
                "bs": item.number,
                "bnf": item.floor // scale,
                "bnc": item.cap // scale,
                "mmr": item.rate / scale,
                "cf": item.cum // scale,
                "mi": 1,
                "ma": item.leverage,
            }
            for item in market.contract.table
        ],
    }
