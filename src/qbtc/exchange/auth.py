"""Keys of the venue's accounts, and the check of a signed request: key, timestamp window, signature. Pure but keys."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..core.binance.errors import ApiError, Code
from ..core.binance.signing import verify
from .requests import integer, required

MAX_WINDOW = 60_000
DEFAULT_WINDOW = 5_000
PAPER = 1


@dataclass(frozen=True, slots=True)
class Keys:
    """The paper account's key pair."""

    api_key: str
    secret: str

    def __repr__(self) -> str:
        return "Keys(********)"


def load_keys(path: Path) -> Keys:
    """The keys in `path`, made there (mode 0600) if it does not exist."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = {"api_key": secrets.token_hex(32), "secret": secrets.token_hex(32)}
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(made, file)
    found = json.loads(path.read_text())
    return Keys(str(found["api_key"]), str(found["secret"]))


def account_of(keys: Keys, api_key: str | None) -> int:
    """Raises ApiError -2014 or -2015."""
    if not api_key or not api_key.isascii() or not api_key.isalnum():
        raise ApiError(Code.BAD_API_KEY_FORMAT)
    if not secrets.compare_digest(api_key, keys.api_key):
        raise ApiError(Code.REJECTED_KEY)
    return PAPER


def check_signed(keys: Keys, params: Mapping[str, str], payload: str, wall_ms: int) -> None:
    """Window and signature of a request. Raises ApiError -1102, -1021 or -1022."""
    signature = required(params, "signature")
    sent = integer(params, "timestamp")
    window = integer(params, "recvWindow", DEFAULT_WINDOW)
    if window > MAX_WINDOW:
        raise ApiError(Code.INVALID_PARAMETER, "recvWindow must be at most 60000.")
    if sent >= wall_ms + 1000:
        raise ApiError(Code.INVALID_TIMESTAMP, "Timestamp for this request was 1000ms ahead of the server's time.")
    if wall_ms - sent > window:
        raise ApiError(Code.INVALID_TIMESTAMP)
    if not verify(payload, signature, keys.secret):
        raise ApiError(Code.INVALID_SIGNATURE)


def without_signature(text: str) -> str:
    """A query string or form body as it was signed."""
    return "&".join(part for part in text.split("&") if part and not part.startswith("signature="))
