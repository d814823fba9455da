"""The check of a secured request: key and permission, time window, signature. Pure but for the key store it reads."""

from __future__ import annotations

import re

from ..core.binance.errors import ApiError, Code, illegal
from .keys import Key, KeyStore, Permission
from .operation import Security
from .params import MICROSECONDS_FROM, Params, integer, required

DEFAULT_WINDOW = 5_000 * 1_000
MAX_WINDOW = 60_000 * 1_000
_WINDOW = re.compile(r"^([0-9]{1,6})(?:\.([0-9]{1,3}))?\Z")
_API_KEY = re.compile(r"^[A-Za-z0-9]{1,128}\Z")


def authorised(store: KeyStore, api_key: str | None, security: Security) -> Key:
    """The key, if it may be used for this. Raises ApiError -2014 or -2015."""
    if not api_key or not _API_KEY.match(api_key):
        raise ApiError(Code.BAD_API_KEY_FORMAT)
    key = store.find(api_key)
    if key is None or not permitted(key, security):
        raise ApiError(Code.REJECTED_KEY)
    return key


def permitted(key: Key, security: Security) -> bool:
    """NONE and MARKET_DATA need no permission; USER_STREAM comes with USER_DATA."""
    if security in (Security.NONE, Security.MARKET_DATA):
        return True
    if security is Security.USER_STREAM and Permission.USER_DATA in key.permissions:
        return True
    return Permission(security.value) in key.permissions


def check_time(params: Params, now: int) -> None:
    """`timestamp` within `recvWindow` of the server's clock (ns), compared in the unit in which it was sent.

    Raises ApiError -1102, -1100 or -1021.
    """
    sent = integer(params, "timestamp")
    window = window_us(params)
    fine = sent >= MICROSECONDS_FROM
    sent_us, now_us = (sent, now // 1_000) if fine else (sent * 1_000, now // 1_000_000 * 1_000)
    if sent_us >= now_us + 1_000_000:
        raise ApiError(Code.INVALID_TIMESTAMP, "Timestamp for this request was 1000ms ahead of the server's time.")
    if now_us - sent_us > window:
        raise ApiError(Code.INVALID_TIMESTAMP)


def window_us(params: Params) -> int:
    """`recvWindow` in microseconds."""
    text = params.get("recvWindow", "")
    if not text:
        return DEFAULT_WINDOW
    found = _WINDOW.match(text)
    if found is None:
        raise illegal("recvWindow", r"^[0-9]{1,5}(\.[0-9]{1,3})?$")
    window = int(found[1]) * 1_000 + int((found[2] or "0").ljust(3, "0"))
    if window > MAX_WINDOW:
        text = "'recvWindow' contains unexpected value. Cannot be greater than '60000'."
        raise ApiError(Code.MANDATORY_PARAM, text)
    return window


def check_signed(key: Key, params: Params, payload: str, now: int) -> None:
    """Window and signature of a request. Raises ApiError -1102, -1100, -1021 or -1022."""
    signature = required(params, "signature")
    check_time(params, now)
    if not key.signed(payload, signature):
        raise ApiError(Code.INVALID_SIGNATURE)


def rest_payload(query: str, body: str) -> str:
    """What a REST request signed. Raises ApiError -1022 if it was not percent-encoded."""
    payload = _unsigned(query) + _unsigned(body)
    if not payload.isascii():
        raise ApiError(Code.INVALID_SIGNATURE)
    return payload


def _unsigned(text: str) -> str:
    if "signature=" not in text:
        return text
    return "&".join(part for part in text.split("&") if not part.startswith("signature="))
