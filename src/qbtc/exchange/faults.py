"""Faults on demand, for tests of clients: the same seed and the same traffic give the same faults.

    Plan          what goes wrong, as `PUT /qbtc/v1/faults` takes it (see `faults_http`)
    Faults        the plan in force, its dice and what they did; the venue's clock with its jump
    Line          events to one connection: dropped, doubled, reordered, late, cut off
    FaultyEndpoint, FaultySession   stand between the sockets and an endpoint, which knows nothing of it

Only a venue started with `[exchange] faults` has any of this in the way.
"""

from __future__ import annotations

import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Annotated, Protocol

import msgspec

from .sockets import Endpoint, Session
from .ws_call import UNREADABLE

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Millis = Annotated[float, msgspec.Meta(ge=0, le=600_000)]
UNKNOWN_OUTCOME = {"code": -1007, "msg": "Timeout waiting for response from backend server. Send status unknown;"
                   " execution status unknown."}  # fmt: skip
OVERLOADED = {"code": -1008, "msg": "Server is currently overloaded with other requests. Please try again in a few"
              " minutes."}  # fmt: skip
HELD = 0.05
"""Seconds that a reordered event waits for the one that overtakes it."""
PENDING = 10_000
Later = Callable[[float, Callable[[], None]], object]


class Noise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares of events, and the longest delay of one; delayed events keep their order."""

    drop: Share = 0
    duplicate: Share = 0
    reorder: Share = 0
    disconnect: Share = 0
    delay_ms: Millis = 0

    @property
    def quiet(self) -> bool:
        return not (self.drop or self.duplicate or self.reorder or self.disconnect or self.delay_ms)


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares of requests whose REST path or WebSocket method contains one of `only`.

    `refuse`: 503 and nothing was done; `fail`: 503 after it was done; `lose`: it was done and no answer comes.
    """

    refuse: Share = 0
    fail: Share = 0
    lose: Share = 0
    delay_ms: Millis = 0
    only: tuple[str, ...] = ("order",)

    def concerns(self, name: str) -> bool:
        return any(part in name for part in self.only)


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`market`: public streams; `user`: user data events; `stale_depth`: depth answers stay as they first were."""

    seed: int = 0
    market: Noise = Noise()
    user: Noise = Noise()
    answers: Answers = Answers()
    stale_depth: bool = False
    clock_jump_ms: int = 0


class Faults:
    def __init__(self, *, on: bool = True) -> None:
        self.on = on
        self.plan = Plan()
        self.done: Counter[str] = Counter()
        self.serial = 0
        self._connections = 0
        self.dice = Random("0/requests")

    def set(self, plan: Plan) -> None:
        """Begin anew: dice, counts and connection numbers too."""
        self.plan = plan
        self.done.clear()
        self.serial += 1
        self._connections = 0
        self.dice = Random(f"{plan.seed}/requests")

    def connection_dice(self) -> Random:
        self._connections += 1
        return Random(f"{self.plan.seed}/{self._connections}")

    def wall(self) -> int:
        """The venue's clock: wall time, ns, with its jump."""
        return time.time_ns() + self.plan.clock_jump_ms * 1_000_000

    def hit(self, share: float, name: str, dice: Random | None = None) -> bool:
        """Throw the dice, and count what falls."""
        if not share or (dice or self.dice).random() >= share:
            return False
        self.done[name] += 1
        return True

    def fate(self, name: str) -> str:
        """What becomes of a request: '', refuse, fail or lose."""
        answers = self.plan.answers
        if not answers.concerns(name):
            return ""
        shares = {"refuse": answers.refuse, "fail": answers.fail, "lose": answers.lose}
        return next((kind for kind, share in shares.items() if self.hit(share, kind)), "")


class Droppable(Session, Protocol):
    def drop(self) -> None:
        """Cut the connection without a word."""


