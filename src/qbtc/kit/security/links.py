"""One-time login links: a token of purpose `login`, valid ten minutes, used once (Web enforces that).

The token stands in the URL's fragment, which browsers never send to a server or a proxy log.
"""

from __future__ import annotations

from pathlib import Path

from qbtc.contracts import Role
from qbtc.kit.ids import uuid7
from qbtc.kit.settings import Platform

from .keys import KeyRing
from .tokens import Tokens

LIFETIME = 600


def login_link(home: Path, base_url: str, *, user: str = "admin", role: Role = Role.ADMIN) -> str:
    tokens = Tokens(KeyRing(home), "cli", Platform(home=home).instance)
    token = tokens.sign(user, role, seconds=LIFETIME, purpose="login", token_id=uuid7())
    return f"{base_url.rstrip('/')}/login?link=1#{token}"
