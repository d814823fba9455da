"""Settings of HFT: environment `QBTC_HFT_<FIELD>`, then `[hft]` in qbtc.toml, then the default here."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field, SecretStr

from qbtc.kit.settings import CommaList, ServiceSettings

from .domain.risk import Limits
from .domain.units import ONE, units


class HftSettings(ServiceSettings):
    """Amounts are in the quote asset, quantities in the base asset."""

    venue_url: str | None = Field(default=None, description="base URL of the venue; default: the local exchange")
    api_key: SecretStr | None = None
    api_secret: SecretStr | None = None
    strategies: CommaList = ("imbalance",)
    max_order_quantity: Decimal = Field(default=Decimal(100_000), gt=0)
    max_order_notional: Decimal = Field(default=Decimal(25_000), gt=0)
    max_position_notional: Decimal = Field(default=Decimal(50_000), gt=0)
    max_open_orders: int = Field(default=20, ge=1, le=200)
    max_orders_per_second: int = Field(default=10, ge=1, le=1000)
    price_collar_bp: int = Field(default=100, ge=1, le=5000)
    max_data_age_ms: int = Field(default=5000, ge=50, le=600_000)
    max_daily_loss: Decimal = Field(default=Decimal(1_000), gt=0)
    unknown_order_seconds: float = Field(default=5.0, gt=0, le=600)
    reconcile_seconds: float = Field(default=30.0, ge=0.5, le=3600, description="between two looks at the account")
    screen_hz: float = Field(default=10.0, gt=0, le=20)

    def limits(self) -> Limits:
        return Limits(
            order_quantity=units(self.max_order_quantity),
            order_notional=units(self.max_order_notional) * ONE,
            position_notional=units(self.max_position_notional) * ONE,
            open_orders=self.max_open_orders,
            orders_per_second=self.max_orders_per_second,
            collar_bp=self.price_collar_bp,
            stale_ms=self.max_data_age_ms,
            daily_loss=units(self.max_daily_loss) * ONE,
        )
