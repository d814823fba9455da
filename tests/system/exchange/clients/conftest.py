"""Venues for other people's clients: a live simulated market, and a quiet recorded one where every fill is known."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from qbtc.testing.venue import MortalVenue, VenueProcess, mortal_venue, quiet_recording, venue
from qbtc.testing.venue_clients import Complaints
from qbtc.testing.waiting import until


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VenueProcess]:
    """BTCUSDT and ETHUSDT, simulated, ten times as fast; each has traded, as the markets these clients know have."""
    with venue(tmp_path_factory.mktemp("live"), "--sim", "--symbols", "BTCUSDT,ETHUSDT", "--speed", "10") as target:
        for path in ("/api/v3/trades", "/fapi/v1/trades"):
            for symbol in ("BTCUSDT", "ETHUSDT"):
                until(partial(_traded, target, path, symbol), what=f"trades in {path}")
        yield target


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalVenue]:
    """BTCUSDT with bid 100.00 x 1 and ask 100.10 x 2, which nobody else changes; it may be killed and revived."""
    home = tmp_path_factory.mktemp("quiet")
    with mortal_venue(home, "--data", str(quiet_recording(home))) as target:
        yield target


def _traded(target: VenueProcess, path: str, symbol: str) -> bool:
    return bool(target.call("GET", path, symbol=symbol).json())


STOP = {"type": "STOP_LOSS_LIMIT", "quantity": "0.1", "stopPrice": "95", "price": "94", "timeInForce": "GTC"}
OCO = {
    "quantity": "0.1", "aboveType": "LIMIT_MAKER", "abovePrice": "1", "belowType": "STOP_LOSS", "belowStopPrice": "2",
}  # fmt: skip
PROBES = {
    "STOP_LOSS_LIMIT": ("POST", "/api/v3/order/test", STOP),
    "amendAllowed": ("PUT", "/api/v3/order/amend/keepPriority", {"orderId": "999999", "newQty": "0.1"}),
    "ocoAllowed": ("POST", "/api/v3/orderList/oco", OCO),
}


@pytest.fixture
def allowed(quiet: MortalVenue) -> Callable[[str], None]:
    """Skips a test where the venue says, in exchangeInfo or when asked to, that it does not do this."""
    symbol = quiet.call("GET", "/api/v3/exchangeInfo", symbol="BTCUSDT").json()["symbols"][0]

    def check(what: str) -> None:
        if not (symbol.get(what) or what in symbol["orderTypes"]):
            pytest.skip(f"this venue does not say {what} in exchangeInfo")
        if what in PROBES:
            method, path, params = PROBES[what]
            said = (
                quiet.signed(method, path, symbol="BTCUSDT", **({"side": "SELL"} if method == "POST" else {}), **params)
                .json()
                .get("msg", "")
            )
            if "supported" in said or "Unsupported" in said:
                pytest.skip(f"this venue says of {what}: {said}")

    return check


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Warnings and errors that clients log instead of raising them."""
    handler = Complaints()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
