"""The fill rule `venue` gives the fills of the local venue replaying the same recording."""

from __future__ import annotations

from copy import copy
from decimal import Decimal
from functools import cache, partial
from itertools import islice
from typing import Any

import numpy as np
import pytest
from tests.unit.hft.backtest import traders

from qbtc.core.binance.errors import ApiError, Code
from qbtc.core.binance.messages import BookTicker, DepthUpdate, Snapshot, Trade
from qbtc.core.market.engine.layout import Kind, Side, Tif
from qbtc.core.market.instrument import Instrument
from qbtc.core.market.replay import Frame
from qbtc.core.market.terms import Terms
from qbtc.exchange.bookkeeper import Bookkeeper
from qbtc.exchange.books_state import empty
from qbtc.exchange.desk import Desk
from qbtc.exchange.model import Heard, NewOrder, Report
from qbtc.exchange.recordings import open_recording
from qbtc.exchange.segments import Unwritten
from qbtc.exchange.settings import ExchangeSettings
from qbtc.exchange.symbol_market import BackgroundSymbol
from qbtc.exchange.terms import terms
from qbtc.hft.domain.backtest.core_venue import CoreRunner, CoreVenue, Place
from qbtc.hft.domain.backtest.feed import Feed, feed
from qbtc.hft.domain.backtest.layout import CANCELED, EXPIRED
from qbtc.hft.domain.backtest.runner import Delays, Outcome, Rules
from qbtc.hft.domain.strategy_class import read
from qbtc.hft.domain.strategy_compiled import Program
from qbtc.hft.domain.strategy_records import FOK, IOC, POST
from qbtc.testing.data import MARKET

SETTINGS = ExchangeSettings(maker_fee=Decimal("0.001"), taker_fee=Decimal("0.001"))
FUNDS = (1_000_000.0, 50.0)
FRAMES = 12_000
MS = 1_000_000


@cache
def recorded() -> tuple[Instrument, list[Frame], Snapshot]:
    path = MARKET / "spot_btcusdt_20240808.gz"
    if not path.exists():
        pytest.skip(f"no recorded market data at {MARKET}; set QBTC_DATA")
    recording = open_recording(str(path))
    item = recording.plan.instruments["BTCUSDT"]
    return item, list(islice(recording.frames(), FRAMES)), recording.first_snapshots()["BTCUSDT"]


def tape(item: Instrument, frames: list[Frame], first: Snapshot) -> Feed:
    """The frames as columns; the snapshot stands first, as the venue takes it."""
    kind, local, seq, counts, tick, lots = [], [], [], [], [], []

    def add(what: int, at: int, number: int, rows: list[tuple[int, int, str, str]]) -> None:
        kind.append(what)
        local.append(at)
        seq.append(number)
        counts.append(len(rows))
        for side, trade, price, quantity in rows:
            tick.append(item.to_ticks(price) << 2 | trade << 1 | side)
            lots.append(item.to_lots(quantity))

    def levels(event: Snapshot | DepthUpdate) -> list[tuple[int, int, str, str]]:
        return [(s, 0, p, q) for s, part in enumerate((event.bids, event.asks)) for p, q in part]

    add(3, frames[0].time, first.lastUpdateId, levels(first))
    for frame in frames:
        event = frame.event
        if isinstance(event, DepthUpdate):
            add(1, frame.time, event.last, levels(event))
        elif isinstance(event, Trade):
            add(2, frame.time, event.trade_id, [(int(event.buyer_is_maker), 1, event.price, event.quantity)])
        elif isinstance(event, BookTicker):
            add(4, frame.time, event.update_id, [(0, 0, event.bid, event.bid_quantity), (1, 0, event.ask, event.ask_quantity)])
    at = np.array(local, np.int64)
    columns: dict[str, Any] = {
        "local": at, "exchange": at, "kind": np.array(kind, np.uint8), "seq": np.array(seq, np.int64),
        "first": np.cumsum([0, *counts]).astype(np.uint32), "tick": np.array(tick, np.int32), "lots": np.array(lots, np.int64),
    }  # fmt: skip
    return feed(columns, symbol=item.symbol, tick_size=float(item.tick_size), lot_size=float(item.lot_size), sync=False)


def backtest(cls: type, item: Instrument, market: Feed, delays: Delays, **parameters: float) -> Outcome:
    program = Program(read(cls, name=cls.__name__.lower()))
    rules = Rules(delays=delays, sampling=0)
    place = Place(market, partial(CoreVenue, market, item, Terms(), FUNDS))
    return CoreRunner(program, {**program.spec.defaults, **parameters}, [place], rules).finish()


