"""Recorded data for tests and benchmarks: never part of the product, looked for in QBTC_DATA or beside the repository."""

from __future__ import annotations

import os
from pathlib import Path

DATA = Path(os.environ.get("QBTC_DATA") or Path(__file__).resolve().parents[3].parent / "shared" / "data")
MARKET = DATA / "market"
BTC = MARKET / "spot_btcusdt_20240808.gz"
