"""Identity and secrets: signed tokens, password hashing, encryption at rest, one-time login links."""

from .keys import KeyRing, ensure_keys
from .links import login_link
from .passwords import hash_password, verify_password
from .tokens import Actor, TokenError, Tokens, mint
from .vault import Vault

__all__ = [
    "Actor", "KeyRing", "TokenError", "Tokens", "Vault", "ensure_keys", "hash_password", "login_link", "mint",
    "verify_password",
]
