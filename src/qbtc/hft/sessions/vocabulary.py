"""The words of recordings: what may stand in one."""

from __future__ import annotations

from qbtc.contracts import MarketMode
from qbtc.contracts.common import OrderType, Scope, Side, TradingState
from qbtc.core.binance.user_data import AccountPosition, AssetBalance, ExecutionReport
from qbtc.core.market.book import Book, DepthDiff, DepthSnapshot, DepthSync, LocalBook, SyncState
from qbtc.core.market.instrument import Instrument

from ..domain.bars import BarClock
from ..domain.desk import Balance
from ..domain.feed import Reach
from ..domain.orders import Order, State
from ..domain.positions import Fill, Position
from ..domain.requests import Origin
from ..domain.risk import Limits, Proposal, Purpose
from ..domain.risk_situation import Counters
from ..domain.risk_track import PULSE, RATE
from ..domain.seen import Seen
from ..domain.session.words import Words
from ..domain.strategy import Slow
from ..domain.strategy_records import MARKET_VIEW
from ..ports import MarketInfo
from .packing import book, order, packed_book, packed_order

WORDS = Words(
    (
        MarketMode, OrderType, Scope, Side, TradingState, AccountPosition, AssetBalance, ExecutionReport, DepthDiff,
        DepthSnapshot, DepthSync, LocalBook, SyncState, Instrument, BarClock, Balance, Reach, State, Fill, Position,
        Origin, Limits, Proposal, Purpose, Counters, Seen, Slow, MarketInfo,
    ),
    {"RATE": RATE, "PULSE": PULSE, "MARKET_VIEW": MARKET_VIEW},
    {Book: (packed_book, book), Order: (packed_order, order)},
)  # fmt: skip
