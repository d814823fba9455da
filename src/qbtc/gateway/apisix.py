"""Compiles the declaration to APISIX 3.x standalone files: `config.yaml` and `apisix.yaml` (which ends in `#END`).

Tokens are checked by Web through `forward-auth`, so that cookies, bearer tokens and the forgery check are one code;
`limit-count` always names its policy, and refusals are 429.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import yaml
from pydantic import JsonValue

from .declaration import CLOSED, CSRF_HEADER, LIMITS, PROBLEMS, ROUTES, SECURITY_HEADERS, Access, GatewayRoute

Yaml = dict[str, JsonValue]
CONNECT_TIMEOUT, SEND_TIMEOUT = 2, 30
BEFORE_CLIENT_CONTROL = 22_001
"""Priority of a plugin: that of client-control is 22,000."""


def compile_apisix(upstreams: Mapping[str, str], *, redis_host: str, redis_port: int = 6379) -> dict[str, str]:
    """{"config.yaml": …, "apisix.yaml": …}. `upstreams` maps a service to host:port."""
    routes: list[JsonValue] = [_closed(path) for path in CLOSED]
    routes += [_route(r, upstreams, redis_host, redis_port) for r in ROUTES]
    body = yaml.safe_dump({"routes": routes}, sort_keys=False, width=120)
    return {"config.yaml": yaml.safe_dump(_config(), sort_keys=False), "apisix.yaml": f"{body}#END\n"}


def _config() -> Yaml:
    return {
        "deployment": {"role": "data_plane", "role_data_plane": {"config_provider": "yaml"}},
        "apisix": {
            "node_listen": [{"port": 9080}],
            "ssl": {"enable": True, "listen": [{"port": 9443}]},
            "enable_admin": False,
        },
        "plugins": [
            "request-id", "response-rewrite", "proxy-rewrite", "forward-auth", "limit-count", "limit-req", "client-control",
            "prometheus", "fault-injection",
        ],
    }


def _too_large(route: GatewayRoute) -> Yaml:
    """The problem of a body that says its length, before `client-control` refuses it without a word."""
    slug, title, detail = PROBLEMS[413]
    problem = {
        "type": f"urn:qbtc:problem:{slug}", "title": title, "status": 413, "detail": detail.format(limit=route.max_body),
        "allowed": route.max_body, "trace_id": "$request_id",
    }  # fmt: skip
    abort: Yaml = {
        "http_status": 413, "body": json.dumps(problem), "headers": {"Content-Type": "application/problem+json"},
        "vars": [[["http_content_length", ">", route.max_body]]],
    }  # fmt: skip
    return {"_meta": {"priority": BEFORE_CLIENT_CONTROL}, "abort": abort}


def _closed(path: str) -> Yaml:
    refusal: Yaml = {"abort": {"http_status": 404, "body": "{}"}}
    return {"id": f"closed{path.replace('/', '-')}", "uri": path, "priority": 1000, "plugins": {"fault-injection": refusal}}


def _route(route: GatewayRoute, upstreams: Mapping[str, str], redis_host: str, redis_port: int) -> Yaml:
    exact = not route.prefix.endswith("/")
    entry: Yaml = {
        "id": route.name,
        "uri": route.prefix if exact else f"{route.prefix}*",
        "priority": len(route.prefix),
        "plugins": _plugins(route, upstreams, redis_host, redis_port),
        "upstream": {"type": "roundrobin", "nodes": {upstreams[route.service]: 1}},
        "timeout": {"connect": CONNECT_TIMEOUT, "send": SEND_TIMEOUT, "read": route.read_timeout},
    }
    if route.websocket:
        entry["enable_websocket"] = True
    if route.methods:
        entry["methods"] = list(route.methods)
    return entry


def _plugins(route: GatewayRoute, upstreams: Mapping[str, str], redis_host: str, redis_port: int) -> Yaml:
    limit = LIMITS[route.limit]
    plugins: Yaml = {
        "request-id": {"header_name": "X-Request-Id"},
        "client-control": {"max_body_size": route.max_body},
        "fault-injection": _too_large(route),
        "response-rewrite": {"headers": {"set": dict(SECURITY_HEADERS)}},
        "limit-req": {
            "rate": limit.rate, "burst": limit.burst, "key": "remote_addr", "policy": "local", "rejected_code": 429,
            "nodelay": True,
        },
        "limit-count": {
            "count": limit.rate * 60 + limit.burst, "time_window": 60, "key": "remote_addr", "rejected_code": 429,
            "policy": "redis", "redis_host": redis_host, "redis_port": redis_port, "allow_degradation": True,
        },
        "prometheus": {},
    }
    if route.rewrite != route.prefix:
        plugins["proxy-rewrite"] = {"regex_uri": [f"^{route.prefix}(.*)", f"{route.rewrite}$1"]}
    if route.access is Access.SIGNED:
        plugins["forward-auth"] = {
            "uri": f"http://{upstreams['web']}/auth/verify",
            "request_headers": ["Authorization", "Cookie", CSRF_HEADER, "Sec-Fetch-Site", "Origin"],
            "upstream_headers": ["Authorization"],
            "client_headers": ["WWW-Authenticate"],
            "timeout": 3000,
        }
    return plugins
