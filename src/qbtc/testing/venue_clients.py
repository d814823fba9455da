"""Other people's Binance clients pointed at the local venue, unmodified: only their own settings for addresses are used.

Each function takes addresses and keys as `qbtc exchange --json` prints them. The clients are imported when asked for;
they are test tools, never part of the product.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit


class Address(Protocol):
    """What a client needs to know of a venue."""

    rest: str
    ws: str
    ws_api: str
    api_key: str
    secret: str


@dataclass(frozen=True, slots=True)
class Place:
    """A venue that is already running, as docs and scripts see it."""

    rest: str
    ws: str
    ws_api: str
    api_key: str
    secret: str


def ccxt_config(target: Address) -> dict[str, Any]:
    """Constructor argument for ccxt's `binance` and `binanceusdm`, sync, async and pro."""
    return {"apiKey": target.api_key, "secret": target.secret, "enableRateLimit": False}


def redirect_ccxt(exchange: Any, target: Address) -> Any:
    """Send every address of a ccxt exchange to the venue; its paths stay as they are.

    ccxt.pro takes an address for spot only if it has `/stream` in it (Binance's host is named so): here a user name.
    """
    exchange.urls["api"] = _redirected(exchange.urls["api"], target)
    return exchange


def _redirected(node: Any, target: Address) -> Any:
    if isinstance(node, dict):
        return {name: _redirected(child, target) for name, child in node.items()}
    parts = urlsplit(str(node))
    if not parts.scheme.startswith("ws"):
        return f"{target.rest}{parts.path}"
    base = target.ws.replace("://", "://stream@", 1) if parts.netloc.startswith("stream.") else target.ws
    return f"{base}{parts.path}"


def python_binance(client: type[Any], target: Address) -> type[Any]:
    """python-binance's `Client` or `AsyncClient` with the venue's addresses in its address constants."""
    addresses = {
        "API_URL": f"{target.rest}/api",
        "MARGIN_API_URL": f"{target.rest}/sapi",
        "FUTURES_URL": f"{target.rest}/fapi",
        "FUTURES_DATA_URL": f"{target.rest}/futures/data",
        "WS_API_URL": target.ws_api,
        "WS_FUTURES_URL": f"{target.ws}/ws-fapi/v1",
    }
    return type(client.__name__, (client,), addresses)


@contextmanager
def python_binance_client(client: type[Any], target: Address, *keys: str, **config: Any) -> Iterator[Any]:
    """A synchronous python-binance `Client`. It takes the thread's event loop and never closes it: here it gets one."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        found = python_binance(client, target)(*(keys or (target.api_key, target.secret)), **config)
        yield found
        found.close_connection()
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def python_binance_sockets(manager: type[Any], target: Address) -> type[Any]:
    """python-binance's `BinanceSocketManager`, the same way."""
    return type(manager.__name__, (manager,), {"STREAM_URL": f"{target.ws}/", "FSTREAM_URL": f"{target.ws}/"})


def unicorn_rest(manager: type[Any], target: Address) -> Any:
    """A unicorn-binance-rest-api manager; it asks for the time at once, so the address is set in its class."""
    here = type(manager.__name__, (manager,), {"API_URL": f"{target.rest}/api"})
    return here(tld="com", warn_on_update=False)


def extras(model: object, path: str = "") -> list[str]:
    """Fields of a reply that an official SDK's model does not know, as dotted paths."""
    inner = getattr(model, "actual_instance", None)
    if inner is not None:
        return extras(inner, path)
    if isinstance(model, list):
        return [name for item in model for name in extras(item, f"{path}[]")]
    fields = getattr(type(model), "model_fields", None)
    if fields is None:
        return []
    unknown = [f"{path}.{name}" for name in getattr(model, "additional_properties", None) or {}]
    for name in fields:
        if name != "additional_properties":
            unknown += extras(getattr(model, name, None), f"{path}.{name}")
    return sorted(set(unknown))


def absent(model: object, ignore: Iterable[str] = ()) -> list[str]:
    """Fields that an official SDK's model knows and the reply does not have."""
    skip = set(ignore)
    fields = getattr(type(model), "model_fields", {})
    names = {name: info.alias or name for name, info in fields.items() if name != "additional_properties"}
    return sorted(alias for name, alias in names.items() if getattr(model, name) is None and alias not in skip)


class Complaints(logging.Handler):
    """What a client writes to its log as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())
