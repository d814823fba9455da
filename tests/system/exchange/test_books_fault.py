"""A venue whose books contradict themselves: it ends with a sentence and its exit code, and comes back from the journal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from qbtc.exchange.service import BROKEN
from qbtc.testing.ports import free_port
from qbtc.testing.venue import VenueProcess, quiet_recording, venue

RUN = """
import asyncio, os, signal, sys
from qbtc.exchange import service
from qbtc.exchange import books_state as bs

def harm():
    books, futures = exchange.desk.keeper.state, exchange.futures
    if {what!r} == "spot orders":
        books.place[:] = -1
    elif {what!r} == "spot balance":
        books.counts[bs.NEGATIVE] += 1
    else:
        futures.venue.state.open_orders.clear()
    print("harmed", flush=True)

build = service.Exchange.build
async def built(self):
    global exchange
    exchange = self
    await build(self)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, harm)
service.Exchange.build = built
sys.exit(service.run(port=int(sys.argv[1]), announce=sys.stdout))
"""


@contextmanager
def harmed(home: Path, what: str) -> Iterator[VenueProcess]:
    """A venue in whose memory SIGUSR1 breaks something."""
    command = [sys.executable, "-c", RUN.format(what=what), str(free_port())]
    with (home / "exchange.err").open("a") as errors:
        environment = {**os.environ, "QBTC_HOME": str(home), "QBTC_MARKET": f"replay:{quiet_recording(home)}"}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
    assert process.stdout is not None
    body = json.loads(process.stdout.readline())
    target = VenueProcess(process, *(body[name] for name in ("rest", "ws", "ws_api", "api_key", "secret")))
    try:
        with target.http:
            yield target
    finally:
        process.kill()
        process.wait(15)
        process.stdout.close()


FAR = {"timeInForce": "GTC", "quantity": "2", "price": "96"}
ORDER = {"timeInForce": "GTC", "quantity": "0.1", "price": "99.95"}


@pytest.mark.parametrize("what", ["spot orders", "spot balance", "futures"])
def test_a_contradiction_ends_the_venue_and_what_was_confirmed_comes_back(tmp_path: Path, what: str) -> None:
    with harmed(tmp_path, what) as target:
        kept = target.order("BUY", "LIMIT", newClientOrderId="kept", **ORDER).json()
        assert kept["status"] == "NEW"
        resting = target.signed("POST", "/fapi/v1/order", symbol="BTCUSDT", side="BUY", type="LIMIT", **FAR).json()
        assert resting["status"] == "NEW"
        target.process.send_signal(signal.SIGUSR1)
        assert target.process.stdout is not None
        assert target.process.stdout.readline() == "harmed\n"
        with pytest.raises(httpx.TransportError):
            if what == "futures":
                target.signed("DELETE", "/fapi/v1/order", symbol="BTCUSDT", orderId=resting["orderId"])
            elif what == "spot orders":
                target.order("SELL", "MARKET", quantity="1.05")
            else:
                target.order("BUY", "LIMIT", newClientOrderId="lost", **ORDER)
        assert target.process.wait(15) == BROKEN
        said = (tmp_path / "exchange.err").read_text()
        assert "qbtc exchange: the books contradict themselves: " in said
        assert "Traceback" not in said
    with venue(tmp_path, "--data", str(quiet_recording(tmp_path))) as again:
        orders = again.signed("GET", "/api/v3/openOrders").json()
        assert [order["clientOrderId"] for order in orders] == ["kept"]
        assert len(again.signed("GET", "/fapi/v1/openOrders").json()) == 1
