"""Reading what comes over a socket as JSON: requests of the WebSocket APIs, control messages of the streams. Pure.

Whatever is no JSON (also NaN, half surrogates, numbers out of range, a million brackets) is one error, never a fault.
"""

from __future__ import annotations

import msgspec

from ..core.binance.errors import ApiError, Code

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Call(msgspec.Struct):
    """A request of a WebSocket API."""

    method: str
    id: msgspec.Raw = msgspec.Raw(b"null")
    params: msgspec.Raw = msgspec.Raw(b"{}")


_call = msgspec.json.Decoder(Call)
_params = msgspec.json.Decoder(dict[str, msgspec.Raw])
_id = msgspec.json.Decoder(int | str | None)
_text = msgspec.json.Decoder(str)


def read_json(message: bytes | str) -> object:
    """Raises ValueError."""
    try:
        return msgspec.json.decode(message)
    except UNREADABLE as error:
        raise ValueError(str(error)) from None


def read_call(message: bytes) -> Call:
    """Raises ApiError -1135."""
    try:
        return _call.decode(message)
    except UNREADABLE:
        raise ApiError(Code.INVALID_JSON) from None


def read_identity(raw: msgspec.Raw) -> bytes:
    """The request's id as it was sent. Raises ApiError -1135 if it is no int, string or null."""
    try:
        _id.decode(raw)
    except UNREADABLE:
        raise ApiError(Code.INVALID_JSON) from None
    return bytes(raw)


def read_params(raw: msgspec.Raw | bytes) -> dict[str, str]:
    """Parameters as text, numbers exactly as they were written. Raises ApiError -1135."""
    try:
        found = _params.decode(raw)
        return {name: _value(bytes(value)) for name, value in found.items() if bytes(value) != b"null"}
    except UNREADABLE:
        raise ApiError(Code.INVALID_JSON, "JSON sent for parameter 'params' is not valid") from None


def _value(raw: bytes) -> str:
    return _text.decode(raw) if raw.startswith(b'"') else raw.decode()
