"""What an operation of the venue is: one declarative record for REST and WebSocket API alike, and what it works on.

Handlers take read parameters and return a body; they know neither HTTP nor sockets. Times in a body are
`core.binance.wire.Time`, so that the transport can write them in the client's unit. A handler of a secured operation is
answered after everything it did or saw is on disk; it does not wait for that itself.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from ..core.binance.errors import ApiError, Code
from ..core.market.instrument import Instrument
from .keys import KeyStore
from .limits import Limits
from .model import Books
from .params import Params, required, symbol
from .session import Session
from .streams import Streams

if TYPE_CHECKING:
    from .symbol_market import SymbolMarket

SIGNING = frozenset({"timestamp", "recvWindow", "signature", "apiKey"})


class Security(StrEnum):
    """NONE: open. MARKET_DATA: an API key. The others: an API key with that permission and a signature."""

    NONE = "NONE"
    MARKET_DATA = "MARKET_DATA"
    USER_STREAM = "USER_STREAM"
    USER_DATA = "USER_DATA"
    TRADE = "TRADE"


@dataclass(slots=True)
class Api:
    """What handlers work on."""

    books: Books
    markets: Mapping[str, SymbolMarket]
    session: Session
    keys: KeyStore
    limits: Limits
    streams: Streams
    wall: Callable[[], int] = time.time_ns
    """The venue's clock, ns: what requests are checked against."""
    paper: Mapping[str, int] = field(default_factory=dict)
    """What a reset gives an account: asset to amount in 1e-8."""
    reset_futures: Callable[[int], Awaitable[Mapping[str, object]]] | None = None
    """Resets the account's futures too, if they are served; says what it did, once that is on disk."""

    def now(self) -> int:
        """Market time."""
        return self.session.clock.now(time.time_ns())

    def symbol(self, params: Params) -> SymbolMarket:
        """The market that the parameter `symbol` names. Raises ApiError -1121."""
        return self.market(required(params, "symbol"))

    def market(self, name: str) -> SymbolMarket:
        found = self.markets.get(name)
        if found is None:
            raise ApiError(Code.BAD_SYMBOL)
        return found

    def instrument(self, params: Params) -> Instrument:
        """As `symbol`, for those who need only its grid."""
        found = self.books.instruments.get(symbol(params))
        if found is None:
            raise ApiError(Code.BAD_SYMBOL)
        return found


Handler = Callable[[Api, Params, int], Awaitable[object]]
"""Body of an operation for (what it works on, parameters, account; 0 where none is needed)."""

Weight = int | Callable[[Params], int]


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be asked. Empty `ws`: REST only; empty `path`: WebSocket API only."""

    handler: Handler
    method: str = ""
    path: str = ""
    ws: str = ""
    weight: Weight = 1
    security: Security = Security.NONE
    params: frozenset[str] = frozenset()
    orders: int = 0
    """How many orders it adds to the unfilled order count."""
    slow: bool = False
    """Its handler waits for something; all others run to their end at once."""

    @property
    def signed(self) -> bool:
        return self.security not in (Security.NONE, Security.MARKET_DATA)

    @property
    def known(self) -> frozenset[str]:
        """All parameters that it may be sent."""
        return self.params | SIGNING if self.signed else self.params

    def cost(self, params: Params) -> int:
        return self.weight if isinstance(self.weight, int) else self.weight(params)


def words(text: str) -> frozenset[str]:
    """Parameter names from a line of text."""
    return frozenset(text.split())
