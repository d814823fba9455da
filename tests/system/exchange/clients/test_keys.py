"""Keys of all three kinds, as people make and register them, used by clients that sign in their own way."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from qbtc.testing.venue import VenueProcess, venue
from qbtc.testing.venue_clients import ccxt_config, python_binance_client, redirect_ccxt
from qbtc.testing.waiting import until

PRIVATE = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
PUBLIC = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True, slots=True)
class Pair:
    api_key: str
    private: str


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def target(home: Path) -> Any:
    with venue(home, "--sim", "--symbols", "BTCUSDT") as found:
        yield found


@pytest.fixture(scope="module", params=["ed25519", "rsa"])
def pair(request: pytest.FixtureRequest, home: Path, target: VenueProcess) -> Pair:
    """A key pair made as people make it, its public half registered with the verb while the venue runs."""
    made = ed25519.Ed25519PrivateKey.generate() if request.param == "ed25519" else rsa.generate_private_key(65537, 2048)
    file = home / f"{request.param}.pem"
    file.write_bytes(made.public_key().public_bytes(*PUBLIC))
    command = [sys.executable, "-m", "qbtc", "exchange", "keys", "add", str(file), "--label", request.param]
    env = {"QBTC_HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=True)
    return Pair(done.stdout.strip(), made.private_bytes(*PRIVATE).decode())


def eventually_accepted(call: Callable[[], Any], refusal: type[Exception]) -> Any:
    """A running venue takes a new key within a second."""

    def tried() -> Any:
        try:
            return call()
        except refusal:
            return None

    return until(tried, seconds=15, what="the venue knows the new key")


def test_ccxt_signs_with_a_private_key(target: VenueProcess, pair: Pair) -> None:
    ccxt = pytest.importorskip("ccxt", reason="ccxt is not installed (requirements/dev.lock has it)")
    config = ccxt_config(target) | {"apiKey": pair.api_key, "secret": pair.private}
    exchange = redirect_ccxt(ccxt.binance(config), target)
    eventually_accepted(exchange.privateGetAccount, ccxt.AuthenticationError)
    exchange.load_markets()
    placed = exchange.create_limit_buy_order("BTC/USDT", 0.01, 50_000)
    assert exchange.cancel_order(placed["id"], "BTC/USDT")["status"] == "canceled"


def test_python_binance_signs_with_a_private_key(target: VenueProcess, pair: Pair) -> None:
    binance = pytest.importorskip("binance", reason="python-binance is not installed (requirements/dev.lock has it)")
    from binance.exceptions import BinanceAPIException

    with python_binance_client(binance.Client, target, pair.api_key, private_key=pair.private) as client:
        eventually_accepted(client.get_account, BinanceAPIException)
        placed = client.order_limit_buy(symbol="BTCUSDT", quantity="0.01", price="50000.00")
        assert client.cancel_order(symbol="BTCUSDT", orderId=placed["orderId"])["status"] == "CANCELED"


async def test_the_sdk_logs_on_with_ed25519_and_needs_no_more_signatures(target: VenueProcess, pair: Pair) -> None:
    """Binance takes only Ed25519 keys for `session.logon`; RSA must be refused."""
    sdk = pytest.importorskip("binance_sdk_spot.spot", reason="binance-sdk-spot is not installed")
    from binance_common.configuration import ConfigurationWebSocketAPI

    settings = ConfigurationWebSocketAPI(api_key=pair.api_key, private_key=pair.private, stream_url=target.ws_api)
    connection = await sdk.Spot(config_ws_api=settings).websocket_api.create_connection()
    try:
        answer = (await connection.session_logon()).data()
        if "RSA" in pair.private or len(pair.private) > 200:
            assert answer["error"]["code"] < 0
            return
        assert answer.result.api_key == pair.api_key
        placed = await connection.order_place(
            "BTCUSDT", "BUY", "LIMIT", time_in_force="GTC", price=50_000, quantity=0.01
        )
        gone = await connection.order_cancel("BTCUSDT", order_id=placed.data().result.order_id)
        assert gone.data().result.status == "CANCELED"
    finally:
        await connection.close_connection(close_session=True)
