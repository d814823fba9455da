"""Settings of the venue: `[exchange]` for itself, `[paper]` for the funded paper account."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pydantic import Field

from ..kit.settings import ServiceSettings
from .limits import MINUTE, Allowance
from .sockets import SocketRules


class ExchangeSettings(ServiceSettings):
    maker_fee: Decimal = Field(default=Decimal("0.001"), ge=0, lt=1, description="share of the value, of an order that rested")
    taker_fee: Decimal = Field(default=Decimal("0.001"), ge=0, lt=1, description="share of the value, of an order that took")
    min_notional: Decimal = Field(default=Decimal("5"), ge=0, description="least value of an order")
    max_notional: Decimal = Field(default=Decimal("9000000"), ge=0, description="0: none, the filter is MIN_NOTIONAL")
    max_position: Decimal = Field(default=Decimal(0), ge=0, description="of the base asset, with buys; 0: no filter")
    percent_by_side: bool = Field(default=True, description="else the filter is PERCENT_PRICE, 0.2 to 5 on both sides")
    max_orders: int = Field(default=200, gt=0, description="open orders a symbol and account; Binance: 200")
    seed: int = Field(default=20_260_101, description="of the simulated market: the same seed, the same market")
    upstream_rest: str = Field(default="https://api.binance.com", description="REST of the live market")
    upstream_ws: str = Field(default="wss://stream.binance.com:9443", description="streams of the live market")
    weight_limit: int = Field(default=60_000, gt=0, description="request weight a minute and address; Binance: 6,000")
    raw_limit: int = Field(default=610_000, gt=0, description="requests in five minutes and address; Binance: 61,000")
    connection_limit: int = Field(default=3_000, gt=0, description="WebSocket connections in five minutes and address")
    orders_10s: int = Field(default=1_000, gt=0, description="unfilled orders in ten seconds and account; Binance: 100")
    orders_day: int = Field(default=2_000_000, gt=0, description="unfilled orders a day and account; Binance: 200,000")
    max_backlog: int = Field(default=8 << 20, gt=0, description="bytes a slow WebSocket client may lag behind")
    ping_seconds: float = Field(default=20, gt=0, description="between pings to a WebSocket client")
    pong_seconds: float = Field(default=60, gt=0, description="until a WebSocket client must have answered a ping")
    life_seconds: float = Field(default=86_400, gt=0, description="how long a WebSocket connection may live")
    request_seconds: float = Field(default=30, gt=0, description="that a whole HTTP request may take to arrive")
    stream_messages: int = Field(default=5, gt=0, description="messages a second that a stream client may send")
    faults: bool = Field(default=False, description="take plans of faults for tests at /qbtc/v1/faults")

    @property
    def socket_rules(self) -> SocketRules:
        return SocketRules(
            ping=self.ping_seconds,
            pong=self.pong_seconds,
            life=self.life_seconds,
            backlog=self.max_backlog,
            request=self.request_seconds,
        )

    futures: bool = Field(default=True, description="serve USD-M futures under /fapi, /fstream and /ws-fapi/v1")
    futures_orders_10s: int = Field(default=3_000, gt=0, description="futures orders in ten seconds; Binance: 300")
    futures_orders_minute: int = Field(default=12_000, gt=0, description="futures orders a minute; Binance: 1,200")
    futures_data: str = Field(default="", description="recorded futures frames to replay beside spot: PATH[,PATH...]")

    @property
    def allowance(self) -> Allowance:
        return Allowance(
            weight=self.weight_limit,
            raw=self.raw_limit,
            connections=self.connection_limit,
            orders_10s=self.orders_10s,
            orders_long=self.orders_day,
        )

    @property
    def futures_allowance(self) -> Allowance:
        short, long = self.futures_orders_10s, self.futures_orders_minute
        return replace(self.allowance, orders_10s=short, orders_long=long, long=MINUTE)


class PaperSettings(ServiceSettings):
    balances: dict[str, Decimal] = Field(
        default_factory=lambda: {"USDT": Decimal(100_000), "BTC": Decimal(2), "ETH": Decimal(20)}, description="what the paper account begins with"
    )
    futures_wallet: Decimal = Field(default=Decimal(100_000), ge=0, description="USDT on the futures account")

    @property
    def units(self) -> dict[str, int]:
        """Balances in 1e-8."""
        return {asset: int(amount * 10**8) for asset, amount in self.balances.items()}
