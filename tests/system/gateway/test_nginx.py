"""What the embedded gateway lets through, to whom, and what it answers itself."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import httpx
import pytest

from qbtc.contracts.bodies import body_limit
from qbtc.gateway import ROUTES, Access
from qbtc.gateway.declaration import LIMITS, SECURITY_HEADERS
from qbtc.kit.security import Tokens, ensure_keys

from .conftest import Gateway, running

CSRF = {"X-QBTC-CSRF": "1"}
HANDSHAKE = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


def problem(response: httpx.Response, status: int, slug: str) -> None:
    body = response.json()
    assert (response.status_code, body["type"], body["status"]) == (status, f"urn:qbtc:problem:{slug}", status)
    assert response.headers["content-type"].startswith("application/problem+json")
    assert body["trace_id"] == response.headers["x-request-id"]
    assert body["detail"]


def test_nginx_accepts_the_compiled_file(gateway: Gateway) -> None:
    result = gateway.test()
    assert result.returncode == 0, result.stderr
    assert "warn" not in result.stderr


@pytest.mark.parametrize(("path", "reaches"), [
    ("/api/hft/positions", "/positions"), ("/api/hft/candles?symbol=BTCUSDT&limit=5", "/candles?symbol=BTCUSDT&limit=5"),
    ("/api/cio/memories/1", "/memories/1"), ("/api/ce3/tools", "/tools"), ("/api/web/overview", "/overview"),
    ("/api/operations/7", "/operations/7"), ("/api/web/auth/me", "/auth/me"), ("/trade", "/trade"), ("/", "/"),
])
def test_a_path_reaches_its_service_without_the_prefix(gateway: Gateway, client: httpx.Client, path: str, reaches: str) -> None:
    response = client.get(path, headers=gateway.bearer())
    assert (response.status_code, response.json()["path"]) == (200, reaches)


def test_a_command_reaches_web_with_its_key(gateway: Gateway, client: httpx.Client) -> None:
    response = client.post("/api/commands/hft.order.place", json={"a": 1}, headers=gateway.bearer())
    assert (response.json()["path"], response.json()["method"]) == ("/commands/hft.order.place", "POST")


@pytest.mark.parametrize("path", [
    "/api/hft/positions", "/api/cio/memories", "/api/ce3/tools", "/api/qcs/states", "/api/web/overview", "/api/operations/1",
    "/api/commands/x", "/api/hft/metrics", "/api/hft/health/ready", "/api/web/metrics", "/metrics", "/health/ready",
])
def test_without_a_token_the_answer_is_401(client: httpx.Client, path: str) -> None:
    problem(client.get(path), 401, "unauthorised")


def test_every_signed_route_is_closed_to_strangers(client: httpx.Client) -> None:
    signed = [r for r in ROUTES if r.access is Access.SIGNED]
    assert len(signed) >= 7
    for route in signed:
        assert client.get(route.prefix).status_code == 401, route.name


@pytest.mark.parametrize("path", ["/", "/trade", "/api/web/auth/me", "/health"])
def test_pages_and_sign_in_are_open(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_the_cookie_becomes_a_bearer_token(gateway: Gateway, client: httpx.Client) -> None:
    response = client.get("/api/hft/positions", headers=gateway.cookie())
    sent = response.json()["headers"]["authorization"]
    assert gateway.tokens.verify(sent.removeprefix("Bearer ")).user == "ann"


def test_a_bearer_token_goes_before_the_cookie(gateway: Gateway, client: httpx.Client) -> None:
    token = gateway.tokens.sign("ben", None, seconds=60)
    headers = gateway.cookie() | {"Authorization": f"Bearer {token}"}
    assert client.get("/api/hft/x", headers=headers).json()["headers"]["authorization"] == f"Bearer {token}"


def test_the_scheme_of_a_bearer_token_may_be_written_in_any_case(gateway: Gateway, client: httpx.Client) -> None:
    headers = {"Authorization": f"bearer {gateway.token()}"}
    assert client.post("/api/hft/x", headers=headers).status_code == 200


def test_an_expired_token_is_401(gateway: Gateway, client: httpx.Client) -> None:
    problem(client.get("/api/hft/x", headers=gateway.cookie(seconds=-60)), 401, "unauthorised")


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer a.b.c", "Basic YTpi", "Bearer"])
def test_what_is_no_token_of_ours_is_401(client: httpx.Client, header: str) -> None:
    problem(client.get("/api/hft/x", headers={"Authorization": header}), 401, "unauthorised")


def test_a_token_of_a_service_or_of_another_installation_does_not_pass(
    gateway: Gateway, client: httpx.Client, tmp_path: Path
) -> None:
    service = Tokens(ensure_keys(gateway.home), "ce3", gateway.instance).as_service()
    stranger = Tokens(ensure_keys(tmp_path), "web", gateway.instance).sign("ann", None, seconds=60)
    for token in (service, stranger):
        problem(client.get("/api/hft/x", headers={"Authorization": f"Bearer {token}"}), 401, "unauthorised")


def test_a_change_by_cookie_needs_the_header_that_only_our_page_sends(gateway: Gateway, client: httpx.Client) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        problem(client.request(method, "/api/hft/x", headers=gateway.cookie()), 403, "forbidden")
        assert client.request(method, "/api/hft/x", headers=gateway.cookie() | CSRF).status_code == 200


def test_a_forged_change_from_another_site_is_refused_even_with_the_header(gateway: Gateway, client: httpx.Client) -> None:
    headers = gateway.cookie() | CSRF | {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    problem(client.post("/api/hft/x", headers=headers), 403, "forbidden")
    problem(client.get("/api/hft/x", headers=headers), 403, "forbidden")
    form = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    problem(client.post("/api/hft/x", headers=gateway.cookie() | form), 403, "forbidden")


def test_a_link_from_another_site_opens_the_page(client: httpx.Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert client.get("/trade", headers=headers).status_code == 200


def test_a_script_with_a_bearer_token_needs_no_header(gateway: Gateway, client: httpx.Client) -> None:
    assert client.post("/api/hft/x", headers=gateway.bearer()).status_code == 200


@pytest.mark.parametrize(("path", "route"), [
    ("/api/hft/x", "hft"), ("/api/commands/x", "commands"), ("/api/web/auth/login", "auth"), ("/api/web/x", "web"), ("/api/cio/memories", "cio"),
    ("/api/operations/x", "operations"), ("/api/ce3/x", "ce3"),
])
def test_a_body_over_the_limit_of_its_route_is_413_and_hears_the_limit(gateway: Gateway, client: httpx.Client, path: str, route: str) -> None:
    headers, limit = gateway.bearer(), body_limit(route)
    assert client.post(path, content=b"x" * limit, headers=headers).json()["size"] == limit
    over = b"x" * (limit + 1)
    for content in (over, iter([over])):  # with its length, and in pieces
        refused = client.post(path, content=content, headers=headers)
        problem(refused, 413, "too-large")
        assert refused.json()["allowed"] == limit
        assert f"{limit} bytes" in refused.json()["detail"]


def test_a_statistic_of_200_000_numbers_passes_the_gateway(gateway: Gateway, client: httpx.Client) -> None:
    values = json.dumps({"values": [-1.2345678901234567e-05] * 200_000})
    passed = client.post("/api/qcs/stats/garch", content=values, headers=gateway.bearer())
    problem(passed, 502, "unavailable")  # here nobody is behind it
    refused = client.post("/api/qcs/stats/garch", content=b"x" * 6_000_001, headers=gateway.bearer())
    assert (refused.status_code, refused.json()["allowed"]) == (413, 6_000_000)


def test_pages_are_only_read(gateway: Gateway, client: httpx.Client) -> None:
    problem(client.post("/auth/login", json={}, headers=CSRF), 405, "method-not-allowed")
    problem(client.delete("/", headers=gateway.bearer()), 405, "method-not-allowed")
    assert client.head("/").status_code == 200


@pytest.mark.parametrize("path", ["/auth/verify", "/api/web/auth/verify", "/api/web/auth/%76erify", "/api/web//auth/./verify"])
def test_the_answer_that_carries_a_token_is_for_no_browser(gateway: Gateway, client: httpx.Client, path: str) -> None:
    problem(client.get(path, headers=gateway.cookie()), 404, "not-found")


def test_the_upstream_hears_the_true_address_host_and_scheme(gateway: Gateway, client: httpx.Client) -> None:
    lies = {"X-Real-IP": "6.6.6.6", "X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https", "X-Request-Id": "mine"}
    response = client.get("/api/hft/x", headers=gateway.bearer() | lies)
    sent = response.json()["headers"]
    assert (sent["x-real-ip"], sent["x-forwarded-for"], sent["x-forwarded-proto"]) == ("127.0.0.1", "127.0.0.1", "http")
    assert sent["host"] == f"127.0.0.1:{gateway.port}"
    assert sent["x-request-id"] == response.headers["x-request-id"] != "mine"


def test_the_trace_context_of_the_caller_passes(gateway: Gateway, client: httpx.Client) -> None:
    parent = f"00-{'a' * 32}-{'b' * 16}-01"
    response = client.get("/api/hft/x", headers=gateway.bearer() | {"traceparent": parent})
    assert response.json()["headers"]["traceparent"] == parent


def test_a_service_that_is_down_is_a_problem(gateway: Gateway, client: httpx.Client) -> None:
    problem(client.get("/api/qcs/states", headers=gateway.bearer()), 502, "unavailable")


def test_an_answer_of_a_service_is_not_replaced(gateway: Gateway, client: httpx.Client) -> None:
    response = client.get("/api/hft/teapot", headers=gateway.bearer())
    assert (response.status_code, response.json()["path"]) == (418, "/teapot")


def test_too_many_sign_ins_are_429_whatever_token_they_make_up(upstream: int, tmp_path: Path) -> None:
    limit = LIMITS["login"]
    with running(tmp_path, upstream) as gateway, httpx.Client(base_url=gateway.base) as client:
        for n in range(limit.burst * 4):
            response = client.get("/api/web/auth/me", headers={"Authorization": f"Bearer made-up-{n}"})
            if response.status_code != 200:
                break
        assert n >= limit.burst
        problem(response, 429, "rate-limited")
        assert response.headers["retry-after"] == "1"
        assert client.get("/api/hft/x", headers=gateway.bearer()).status_code == 200, "other classes go on"


def test_a_websocket_passes(gateway: Gateway) -> None:
    lines = [f"{name}: {value}" for name, value in {"Host": "127.0.0.1", **HANDSHAKE}.items()]
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=10) as connection:
        connection.sendall("\r\n".join(["GET /ws?ticket=t HTTP/1.1", *lines, "", ""]).encode())
        head = connection.recv(4000).decode()
        assert head.startswith("HTTP/1.1 101 ")
        assert "upgrade: websocket" in head.lower()
        connection.sendall(b"\x81\x85\x00\x00\x00\x00hello")
        assert connection.recv(100) == b"\x81\x85\x00\x00\x00\x00hello"


def test_another_site_cannot_open_a_websocket(client: httpx.Client) -> None:
    headers = HANDSHAKE | {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "websocket"}
    problem(client.get("/ws?ticket=t", headers=headers), 403, "forbidden")


@pytest.mark.parametrize(("path", "status"), [("/index.html", 200), ("/api/hft/x", 401), ("/api/qcs/x", 401), ("/auth/verify", 404), ("/health", 200)])
def test_pages_and_errors_carry_the_security_headers(client: httpx.Client, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    for name, value in SECURITY_HEADERS.items():
        assert response.headers.get_list(name) == [value], name
    assert "server" not in response.headers or not re.search(r"\d", response.headers["server"])


def test_the_policy_allows_no_inline_script_and_nothing_from_elsewhere(client: httpx.Client) -> None:
    policy = client.get("/index.html").headers["content-security-policy"]
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";")}
    assert rules["script-src"] == ["'self'"]
    assert rules["default-src"] == ["'none'"]
    assert rules["frame-ancestors"] == rules["base-uri"] == ["'none'"]
    assert not any("http" in source or "*" in source for sources in rules.values() for source in sources)


def test_a_request_that_nginx_cannot_read_is_answered_without_its_version(gateway: Gateway) -> None:
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 70_000 + b"\r\n\r\n")
        answer = b""
        while part := connection.recv(4000):
            answer += part
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert not re.search(rb"nginx/\d", answer)
    assert json.loads(answer.split(b"\r\n\r\n", 1)[1])["type"] == "urn:qbtc:problem:bad-input"