class Replay:
    """The venue's desk with the frames as its market, and orders at their times."""

    def __init__(self, item: Instrument, first: Snapshot, begin: int) -> None:
        self.heard: list[Heard] = []
        self.ids: dict[int, int] = {}
        self.desk = Desk(Bookkeeper(empty(1 << 16), Unwritten()), terms(SETTINGS))
        self.desk.on_report = self.heard.append
        self.desk.open_account(1, {"USDT": int(FUNDS[0] * 10**8), "BTC": int(FUNDS[1] * 10**8)}, 0)
        market = self.desk.add(item, lambda *_: None, recorded=True)
        assert isinstance(market, BackgroundSymbol)
        self.market = market
        market.on_snapshot(first, begin)
        self.desk.restore(0)

    def feed(self, frame: Frame) -> None:
        event = copy(frame.event)  # the venue renumbers what it publishes
        if isinstance(event, DepthUpdate):
            self.market.on_depth(event, frame.time, bridge=True)
        elif isinstance(event, Trade):
            self.market.on_trade(event, frame.time)
        elif isinstance(event, BookTicker):
            self.market.on_ticker(event, frame.time)

    def place(self, order: np.void, now: int) -> None:
        tick, rest, stop = int(order["tick"]), int(order["rest"]), int(order["stop"])
        kind = Kind.MARKET if tick == 0 else Kind.LIMIT_MAKER if rest == POST else Kind.LIMIT
        if stop:
            kinds = (Kind.STOP_LOSS, Kind.STOP_LOSS_LIMIT) if stop > 0 else (Kind.TAKE_PROFIT, Kind.TAKE_PROFIT_LIMIT)
            kind = kinds[tick > 0]
        tif = {IOC: Tif.IOC, FOK: Tif.FOK}.get(rest, Tif.GTC)
        name = str(int(order["order"]))
        asked = NewOrder(
            Side(int(order["side"])), kind, tif, tick=tick, lots=int(order["lots"]), stop_tick=abs(stop), client_id=name
        )  # fmt: skip
        try:
            self.ids[int(order["order"])] = self.desk.place(1, "BTCUSDT", asked, now).order_id
        except ApiError as error:
            assert error.code in (Code.NEW_ORDER_REJECTED, Code.INVALID_MESSAGE)
            assert order["status"] == EXPIRED

    def cancel(self, order: np.void, now: int) -> None:
        self.desk.cancel(1, self.ids[int(order["order"])], now)

    def fills(self) -> list[tuple[int, int, int, int, int, int]]:
        return sorted(
            (int(e.order.client_id), e.time, e.trade.tick, e.trade.lots, int(e.trade.maker), e.trade.fee)
            for e in self.heard
            if isinstance(e, Report) and e.trade is not None
        )


@pytest.mark.parametrize("delays", [Delays(0, 0), Delays(3 * MS, 2 * MS)])
@pytest.mark.parametrize("cls", [traders.Maker, traders.Mixed, traders.Waiting])
def test_every_fill_is_the_venues(cls: type, delays: Delays) -> None:
    item, frames, first = recorded()
    size = {"size": 500, "most": 5000} if cls is traders.Maker else {"scale": 200, "away": 50} if cls is traders.Waiting else {"scale": 200}
    out = backtest(cls, item, tape(item, frames, first), delays, **size)
    assert len(out.fills) > 20
    replay = Replay(item, first, frames[0].time)
    acts = [(int(o["arrived"]), 1, int(o["order"]), o, replay.place) for o in out.orders if o["arrived"]]
    acts += [(int(o["ended"]), 2, int(o["order"]), o, replay.cancel) for o in out.orders if o["status"] == CANCELED]
    waiting = sorted(acts, key=lambda act: act[:3])
    for frame in [*frames, Frame(1 << 62, "", first)]:
        while waiting and waiting[0][0] < frame.time:
            at, _, _, order, act = waiting.pop(0)
            act(order, at)
        replay.feed(frame)
    mine = sorted(
        (int(f["order"]), int(f["time"]), int(f["tick"]), int(f["lots"]), int(f["maker"])) for f in out.fills
    )
    theirs = replay.fills()
    assert mine == [fill[:5] for fill in theirs]
    for (order, *_), fill, venue in zip(mine, np.sort(out.fills, order=["order", "time", "tick"]), theirs, strict=True):
        price = 1.0 if out.orders[order - 1]["side"] else fill["tick"] * float(item.tick_size)
        assert fill["fee"] == pytest.approx(venue[5] / 1e8 * price, rel=1e-9)
