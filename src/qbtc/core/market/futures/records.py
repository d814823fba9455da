"""What the futures venue keeps: accounts, orders, algo orders, trades and records. Plain data; `state` changes it.

Integers of 1e-8, times in nanoseconds of market time. `Data` is everything, as a checkpoint holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..margin import Position
from .facts import AlgoPlaced, Funded, Placed

ADL = "adl_autoclose"
"""Client id of the order by which a position is deleveraged."""
OPEN = ("NEW", "PARTIALLY_FILLED")


def closes(leg: str, side: int) -> bool:
    """Whether an order can only reduce its leg of hedge mode."""
    return (leg == "LONG" and side < 0) or (leg == "SHORT" and side > 0)


@dataclass(slots=True)
class Setting:
    leverage: int = 20
    isolated: bool = False


@dataclass(slots=True)
class Account:
    """Positions by `SYMBOL:LEG`, settings by symbol."""

    wallet: int = 0
    dual: bool = False
    multi: bool = False
    updated: int = 0
    positions: dict[str, Position] = field(default_factory=dict)
    settings: dict[str, Setting] = field(default_factory=dict)

    def setting(self, symbol: str) -> Setting:
        """To read; what was never set is the default."""
        return self.settings.get(symbol) or Setting()

    def position(self, symbol: str, leg: str) -> Position:
        """To read; flat if there never was one."""
        return self.positions.get(f"{symbol}:{leg}") or Position()

    def own_setting(self, symbol: str) -> Setting:
        """To change, by the fold alone: equal facts must give equal states, whatever was read meanwhile."""
        return self.settings.setdefault(symbol, Setting())

    def own_position(self, symbol: str, leg: str) -> Position:
        return self.positions.setdefault(f"{symbol}:{leg}", Position())

    def held(self) -> Iterator[tuple[str, str, Position]]:
        """(symbol, leg, position) of every position that is not flat."""
        for key, position in self.positions.items():
            if position.quantity:
                symbol, _, leg = key.partition(":")
                yield symbol, leg, position


@dataclass(slots=True)
class Order:
    placed: Placed
    price: int
    quantity: int
    status: str = "NEW"
    filled: int = 0
    quote: int = 0
    updated: int = 0
    amends: int = 0

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def reduces(self) -> bool:
        """Whether it may only reduce its position."""
        return self.placed.reduce or closes(self.placed.leg, self.placed.side)

    @property
    def left(self) -> int:
        return self.quantity - self.filled

    @property
    def average(self) -> int:
        return self.quote * 10**8 // self.filled if self.filled else 0


@dataclass(slots=True)
class Algo:
    placed: AlgoPlaced
    status: str = "NEW"
    updated: int = 0
    triggered: int = 0
    order_id: int = 0
    reason: str = ""
    best: int = 0

    @property
    def open(self) -> bool:
        return self.status == "NEW"


@dataclass(slots=True)
class Trade:
    account: int
    symbol: str
    trade_id: int
    order_id: int
    side: int
    leg: str
    price: int
    quantity: int
    fee: int
    realised: int
    maker: bool
    time: int


@dataclass(slots=True)
class Income:
    account: int
    symbol: str
    kind: str
    amount: int
    time: int
    tran_id: int
    trade_id: int = 0


@dataclass(slots=True)
class Change:
    """One execution of an amendment."""

    change_id: int
    order_id: int
    time: int
    price_before: int
    price_after: int
    quantity_before: int
    quantity_after: int
    count: int


@dataclass(slots=True)
class Moved:
    account: int
    symbol: str
    leg: str
    amount: int
    time: int


@dataclass(slots=True)
class Data:
    """Everything that is kept."""

    accounts: dict[int, Account] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    algos: dict[int, Algo] = field(default_factory=dict)
    trades: list[Trade] = field(default_factory=list)
    incomes: list[Income] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    moves: list[Moved] = field(default_factory=list)
    fundings: list[Funded] = field(default_factory=list)
    liquidations: list[int] = field(default_factory=list)
    countdowns: dict[str, int] = field(default_factory=dict)
    """`ACCOUNT:SYMBOL` to when its orders are cancelled."""
    insurance: int = 0
    next_order: int = 1
    next_algo: int = 1
    next_record: int = 1
    last_trade: dict[str, int] = field(default_factory=dict)
