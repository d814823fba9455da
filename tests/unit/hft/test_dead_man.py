"""The dead-man timer: what arms it, what it takes for a sign of life, and that it halts once."""

from __future__ import annotations

from starlette.types import Message, Receive, Scope, Send

from qbtc.contracts import Scope as Reach
from qbtc.hft.dead_man import DeadMan


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


async def ask(one: Trading, path: str, *headers: tuple[bytes, bytes]) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        return None

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        return None

    await one.timer.hearing(app)({"type": "http", "path": path, "headers": [*headers]}, receive, send)


async def test_probes_count_only_from_web_and_requests_from_anybody() -> None:
    one = Trading()
    await ask(one, "/health/ready")
    await ask(one, "/metrics", (b"user-agent", b"Prometheus"))
    one.now = 60.0
    assert not await one.timer.look()
    for path, headers in (("/metrics", [(b"x-qbtc-watch", b"web")]), ("/positions", [])):
        await ask(one, path, *headers)
        one.now += 60
        assert await one.timer.look()
