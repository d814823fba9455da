"""Settings of HFT: environment `QBTC_HFT_<FIELD>`, then `[hft]` in qbtc.toml, then the default here."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field, SecretStr

from qbtc.kit.errors import BadInput
from qbtc.kit.settings import CommaList, ServiceSettings

from .domain.risk import Limits
from .domain.units import ONE, units
from .domain.venues import Addresses

HOURS = r"^$|^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"


class HftSettings(ServiceSettings):
    """Amounts are in the quote asset, quantities in the base asset."""

    venue: Literal["local", "binance", "binance-testnet", "binance-usdm", "binance-usdm-testnet"] = Field(
        default="local", description="where orders go; every other than local is read-only until it is made live"
    )
    live: bool = Field(default=False, description="one of the three conditions of live trading, not in qbtc.toml: `qbtc up --live`")
    venue_url: str | None = Field(
        default=None, description="REST base URL of the venue; stands for the other three too unless they are given"
    )
    venue_stream_url: str | None = Field(default=None, description="base URL of its market and user streams")
    venue_ws_api_url: str | None = Field(default=None, description="URL of its WebSocket API")
    venue_rights_url: str | None = Field(default=None, description="base URL that is asked what the keys may do")
    rights_seconds: float = Field(default=300.0, ge=0.2, le=3600, description="between two looks at the keys' rights")
    api_key: SecretStr | None = Field(default=None, description="of the venue local; a live one's are in `qbtc keys`")
    api_secret: SecretStr | None = Field(default=None, description="of the venue local, beside `api_key`")
    strategies: CommaList = Field(default=("imbalance",), description="run from the first start on the local venue, until they are stopped: an example, a file of QBTC_HOME/strategies, or PATH.py[:Class]; empty: none")
    max_order_quantity: Decimal = Field(default=Decimal(100_000), gt=0, description="base units of one order")
    max_order_notional: Decimal = Field(default=Decimal(25_000), gt=0, description="value of one order")
    max_position_notional: Decimal = Field(default=Decimal(50_000), gt=0, description="value of the position in one symbol")
    max_open_orders: int = Field(default=20, ge=1, le=200, description="in all symbols together")
    max_orders_per_second: int = Field(default=10, ge=1, le=1000, description="of people and strategies together")
    price_collar_bp: int = Field(default=100, ge=1, le=5000, description="how far a price may be beyond the mid")
    max_data_age_ms: int = Field(default=5000, ge=50, le=600_000, description="of the newest frame of a symbol, for new orders")
    max_daily_loss: Decimal = Field(default=Decimal(1_000), gt=0, description="then only reducing orders pass until the next UTC day")
    max_drawdown: Decimal = Field(default=Decimal(1_000), gt=0, description="from the best of the day, quote asset")
    min_order_notional: Decimal = Field(default=Decimal("0.0001"), ge=0, description="least value of one order")
    max_gross_exposure: Decimal = Field(default=Decimal(100_000), gt=0, description="all positions, without sign")
    max_net_exposure: Decimal = Field(default=Decimal(100_000), gt=0, description="all positions, with sign")
    max_leverage: Decimal = Field(default=Decimal(3), gt=0, le=125, description="gross exposure by equity")
    max_margin_ratio_bp: int = Field(default=5_000, ge=1, le=10_000, description="futures: maintenance by balance")
    max_unknown_orders: int = Field(default=0, ge=0, le=100, description="a symbol, before it takes new orders")
    max_open_orders_per_symbol: int = Field(default=20, ge=1, le=200, description="in one symbol")
    max_orders_per_10_seconds: int = Field(default=100, ge=1, le=4000, description="of people and strategies together")
    max_cancels_per_second: int = Field(default=20, ge=1, le=1000, description="after more, new orders wait")
    max_consecutive_rejects: int = Field(default=10, ge=0, le=1000, description="by the venue, then new orders wait")
    max_fills_per_10_seconds: int = Field(default=200, ge=1, le=4000, description="then new orders wait: more is not normal")
    last_collar_bp: int = Field(default=200, ge=1, le=5000, description="against the last trade")
    fat_finger_size: int = Field(default=1_000, ge=1, description="times the usual size at the touch")
    fat_finger_price: int = Field(default=100, ge=1, description="usual spreads (at least 1 bp) beyond the touch")
    max_spread_bp: int = Field(default=100, ge=1, le=10_000, description="wider, and no new order passes")
    max_move_bp: int = Field(default=300, ge=1, le=10_000, description="range of the mid in ten seconds")
    max_clock_skew_ms: int = Field(default=1_000, ge=1, le=60_000, description="between the venue's clock and ours")
    trading_hours: str = Field(default="", description="UTC, like 08:00-22:00; empty: always", pattern=HOURS)
    unknown_order_seconds: float = Field(default=5.0, gt=0, le=600, description="until an order that the venue does not have is given up")
    reconcile_seconds: float = Field(default=30.0, ge=0.5, le=3600, description="between two looks at the account")
    dead_man_seconds: float = Field(default=60.0, ge=5, le=86_400, description="without a sign of Web, trading halts")
    blind_seconds: float = Field(
        default=5.0, ge=0.5, le=3600, description="without market data, then strategies' open orders are cancelled"
    )
    perpetuals: bool = Field(
        default=True, description="hear mark price, funding rate and open interest of the symbols' perpetuals: the features W, Y and O"
    )
    record: bool = Field(
        default=True, description="whether sessions of strategies at the venue local are recorded, for `qbtc session replay`"
    )
    record_file_mb: int = Field(default=256, ge=1, le=10_000, description="of one session recording; then another one begins, in the hot tier with the next start of its engine only")
    record_keep_mb: int = Field(default=2_000, ge=1, le=1_000_000, description="of all session recordings; the oldest go")
    screen_hz: float = Field(default=10.0, gt=0, le=20, description="how often the screen hears of changes")

    propose_deflated: float = Field(default=0.95, ge=0, le=1, description="least deflated Sharpe ratio of parameters that are proposed")
    propose_overfitting: float = Field(default=0.2, ge=0, le=1, description="highest probability of overfitting of a search that proposes")
    propose_better: float = Field(default=0.9, ge=0, le=1, description="least probability that what is proposed earns more than what is there")
    propose_fills: int = Field(default=30, ge=1, le=1_000_000, description="least executions that proposed parameters had over the data")
    propose_windows: int = Field(default=4, ge=1, le=10_000, description="least windows of walk-forward behind a proposal")
    propose_expire_hours: float = Field(default=72.0, gt=0, le=8760, description="how long a proposal can be approved")
    watch_error: float = Field(default=0.05, gt=0, lt=0.5, description="probability that parameters as good as predicted are set back all the same")
    watch_fills: int = Field(default=20, ge=1, le=1_000_000, description="executions before approved parameters can be set back")
    watch_hours: float = Field(default=168.0, gt=0, le=8760, description="how long approved parameters are watched, in hours of trading")
    watch_seconds: float = Field(default=5.0, ge=0.1, le=3600, description="between two looks at what approved parameters earn")
    research_minutes: float = Field(default=120.0, gt=0, le=10_080, description="longest run of a backtest or a search beside trading")
    research_nice: int = Field(default=15, ge=0, le=19, description="how far runs beside trading stand back from everything else, as of nice(1)")
    research_megabytes: int = Field(default=2048, ge=1, le=1_000_000, description="largest tape of a run beside trading")
    research_workers: int = Field(default=1, ge=1, le=256, description="threads of a search beside trading")

    @property
    def addresses(self) -> Addresses:
        return Addresses(self.venue_url, self.venue_stream_url, self.venue_ws_api_url, self.venue_rights_url)

    def limits(self) -> Limits:
        hours = _minutes(self.trading_hours)
        return Limits(
            order_quantity=units(self.max_order_quantity),
            order_notional=units(self.max_order_notional) * ONE,
            position_notional=units(self.max_position_notional) * ONE,
            open_orders=self.max_open_orders,
            orders_per_second=self.max_orders_per_second,
            collar_bp=self.price_collar_bp,
            stale_ms=self.max_data_age_ms,
            daily_loss=units(self.max_daily_loss) * ONE,
            drawdown=units(self.max_drawdown) * ONE,
            min_notional=units(self.min_order_notional) * ONE,
            gross=units(self.max_gross_exposure) * ONE,
            net=units(self.max_net_exposure) * ONE,
            leverage=int(self.max_leverage * 100),
            margin_ratio_bp=self.max_margin_ratio_bp,
            unknown_orders=self.max_unknown_orders,
            open_orders_symbol=self.max_open_orders_per_symbol,
            orders_per_10_seconds=self.max_orders_per_10_seconds,
            cancels_per_second=self.max_cancels_per_second,
            rejects=self.max_consecutive_rejects,
            fills_per_10_seconds=self.max_fills_per_10_seconds,
            last_collar_bp=self.last_collar_bp,
            fat_size=self.fat_finger_size,
            fat_price=self.fat_finger_price,
            spread_bp=self.max_spread_bp,
            moved_bp=self.max_move_bp,
            skew_ms=self.max_clock_skew_ms,
            hours_from=hours[0],
            hours_to=hours[1],
        )


def live_at_start(settings: HftSettings, env: Mapping[str, str]) -> bool:
    """Whether this start allows live trading. Raises BadInput for a `live` in qbtc.toml, which would hold for ever."""
    if settings.live and not env.get("QBTC_HFT_LIVE"):
        raise BadInput(
            "live is said at a start, it does not stand in qbtc.toml", field="live",
            allowed="`qbtc up --live`, or QBTC_HFT_LIVE=true in the environment",
        )  # fmt: skip
    return settings.live


def _minutes(text: str) -> tuple[int, int]:
    """From and to as minutes of the day; the same twice for always."""
    if not text:
        return 0, 0
    first, last = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    return first, last
