"""Shared fixtures of the venue's system tests: recordings made here, and the real ones where they are present."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qbtc.testing.data import MARKET


@pytest.fixture
def real_market() -> Path:
    if not MARKET.exists():
        pytest.skip(f"no recorded market data at {MARKET}; set QBTC_DATA")
    return MARKET


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Three seconds of BTCUSDT with a quiet book: bid 100.00 x 1, ask 100.10 x 2."""
    start, lines = 1_700_000_000_000_000_000, []
    snapshot = {"lastUpdateId": 10, "bids": [["100.00", "1.00000"]], "asks": [["100.10", "2.00000"]]}
    lines.append(f"{start} {json.dumps(snapshot)}")
    for step in range(1, 31):
        at = start + step * 100_000_000
        data = {"e": "depthUpdate", "E": at // 1_000_000, "s": "BTCUSDT", "U": 10 + step, "u": 10 + step}
        data |= {"b": [["90.00", f"{step}.00000"]], "a": []}
        lines.append(f"{at} {json.dumps({'stream': 'btcusdt@depth@100ms', 'data': data})}")
    path = tmp_path / "tiny.jsonl"
    path.write_text("\n".join(lines))
    return path
