"""API keys of the venue: the paper account's own HMAC and Ed25519 pairs, and keys that people registered.

`secrets/venue.json` is the paper account's HMAC key, `secrets/venue_ed25519.json` the private half for the engine's
`session.logon`, `secrets/venue_keys.json` what the venue knows of all other keys. All are readable by their owner only
(0600), none is ever logged. A running venue notices a key that is added or removed within a second.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ..core.binance.signing import KeyKind, ed25519_pair, public_key, verify, verify_with
from ..kit.logs import get_logger

if TYPE_CHECKING:
    from ..core.binance.signing import PublicKey

log = get_logger(__name__)
PAPER = 1
SECOND = 1_000_000_000
HMAC_FILE, ED25519_FILE, REGISTRY_FILE = "venue.json", "venue_ed25519.json", "venue_keys.json"
PAPER_LABEL = "engine"


class Permission(StrEnum):
    """What a key may do; `USER_STREAM` is to hear user data events."""

    TRADE = "TRADE"
    USER_DATA = "USER_DATA"
    USER_STREAM = "USER_STREAM"


ALL = frozenset(Permission)


class Key(msgspec.Struct, frozen=True, dict=True):
    """`material` is an HMAC secret or a public key in PEM form."""

    api_key: str
    kind: KeyKind
    material: str
    account: int = PAPER
    permissions: frozenset[Permission] = ALL
    label: str = ""

    def __repr__(self) -> str:
        return f"Key({self.label or self.kind.value}, ********)"

    @cached_property
    def _public(self) -> PublicKey:
        return public_key(self.material)[1]

    def signed(self, payload: str | bytes, signature: str) -> bool:
        """Whether this key made the signature."""
        if self.kind is KeyKind.HMAC:
            return verify(payload, signature, self.material)
        return verify_with(payload, signature, self._public)


class NoSuchKey(ValueError):
    """A key that cannot be registered or removed; the message says why."""


class KeyStore:
    """The venue's view: keys by name, read again when the registry's file changes."""

    def __init__(self, keys: Iterable[Key] = (), registry: Path | None = None) -> None:
        self._own = {key.api_key: key for key in keys}
        self._keys = dict(self._own)
        self._registry = registry
        self._stamp: tuple[int, int] | None = None
        self.checked = 0

    def find(self, api_key: str) -> Key | None:
        return self._keys.get(api_key)

    def refresh(self, now: int) -> None:
        """Look at the registry again, at most once a second."""
        if self._registry is None or now < self.checked + SECOND:
            return
        self.checked = now
        stamp = _stamp(self._registry)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._keys = self._own | {key.api_key: key for key in read_registry(self._registry)}
            except NoSuchKey as error:
                log.error("the keys of before stay in force", error=str(error))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ino


class PaperKeys(msgspec.Struct, frozen=True):
    """What a client of the paper account needs."""

    api_key: str
    secret: str

    def __repr__(self) -> str:
        return "PaperKeys(********)"


def paper_keys(folder: Path) -> PaperKeys:
    """The paper account's HMAC key, made if it does not exist."""
    path = folder / HMAC_FILE
    if not path.exists():
        _write(path, json.dumps({"api_key": secrets.token_hex(32), "secret": secrets.token_hex(32)}))
    found = json.loads(path.read_text())
    return PaperKeys(str(found["api_key"]), str(found["secret"]))


def open_store(folder: Path) -> tuple[KeyStore, PaperKeys]:
    """All keys under `folder`; the paper account's two are made on the first start."""
    paper = paper_keys(folder)
    if not (folder / ED25519_FILE).exists():
        _make_engine_key(folder)
    store = KeyStore([Key(paper.api_key, KeyKind.HMAC, paper.secret, label="paper")], folder / REGISTRY_FILE)
    store.refresh(SECOND)
    store.checked = 0
    return store, paper


def _make_engine_key(folder: Path) -> None:
    """The registry first: a private half without its public one would look usable."""
    private, public = ed25519_pair()
    made = register(folder, public, label=PAPER_LABEL)
    _write(folder / ED25519_FILE, json.dumps({"api_key": made.api_key, "private_key": private}))


def register(
    folder: Path,
    pem: str,
    *,
    label: str = "",
    account: int = PAPER,
    permissions: frozenset[Permission] = ALL,
) -> Key:
    """Register a public key; returns the API key that Binance would have given. Raises BadKey."""
    kind, _ = public_key(pem)
    made = Key(secrets.token_hex(32), kind, pem, account, permissions, label)
    _save(folder, [*read_registry(folder / REGISTRY_FILE), made])
    return made


def create_hmac(
    folder: Path, *, label: str = "", account: int = PAPER, permissions: frozenset[Permission] = ALL
) -> Key:
    """A further HMAC key; `material` is its secret."""
    made = Key(secrets.token_hex(32), KeyKind.HMAC, secrets.token_hex(32), account, permissions, label)
    _save(folder, [*read_registry(folder / REGISTRY_FILE), made])
    return made


def remove(folder: Path, api_key: str) -> Key:
    """Forget a registered key. Raises NoSuchKey if there is none."""
    known = read_registry(folder / REGISTRY_FILE)
    found = [key for key in known if key.api_key == api_key]
    if not found:
        raise NoSuchKey("no such key is registered")
    _save(folder, [key for key in known if key.api_key != api_key])
    return found[0]


def read_registry(path: Path) -> list[Key]:
    """Raises NoSuchKey if the file is damaged."""
    if not path.exists():
        return []
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Key])
    except msgspec.DecodeError as error:
        raise NoSuchKey(f"{path} cannot be read: {error}") from None


def _save(folder: Path, keys: list[Key]) -> None:
    _write(folder / REGISTRY_FILE, msgspec.json.encode(keys).decode())


def _write(path: Path, text: str) -> None:
    """Replace the file whole, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
