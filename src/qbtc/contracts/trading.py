"""Bodies of `hft.*`: market state, signals, orders and queries."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator

from .common import (
    DecimalStr,
    MarketMode,
    Mask26,
    Message,
    Nanoseconds,
    OrderType,
    Scope,
    Side,
    Symbol,
    Vector26,
)


class MarketState(Message):
    """The 26 features of every watched symbol at the close of one bar.

    `values` are raw features in the units of basis26, `scores` their robust z-scores clipped to +-5 (0 where
    masked), `present` the mask: true where the feature was computed from data.
    """

    bar_end: Nanoseconds
    bar: int = Field(ge=0, description="bar number since the market session started")
    session: str = Field(description="id of the market session; a new one starts a new history")
    mode: MarketMode
    schema_hash: str
    symbols: tuple[Symbol, ...]
    values: tuple[Vector26, ...]
    scores: tuple[Vector26, ...]
    present: tuple[Mask26, ...]
    prices: tuple[float, ...]

    @model_validator(mode="after")
    def rows_match_symbols(self) -> MarketState:
        sizes = {len(self.values), len(self.scores), len(self.present), len(self.prices)}
        if sizes != {len(self.symbols)}:
            raise ValueError(f"{len(self.symbols)} symbols, but matrices have {sorted(sizes)} rows")
        return self


class Signal(Message):
    """Regime and insight as slow parameters; HFT alone decides what to do with them."""

    symbol: Symbol
    regime: str
    confidence: float = Field(ge=0, le=1)
    bias: float = Field(ge=-1, le=1, description="-1 expects falls, +1 expects rises, 0 says nothing")
    valid_until: Nanoseconds
    reason: str
    evidence: tuple[str, ...] = ()
    change_p: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="p-value of the change of state at this bar among the recent ones of its symbol; no correction for many symbols",
    )


class PlaceOrder(Message):
    symbol: Symbol
    side: Side
    type: OrderType
    quantity: DecimalStr
    price: DecimalStr | None = None

    @model_validator(mode="after")
    def price_belongs_to_limit(self) -> PlaceOrder:
        if (self.type is OrderType.LIMIT) != (self.price is not None):
            raise ValueError("a LIMIT order needs a price and a MARKET order must not have one")
        return self


class CancelOrder(Message):
    symbol: Symbol
    client_order_id: str


class OrderStatus(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    SENT = "sent"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"


class OrderEvent(Message):
    """One step in the life of an order; `filled` events carry the fill (partial ones too)."""

    client_order_id: str
    venue_order_id: str | None = None
    symbol: Symbol
    side: Side
    type: OrderType
    quantity: DecimalStr
    price: DecimalStr | None = None
    status: OrderStatus
    strategy: str | None = None
    reason: str | None = None
    at: Nanoseconds
    trade_id: str | None = None
    fill_price: DecimalStr | None = None
    fill_quantity: DecimalStr | None = None
    fee: DecimalStr | None = None
    fee_asset: str | None = None
    maker: bool | None = None
    remaining: DecimalStr | None = None
    venue: str | None = Field(default=None, description="where the order went; local is the paper account")


class SetStrategy(Message):
    strategy: str
    action: Literal["start", "stop"]
    parameters: dict[str, float] = {}
    tier: Literal["service", "hot"] | None = Field(
        default=None, description="where it runs: HFT's process or the compiled engine; left out: where it runs now"
    )
    spin: bool = Field(default=False, description="hot tier: never sleep, which takes a core")
    record: bool | None = Field(
        default=None, description="whether it is recorded for replay; left out: as it was started, else as HFT's setting `record` says"
    )
    legs: dict[str, Symbol] = Field(
        default={}, description="of a strategy of several markets, the symbol of each leg; left out: as it was started before"
    )


class DecideParameters(Message):
    """A person's word on proposed parameters; approving applies them and begins the watch."""

    strategy: str
    proposal: Annotated[str, Field(max_length=100)]
    decision: Literal["approve", "reject"]


class Kill(Message):
    scope: Scope
    reason: Annotated[str, Field(max_length=500)] = ""


class Resume(Message):
    reason: Annotated[str, Field(max_length=500)] = ""


class TradingQuery(Message):
    """What another service may ask HFT over the bus."""

    what: Literal[
        "market", "symbols", "positions", "orders", "open_orders", "fills", "pnl", "risk", "strategies", "book", "candles",
        "features", "check",
    ]  # fmt: skip
    symbol: Symbol | None = None
    limit: int = Field(default=50, ge=1, le=1000)
    order: PlaceOrder | None = Field(default=None, description="check: would it be sent now; nothing is")

    @model_validator(mode="after")
    def check_has_an_order(self) -> TradingQuery:
        if (self.what == "check") != (self.order is not None):
            raise ValueError("`check` needs an order, everything else must not have one")
        return self


class TradingAnswer(Message):
    what: str
    data: JsonValue
