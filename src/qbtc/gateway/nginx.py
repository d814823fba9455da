"""Compiles the declaration to nginx.conf for the embedded gateway. Pure text: nothing is started here."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from qbtc.contracts.bodies import DEFAULT
from qbtc.kit.errors import BadInput
from qbtc.kit.security.keys import KeyRing, write_secret
from qbtc.kit.settings import GATEWAY_TLS_PORT, Platform

from .declaration import (
    CLOSED,
    CSRF_HEADER,
    HSTS,
    LIMITS,
    PROBLEMS,
    ROUTES,
    SECURITY_HEADERS,
    UNSAFE_METHODS,
    Access,
    GatewayRoute,
    access_cookie,
)

PEOPLE_SIGNERS = ("web", "cli")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class GatewayFiles:
    """Everything the compiled file needs to know about this installation."""

    directory: Path
    jwks: Path
    instance: str
    upstreams: Mapping[str, str]
    listen: str
    tls_listen: str
    certificate: Path | None = None
    key: Path | None = None
    as_root: bool = False

    @classmethod
    def of(cls, platform: Platform, *, as_root: bool) -> GatewayFiles:
        """From the platform's settings. Raises BadInput when it would listen beyond loopback without TLS."""
        directory = platform.home / "nginx"
        tls = platform.tls_certificate is not None and platform.tls_key is not None
        if platform.expose not in LOOPBACK and not tls:
            raise BadInput(
                f"expose = {platform.expose!r} needs tls_certificate and tls_key: beyond loopback only with TLS",
                field="expose",
                allowed=list(LOOPBACK),
            )
        services = ("ce3", "cio", "qcs", "hft", "web")
        return cls(
            directory=directory,
            jwks=directory / "jwks.json",
            instance=platform.instance,
            upstreams={name: f"{platform.host}:{platform.port(name)}" for name in services},
            listen=f"127.0.0.1:{platform.port('gateway')}",
            tls_listen=f"{platform.expose}:{GATEWAY_TLS_PORT + platform.port_offset}",
            certificate=platform.tls_certificate,
            key=platform.tls_key,
            as_root=as_root,
        )


