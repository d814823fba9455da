"""Ed25519 signing keys: one private key file a signer, one public `trust.json` that everyone reads.

`secrets/signing/<signer>.pem` is mode 0600. A key id is `<signer>-<first 8 hex of SHA-256 of the public key>`.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

SIGNERS = ("ce3", "cio", "qcs", "hft", "web", "cli")


@dataclass(frozen=True)
class KeyRing:
    """Where the keys of one installation are."""

    home: Path

    @property
    def directory(self) -> Path:
        return self.home / "secrets" / "signing"

    @cached_property
    def public(self) -> dict[str, tuple[str, Ed25519PublicKey]]:
        """{key id: (signer, public key)}; empty when bootstrap has not run."""
        path = self.directory / "trust.json"
        rows = json.loads(path.read_text()) if path.exists() else {}
        return {kid: (row["signer"], _public(row["public"])) for kid, row in rows.items()}

    def private(self, signer: str) -> tuple[str, Ed25519PrivateKey]:
        """(key id, private key) of a signer; raises FileNotFoundError before bootstrap."""
        key = load_pem_private_key((self.directory / f"{signer}.pem").read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{signer}.pem holds a {type(key).__name__}, expected an Ed25519 key")
        return key_id(signer, key.public_key()), key


def key_id(signer: str, public: Ed25519PublicKey) -> str:
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"{signer}-{hashlib.sha256(raw).hexdigest()[:8]}"


def ensure_keys(home: Path) -> KeyRing:
    """Make the missing keys of an installation (directory 0700, files 0600) and rewrite `trust.json`."""
    ring = KeyRing(home)
    ring.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    rows = {}
    for signer in SIGNERS:
        path = ring.directory / f"{signer}.pem"
        if not path.exists():
            write_secret(path, _new_pem())
        kid, key = ring.private(signer)
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        rows[kid] = {"signer": signer, "public": public}
    write_secret(ring.directory / "trust.json", json.dumps(rows, indent=1).encode())
    return KeyRing(home)


def write_secret(path: Path, data: bytes) -> None:
    """Write a 0600 file in one step: no reader ever sees half of it, nobody else ever sees any of it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _new_pem() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public(pem: str) -> Ed25519PublicKey:
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError(f"trust.json holds a {type(key).__name__}, expected Ed25519")
    return key