class Line:
    """Events to one connection, in order unless the plan says otherwise."""

    def __init__(self, faults: Faults, noise: Callable[[], Noise], session: Droppable, later: Later) -> None:
        self._faults = faults
        self._noise = noise
        self._session = session
        self._later = later
        self._serial = -1
        self._dice = Random(0)
        self._held: Callable[[], None] | None = None
        self._waiting: deque[tuple[float, Callable[[], None]]] = deque()

    def put(self, send: Callable[[], None]) -> None:
        """`send` sends one event."""
        noise, faults = self._noise(), self._faults
        if self._serial != faults.serial:
            self._serial, self._dice = faults.serial, faults.connection_dice()
        if noise.quiet and self._held is None:
            self.out(send, 0)
        elif faults.hit(noise.disconnect, "disconnect", self._dice):
            self._session.drop()
        elif not faults.hit(noise.drop, "drop", self._dice):
            self._put_noisy(send, noise)

    def _put_noisy(self, send: Callable[[], None], noise: Noise) -> None:
        twice = self._faults.hit(noise.duplicate, "duplicate", self._dice)
        delay = self._dice.random() * noise.delay_ms / 1000
        if self._held is None and self._faults.hit(noise.reorder, "reorder", self._dice):
            self._held = send
            self._later(HELD, self._release)
            return
        self.out(send, delay)
        if twice:
            self.out(send, delay)
        self._release()

    def _release(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            self.out(held, 0)

    def out(self, send: Callable[[], None], delay: float) -> None:
        """After all that is on its way, and not before `delay` seconds."""
        if not delay and not self._waiting:
            send()
            return
        self._waiting.append((time.monotonic() + delay, send))
        if len(self._waiting) == 1:
            self._later(delay, self._run)

    def _run(self) -> None:
        """One timer at a time, so that timers never change the order."""
        while self._waiting and self._waiting[0][0] <= time.monotonic():
            self._waiting.popleft()[1]()
        if self._waiting:
            self._later(max(self._waiting[0][0] - time.monotonic(), 0), self._run)


class FaultySession:
    """A `Session` whose events pass a `Line` and whose answers meet their fate."""

    def __init__(self, session: Droppable, line: Line, is_event: Callable[[bytes], bool]) -> None:
        self.address: str = session.address
        self.path: str = session.path
        self.query: str = session.query
        self.headers: Mapping[str, str] = session.headers
        self.fates: OrderedDict[bytes, tuple[str, float]] = OrderedDict()
        self._session = session
        self._line = line
        self._is_event = is_event

    def send(self, message: bytes) -> None:
        if self._is_event(message):
            self._line.put(lambda: self._session.send(message))
            return
        fate, delay = self.fates.pop(_identity(message), ("", 0.0)) if self.fates else ("", 0.0)
        if fate == "lose":
            return
        if fate == "fail":
            message = failure(_identity(message), UNKNOWN_OUTCOME)
        self._line.out(lambda: self._session.send(message), delay)

    def send_all(self, messages: Sequence[bytes]) -> None:
        for message in messages:
            self.send(message)

    def send_binary(self, message: bytes) -> None:
        self._line.put(lambda: self._session.send_binary(message))

    def close(self, code: int, reason: str) -> None:
        self._session.close(code, reason)


class FaultyEndpoint:
    """Stands in front of an endpoint. `is_event` tells its events from its answers, `noise` which noise they get."""

    def __init__(
        self,
        endpoint: Endpoint,
        faults: Faults,
        later: Later,
        *,
        noise: Callable[[Plan], Noise],
        is_event: Callable[[bytes], bool],
    ) -> None:
        self._endpoint = endpoint
        self._faults = faults
        self._later = later
        self._noise = noise
        self._is_event = is_event
        self._sessions: dict[Session, FaultySession] = {}

    def opened(self, session: Session) -> None:
        line = Line(self._faults, lambda: self._noise(self._faults.plan), session, self._later)  # type: ignore[arg-type]
        faulty = self._sessions[session] = FaultySession(session, line, self._is_event)  # type: ignore[arg-type]
        self._endpoint.opened(faulty)

    def on_frame(self, session: Session, message: bytes) -> None:
        faulty = self._sessions[session]
        asked = _asked(message)
        if asked is not None and self._faults.plan.answers.concerns(asked.method):
            fate = self._faults.fate(asked.method)
            if fate == "refuse":
                session.send(failure(bytes(asked.id), OVERLOADED))
                return
            delay = self._faults.dice.random() * self._faults.plan.answers.delay_ms / 1000
            if fate or delay:
                faulty.fates[bytes(asked.id)] = fate, delay
            while len(faulty.fates) > PENDING:
                faulty.fates.popitem(last=False)
        self._endpoint.on_frame(faulty, message)

    def closed(self, session: Session) -> None:
        faulty = self._sessions.pop(session, None)
        if faulty is not None:
            self._endpoint.closed(faulty)


class _Asked(msgspec.Struct):
    method: str
    id: msgspec.Raw = msgspec.Raw(b"null")


class _Answered(msgspec.Struct):
    id: msgspec.Raw = msgspec.Raw(b"null")


_asked_decoder = msgspec.json.Decoder(_Asked)
_answered_decoder = msgspec.json.Decoder(_Answered)


def _asked(message: bytes) -> _Asked | None:
    try:
        return _asked_decoder.decode(message)
    except UNREADABLE:
        return None


def _identity(message: bytes) -> bytes:
    try:
        return bytes(_answered_decoder.decode(message).id)
    except UNREADABLE:
        return b"null"


def failure(identity: bytes, error: Mapping[str, object]) -> bytes:
    """A WebSocket API answer with status 503."""
    return b'{"id":%b,"status":503,"error":%b}' % (identity, msgspec.json.encode(error))


def stream_event(message: bytes) -> bool:
    """Stream endpoints, public and private: whatever is no answer to a control message."""
    return not message.startswith((b'{"result"', b'{"error"'))


def user_event(message: bytes) -> bool:
    """The WebSocket API: user data events."""
    return message.startswith((b'{"subscriptionId"', b'{"event"'))
