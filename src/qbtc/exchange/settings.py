"""Settings of the venue: `[exchange]` for itself, `[paper]` for the funded paper account."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from ..kit.settings import ServiceSettings


class ExchangeSettings(ServiceSettings):
    maker_fee: Decimal = Field(default=Decimal("0.001"), ge=0, lt=1)
    taker_fee: Decimal = Field(default=Decimal("0.001"), ge=0, lt=1)
    min_notional: Decimal = Field(default=Decimal("5"), ge=0)
    max_notional: Decimal = Field(default=Decimal("9000000"), gt=0)
    seed: int = 20_260_101
    upstream_rest: str = "https://api.binance.com"
    upstream_ws: str = "wss://stream.binance.com:9443"
    weight_limit: int = Field(default=60_000, gt=0, description="request weight a minute and address")
    max_queue: int = Field(default=20_000, gt=0, description="frames a slow WebSocket client may lag behind")


class PaperSettings(ServiceSettings):
    balances: dict[str, Decimal] = Field(
        default_factory=lambda: {"USDT": Decimal(100_000), "BTC": Decimal(2), "ETH": Decimal(20)}
    )
