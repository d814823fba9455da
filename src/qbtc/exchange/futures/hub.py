"""Who hears which futures stream. Pure fan-out to whatever can `send`; a frame is encoded once and only if heard.

Names and the split into `/public` (book) and `/market` (everything else) are those of Binance's USD-M streams; `@trade`
is under both, as clients differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Protocol

import msgspec

from ...core.market.futures.series import WIDTHS

PUBLIC, MARKET, PRIVATE, ANY = "public", "market", "private", ""
MAX_STREAMS = 1024
_KLINE = "|".join(WIDTHS)
_PUBLIC = re.compile(
    r"^(?:([a-z0-9_]+)@(?:bookTicker|trade|depth(?:5|10|20)?(?:@(?:0|100|250|500)ms)?|rpiDepth@500ms)|!bookTicker)$"
)
_MARKET = re.compile(
    r"^(?:([a-z0-9_]+)@(?:aggTrade|trade|miniTicker|ticker|forceOrder|markPrice(?:@1s)?|contractInfo|compositeIndex"
    rf"|kline_(?:{_KLINE}))"
    rf"|([a-z0-9]+)_perpetual@continuousKline_(?:{_KLINE})"
    r"|!(?:(?:miniTicker|ticker|forceOrder|markPrice|assetIndex)@arr(?:@1s)?|contractInfo))$"
)
_KEY = re.compile(r"^[0-9a-f]{64}$")


class Out(Protocol):
    def send(self, message: bytes) -> None: ...


class Client:
    """One connection: what it hears and how. `kind` says which path it came by."""

    def __init__(self, out: Out, kind: str, *, combined: bool) -> None:
        self.out = out
        self.kind = kind
        self.combined = combined
        self.streams: dict[str, None] = {}


class Hub:
    """`symbols` in lower case are those whose streams exist; `heard` is called when somebody begins or ceases to
    listen."""

    def __init__(self, heard: Callable[[], None]) -> None:
        self.symbols: set[str] = set()
        self.published = 0
        self._heard = heard
        self._clients: dict[str, dict[Client, None]] = {}

    def refusal(self, client: Client, name: str) -> str | None:
        """Why a connection cannot have a stream, or None."""
        if _KEY.match(name):
            return None if client.kind in (PRIVATE, ANY) else "user data streams are under /private"
        kinds = {kind: found for kind, found in ((PUBLIC, _PUBLIC.match(name)), (MARKET, _MARKET.match(name))) if found}
        found = next(iter(kinds.values()), None)
        if found is None:
            return f"stream {name!r} is not known"
        symbol = next((group for group in found.groups() if group), None)
        if symbol is not None and symbol not in self.symbols:
            return f"symbol of {name!r} is not served; symbols are {', '.join(sorted(self.symbols))}"
        return None if client.kind in (*kinds, ANY) else f"stream {name!r} is under /{next(iter(kinds))}"

    def subscribe(self, client: Client, names: Iterable[str]) -> None:
        for name in names:
            client.streams[name] = None
            self._clients.setdefault(name, {})[client] = None
        self._heard()

    def unsubscribe(self, client: Client, names: Iterable[str]) -> None:
        for name in names:
            client.streams.pop(name, None)
            listeners = self._clients.get(name)
            if listeners is not None:
                listeners.pop(client, None)
                if not listeners:
                    del self._clients[name]

        self._heard()

    def remove(self, client: Client) -> None:
        self.unsubscribe(client, list(client.streams))

    @property
    def streams(self) -> list[str]:
        """What is heard now."""
        return list(self._clients)

    def wants(self, name: str) -> bool:
        return name in self._clients

    def publish(self, name: str, body: object) -> None:
        listeners = self._clients.get(name)
        if not listeners:
            return
        self.published += 1
        plain = msgspec.json.encode(body)
        wrapped = b'{"stream":"%b","data":%b}' % (name.encode(), plain)
        for client in tuple(listeners):
            client.out.send(wrapped if client.combined else plain)
