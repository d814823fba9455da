"""Read models: the engine's state as the JSON that HTTP, the bus and the screen show. No rules, no I/O."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import cast

from pydantic import JsonValue

from qbtc.contracts import LETTERS
from qbtc.contracts.common import OrderType, Side
from qbtc.core.market.book import Level
from qbtc.core.market.instrument import Instrument

from .domain.bars import BAR_NS, Bar
from .domain.closing import outside, unserved
from .domain.orders import Order
from .domain.positions import Fill, Position
from .domain.risk import TITLES, Proposal, Verdict, shown
from .domain.strategy import Strategy
from .domain.units import money, text
from .domain.venues import LOCAL
from .engine import Engine
from .errors import NoSuchSymbol
from .hot import HotTier, Phase
from .live import Live

Json = dict[str, JsonValue]
Row = JsonValue


class Views:
    def __init__(self, engine: Engine, live: Live | None = None, *, hot: HotTier | None = None) -> None:
        """Without `live` the venue is the local one."""
        self._e, self._live, self._hot = engine, live, hot

    def market(self) -> Json:
        info, feed = self._e.market, self._e.feed
        if info is None:
            return {**self._place(), "mode": "ENDED", "state": "connecting", "symbols": [], "session": None, "speed": None,
                    "market_time": "0", "note": "not connected to the venue yet"}  # fmt: skip
        return {
            **self._place(), "mode": info.mode.value, "state": "ended" if info.ended else "connected" if self._e.open else "connecting",
            "symbols": list(feed.symbols) if feed else [], "session": info.session, "speed": info.speed,
            "market_time": str(self._e.now() or info.market_time_ns), "note": info.note,
        }  # fmt: skip

    def trading(self) -> Json:
        desk = self._e.desk
        return {**self.live(), "state": desk.state.value, "reason": desk.reason, "unserved": [*unserved(desk)]}

    def live(self) -> Json:
        """The venue, whether orders may go there, and what is missing."""
        if self._live is not None:
            return self._live.view()
        mode = self._e.trader.permission().mode.value
        rest: Json = {"keys": "none", "conditions": [], "confirmable": False}
        return {"venue": LOCAL, "test": False, "product": "spot", "mode": mode, **rest}

    def _place(self) -> Json:
        """Where orders go, and whether money is at risk there."""
        now = self.live()
        return {"venue": now["venue"], "trading": now["mode"], "test": now["test"]}

    def symbol(self, name: str | None) -> str:
        """The symbol, or the first of the session; raises NoSuchSymbol."""
        feed = self._e.feed
        if feed is None:
            raise NoSuchSymbol("no market session yet")
        if name is not None and name not in feed.markets:
            raise NoSuchSymbol(f"{name!r} is not in this session", field="symbol", allowed=list(feed.symbols))
        return name or feed.symbols[0]

    def symbols(self) -> list[Row]:
        return [
            {
                "symbol": i.symbol,
                "base": i.base,
                "quote": i.quote,
                "tick_size": f"{i.tick_size:f}",
                "lot_size": f"{i.lot_size:f}",
            }
            for i in self._e.desk.instruments.values()
            if i.symbol in self._e.desk.session
        ]

    def candles(self, symbol: str, limit: int) -> list[Row]:
        feed = self._e.feed
        bars = list(feed.history[symbol])[-limit:] if feed and symbol in feed.history else []
        return [candle(b) for b in bars if math.isfinite(b.close)]

    def candle(self, symbol: str) -> Json | None:
        bar = self._e.feed.forming(symbol) if self._e.feed else None
        return candle(bar) if bar is not None and math.isfinite(bar.close) else None

    def book(self, symbol: str, depth: int) -> Json:
        market = self._e.feed.markets[symbol] if self._e.feed else None
        if market is None or not market.synced:
            return {"symbol": symbol, "sequence": 0, "bids": [], "asks": [], "synced": False}
        i, book = market.instrument, market.local.book
        bids, asks = (_levels(i, book.top(depth, side)) for side in (0, 1))
        return {"symbol": symbol, "sequence": book.update_id, "bids": bids, "asks": asks, "synced": True}

    def ticker(self, symbol: str) -> Json | None:
        market = self._e.feed.markets[symbol] if self._e.feed else None
        if market is None or (market.last_price is None and market.mid() is None):
            return None
        return {
            "symbol": symbol, "price": _opt(market.last_price), "bid": _opt(market.bid()), "ask": _opt(market.ask()),
            "mid": _opt(market.mid()), "imbalance": round(market.imbalance(), 4), "at": str(self._e.now()),
        }  # fmt: skip

    def trades(self, symbol: str, limit: int) -> list[Row]:
        tape = list(self._e.feed.markets[symbol].tape)[-limit:] if self._e.feed else []
        return [
            {
                "t": p.at_ms,
                "price": p.price,
                "quantity": p.quantity,
                "side": "SELL" if p.buyer_is_maker else "BUY",
                "id": p.trade_id,
            }
            for p in reversed(tape)
        ]

    def features(self, symbol: str) -> Json:
        """Raw values (null where there is none), scores and mask of the last closed bar, in the order A..Z; and why what is
        absent is, a word a letter."""
        closed = self._e.feed.last if self._e.feed else None
        if closed is None or self._e.feed is None:
            return {"symbol": symbol, "bar": None, "letters": LETTERS, "values": [], "scores": [], "present": [], "absent": {}}
        row = self._e.feed.symbols.index(symbol)
        return {
            "symbol": symbol, "bar": closed.number, "bar_end": str(closed.end_ns), "letters": LETTERS,
            "values": [round(float(x), 8) if math.isfinite(x) else None for x in closed.values[row]],
            "scores": [round(float(x), 4) for x in closed.scores[row]],
            "present": [bool(x) for x in closed.present[row]],
            "absent": dict[str, JsonValue](self._e.feed.absent(symbol)),
        }  # fmt: skip

    def _marks(self) -> dict[str, int]:
        """Of the session now, of what else is held as of the last comparison with the venue."""
        desk = self._e.desk
        rest = {symbol: desk.marks[symbol] for symbol in outside(desk) if symbol in desk.marks}
        return rest | (self._e.feed.marks() if self._e.feed else {})

    def positions(self) -> list[Row]:
        marks = self._marks()
        return [position(p, marks.get(p.symbol)) for p in self._e.desk.positions.values() if p.fills or p.quantity]

    def orders(self, *, only_open: bool, limit: int = 200) -> list[Row]:
        found = [o for o in self._e.desk.orders.values() if o.open or not only_open]
        found.sort(key=lambda o: o.created_ns, reverse=True)
        return [order(o) for o in found[:limit]]

    def shown_orders(self, finished: int) -> list[Row]:
        """Every open order, however old, then the newest finished ones."""
        rest = [o for o in self._e.desk.orders.values() if not o.open]
        rest.sort(key=lambda o: o.created_ns, reverse=True)
        return self.orders(only_open=True) + [order(o) for o in rest[:finished]]

    def fills(self, limit: int) -> list[Row]:
        return [fill(f) for f in reversed(list(self._e.desk.fills)[-limit:])]

    def pnl(self) -> Json:
        """In the quote asset of the first symbol; `equity` values all balances of the account at the mids."""
        desk = self._e.desk
        marks = self._marks()
        total = desk.pnl(marks)
        hidden = {desk.assets(symbol)[0] for symbol in desk.instruments} if desk.futures else set[str]()
        return {
            **self._place(), "realised": money(total.realised), "unrealised": money(total.unrealised), "fees": money(total.fees),
            "total": money(total.total), "equity": money(desk.equity(marks, desk.quote)) if desk.balances else None,
            "day": money(desk.day_pnl), "currency": desk.quote, "unvalued": [*self._unvalued(marks)],
            "balances": {a: {"free": text(b.free), "locked": text(b.locked)} for a, b in desk.balances.items() if b.total and a not in hidden},
        }  # fmt: skip

    def _unvalued(self, marks: Mapping[str, int]) -> list[str]:
        """Assets of the account without a price here, which `equity` leaves out."""
        desk = self._e.desk
        if desk.futures:
            return []
        held = {asset for asset, balance in desk.balances.items() if balance.total} - {desk.quote}
        return sorted(asset for asset in held if asset + desk.quote not in marks)

    def risk(self, symbol: str | None = None) -> Json:
        """Every rule as it stands for the smallest possible order in the first symbol, and what was refused so far."""
        desk = self._e.desk
        rules: list[Row] = []
        if desk.instruments:
            name = symbol or next(iter(desk.instruments))
            probe = Proposal(name, Side.BUY, OrderType.MARKET, desk.instruments[name].lot_units, None)
            rules = [verdict(v) for v in desk.verdicts(probe, self._e.market_of(name), self._e.trader.wall())]
        report = self._e.report
        return {
            "state": desk.state.value, "reason": desk.reason, "reconciled": desk.reconciled, "rules": rules,
            "refused": cast(JsonValue, dict(self._e.trader.refused)),
            "reconciliation": {
                "missed_fills": report.missed_fills, "resolved_orders": report.resolved_orders,
                "foreign_orders": list(report.foreign_orders),
                "transfers": [
                    {"asset": d.asset, "expected": text(d.expected), "found": text(d.found)} for d in report.transfers
                ],
            },
        }  # fmt: skip

    def strategies(self) -> list[Row]:
        """Also those whose file cannot be used: state `broken`, with what is wrong."""
        broken = self._e.strategist.broken
        return [self.strategy(name) for name in self._e.strategies] + [
            _broken(name, why) for name, why in broken.items() if name not in self._e.strategies
        ]

    def strategy(self, name: str) -> Row:
        """One strategy: its state, its parameters with what is allowed, and its fault if it has one."""
        s = self._e.strategies[name]
        hot = self._hot if self._hot is not None and self._hot.name == name else None
        return {
            "name": s.name, "state": self._state(s, hot), "file": self._e.strategist.files.get(name, "same"),
            "tier": "hot" if hot else "service", "spin": hot is not None and hot.spins(name),
            "parameters": cast(JsonValue, dict(s.parameters)), "description": s.description, "ready": s.ready,
            "ranges": cast(JsonValue, s.ranges()), "fault": str(s.fault) if s.fault else None,
            "methods": [*s.spec.methods], "legs": {leg: s.placement.get(leg) for leg in s.legs},
        }  # fmt: skip

    def _state(self, s: Strategy, hot: HotTier | None) -> str:
        if s.fault:
            return "failed"
        if hot is not None:
            return "running" if hot.phase is Phase.RUNNING else "blocked" if hot.phase is Phase.BLOCKED else "starting"
        if s.name not in self._e.running:
            return "stopped"
        if self._e.feed is not None and not {*s.placed} <= {*self._e.feed.symbols}:
            return "without_market"
        return "running" if s.ready else "starting"

    def latency(self) -> Json:
        feed = self._e.feed
        checks = {"ticker_checks": feed.ticker_checks, "ticker_mismatches": feed.ticker_mismatches} if feed else {}
        gaps = sum(m.local.sync.gaps for m in feed.markets.values()) if feed else 0
        stages = [{"tier": "service", **row} for row in self._e.trader.stages.summary()]
        panel = self._hot.panel if self._hot is not None else None
        hot = [{"tier": "hot", **row} for row in panel.latency()] if panel is not None else []
        return {
            "stages": cast(JsonValue, stages + hot), "book": {"gaps": gaps, **checks},
            "hot": self._hot.view() if self._hot is not None else None,
        }  # fmt: skip

    def answer(self, what: str, symbol: str | None, limit: int) -> JsonValue:
        """What another service may ask over the bus."""
        plain: dict[str, Callable[[], JsonValue]] = {
            "market": self.market,
            "positions": lambda: {"items": self.positions()},
            "symbols": lambda: {"items": self.symbols()},
            "orders": lambda: {"items": self.orders(only_open=False, limit=limit)},
            "open_orders": lambda: {"items": self.orders(only_open=True, limit=limit)},
            "fills": lambda: {"items": self.fills(limit)},
            "pnl": self.pnl,
            "risk": lambda: self.risk(symbol),
            "strategies": lambda: {"items": self.strategies()},
        }
        if what in plain:
            return plain[what]()
        name = self.symbol(symbol)
        of_symbol: dict[str, Callable[[], JsonValue]] = {
            "book": lambda: self.book(name, min(limit, 100)),
            "candles": lambda: {"items": self.candles(name, limit)},
            "features": lambda: self.features(name),
        }
        return of_symbol[what]()


def _broken(name: str, why: str) -> Row:
    rest: Json = {"parameters": {}, "ranges": {}, "legs": {}, "methods": [], "description": "", "spin": False, "ready": False}
    return {"name": name, "state": "broken", "file": "same", "tier": "service", "fault": why, **rest}


def _levels(instrument: Instrument, chosen: list[Level]) -> JsonValue:
    return [[instrument.price_text(tick), instrument.quantity_text(lots)] for tick, lots in chosen]


def _opt(value: int | None) -> str | None:
    return None if value is None else text(value)


def candle(b: Bar) -> Json:
    """`t` is when the bar opened, in milliseconds of market time."""
    return {"t": (b.end_ns - BAR_NS) // 1_000_000, "o": b.open, "h": b.high, "l": b.low, "c": b.close, "v": b.volume}


def position(p: Position, mark: int | None) -> Json:
    return {
        "symbol": p.symbol, "quantity": text(p.quantity), "average_price": _opt(p.average), "mark": _opt(mark),
        "realised": money(p.realised), "unrealised": None if mark is None else money(p.unrealised(mark)),
        "fees": money(p.all_fees), "fills": p.fills,
    }  # fmt: skip


def order(o: Order) -> Json:
    return {
        "client_order_id": o.client_order_id, "venue_order_id": o.venue_order_id, "symbol": o.symbol, "side": o.side.value,
        "type": o.type.value, "quantity": text(o.quantity), "price": _opt(o.price), "filled": text(o.filled),
        "remaining": text(o.remaining), "state": o.state.value, "strategy": o.strategy, "reason": o.reason,
        "created": str(o.created_ns), "updated": str(o.updated_ns), "trigger": _opt(o.trigger) if o.waiting else None,
    }  # fmt: skip


def fill(f: Fill) -> Json:
    return {
        "trade_id": f.trade_id, "client_order_id": f.client_order_id, "symbol": f.symbol, "side": f.side.value,
        "price": text(f.price), "quantity": text(f.quantity), "fee": text(f.fee), "fee_asset": f.fee_asset,
        "maker": f.maker, "at": str(f.at_ns), "strategy": f.strategy,
    }  # fmt: skip


def verdict(v: Verdict) -> Json:
    return {
        "name": v.rule, "title": TITLES[v.rule], "unit": v.unit, "limit": shown(v.unit, v.limit), "value": shown(v.unit, v.value),
        "headroom": shown(v.unit, v.headroom), "ok": v.ok, "reason": v.reason,
    }  # fmt: skip
