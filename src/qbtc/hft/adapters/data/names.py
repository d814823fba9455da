"""Names that the command line offers; imports nothing, since `qbtc data --help` must be instant."""

from __future__ import annotations

RAW = "binance-raw"
BINANCE_KINDS = ("binance-trades", "binance-aggtrades", "binance-klines", "binance-bookticker", "binance-bookdepth")
TARDIS_KINDS = ("tardis-book", "tardis-trades", "tardis-ticker", "tardis-snapshot")
GENERIC_KINDS = ("trades", "depth", "ticker", "bars", "l3")
KINDS = (RAW, *BINANCE_KINDS, *TARDIS_KINDS, *GENERIC_KINDS)

BASE_URL = "https://data.binance.vision"
TYPES = ("trades", "aggTrades", "klines", "bookTicker", "bookDepth")
SPOT_TYPES = ("trades", "aggTrades", "klines")
MARKETS = {"spot": "data/spot", "um": "data/futures/um"}
INTERVALS = ("1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d")
