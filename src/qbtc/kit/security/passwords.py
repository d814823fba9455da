"""Password hashing: argon2id with the library's RFC 9106 low-memory profile."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from qbtc.kit.errors import BadInput

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MIN_LENGTH, MAX_LENGTH = 12, 256


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher, profiles

    return PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)


def hash_password(password: str) -> str:
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise BadInput(
            f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters, this one has {len(password)}",
            field="password",
            allowed=f"{MIN_LENGTH}..{MAX_LENGTH} characters",
        )
    return _hasher().hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """True for the right password. Without a stored hash the same work is done, so that timing tells nothing."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return _hasher().verify(stored or _decoy(), password) and bool(stored)
    except (Argon2Error, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher().hash("a password that nobody has")
