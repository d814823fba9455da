"""OpenSSL for the loop: addresses of its functions, the signer of single requests, the TLS handshake's functions.

TLS comes from the OpenSSL inside the `cryptography` wheel (private names, checked at start), else from the system's
libssl.so.3. HMAC and Ed25519 per order need the system's libcrypto.so.3, since the wheel does not export them; without
it only a logged-on session can trade. Keys stay in this process and are never printed.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable, Iterable
from typing import Any, cast

import numpy as np

POINTER, INT, LONG, TEXT = ctypes.c_void_p, ctypes.c_int, ctypes.c_long, ctypes.c_char_p
TLS_FUNCTIONS = {
    "SSL_CTX_new": (POINTER, [POINTER]),
    "TLS_client_method": (POINTER, []),
    "SSL_CTX_free": (None, [POINTER]),
    "SSL_CTX_set_verify": (None, [POINTER, INT, POINTER]),
    "SSL_CTX_load_verify_locations": (INT, [POINTER, TEXT, TEXT]),
    "SSL_CTX_set_default_verify_paths": (INT, [POINTER]),
    "SSL_new": (POINTER, [POINTER]),
    "SSL_free": (None, [POINTER]),
    "SSL_set_bio": (None, [POINTER, POINTER, POINTER]),
    "SSL_set_connect_state": (None, [POINTER]),
    "SSL_do_handshake": (INT, [POINTER]),
    "SSL_get_error": (INT, [POINTER, INT]),
    "SSL_get0_param": (POINTER, [POINTER]),
    "SSL_get_verify_result": (LONG, [POINTER]),
    "SSL_read": (INT, [POINTER, POINTER, INT]),
    "SSL_write": (INT, [POINTER, POINTER, INT]),
    "X509_VERIFY_PARAM_set1_host": (INT, [POINTER, TEXT, ctypes.c_size_t]),
    "X509_VERIFY_PARAM_set1_ip": (INT, [POINTER, TEXT, ctypes.c_size_t]),
    "BIO_new": (POINTER, [POINTER]),
    "BIO_s_mem": (POINTER, []),
    "BIO_read": (INT, [POINTER, POINTER, INT]),
    "BIO_write": (INT, [POINTER, POINTER, INT]),
    "ERR_clear_error": (None, []),
}
SIGN_FUNCTIONS = ("HMAC", "EVP_sha256", "EVP_DigestSign", "EVP_DigestSignInit", "EVP_MD_CTX_new", "EVP_MD_CTX_free")
HMAC, ED25519 = 1, 2


class NoOpenssl(RuntimeError):
    """No OpenSSL with what the loop needs was found."""


class Openssl:
    """Functions by name: `address` for compiled code, `call` for Python."""

    def __init__(self, addresses: dict[str, int], origin: str) -> None:
        self._addresses, self.origin = addresses, origin

    def address(self, name: str) -> int:
        return self._addresses[name]

    def call(self, name: str) -> Callable[..., Any]:
        result, arguments = TLS_FUNCTIONS[name]
        return ctypes.CFUNCTYPE(result, *cast(list[Any], arguments))(self._addresses[name])


def openssl() -> Openssl:
    """The wheel's OpenSSL, else the system's. Raises NoOpenssl."""
    try:
        return Openssl(_from_wheel(), "cryptography")
    except (ImportError, AttributeError):
        return Openssl(_from_system("libssl.so.3", TLS_FUNCTIONS), "libssl.so.3")


def _from_wheel() -> dict[str, int]:
    from cryptography.hazmat.bindings._rust import _openssl

    library, ffi = _openssl.lib, _openssl.ffi
    found = {name: int(ffi.cast("uintptr_t", ffi.addressof(library, name))) for name in TLS_FUNCTIONS}
    library.ERR_clear_error()
    return found


def _from_system(name: str, wanted: Iterable[str]) -> dict[str, int]:
    try:
        library = ctypes.CDLL(name)
        return {entry: ctypes.cast(getattr(library, entry), POINTER).value or 0 for entry in wanted}
    except (OSError, AttributeError) as error:
        raise NoOpenssl(f"{name} cannot be used: {error}") from None


class Signer:
    """Signs each request: HMAC-SHA256 with a secret, or Ed25519 with a 32-byte seed. Raises NoOpenssl, ValueError."""

    def __init__(self, key: str, *, secret: bytes = b"", seed: bytes = b"") -> None:
        if bool(secret) == bool(seed) or len(secret) > 256:
            raise ValueError("a signer has either a secret of at most 256 bytes or an Ed25519 seed")
        self.key = key
        self._secret = secret
        self._library = ctypes.CDLL("libcrypto.so.3") if _loadable("libcrypto.so.3") else None
        self._found = _from_system("libcrypto.so.3", SIGN_FUNCTIONS)
        self._private, self._context = self._ed25519(seed) if seed else (0, 0)

    def _ed25519(self, seed: bytes) -> tuple[int, int]:
        library = self._library
        assert library is not None
        library.EVP_PKEY_new_raw_private_key.restype = POINTER
        library.EVP_PKEY_new_raw_private_key.argtypes = [INT, POINTER, TEXT, ctypes.c_size_t]
        library.EVP_MD_CTX_new.restype = POINTER
        private = library.EVP_PKEY_new_raw_private_key(1087, None, seed, len(seed))
        if not private:
            raise ValueError("not an Ed25519 seed")
        return int(private), int(library.EVP_MD_CTX_new())

    def put(self, world: np.void) -> None:
        """What the loop needs, into its memory."""
        calls = world["calls"]
        calls["hmac"], calls["digest_sign"] = self._found["HMAC"], self._found["EVP_DigestSign"]
        calls["digest_sign_init"] = self._found["EVP_DigestSignInit"]
        calls["sha256"] = ctypes.CFUNCTYPE(POINTER)(self._found["EVP_sha256"])()
        calls["sign_context"], calls["sign_key"] = self._context, self._private
        world["sign"] = ED25519 if self._private else HMAC
        world["secret"][: len(self._secret)] = np.frombuffer(self._secret, np.uint8)
        world["secret_size"] = len(self._secret)


def _loadable(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
