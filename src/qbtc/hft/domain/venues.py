"""Which venues orders may go to, and where each is found. Pure: names and addresses, nothing is asked.

Addresses as Binance documents them: binance-spot-api-docs (rest-api.md, web-socket-streams.md, web-socket-api.md,
the testnet's README) and the USD-M general information; the rights of a key are told by `/sapi`, which only the
production host serves, so a test network's key can withdraw nothing by construction.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit


class Product(StrEnum):
    SPOT = "spot"
    USDM = "usdm"


class BadVenue(ValueError):
    """`field` is the setting that is wrong, `allowed` what it may be."""

    def __init__(self, text: str, *, field: str, allowed: str) -> None:
        super().__init__(text)
        self.field, self.allowed = field, allowed


@dataclass(frozen=True, slots=True)
class Site:
    """Base URLs of one venue; `rights` is asked what a key may do, None where no key can withdraw anything. On a `test`
    network nothing is worth money."""

    name: str
    product: Product
    rest: str
    stream: str
    ws_api: str
    rights: str | None = None
    test: bool = False

    @property
    def local(self) -> bool:
        return self.name == LOCAL


@dataclass(frozen=True, slots=True)
class Addresses:
    """What the settings say instead of the table; `rest` alone stands for all of them."""

    rest: str | None = None
    stream: str | None = None
    ws_api: str | None = None
    rights: str | None = None


LOCAL = "local"
SITES = {
    site.name: site
    for site in (
        Site(
            "binance", Product.SPOT, "https://api.binance.com", "wss://stream.binance.com:9443",
            "wss://ws-api.binance.com:443/ws-api/v3", "https://api.binance.com",
        ),
        Site(
            "binance-testnet", Product.SPOT, "https://testnet.binance.vision", "wss://stream.testnet.binance.vision",
            "wss://ws-api.testnet.binance.vision/ws-api/v3", test=True,
        ),
        Site(
            "binance-usdm", Product.USDM, "https://fapi.binance.com", "wss://fstream.binance.com",
            "wss://ws-fapi.binance.com/ws-fapi/v1", "https://api.binance.com",
        ),
        Site(
            "binance-usdm-testnet", Product.USDM, "https://demo-fapi.binance.com", "wss://demo-fstream.binance.com",
            "wss://testnet.binancefuture.com/ws-fapi/v1", test=True,
        ),
    )
}  # fmt: skip
VENUES = (LOCAL, *SITES)
_API_PATH = {Product.SPOT: "/ws-api/v3", Product.USDM: "/ws-fapi/v1"}


def site(name: str, given: Addresses, *, here: str) -> Site:
    """The venue with this name; `here` is the local exchange's URL. Raises BadVenue."""
    if name == LOCAL:
        return _local(given.rest or here)
    if name not in SITES:
        raise BadVenue(f"there is no venue {name!r}", field="venue", allowed=", ".join(VENUES))
    found = _moved(SITES[name], given)
    for field, url in (("venue_url", found.rest), ("venue_rights_url", found.rights)):
        if url is not None:
            _checked(url, field, "https")
    for field, url in (("venue_stream_url", found.stream), ("venue_ws_api_url", found.ws_api)):
        _checked(url, field, "wss")
    return found


def perpetuals(chosen: Site, given: Addresses) -> Site:
    """Where the perpetuals of a venue's symbols are told of: at the futures venue itself, beside the local or a stand-in
    venue on the same host, else at the futures venue of the same network."""
    if chosen.product is Product.USDM:
        return chosen
    if chosen.local or given.rest is not None:
        return replace(chosen, product=Product.USDM, stream=sockets(chosen.rest))
    return SITES["binance-usdm-testnet" if chosen.test else "binance-usdm"]


def sockets(url: str) -> str:
    """The WebSocket form of an HTTP base URL."""
    return url.replace("https://", "wss://", 1).replace("http://", "ws://", 1).rstrip("/")


def _local(rest: str) -> Site:
    if not on_this_machine(rest):
        raise BadVenue(
            f"the venue 'local' is on this machine, and venue_url names {urlsplit(rest).hostname or ''!r}",
            field="venue_url",
            allowed="a venue on this machine, such as http://127.0.0.1:8450; or another venue: " + ", ".join(SITES),
        )
    return Site(LOCAL, Product.SPOT, rest, sockets(rest), sockets(rest) + _API_PATH[Product.SPOT])


def _moved(found: Site, given: Addresses) -> Site:
    """A venue elsewhere is asked for the rights of a key also in place of a test network."""
    if given.rest is not None:
        base = sockets(given.rest)
        api = base + _API_PATH[found.product]
        found = replace(found, rest=given.rest, stream=base, ws_api=api, rights=given.rest)
    return replace(
        found, stream=given.stream or found.stream, ws_api=given.ws_api or found.ws_api, rights=given.rights or found.rights
    )


def _checked(url: str, field: str, scheme: str) -> None:
    """Signatures do not travel in clear, except on this machine."""
    parts = urlsplit(url)
    plain = {"https": "http", "wss": "ws"}[scheme]
    if parts.hostname and (parts.scheme == scheme or (parts.scheme == plain and on_this_machine(url))):
        return
    raise BadVenue(f"{field}: {url!r} is not a {scheme} URL", field=field, allowed=f"{scheme}://HOST[:PORT]")


def on_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
