"""Who may reach what, how often and how large: the only place where routes are written down.

Order does not matter: the longest prefix wins in both gateways. `rewrite` replaces the prefix before the request goes
upstream. The gateway is the first lock, not the only one: every service verifies the token again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qbtc.contracts.bodies import body_limit


class Access(StrEnum):
    OPEN = "open"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Limit:
    """Requests a second and burst, for one token (or one address without a token).

    `by_address` counts by address whatever the token says: where a caller could otherwise make up tokens.
    """

    rate: int
    burst: int
    by_address: bool = False


@dataclass(frozen=True, slots=True)
class GatewayRoute:
    name: str
    prefix: str
    service: str
    rewrite: str
    access: Access
    limit: str
    read_timeout: int = 30
    websocket: bool = False
    streaming: bool = False
    methods: tuple[str, ...] | None = None

    @property
    def max_body(self) -> int:
        """Bytes of a request: those of `qbtc.contracts.bodies`."""
        return body_limit(self.name)


LIMITS: dict[str, Limit] = {
    "login": Limit(rate=10, burst=60, by_address=True),
    "command": Limit(rate=50, burst=100),
    "api": Limit(rate=200, burst=400),
    "socket": Limit(rate=5, burst=40),
    "page": Limit(rate=300, burst=600),
}

ROUTES: tuple[GatewayRoute, ...] = (
    GatewayRoute("page", "/", "web", "/", Access.OPEN, "page", methods=("GET", "HEAD")),
    GatewayRoute("metrics", "/metrics", "web", "/metrics", Access.SIGNED, "api"),
    GatewayRoute("readiness", "/health/", "web", "/health/", Access.SIGNED, "api"),
    GatewayRoute("auth", "/api/web/auth/", "web", "/auth/", Access.OPEN, "login"),
    GatewayRoute("commands", "/api/commands/", "web", "/commands/", Access.SIGNED, "command"),
    GatewayRoute("operations", "/api/operations/", "web", "/operations/", Access.SIGNED, "api"),
    GatewayRoute("web", "/api/web/", "web", "/", Access.SIGNED, "api"),
    GatewayRoute("hft", "/api/hft/", "hft", "/", Access.SIGNED, "api"),
    GatewayRoute("qcs", "/api/qcs/", "qcs", "/", Access.SIGNED, "api", read_timeout=75),
    GatewayRoute("cio", "/api/cio/", "cio", "/", Access.SIGNED, "api", read_timeout=60),
    GatewayRoute("ce3", "/api/ce3/", "ce3", "/", Access.SIGNED, "api", read_timeout=300, streaming=True),
    GatewayRoute("socket", "/ws", "web", "/ws", Access.OPEN, "socket", read_timeout=3600, websocket=True),
)

# For another gateway only: it answers with the bearer token, which no page may ever read.
CLOSED = ("/auth/verify", "/api/web/auth/verify")

UNSAFE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
CSRF_HEADER = "X-QBTC-CSRF"


def access_cookie(instance: str) -> str:
    """Name of the cookie with the short-lived signed token; it carries the instance so that two systems do not mix."""
    return f"qbtc_{instance}_access"


SECURITY_HEADERS: dict[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
        " font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none';"
        " form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = ("Strict-Transport-Security", "max-age=31536000")

# {limit} is the route's.
PROBLEMS: dict[int, tuple[str, str, str]] = {
    400: ("bad-input", "The request is not valid", "the gateway could not read the request"),
    401: ("unauthorised", "Sign in first", "no valid session or bearer token; sign in, or make one with `qbtc token`"),
    403: ("forbidden", "You may not do this", f"a change made with a cookie needs the header {CSRF_HEADER}: 1"),
    404: ("not-found", "There is no such thing", "no route has this path"),
    405: ("method-not-allowed", "Method not allowed", "this path can only be read; changes go to /api/"),
    413: ("too-large", "The request is too large", "the body is larger than this route allows, {limit} bytes"),
    429: ("rate-limited", "Too many requests", "slow down and try again in a second"),
    502: ("unavailable", "A part this needs is not available", "the service does not answer; it is being restarted"),
    503: ("unavailable", "A part this needs is not available", "the service does not answer; it is being restarted"),
    504: ("unavailable", "A part this needs is not available", "the service did not answer in time"),
}
