"""The question another gateway asks before it forwards a request: may it pass, and with which token?"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qbtc.contracts import Role
from qbtc.kit.health import Health
from qbtc.kit.http import create_app
from qbtc.kit.security import KeyRing, Tokens, ensure_keys
from qbtc.web.api import auth

COOKIES = SimpleNamespace(session_cookie="qbtc_x_session", access_cookie="qbtc_x_access")
CSRF = {"X-QBTC-CSRF": "1"}
POST = {"X-Forwarded-Method": "POST", "X-Forwarded-Host": "desk.example"}


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return ensure_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def tokens(ring: KeyRing) -> Tokens:
    return Tokens(ring, "web", "x")


@pytest.fixture
def client(tokens: Tokens) -> TestClient:
    app: FastAPI = create_app("Web", health=Health("web", "1"), tokens=tokens)
    app.state.context = COOKIES
    app.include_router(auth.router)
    return TestClient(app, headers={"User-Agent": "gateway"})


@pytest.fixture
def token(tokens: Tokens) -> str:
    return tokens.sign("ann", Role.TRADER, seconds=60)


def cookie(token: str) -> dict[str, str]:
    return {"Cookie": f"qbtc_x_access={token}"}


def test_a_cookie_becomes_a_bearer_token(client: TestClient, token: str) -> None:
    response = client.get("/auth/verify", headers=cookie(token))
    assert (response.status_code, response.headers["authorization"]) == (200, f"Bearer {token}")
    assert response.content == b""


def test_a_bearer_token_stays_what_it_is_and_goes_before_the_cookie(client: TestClient, token: str) -> None:
    headers = cookie("nonsense") | {"Authorization": f"Bearer {token}"} | POST
    response = client.get("/auth/verify", headers=headers)
    assert (response.status_code, response.headers["authorization"]) == (200, f"Bearer {token}")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic YTpi"}, cookie("x")])
def test_without_a_good_token_the_answer_is_401_and_carries_none(client: TestClient, headers: dict[str, str]) -> None:
    response = client.get("/auth/verify", headers=headers)
    assert (response.status_code, response.json()["type"]) == (401, "urn:qbtc:problem:unauthorised")
    assert "authorization" not in response.headers


def test_an_expired_cookie_is_401(client: TestClient, tokens: Tokens) -> None:
    response = client.get("/auth/verify", headers=cookie(tokens.sign("ann", Role.TRADER, seconds=-60)))
    assert (response.status_code, response.json()["type"]) == (401, "urn:qbtc:problem:session-expired")


@pytest.mark.parametrize(("headers", "passes"), [
    ({}, False), (CSRF, True), (CSRF | {"Sec-Fetch-Site": "cross-site"}, False), (CSRF | {"Sec-Fetch-Site": "same-origin"}, True),
    (CSRF | {"Origin": "https://desk.example"}, True), (CSRF | {"Origin": "https://evil.example"}, False),
])
def test_a_change_by_cookie_must_come_from_our_own_page(
    client: TestClient, token: str, headers: dict[str, str], passes: bool
) -> None:
    response = client.get("/auth/verify", headers=cookie(token) | POST | headers)
    assert response.status_code == (200 if passes else 403)
    assert ("authorization" in response.headers) is passes


def test_a_service_does_not_come_through_the_gateway(client: TestClient, ring: KeyRing) -> None:
    headers = {"Authorization": f"Bearer {Tokens(ring, 'ce3', 'x').as_service()}"}
    assert client.get("/auth/verify", headers=headers).status_code == 403


def test_no_page_can_read_the_token_that_its_cookie_hides(client: TestClient, token: str) -> None:
    headers = cookie(token) | {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
    response = client.get("/auth/verify", headers=headers)
    assert response.status_code == 404
    assert "authorization" not in response.headers


def test_the_endpoint_is_not_part_of_the_public_document(client: TestClient, tmp_path: Path) -> None:
    assert "/auth/verify" not in client.get("/openapi.json").json()["paths"]
