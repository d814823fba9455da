"""Encryption of secrets at rest: AES-256-GCM, key file `secrets/vault.key` (0600), name as associated data.

The name is authenticated, so that a stored secret cannot be moved to another name.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qbtc.kit.errors import BadInput, NotFound, QbtcError

from .keys import write_secret


class VaultBroken(QbtcError):
    slug, title = "vault-broken", "A stored secret cannot be decrypted"


class Vault:
    """Named secrets in `secrets/vault.json`; values are never listed, only names."""

    def __init__(self, home: Path) -> None:
        self._key_path = home / "secrets" / "vault.key"
        self._path = home / "secrets" / "vault.json"

    def names(self) -> list[str]:
        return sorted(self._rows())

    def put(self, name: str, secret: str) -> None:
        if not name or len(name) > 100 or not secret:
            raise BadInput("a key needs a name of 1 to 100 characters and a value that is not empty", field="name")
        nonce = os.urandom(12)
        sealed = nonce + self._cipher().encrypt(nonce, secret.encode(), name.encode())
        self._write(self._rows() | {name: b64encode(sealed).decode()})

    def get(self, name: str) -> str:
        """The secret; raises NotFound, or VaultBroken when key file and entry do not belong together."""
        if name not in self._rows():
            raise NotFound(f"no key named {name!r}", field="name", allowed=list(self.names()))
        try:
            raw = b64decode(self._rows()[name], validate=True)
            return self._cipher().decrypt(raw[:12], raw[12:], name.encode()).decode()
        except (InvalidTag, ValueError):
            raise VaultBroken(f"{name!r} was not encrypted with this installation's key") from None

    def remove(self, name: str) -> None:
        rows = self._rows()
        if rows.pop(name, None) is None:
            raise NotFound(f"no key named {name!r}", field="name", allowed=list(self.names()))
        self._write(rows)

    def _cipher(self) -> AESGCM:
        if not self._key_path.exists():
            write_secret(self._key_path, os.urandom(32))
        return AESGCM(self._key_path.read_bytes())

    def _rows(self) -> dict[str, str]:
        return json.loads(self._path.read_text()) if self._path.exists() else {}

    def _write(self, rows: dict[str, str]) -> None:
        write_secret(self._path, json.dumps(rows, indent=1, sort_keys=True).encode())
