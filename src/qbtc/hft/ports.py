"""What the engine needs from outside, as Protocols. The adapters are in `adapters/`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from qbtc.contracts import MarketMode
from qbtc.core.binance.user_data import AccountPosition, ExecutionReport
from qbtc.core.market.book import DepthSnapshot
from qbtc.core.market.instrument import Instrument

from .domain.desk import Balance, Record
from .domain.orders import Order
from .domain.positions import Fill


@dataclass(frozen=True, slots=True)
class MarketInfo:
    """The venue's own word on its market. `started_ns` is market time."""

    mode: MarketMode
    state: str
    session: str
    speed: float
    symbols: tuple[str, ...]
    started_ns: int
    market_time_ns: int
    ended: bool
    note: str


@dataclass(frozen=True, slots=True)
class VenueOrder:
    """An order as the venue knows it; `status` is Binance's word, quantities in 1e-8."""

    client_order_id: str
    venue_order_id: str
    symbol: str
    status: str
    filled: int


@dataclass(frozen=True, slots=True)
class Margin:
    """Of a futures account, in basis points: maintenance margin by margin balance (None: not known), and the initial
    margin of each symbol by the notional. `entries` are the average prices of what is held, in 1e-8."""

    ratio: int | None
    rates: Mapping[str, int]
    entries: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StrategyChoice:
    """What a person chose for a strategy; `tier` is service or hot; `record` None is as the settings say;
    `legs` are the symbols by leg, of a strategy of several markets."""

    running: bool
    parameters: Mapping[str, float]
    tier: str = "service"
    spin: bool = False
    record: bool | None = None
    legs: Mapping[str, str] = field(default_factory=dict)


class VenueError(Exception):
    """The venue answered with `{"code", "msg"}`."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{message} (code {code})")
        self.code, self.message = code, message


class NoAnswer(Exception):
    """No answer, or one that says nothing about the outcome: what was asked may or may not have happened."""


Frame = Callable[[bytes], None]
UserEvent = ExecutionReport | AccountPosition


class Venue(Protocol):
    """Methods raise VenueError for a refusal and NoAnswer when the outcome is not known."""

    async def market(self) -> MarketInfo: ...

    async def clock_offset_ns(self) -> int:
        """The venue's clock minus ours, less half the way there and back."""

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]: ...

    async def snapshot(self, instrument: Instrument) -> DepthSnapshot: ...

    async def last_price(self, instrument: Instrument) -> int | None:
        """Price of the last trade in 1e-8; None if there was none yet."""

    async def place(self, order: Order) -> VenueOrder: ...

    async def cancel(self, symbol: str, client_order_id: str) -> VenueOrder: ...

    async def cancel_all(self, symbol: str) -> list[VenueOrder]:
        """Cancel everything that the account has open in a symbol; what was cancelled, as far as the venue says."""

    async def order(self, symbol: str, client_order_id: str) -> VenueOrder: ...

    async def order_numbered(self, symbol: str, venue_order_id: str) -> VenueOrder: ...

    async def open_orders(self) -> list[VenueOrder]: ...

    async def balances(self) -> dict[str, Balance]: ...

    async def margin(self) -> Margin | None:
        """None where nothing is bought on margin."""

    async def withdraws(self, rights_url: str) -> bool:
        """Whether our keys may withdraw, as the host at `rights_url` says."""

    async def reset_paper(self) -> None:
        """Cancel all orders and give the account its starting balances; a paper venue only."""

    async def fills(self, instrument: Instrument, after_trade: int | None) -> list[Fill]:
        """All executions of the account after a trade id, oldest first; None: the newest ones, up to a page, tell where to
        begin."""

    async def stream(self, symbols: Sequence[str], on_frame: Frame) -> None:
        """Deliver market frames until the connection ends."""

    async def user_stream(self, on_up: Callable[[], None], on_event: Callable[[UserEvent], None]) -> None:
        """Deliver user data events until the connection ends; `on_up` when the subscription is confirmed."""

    async def close(self) -> None: ...


class Perpetuals(Protocol):
    """What is told of the perpetual contracts on symbols. Methods raise VenueError and NoAnswer."""

    async def contracts(self, symbols: Sequence[str]) -> dict[str, float]:
        """Those of the symbols that have a perpetual, with the hours between two of its fundings."""

    async def stream(self, symbols: Sequence[str], on_frame: Frame) -> None:
        """Deliver frames of mark prices until the connection ends."""

    async def open_interest(self, symbol: str) -> tuple[float, int]:
        """In base units, and the exchange's time in ns."""

    async def close(self) -> None: ...


class Files(Protocol):
    """The files of strategies."""

    async def fresh(self, name: str) -> None:
        """Read and compile what does not run yet, before its start. Raises BrokenStrategy or NoSuchStrategy."""


class Journal(Protocol):
    """Append-only record of intents and facts; survives kill -9 once `append` has returned."""

    def append(self, record: Record) -> None: ...

    def records(self) -> Iterable[Record]: ...

    def compact(self, records: Iterable[Record]) -> None: ...