def write_jwks(ring: KeyRing, path: Path) -> None:
    """The public keys that may vouch for people, as a JSON Web Key Set (RFC 8037 for Ed25519)."""
    keys = []
    for kid, (signer, public) in ring.public.items():
        if signer in PEOPLE_SIGNERS:
            raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
            x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
            keys.append({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": x})
    write_secret(path, json.dumps({"keys": keys}).encode())


def compile_config(files: GatewayFiles) -> str:
    """The whole nginx.conf."""
    return "\n".join([*_main(files), "http {", *_indent(_http(files)), "}", ""])


def _main(files: GatewayFiles) -> Iterator[str]:
    yield "# Compiled from qbtc.gateway.declaration; change that, not this."
    if files.as_root:
        # Everything is loopback and below the owner's 0700 home, which another user could not read.
        yield "user root;"
    yield "daemon off;"
    yield "worker_processes 1;"
    yield f"pid {_quote(files.directory / 'nginx.pid')};"
    yield "error_log stderr warn;"
    yield "events { worker_connections 2048; }"


def _http(files: GatewayFiles) -> Iterator[str]:
    for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
        yield f"{kind}_temp_path {_quote(files.directory / 'temp' / kind)};"
    yield from (
        "access_log off;",
        "server_tokens off;",
        "default_type application/octet-stream;",
        "tcp_nodelay on;",
        "keepalive_timeout 75s;",
        "keepalive_requests 10000;",
        "client_header_buffer_size 4k;",
        "large_client_header_buffers 4 16k;",
        "client_body_timeout 15s;",
        "client_header_timeout 15s;",
        "gzip on;",
        "gzip_proxied any;",
        "gzip_min_length 1000;",
        "gzip_types text/css application/javascript text/javascript application/json image/svg+xml;",
        "limit_req_status 429;",
        "map_hash_bucket_size 128;",
    )
    yield from _maps(files.instance)
    for name, limit in LIMITS.items():
        key = "$binary_remote_addr" if limit.by_address else "$qbtc_client"
        yield f"limit_req_zone {key} zone={name}:2m rate={limit.rate}r/s;"
    for name, address in files.upstreams.items():
        yield f"upstream {name} {{ server {address} max_fails=0; keepalive 16; }}"
    yield from _server(files)


def _maps(instance: str) -> Iterator[str]:
    cookie = f"$cookie_{access_cookie(instance)}"
    yield f'map "$http_authorization|{cookie}" $qbtc_token {{'
    yield r'    "~*^Bearer (?<bearer>[^|]+)\|" $bearer;'
    yield r'    "~^\|(?<cookie>.+)$" $cookie;'
    yield '    default "";'
    yield "}"
    yield 'map $qbtc_token $qbtc_authorization { "" ""; default "Bearer $qbtc_token"; }'
    yield 'map $qbtc_token $qbtc_client { "" $binary_remote_addr; default $qbtc_token; }'
    # A browser sends the cookie by itself, so a change that comes with it must also carry a header only our page sets.
    methods = "|".join(UNSAFE_METHODS)
    header = "$http_" + CSRF_HEADER.lower().replace("-", "_")
    parts = f"$request_method|$http_authorization|{header}|$http_sec_fetch_site|$http_sec_fetch_mode"
    yield f'map "{parts}" $qbtc_forged {{'
    yield r'    "~*^[A-Z]+\|Bearer " 0;'
    # A link from another site only reads: SameSite keeps the cookies away from it.
    yield r'    "~^(GET|HEAD)\|.*\|navigate$" 0;'
    yield r'    "~\|cross-site\|[^|]*$" 1;'
    yield rf'    "~^({methods})\|[^|]*\|1\|" 0;'
    yield rf'    "~^({methods})\|" 1;'
    yield "    default 0;"
    yield "}"
    yield "map $uri $qbtc_max_body {"
    for route in sorted(ROUTES, key=lambda r: -len(r.prefix)):
        yield f'    "~^{re.escape(route.prefix)}{"" if route.prefix.endswith("/") else "$"}" {route.max_body};'
    yield f"    default {DEFAULT};"
    yield "}"
    yield 'map $http_upgrade $qbtc_connection { "" ""; default upgrade; }'


def _server(files: GatewayFiles) -> Iterator[str]:
    yield "server {"
    yield f"    listen {files.listen};"
    if files.certificate is not None:
        yield f"    listen {files.tls_listen} ssl;"
        yield f"    ssl_certificate {_quote(files.certificate)};"
        yield f"    ssl_certificate_key {_quote(files.key)};"
        yield "    ssl_protocols TLSv1.2 TLSv1.3;"
    yield from _indent(_headers(tls=files.certificate is not None))
    yield f"    auth_jwt_key_file {_quote(files.jwks)} jwks;"
    yield "    location = /health { default_type application/json; return 200 '{\"state\":\"alive\"}'; }"
    for status in PROBLEMS:
        yield f"    error_page {status} @problem{status};"
    # nginx's own number for headers that are too large; there is no parsed request that could go to a named location.
    yield "    error_page 494 =400 /.problem/400;"
    yield from _indent(_problem(400, *PROBLEMS[400], match="= /.problem/400", internal=True))
    for path in CLOSED:
        yield f"    location = {path} {{ return 404; }}"
    for route in ROUTES:
        yield from _indent(_location(route))
    for status, (slug, title, detail) in PROBLEMS.items():
        yield from _indent(_problem(status, slug, title, detail))
    yield "}"


def _headers(*, tls: bool) -> Iterator[str]:
    headers = SECURITY_HEADERS | ({HSTS[0]: HSTS[1]} if tls else {})
    for name, value in headers.items():
        yield f'more_set_headers "{name}: {value}";'
    yield 'more_set_headers "X-Request-Id: $request_id";'


def _location(route: GatewayRoute) -> Iterator[str]:
    limit = LIMITS[route.limit]
    match = f"= {route.prefix}" if not route.prefix.endswith("/") else route.prefix
    yield f"location {match} {{"
    yield f"    limit_req zone={route.limit} burst={limit.burst} nodelay;"
    yield f"    client_max_body_size {route.max_body};"
    yield "    if ($qbtc_forged) { return 403; }"
    if route.methods:
        yield f"    if ($request_method !~ ^({'|'.join(route.methods)})$) {{ return 405; }}"
    if route.access is Access.SIGNED:
        yield '    auth_jwt "qbtc" token=$qbtc_token;'
    yield f"    proxy_pass http://{route.service}{route.rewrite};"
    yield "    proxy_http_version 1.1;"
    yield "    proxy_set_header Host $http_host;"
    yield "    proxy_set_header Authorization $qbtc_authorization;"
    yield "    proxy_set_header X-Request-Id $request_id;"
    yield "    proxy_set_header X-Real-IP $remote_addr;"
    yield "    proxy_set_header X-Forwarded-For $remote_addr;"
    yield "    proxy_set_header X-Forwarded-Proto $scheme;"
    yield "    proxy_set_header Connection $qbtc_connection;"
    if route.websocket:
        yield "    proxy_set_header Upgrade $http_upgrade;"
    if route.streaming or route.websocket:
        yield "    proxy_buffering off;"
    yield "    proxy_connect_timeout 2s;"
    yield f"    proxy_read_timeout {route.read_timeout}s;"
    yield "    proxy_send_timeout 30s;"
    yield "}"


def _problem(
    status: int, slug: str, title: str, detail: str, *, match: str | None = None, internal: bool = False
) -> Iterator[str]:
    body = {"type": f"urn:qbtc:problem:{slug}", "title": title, "status": status, "detail": detail.format(limit="$qbtc_max_body")}
    allowed = {"allowed": "$qbtc_max_body"} if "{limit}" in detail else {}
    text = json.dumps(body | allowed | {"trace_id": "$request_id"}).replace('"$qbtc_max_body"', "$qbtc_max_body")
    yield f"location {match or f'@problem{status}'} {{"
    if internal:
        yield "    internal;"
    yield "    default_type application/problem+json;"
    if status == 429:
        yield '    more_set_headers "Retry-After: 1";'
    yield f"    return {status} '{text}';"
    yield "}"


def _indent(lines: Iterator[str]) -> Iterator[str]:
    return ("    " + line for line in lines)


def _quote(path: Path | None) -> str:
    text = str(path)
    if any(c in text for c in "\"\n\\$"):
        raise BadInput(f"nginx cannot use the path {text!r}: it has a quote, a dollar sign, a backslash or a line break")
    return f'"{text}"'
