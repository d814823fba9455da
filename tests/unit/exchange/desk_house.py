"""A venue's desk with one recorded symbol, in memory or on disk, for the tests beside this file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec

from qbtc.core.binance.messages import DepthUpdate, Snapshot
from qbtc.core.market.engine.layout import Kind, Side, Tif
from qbtc.core.market.instrument import KNOWN, Instrument
from qbtc.exchange.bookkeeper import Bookkeeper
from qbtc.exchange.books_state import empty
from qbtc.exchange.desk import Desk
from qbtc.exchange.model import Heard, ListView, NewOrder, OrderView, Report
from qbtc.exchange.recovery import recover
from qbtc.exchange.segments import Journal, Unwritten, lock
from qbtc.exchange.settings import ExchangeSettings
from qbtc.exchange.symbol_market import BackgroundSymbol
from qbtc.exchange.terms import terms

ITEM = KNOWN["BTCUSDT"]
START = Snapshot(10, [("100.00", "1"), ("99.00", "5")], [("101.00", "1"), ("102.00", "5")])
FUNDS = {"USDT": 1000 * 10**8, "BTC": 2 * 10**8}
SETTINGS = ExchangeSettings(maker_fee=Decimal("0.001"), taker_fee=Decimal("0.002"))
KEEP = 400


def eight(text: str) -> int:
    return int(Decimal(text) * 10**8)


class House:
    """`folder`: where the journal is; None keeps none."""

    def __init__(
        self, folder: Path | None = None, *, rotate: int = 1 << 30, item: Instrument = ITEM,
        settings: ExchangeSettings = SETTINGS,
    ) -> None:  # fmt: skip
        self.frames: list[tuple[str, msgspec.Struct]] = []
        self.heard: list[Heard] = []
        self.notes: list[str] = []
        self.journal: Journal | Unwritten = Unwritten()
        state = empty(KEEP)
        if folder is not None:
            held = lock(folder)
            found = recover(folder, keep=KEEP)
            state, self.notes = found.state, found.notes
            self.journal = Journal(folder, found.segment, found.number, lock_descriptor=held, rotate=rotate)
        self.desk = Desk(Bookkeeper(state, self.journal), terms(settings))
        self.desk.on_report = self.heard.append
        if not self.desk.keeper.opened(1):
            self.desk.open_account(1, FUNDS, 0)
        market = self.desk.add(item, lambda s, f: self.frames.append((s, f)), recorded=True)
        assert isinstance(market, BackgroundSymbol)
        self.market = market
        market.on_snapshot(START, 0)
        self.desk.restore(0)

    def place(self, side: Side, kind: Kind, *, account: int = 1, **given: str) -> OrderView:
        """`quantity`, `price`, `stop`, `quote` as decimals, `name` as text."""
        order = NewOrder(
            side,
            kind,
            Tif.GTC,
            tick=ITEM.to_ticks(given["price"]) if "price" in given else 0,
            stop_tick=ITEM.to_ticks(given["stop"]) if "stop" in given else 0,
            lots=ITEM.to_lots(given["quantity"]) if "quantity" in given else 0,
            budget=eight(given.get("quote", "0")),
            client_id=given.get("name"),
        )
        return self.desk.place(account, "BTCUSDT", order, 5)

    def depth(self, first: int, last: int, bids: dict[str, str], asks: dict[str, str]) -> None:
        update = DepthUpdate(
            event="depthUpdate",
            event_ms=1,
            symbol="BTCUSDT",
            first=first,
            last=last,
            bids=list(bids.items()),
            asks=list(asks.items()),
        )
        self.market.on_depth(update, 6, bridge=True)

    def balance(self, asset: str, account: int = 1) -> tuple[Decimal, Decimal]:
        free, locked = self.desk.balances(account)[asset]
        return Decimal(free) / 10**8, Decimal(locked) / 10**8

    def published(self) -> list[DepthUpdate]:
        return [f for s, f in self.frames if s.endswith("@depth@100ms") and isinstance(f, DepthUpdate)]

    def executions(self) -> list[str]:
        return [_word(event) for event in self.heard]


def _word(event: Heard) -> str:
    if isinstance(event, Report):
        return event.execution
    return f"LIST {event.status.name}" if isinstance(event, ListView) else f"MOVED {event.amount} {event.asset}"
