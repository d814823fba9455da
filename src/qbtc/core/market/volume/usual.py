"""Parameters for a symbol that was not recorded: the crowd of BTCUSDT at its scale.

Fitted to 650 s of recorded BTCUSDT on Binance spot, August 2024, with lags counted from the shortest: the clocks of that
recording disagreed.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from ..instrument import KNOWN, Instrument
from ..simulator import START_PRICES
from ..tape.watching import BINS
from .parameters import BY_BIN, Parameters

# fmt: off
BITCOIN = Parameters(
    symbol="BTCUSDT", tick_size="0.01", lot_size="0.000001", venue="simulated binance-spot", price=6_180_000.0,
    clock=1_000_000, interval=100_000_000, tickers=True,
    base=1.083, value=8.088, value_sd=2.505, fill=42930.0, alpha=1.7, hidden=1, informed=0.0, moves=1.116, jump=755.5,
    mood=0.3828, gap=0, chase=584.1, flicker=49.39, flicker_life=0.03, flicker_size=11.81, react=0.5, lag_life=0.2509,
    branching=(0.3451, 0.2524, 0.313),
    decay=(0.2147, 9.435, 146.7),
    rates=(
        0.3225, 1.264, 0.5531, 0.6729, 0.6352, 1.135, 2.35, 3.977, 9.839, 14.29, 21.06, 30.27, 33.81, 35.91,
        37.74, 5.149, 2.694, 2.262, 3.743, 0.9995, 1.23, 0.429, 0.5336, 0.03075,
    ),
    sizes=(
        11.81, 10.25, 8.608, 7.754, 9.999, 9.925, 9.715, 9.998, 10.11, 10.51, 10.47, 10.86, 10.67, 10.25,
        10.5, 9.501, 7.581, 9.764, 10.34, 8.175, 8.195, 9.587, 6.503, 10.41,
    ),
    size_sds=(
        2.808, 2.803, 3.453, 2.759, 3.506, 3.511, 3.425, 3.287, 3.104, 2.711, 2.52, 2.231, 2.296, 2.376,
        1.664, 2.838, 2.517, 2.749, 1.692, 2.998, 3.116, 3.944, 1.986, 2.465,
    ),
    short=(
        0.8, 0.8, 0.8, 0.0, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.7819, 0.6259, 0.6802,
        0.8, 0.5209, 0.4764, 0.2067, 0.3148, 0.8,
    ),
    short_lives=(
        1.788, 0.8938, 0.8938, 1.788, 0.632, 0.4469, 0.4469, 0.4469, 0.4469, 0.4469, 0.4469, 0.632, 1.264,
        1.788, 2.528, 2.528, 5.056, 2.528, 0.1117, 0.632, 1.788, 7.151, 60.0, 1.264,
    ),
    lives=(
        148.5, 12.83, 56.4, 3.564, 20.54, 33.29, 37.6, 61.22, 40.96, 27.19, 52.6, 41.57, 31.71, 48.6, 108.5,
        835.8, 340.9, 308.5, 319.0, 314.8, 301.9, 221.8, 138.8, 284.3,
    ),
    standing=(
        14.48, 1.227, 0.8574, 0.9514, 0.7411, 1.562, 3.291, 7.624, 17.94, 26.59, 70.07, 126.3, 175.1, 323.4,
        763.8, 706.3, 348.6, 225.0, 239.0, 151.0, 195.2, 75.95, 60.37, 1.771,
    ),
    standing_size=(
        334200.0, 181500.0, 78570.0, 49270.0, 195200.0, 178000.0, 143900.0, 110000.0, 138000.0, 157700.0,
        98920.0, 278400.0, 201200.0, 139800.0, 104300.0, 48940.0, 172900.0, 846600.0, 1125000.0, 3587000.0,
        10750000.0, 22810000.0, 6761000.0, 14290000.0,
    ),
    lags=(
        1_000_000, 2_351_000, 2_646_000, 2_845_000, 2_989_000, 3_112_000, 3_239_000, 3_338_000, 3_436_000,
        3_541_000, 3_620_000, 3_695_000, 3_778_000, 3_859_000, 3_933_000, 4_004_000, 4_076_000, 4_151_000,
        4_201_000, 4_261_000, 4_325_000, 4_392_000, 4_453_000, 4_512_000, 4_575_000, 4_640_000, 4_700_000,
        4_757_000, 4_824_000, 4_889_000, 4_957_000, 5_026_000, 5_098_000, 5_161_000, 5_232_000, 5_312_000,
        5_378_000, 5_465_000, 5_529_000, 5_644_000, 5_736_000, 5_825_000, 5_897_000, 6_008_000, 6_152_000,
        6_307_000, 6_428_000, 6_588_000, 6_810_000, 7_009_000, 7_494_000, 8_625_000, 9_977_000, 12_528_000,
        15_493_000, 20_147_000, 24_936_000, 33_422_000, 40_750_000, 50_089_000, 80_554_000, 86_070_000,
        103_456_000, 159_532_000, 219_067_000,
    ),
)
# fmt: on


def usual(item: Instrument) -> Parameters:
    """Distances in parts of the price, sizes in quote units, and volatility in parts are those of BTCUSDT."""
    bitcoin = KNOWN["BTCUSDT"]
    price = START_PRICES.get(item.symbol, 100.0) * 1e8 / item.tick_units
    scale = price / BITCOIN.price
    lots = math.log(bitcoin.tick_units * bitcoin.lot_units / (item.tick_units * item.lot_units) / scale)
    moved: dict[str, Any] = {name: _shifted(getattr(BITCOIN, name), scale, add=name in ADDED) for name in BY_BIN}
    moved["sizes"] = tuple((np.array(moved["sizes"]) + lots).tolist())
    moved["standing_size"] = tuple((np.array(moved["standing_size"]) * math.exp(lots)).tolist())
    return replace(
        BITCOIN, symbol=item.symbol, tick_size=f"{item.tick_size.normalize():f}", lot_size=f"{item.lot_size.normalize():f}", price=price,
        jump=BITCOIN.jump * scale, value=BITCOIN.value + lots, fill=max(BITCOIN.fill * math.exp(lots), 1.0),
        flicker_size=BITCOIN.flicker_size + lots, **moved,
    )  # fmt: skip


ADDED = ("rates", "standing")
"""What a bin has of, so that bins that fall together have the sum."""


def _shifted(values: tuple[float, ...], scale: float, *, add: bool) -> tuple[float, ...]:
    """Values by bin for distances that are `scale` times as long."""
    step = round(math.log2(scale))
    found = np.full(BINS, 0.0 if add else values[0])
    for place in range(BINS):
        at = max(min(place + step, BINS - 1), 1) if place else 0
        found[at] = found[at] + values[place] if add else values[place]
    return tuple(found.tolist())
