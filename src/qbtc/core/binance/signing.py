"""Request signatures of Binance: HMAC-SHA256 (hex), RSA PKCS#1 v1.5 with SHA-256 and Ed25519 (base64).

REST signs the percent-encoded query string followed by the body, exactly as sent; the WebSocket API signs its
parameters sorted by name, as plain UTF-8 text. Pure; a secret is never kept nor printed here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

    PublicKey = RSAPublicKey | Ed25519PublicKey
    PrivateKey = RSAPrivateKey | Ed25519PrivateKey

Value = str | int | float | bool


class KeyKind(StrEnum):
    HMAC = "HMAC"
    RSA = "RSA"
    ED25519 = "ED25519"


class BadKey(ValueError):
    """A PEM text that is no RSA or Ed25519 key in PKCS#8 form."""


def sign(payload: str | bytes, secret: str) -> str:
    """Hex HMAC-SHA256 of a payload that is already encoded."""
    return hmac.new(secret.encode(), _raw(payload), hashlib.sha256).hexdigest()


def verify(payload: str | bytes, signature: str, secret: str) -> bool:
    """HMAC signatures may be in upper or lower case."""
    return hmac.compare_digest(sign(payload, secret).encode(), signature.lower().encode())


def sign_with(payload: str | bytes, key: PrivateKey) -> str:
    """Base64 of an RSA or Ed25519 signature."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    raw = _raw(payload)
    if isinstance(key, Ed25519PrivateKey):
        return base64.b64encode(key.sign(raw)).decode()
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    return base64.b64encode(key.sign(raw, PKCS1v15(), SHA256())).decode()


def verify_with(payload: str | bytes, signature: str, key: PublicKey) -> bool:
    """Check a base64 signature, which is case-sensitive."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        given = base64.b64decode(signature, validate=True)
        if isinstance(key, Ed25519PublicKey):
            key.verify(given, _raw(payload))
        else:
            key.verify(given, _raw(payload), PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def public_key(pem: str) -> tuple[KeyKind, PublicKey]:
    """An RSA or Ed25519 public key (`BEGIN PUBLIC KEY`). Raises BadKey."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        found = load_pem_public_key(pem.encode())
    except Exception as error:
        raise BadKey("this is not a public key in PEM form (BEGIN PUBLIC KEY)") from error
    if isinstance(found, Ed25519PublicKey):
        return KeyKind.ED25519, found
    if isinstance(found, RSAPublicKey) and found.key_size >= 2048:
        return KeyKind.RSA, found
    raise BadKey("only Ed25519 keys and RSA keys of at least 2048 bits are supported")


def ed25519_pair() -> tuple[str, str]:
    """A new key pair as PEM texts: (private, public)."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def private_key(pem: str) -> PrivateKey:
    """An RSA or Ed25519 private key. Raises BadKey."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        found = load_pem_private_key(pem.encode(), None)
    except Exception as error:
        raise BadKey("this is not an unencrypted private key in PEM form") from error
    if isinstance(found, Ed25519PrivateKey | RSAPrivateKey):
        return found
    raise BadKey("only Ed25519 and RSA keys are supported")


def query(params: Mapping[str, Value]) -> str:
    """Percent-encoded query in the given order."""
    return urlencode({name: _text(value) for name, value in params.items()}, quote_via=quote)


def signed_query(params: Mapping[str, Value], secret: str) -> str:
    """Query string with its signature as the last parameter. `params` must already hold `timestamp`."""
    payload = query(params)
    return f"{payload}&signature={sign(payload, secret)}"


def ws_payload(params: Mapping[str, Value]) -> str:
    """What a WebSocket API request signs: all parameters but the signature, sorted by name, not percent-encoded."""
    return "&".join(f"{name}={_text(params[name])}" for name in sorted(params) if name != "signature")


def signed_params(params: Mapping[str, Value], secret: str) -> dict[str, Value]:
    """WebSocket API parameters with their signature. They must already hold `apiKey` and `timestamp`."""
    return {**params, "signature": sign(ws_payload(params), secret)}


def _raw(payload: str | bytes) -> bytes:
    return payload.encode() if isinstance(payload, str) else payload


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
