"""The rules of a new market from the venue's settings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..core.market.instrument import Instrument
from ..core.market.terms import Terms
from .settings import ExchangeSettings


def terms(settings: ExchangeSettings) -> Callable[[Instrument, np.void], None]:
    return Terms(
        settings.maker_fee,
        settings.taker_fee,
        settings.min_notional,
        settings.max_notional,
        settings.max_position,
        settings.percent_by_side,
        settings.max_orders,
    ).fill
