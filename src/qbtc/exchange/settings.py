"""Settings of the venue: `[exchange]` for itself, `[paper]` for the funded paper account."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from ..kit.settings import ServiceSettings
from .limits import Allowance


class ExchangeSettings(ServiceSettings):
    maker_fee: Decimal = Field(default=Decimal("0.001"), ge=0, lt=1)
    taker_fee: Decimal = Field(default=Decimal("0.001"), ge=0, lt=1)
    min_notional: Decimal = Field(default=Decimal("5"), ge=0)
    max_notional: Decimal = Field(default=Decimal("9000000"), gt=0)
    seed: int = 20_260_101
    upstream_rest: str = "https://api.binance.com"
    upstream_ws: str = "wss://stream.binance.com:9443"
    weight_limit: int = Field(default=60_000, gt=0, description="request weight a minute and address; Binance: 6,000")
    raw_limit: int = Field(default=610_000, gt=0, description="requests in five minutes and address; Binance: 61,000")
    connection_limit: int = Field(default=3_000, gt=0, description="WebSocket connections in five minutes and address")
    orders_10s: int = Field(default=1_000, gt=0, description="unfilled orders in ten seconds and account; Binance: 100")
    orders_day: int = Field(default=2_000_000, gt=0, description="unfilled orders a day and account; Binance: 200,000")
    max_queue: int = Field(default=20_000, gt=0, description="frames a slow WebSocket client may lag behind")

    @property
    def allowance(self) -> Allowance:
        return Allowance(
            weight=self.weight_limit,
            raw=self.raw_limit,
            connections=self.connection_limit,
            orders_10s=self.orders_10s,
            orders_day=self.orders_day,
        )


class PaperSettings(ServiceSettings):
    balances: dict[str, Decimal] = Field(
        default_factory=lambda: {"USDT": Decimal(100_000), "BTC": Decimal(2), "ETH": Decimal(20)}
    )
