"""Signing in, as a browser does it through the gateway."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from qbtc.contracts import Role

PASSWORD = "correct horse battery staple"
System = Any


def slug(response: httpx.Response) -> str:
    assert response.headers["content-type"].startswith("application/problem+json")
    return str(response.json()["type"].rsplit(":", 1)[1])


def test_a_link_signs_in_once_and_nothing_works_before_a_password_is_set(system: System) -> None:
    client, token = system.browser(), system.link_token("first")
    me = client.post("/api/web/auth/link", json={"token": token})
    assert me.json() == {"user": "first", "role": "admin", "must_set_password": True}
    assert client.get("/api/web/overview").status_code == 401
    assert slug(client.post("/api/web/auth/refresh")) == "password-needed"
    again = system.browser().post("/api/web/auth/link", json={"token": token})
    assert (again.status_code, slug(again)) == (401, "link-refused")
    assert client.post("/api/web/auth/password", json={"password": PASSWORD}).json()["must_set_password"] is False
    assert client.get("/api/web/overview").status_code == 200


def test_cookies_are_named_after_the_instance_and_out_of_reach_of_scripts_and_other_sites(system: System) -> None:
    response = system.browser().post("/api/web/auth/link", json={"token": system.link_token("cookie")})
    instance = (system.home / "secrets" / "instance").read_text().strip()
    (cookie,) = response.headers.get_list("set-cookie")
    assert cookie.startswith(f"qbtc_{instance}_session=")
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}


def test_a_wrong_password_and_an_unknown_user_are_answered_alike(system: System) -> None:
    system.signed_in("ann")
    answers = [
        system.browser().post("/api/web/auth/login", json={"user": user, "password": "not the right one"})
        for user in ("ann", "nobody-of-that-name")
    ]
    bodies = [{k: v for k, v in a.json().items() if k != "trace_id"} for a in answers]
    assert [a.status_code for a in answers] == [401, 401]
    assert bodies[0] == bodies[1]


def test_the_right_password_signs_in(system: System) -> None:
    system.signed_in("dora", Role.VIEWER)
    client = system.browser()
    assert client.post("/api/web/auth/login", json={"user": "dora", "password": PASSWORD}).json() == {
        "user": "dora",
        "role": "viewer",
        "must_set_password": False,
    }
    assert client.get("/api/web/auth/me").json()["user"] == "dora"


def test_many_wrong_passwords_make_the_next_one_wait_even_the_right_one(system: System) -> None:
    system.signed_in("guessed")
    client = system.browser()
    statuses = [
        client.post("/api/web/auth/login", json={"user": "guessed", "password": f"wrong {n}"}).status_code
        for n in range(6)
    ]
    right = client.post("/api/web/auth/login", json={"user": "guessed", "password": PASSWORD})
    assert statuses == [401] * 5 + [429]
    assert slug(right) == "too-many-logins"
    assert right.json()["retry_after"] >= 1


def test_signing_out_ends_the_session_and_its_sockets(system: System) -> None:
    client = system.signed_in("leaver")
    stolen = dict(client.cookies)
    with system.socket(client) as socket:
        assert client.post("/api/web/auth/logout").status_code == 204
        assert dict(client.cookies) == {}
        with pytest.raises(ConnectionClosed) as closed:
            socket.until(lambda _: False, seconds=5)
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4001, "session-expired")
    thief = system.browser()
    thief.cookies.update(stolen)
    assert slug(thief.post("/api/web/auth/refresh")) == "session-expired"


def test_a_new_password_ends_all_other_sessions(system: System) -> None:
    one = system.signed_in("mover")
    two = system.browser()
    two.post("/api/web/auth/login", json={"user": "mover", "password": PASSWORD})
    changed = one.post("/api/web/auth/password", json={"password": PASSWORD + "!", "current": "wrong"})
    assert changed.status_code == 401
    changed = one.post("/api/web/auth/password", json={"password": PASSWORD + "!", "current": PASSWORD})
    assert changed.status_code == 200
    assert slug(two.post("/api/web/auth/refresh")) == "session-expired"
    assert one.post("/api/web/auth/refresh").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-QBTC-CSRF": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_an_unsafe_request_from_elsewhere_is_refused(system: System, headers: dict[str, str]) -> None:
    client = system.signed_in("victim")
    behind = system.http({"X-QBTC-CSRF": "1"}, base=system.web, cookies=dict(client.cookies))
    assert client.post("/api/web/ticket").status_code == behind.post("/ticket").status_code == 200
    assert client.post("/api/web/ticket", headers=headers).status_code == 403, "by the gateway"
    response = behind.post("/ticket", headers=headers)
    assert (response.status_code, slug(response)) == (403, "cross-site"), "and by Web itself"


def test_no_cookie_no_token_no_entry(system: System) -> None:
    for path in ("/api/web/overview", "/api/web/logs", "/api/web/auth/me", "/api/operations/x"):
        assert system.browser().get(path).status_code == 401


def test_a_token_that_is_over_or_forged_is_refused(system: System) -> None:
    for token in (system.expired_token(), "not.a.token"):
        response = httpx.get(f"{system.url}/api/web/overview", headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == 401


def test_users_are_managed_from_the_command_line(system: System) -> None:
    assert (
        system.qbtc("user", "add", "cli1", "--role", "viewer", "--password-stdin", stdin=PASSWORD + "\n").returncode
        == 0
    )
    twice = system.qbtc("user", "add", "cli1", "--no-password")
    assert (twice.returncode, "already" in twice.stderr) == (1, True)
    client = system.browser()
    assert client.post("/api/web/auth/login", json={"user": "cli1", "password": PASSWORD}).status_code == 200
    assert system.qbtc("user", "passwd", "cli1", "--password-stdin", stdin="another long password\n").returncode == 0
    assert slug(client.post("/api/web/auth/refresh")) == "session-expired"
    assert system.qbtc("user", "rm", "cli1", "--yes").returncode == 0
    assert "cli1" not in system.qbtc("user", "ls").stdout


def test_no_password_token_or_ticket_is_in_any_log(system: System) -> None:
    client = system.signed_in("secretive")
    secrets = [PASSWORD, *client.cookies.values()]
    ticket = client.post("/api/web/ticket").json()["ticket"]
    client.get(f"/ws?ticket={ticket}")
    client.post("/api/web/auth/login", json={"user": "secretive", "password": "canary-canary-1"})
    text = "".join(path.read_text() for path in (system.home / "logs").glob("*.log"))
    spans = "".join(path.read_text() for path in (system.home / "telemetry").glob("spans-*.jsonl"))
    for secret in [*secrets, ticket, "canary-canary-1"]:
        assert secret not in text
        assert secret not in spans
