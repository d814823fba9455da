"""Web's looks keep trading active; probes of others do not."""

from __future__ import annotations

import os
import signal
import time

import httpx
import pytest

from qbtc.testing.system import QbtcSystem
from qbtc.testing.waiting import until

pytestmark = pytest.mark.timeout(300)
SECONDS = 6


def halted(system: QbtcSystem) -> bool:
    """A probe without a token."""
    text = httpx.get(f"http://127.0.0.1:{8400 + system.offset}/metrics", timeout=5).text
    return "qbtc_hft_halted 1.0" in text


def test_trading_goes_on_while_web_looks_and_halts_when_it_does_not() -> None:
    options = ("--only", "exchange,hft,web", "--symbols", "BTCUSDT")
    with QbtcSystem(market="sim", options=options, env={"QBTC_HFT_DEAD_MAN_SECONDS": str(SECONDS)}) as system:
        until_then = time.monotonic() + 2 * SECONDS
        while time.monotonic() < until_then:
            assert not halted(system)
            time.sleep(0.5)
        web = system.pid("web")
        os.kill(web, signal.SIGSTOP)
        try:
            until(lambda: halted(system), seconds=4 * SECONDS, what="trading is halted")
        finally:
            os.kill(web, signal.SIGCONT)
