"""The gateway as data: one declaration of routes, compiled to nginx.conf (embedded) and to APISIX files (production)."""

from .apisix import compile_apisix
from .declaration import LIMITS, ROUTES, Access, GatewayRoute, Limit
from .nginx import GatewayFiles, compile_config, write_jwks

__all__ = [
    "LIMITS", "ROUTES", "Access", "GatewayFiles", "GatewayRoute", "Limit", "compile_apisix", "compile_config",
    "write_jwks",
]
