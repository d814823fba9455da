"""Request signatures of Binance: HMAC-SHA256 in hex over the percent-encoded parameters, exactly as sent.

REST signs the query string (plus body); the WebSocket API signs its parameters sorted by name. Pure; the secret is
never kept nor printed here.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote, urlencode

Value = str | int | float | bool


def sign(payload: str | bytes, secret: str) -> str:
    """Hex HMAC-SHA256 of a payload that is already encoded."""
    raw = payload.encode() if isinstance(payload, str) else payload
    return hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def verify(payload: str | bytes, signature: str, secret: str) -> bool:
    return hmac.compare_digest(sign(payload, secret), signature.lower())


def query(params: Mapping[str, Value]) -> str:
    """Percent-encoded query in the given order."""
    return urlencode({name: _text(value) for name, value in params.items()}, quote_via=quote)


def signed_query(params: Mapping[str, Value], secret: str) -> str:
    """Query string with its signature as the last parameter. `params` must already hold `timestamp`."""
    payload = query(params)
    return f"{payload}&signature={sign(payload, secret)}"


def ws_payload(params: Mapping[str, Value]) -> str:
    """What a WebSocket API request signs: all parameters but the signature, sorted by name."""
    chosen = sorted((name, value) for name, value in params.items() if name != "signature")
    return query(dict(chosen))


def signed_params(params: Mapping[str, Value], secret: str) -> dict[str, Value]:
    """WebSocket API parameters with their signature. They must already hold `apiKey` and `timestamp`."""
    return {**params, "signature": sign(ws_payload(params), secret)}


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
