"""How many bytes a request may have: the one declaration, by route of the gateway. Both gateways and the services read it here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DEFAULT = 64_000
BODY_LIMITS: Mapping[str, int] = MappingProxyType({
    "auth": 8_000,
    "commands": 256_000,
    "hft": 1_000_000,
    "qcs": 6_000_000,  # 200,000 numbers of a statistic
    "cio": 4_000_000,  # files of memories
    "ce3": 1_000_000,
})  # fmt: skip
"""By name of the route; those that are not named have `DEFAULT`."""
_WEB = ("auth", "commands")


def body_limit(route: str) -> int:
    """Of a route of the gateway."""
    return BODY_LIMITS.get(route, DEFAULT)


def service_limit(service: str) -> int:
    """Of a service: the largest of the routes that lead to it."""
    return max(body_limit(name) for name in _WEB) if service == "web" else body_limit(service)
