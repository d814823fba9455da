"""Orders and the events of their life, as every matcher (order-level or against a background book) speaks them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qbtc.core.market.book import Side

BACKGROUND = 0
"""Order id and account of the counterparty that is not one of our orders."""


class Kind(StrEnum):
    LIMIT = "LIMIT"
    MARKET = "MARKET"
    LIMIT_MAKER = "LIMIT_MAKER"


class TimeInForce(StrEnum):
    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"


class SelfTrade(StrEnum):
    """What happens when an order meets another of the same account."""

    NONE = "NONE"
    EXPIRE_TAKER = "EXPIRE_TAKER"
    EXPIRE_MAKER = "EXPIRE_MAKER"
    EXPIRE_BOTH = "EXPIRE_BOTH"


class Reason(StrEnum):
    REQUESTED = "requested"
    UNFILLED = "unfilled"
    SELF_TRADE = "self_trade"
    WOULD_TAKE = "would_take"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Order:
    """A new order. `tick` is ignored for MARKET. `budget` > 0 (MARKET only) bounds the sum of tick * lots."""

    order_id: int
    account: int
    side: Side
    kind: Kind
    quantity: int
    tick: int = 0
    tif: TimeInForce = TimeInForce.GTC
    stp: SelfTrade = SelfTrade.NONE
    budget: int = 0

    @property
    def valid(self) -> bool:
        return self.quantity > 0 and self.order_id != BACKGROUND and (self.kind is Kind.MARKET or self.tick > 0)

    def reaches(self, tick: int) -> bool:
        """True if this order would trade at `tick` of the other side."""
        if self.kind is Kind.MARKET:
            return True
        return tick <= self.tick if self.side is Side.BUY else tick >= self.tick

    @property
    def may_rest(self) -> bool:
        return self.kind is Kind.LIMIT_MAKER or (self.kind is Kind.LIMIT and self.tif is TimeInForce.GTC)


@dataclass(frozen=True, slots=True)
class Accepted:
    order_id: int
    time: int


@dataclass(frozen=True, slots=True)
class Traded:
    """`side` is the taker's. Either id may be BACKGROUND, never both."""

    time: int
    maker_id: int
    taker_id: int
    side: Side
    tick: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Cancelled:
    order_id: int
    time: int
    remaining: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Rejected:
    order_id: int
    time: int
    reason: Reason


Event = Accepted | Traded | Cancelled | Rejected


def affordable(budget: int, tick: int, wanted: int) -> int:
    """Lots of `wanted` that a budget of tick*lots buys at `tick`; a budget of 0 is no bound."""
    return min(wanted, budget // tick) if budget else wanted
