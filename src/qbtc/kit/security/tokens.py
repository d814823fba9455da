"""EdDSA-signed short-lived tokens (JWT), verified by every service itself.

A token's `iss` is its signer; which signer may vouch for whom is fixed here: `web` and `cli` for people, a service
for itself only. An unknown key, algorithm, audience or a missing claim is a refusal.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from qbtc.contracts import Role

from .keys import KeyRing

AUDIENCE = "qbtc"
LEEWAY = 5
ACCESS, BUS = "access", "bus"
KNOWN = 1024
"""Tokens whose signature is not verified again; their time and purpose always are."""
Claims = dict[str, object]


class TokenError(Exception):
    """The token is not acceptable; `expired` tells whether only its time is over."""

    def __init__(self, detail: str, *, expired: bool = False) -> None:
        super().__init__(detail)
        self.expired = expired


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person (`role` set) or a service (`role` None, `user` is `service:<name>`)."""

    user: str
    role: Role | None
    issuer: str
    token_id: str = ""
    session: str | None = None
    person: str | None = None
    message: str | None = None

    @property
    def owner(self) -> str | None:
        """Whose private rows this actor may see: the person, or for a service the person it works for."""
        return self.person if self.is_service else self.user

    @property
    def is_service(self) -> bool:
        return self.user.startswith("service:")

    def may(self, role: Role) -> bool:
        return self.is_service or (self.role is not None and self.role.includes(role))


class Tokens:
    """Signs as one signer and verifies everyone's tokens."""

    def __init__(self, ring: KeyRing, signer: str, instance: str) -> None:
        self._ring, self._signer, self._instance = ring, signer, instance
        self._key: tuple[str, object] | None = None
        self._known: dict[str, tuple[str, Claims]] = {}

    def sign(
        self, user: str, role: Role | None, *, seconds: int, purpose: str = ACCESS, token_id: str = "",
        session: str | None = None, person: str | None = None, message: str | None = None,
    ) -> str:
        if self._key is None:
            self._key = self._ring.private(self._signer)
        kid, key = self._key
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": self._signer, "sub": user, "aud": f"{AUDIENCE}:{self._instance}", "iat": now, "exp": now + seconds,
            "use": purpose,
        }
        extra = {"role": role.value if role else None, "jti": token_id or None, "sid": session, "for": person, "msg": message}
        claims |= {k: v for k, v in extra.items() if v is not None}
        return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": kid})  # type: ignore[arg-type]

    def as_service(self, *, seconds: int = 60) -> str:
        return self.sign(f"service:{self._signer}", None, seconds=seconds)

    def on_behalf(self, actor: Actor) -> Actor:
        """The authority of this service working for a person, so that the receiver applies that person's ownership.

        It carries no role: only `web` and `cli` vouch for what a person may do.
        """
        me = Actor(f"service:{self._signer}", None, self._signer)
        return me if actor.is_service else replace(me, person=actor.user)

    def for_message(self, authority: Actor | None, message: str, *, seconds: int) -> str:
        """A token of purpose `bus` that is good for one message only: `message` is the digest of what is sent."""
        actor = authority or Actor(f"service:{self._signer}", None, self._signer)
        return self.sign(
            actor.user, actor.role, seconds=seconds, purpose=BUS, person=actor.person, message=message
        )

    def verify(self, token: str, *, purpose: str | None = None, at: datetime | None = None) -> Actor:
        """The actor a token speaks for; raises TokenError for anything but a good one of this purpose.

        `at` is the moment that counts: now, or for a queued message the time it was accepted; such a token's purpose
        is `bus` (and its `message` must be compared with the digest of the envelope), otherwise `access`.
        """
        signer, claims = self._known.get(token) or self._checked(token)
        moment = at.timestamp() if at else time.time()
        if not _number(claims["iat"]) - LEEWAY <= moment <= _number(claims["exp"]) + LEEWAY:
            raise TokenError("the token has expired", expired=True)
        return _actor(claims, signer, purpose or (ACCESS if at is None else BUS))

    def _checked(self, token: str) -> tuple[str, Claims]:
        """Signer and claims of a token with a good signature, remembered: its bytes stay good while its key is known."""
        try:
            kid = jwt.get_unverified_header(token).get("kid", "")
            signer, public = self._ring.public.get(kid) or self._reload(kid)
            claims = jwt.decode(
                token, public, algorithms=["EdDSA"], audience=f"{AUDIENCE}:{self._instance}", issuer=signer,
                options={"require": ["exp", "iat", "sub", "iss", "aud"], "verify_exp": False, "verify_iat": False},
            )
        except jwt.PyJWTError as error:
            raise TokenError(f"the token is not valid: {error}") from None
        if claims.get("use") == ACCESS:  # those of messages come once each
            if len(self._known) >= KNOWN:
                self._known.clear()
            self._known[token] = signer, claims
        return signer, claims

    def _reload(self, kid: str) -> tuple[str, Ed25519PublicKey]:
        self._ring = KeyRing(self._ring.home)
        self._known.clear()
        try:
            return self._ring.public[kid]
        except KeyError:
            raise TokenError(f"the token is signed by an unknown key {kid!r}") from None


def _number(claim: object) -> float:
    return float(str(claim))


def _actor(claims: Claims, signer: str, purpose: str) -> Actor:
    if claims.get("use") != purpose:
        raise TokenError(f"this token is for {claims.get('use')!r}, not for {purpose!r}")
    user = str(claims["sub"])
    role = _role(claims.get("role"))
    if role is None:
        vouches = user == f"service:{signer}"
    else:
        vouches = signer in ("web", "cli") and not user.startswith("service:")
    if not vouches:
        raise TokenError(f"{signer!r} may not speak for {user!r}")
    session, person, message = (str(claims[name]) if claims.get(name) else None for name in ("sid", "for", "msg"))
    return Actor(user, role, signer, str(claims.get("jti", "")), session, person, message)


def _role(claim: object) -> Role | None:
    try:
        return None if claim is None else Role(str(claim))
    except ValueError:
        raise TokenError(f"unknown role {claim!r}; allowed: {', '.join(Role)}") from None


def mint(home: Path, *, signer: str = "cli", role: Role = Role.ADMIN, user: str = "cli", seconds: int = 3600) -> str:
    """A bearer token for scripts on this machine; whoever may read the key file may act."""
    from qbtc.kit.settings import Platform

    return Tokens(KeyRing(home), signer, Platform(home=home).instance).sign(user, role, seconds=seconds)
