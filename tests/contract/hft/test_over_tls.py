"""Live venues are reached by TLS only: the adapters speak it, and ask whose certificate it is before they say anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bench.tick_to_order import certificate
from pydantic import SecretStr

from qbtc.contracts.common import Side
from qbtc.hft.adapters import venue_ws
from qbtc.hft.adapters.venue import LiveSpot
from qbtc.hft.adapters.venue_usdm import UsdmVenue
from qbtc.hft.domain.venues import Addresses, Product, site
from qbtc.hft.ports import NoAnswer
from qbtc.testing.running_desk import SECONDS, SYMBOL, running
from qbtc.testing.tls_front import Front
from qbtc.testing.venue import VenueProcess, venue
from qbtc.testing.waiting import eventually

NAMES = ("binance", "binance-usdm")


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VenueProcess]:
    with venue(tmp_path_factory.mktemp("home"), "--sim", "--symbols", SYMBOL) as found:
        yield found


@pytest.fixture
def cert(tmp_path: Path) -> tuple[str, str]:
    return certificate(tmp_path)


@pytest.fixture
def front(target: VenueProcess, cert: tuple[str, str]) -> Iterator[str]:
    """The venue behind TLS; its URL."""
    served = Front(urlsplit(target.rest).port or 0, *cert)
    yield f"https://127.0.0.1:{served.port}"
    served.close()


def opened(name: str, url: str, target: VenueProcess) -> LiveSpot | UsdmVenue:
    chosen = site(name, Addresses(rest=url), here=url)
    kind = UsdmVenue if chosen.product is Product.USDM else LiveSpot
    return kind(chosen, SecretStr(target.api_key), SecretStr(target.secret), symbols=(SYMBOL,))


@pytest.mark.parametrize("name", NAMES)
async def test_a_desk_trades_over_tls(
    name: str, front: str, target: VenueProcess, cert: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", cert[0])
    async with running(opened(name, front, target), tmp_path / "hft") as one:
        await one.actions.place(one.order(Side.BUY, "0.01"), client_order_id=f"tls-{name}", operation=None)
        await eventually(lambda: one.position > 0, SECONDS, what="the buy is filled")
        await one.agrees()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("name", NAMES)
async def test_a_host_whose_certificate_is_not_known_or_not_its_own_gets_neither_key_nor_question(
    name: str, host: str, front: str, target: VenueProcess, cert: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The certificate is for 127.0.0.1, so `localhost` is a host that shows another one's."""
    if host == "localhost":
        monkeypatch.setenv("SSL_CERT_FILE", cert[0])
    front = front.replace("127.0.0.1", host)
    found = opened(name, front, target)
    with pytest.raises(NoAnswer):
        await found.balances()
    with pytest.raises(NoAnswer):
        await found.withdraws(front)
    with pytest.raises(NoAnswer):
        await found.stream((SYMBOL,), lambda _: None)
    with pytest.raises(NoAnswer):
        await venue_ws.user_stream(
            found.site.ws_api, found, SecretStr("k"), SecretStr("s"), on_up=lambda: None, on_event=lambda _: None
        )
    await found.close()
