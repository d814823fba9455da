"""The dead-man timer: what arms it, what it takes for a sign of life, and that it halts once."""

from __future__ import annotations

import pytest
from starlette.types import Message, Receive, Scope, Send

from qbtc.contracts import Role
from qbtc.contracts import Scope as Reach
from qbtc.hft.dead_man import DeadMan
from qbtc.kit.security import KeyRing, Tokens, ensure_keys


class Trading:
    def __init__(self) -> None:
        self.now = 0.0
        self.halts: list[tuple[Reach, str]] = []
        self.timer = DeadMan(self.kill, 60, clock=lambda: self.now)

    async def kill(self, scope: Reach, reason: str) -> None:
        self.halts.append((scope, reason))


async def test_an_engine_that_nobody_ever_looked_at_is_not_halted() -> None:
    one = Trading()
    one.now = 1e6
    assert not await one.timer.look()


async def test_silence_halts_once_and_cancels() -> None:
    one = Trading()
    one.timer.heard()
    one.now = 59.0
    assert not await one.timer.look()
    one.now = 60.0
    assert await one.timer.look()
    assert not await one.timer.look()
    assert one.halts == [(Reach.CANCEL, "dead-man timer: the control plane was silent for 60 s")]


async def test_after_a_sign_of_life_the_next_silence_counts_again() -> None:
    one = Trading()
    for start in (0.0, 100.0):
        one.now = start
        one.timer.heard()
        one.now = start + 60
        assert await one.timer.look()
    assert len(one.halts) == 2


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return ensure_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def tokens(ring: KeyRing) -> dict[str, str]:
    """Of those who may ask."""
    made = {name: Tokens(ring, name, "local").as_service() for name in ("web", "cio")}
    signer = Tokens(ring, "web", "local")
    made |= {"ada": signer.sign("ada", Role.VIEWER, seconds=60), "late": signer.sign("ada", Role.ADMIN, seconds=-60)}
    return made | {"forged": made["ada"][:-4] + "AAAA"}


async def heard(ring: KeyRing, path: str, token: str | None, *, look: bool = False) -> bool:
    """Whether a request arms the timer."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        return None

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        return None

    one = Trading()
    headers = [(b"x-qbtc-watch", b"web")] * look
    headers += [(b"authorization", f"Bearer {token}".encode())] if token else []
    hearing = one.timer.hearing(app, Tokens(ring, "hft", "local"))
    await hearing({"type": "http", "path": path, "headers": headers}, receive, send)
    one.now = 60.0
    return await one.timer.look()


@pytest.mark.parametrize("who", ["web", "ada"])
async def test_a_request_of_a_person_and_a_look_of_web_are_signs_of_life(
    ring: KeyRing, tokens: dict[str, str], who: str
) -> None:
    assert await heard(ring, "/positions", tokens[who])
    assert await heard(ring, "/health/ready", tokens[who], look=True)
    assert not await heard(ring, "/health/ready", tokens[who])


@pytest.mark.parametrize("who", ["cio", "late", "forged", None])
async def test_without_a_good_token_of_theirs_nothing_is(
    ring: KeyRing, tokens: dict[str, str], who: str | None
) -> None:
    for path in ("/positions", "/health/ready"):
        assert not await heard(ring, path, tokens.get(who or ""), look=True)
