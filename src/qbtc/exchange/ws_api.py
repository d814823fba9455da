"""The WebSocket API without its sockets: frames in, `session.send` out (see `sockets.Endpoint`).

Requests run in the order they come, each to its end at once; what touches an account is answered after the group commit
that covers it, so that a pipelining client shares one. `order.place` and `order.cancel` of a logged-on session take the
short way of `ws_fast` when they are of the usual form.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, cast

import msgspec

from ..core.binance.errors import ApiError, Code
from ..core.binance.signing import KeyKind, ws_payload
from ..core.binance.user_data import EventStreamTerminated
from ..core.binance.wire import Time, encode
from ..kit.logs import get_logger
from .access import authorised, check_signed, check_time, permitted
from .keys import Key
from .limits import Row
from .operation import Api, Operation, Security
from .params import Params, boolean, check_known, integer, required
from .user_events import UserEvents
from .ws_call import Call, read_call, read_identity, read_params
from .ws_fast import Fast
from .ws_session import WsSession

if TYPE_CHECKING:
    from .sockets import Session

log = get_logger(__name__)
OWN = frozenset({"returnRateLimits"})
SIGNED = frozenset({"apiKey", "timestamp", "recvWindow", "signature"})
POLICY = 1008


class WsApi:
    """`operations` by their WebSocket method."""

    def __init__(self, api: Api, operations: tuple[Operation, ...]) -> None:
        self._api = api
        self._operations = {op.ws: op for op in operations if op.ws}
        self._sessions: dict[Session, WsSession] = {}
        self.events = UserEvents(api)
        self._fast = Fast(api)
        self._tasks: set[asyncio.Task[None]] = set()
        self._own: dict[str, Callable[[WsSession, Params, int], object]] = {
            "session.logon": self._logon,
            "session.status": self._status,
            "session.logout": self._logout,
            "session.subscriptions": self._subscriptions,
            "userDataStream.subscribe": self._subscribe,
            "userDataStream.subscribe.signature": self._subscribe_signed,
            "userDataStream.unsubscribe": self._unsubscribe,
        }

    @property
    def methods(self) -> frozenset[str]:
        """All methods that are served."""
        return frozenset(self._operations) | frozenset(self._own)

    # ---- the connection

    def opened(self, session: Session) -> None:
        now = self._api.wall()
        try:
            address = self._api.limits.address(session.address)
            address.connect(now)
            self._sessions[session] = WsSession.of(session, address, now)
        except ApiError as error:
            session.close(POLICY, error.msg[:120])

    def closed(self, session: Session) -> None:
        found = self._sessions.pop(session, None)
        if found is not None:
            self.events.forget(found)

    def shutdown(self) -> None:
        """Tell every connection that the venue is about to go."""
        for session, state in self._sessions.items():
            event = {"e": "serverShutdown", "E": Time(self._api.now())}
            session.send(encode({"event": event}, state.unit))

    def on_frame(self, session: Session, message: bytes) -> None:
        state = self._sessions.get(session)
        if state is None:
            return
        now = self._api.wall()
        if self._fast.take(state, message, now):
            return
        try:
            call = read_call(message)
        except ApiError as error:
            self._fail(state, b"null", error, None)
            return
        self._general(state, call, now)

    # ---- one request

    def _general(self, state: WsSession, call: Call, now: int) -> None:
        identity, operation = b"null", None
        show = state.show_limits
        try:
            identity = read_identity(call.id)
            method = call.method.removeprefix("v3/")
            operation = self._operations.get(method)
            params = read_params(call.params)
            show = boolean(params, "returnRateLimits", state.show_limits)
            own = self._own.get(method)
            state.address.spend(2 if own else operation.cost(params) if operation else 1, now)
            if own is not None:
                check_known(params, OWN | SIGNED | {"subscriptionId"})
                self._answer(state, identity, own(state, params, now), None, show=show)
            elif operation is not None:
                self._operate(state, identity, operation, params, now)
            else:
                raise ApiError(Code.UNKNOWN_PARAM, f"Unknown method {call.method!r}.")
        except ApiError as error:
            self._fail(state, identity, error, operation, show=show)

    def _operate(
        self, state: WsSession, identity: bytes, operation: Operation, params: dict[str, str], now: int
    ) -> None:
        show = boolean(params, "returnRateLimits", state.show_limits)
        check_known(params, operation.known | OWN | SIGNED)
        account = self._account(state, operation, params, now)
        counted = self._api.limits.orders(account) if operation.orders else None
        if counted is not None:
            counted.check(operation.orders, now)
            counted.add(operation.orders, now)
        work = guarded(self._api, operation, params, account)
        if operation.slow:
            task = asyncio.ensure_future(self._later(state, identity, operation, work, show=show))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return
        try:
            body = run_now(work)
        except ApiError:
            if counted is not None:
                counted.take_back(operation.orders)
            raise
        self._answer(state, identity, body, operation, show=show)

    async def _later(
        self, state: WsSession, identity: bytes, operation: Operation, work: Awaitable[object], *, show: bool
    ) -> None:
        try:
            self._answer(state, identity, await work, operation, show=show)
        except ApiError as error:
            self._fail(state, identity, error, operation, show=show)

    def _account(self, state: WsSession, operation: Operation, params: Params, now: int) -> int:
        """Whose request it is: of the key it names and signed with, else of the session's key."""
        if not operation.signed:
            return 0
        key = state.key
        if "apiKey" in params or key is None:
            return self._signer(params, operation.security, now).account
        key = self.current(state, key, now)
        if not permitted(key, operation.security):
            raise ApiError(Code.REJECTED_KEY)
        check_time(params, now)
        return key.account

    def current(self, state: WsSession, key: Key, now: int) -> Key:
        """The session's key if it is still registered; else the session is logged out. Raises ApiError -2015."""
        self._api.keys.refresh(now)
        found = self._api.keys.find(key.api_key)
        if found is None:
            state.logout()
            raise ApiError(Code.REJECTED_KEY)
        if found is not key:
            state.log_on(found, may_trade=permitted(found, Security.TRADE))
        return found

    def _signer(self, params: Params, security: Security, now: int) -> Key:
        self._api.keys.refresh(now)
        key = authorised(self._api.keys, required(params, "apiKey"), security)
        check_signed(key, params, ws_payload(params), now)
        return key

    # ---- session and user data methods

    def _logon(self, state: WsSession, params: Params, now: int) -> object:
        key = self._signer(params, Security.NONE, now)
        if key.kind is not KeyKind.ED25519:
            raise ApiError(Code.UNSUPPORTED_OPERATION, "Only Ed25519 keys are supported for session.logon.")
        state.log_on(key, may_trade=permitted(key, Security.TRADE))
        state.authorized = now
        return state.status(now)

    def _status(self, state: WsSession, params: Params, now: int) -> object:
        return state.status(now)

    def _logout(self, state: WsSession, params: Params, now: int) -> object:
        self._terminated(state, state.logout(), now)
        return state.status(now)

    def _subscriptions(self, state: WsSession, params: Params, now: int) -> object:
        return [{"subscriptionId": number} for number in sorted(state.subscriptions)]

    def _subscribe(self, state: WsSession, params: Params, now: int) -> object:
        if state.key is None:
            raise ApiError(Code.UNAUTHORIZED, "You are not authorized to execute this request.")
        key = self.current(state, state.key, now)
        if not permitted(key, Security.USER_STREAM):
            raise ApiError(Code.REJECTED_KEY)
        return self._subscribed(state, key, by_logon=True)

    def _subscribe_signed(self, state: WsSession, params: Params, now: int) -> object:
        key = self._signer(params, Security.USER_STREAM, now)
        return self._subscribed(state, key, by_logon=False)

    def _subscribed(self, state: WsSession, key: Key, *, by_logon: bool) -> object:
        number = state.subscribe(key.account, key.api_key, by_logon=by_logon)
        self.events.watch(state)
        return {"subscriptionId": number}

    def _unsubscribe(self, state: WsSession, params: Params, now: int) -> object:
        number = integer(params, "subscriptionId") if "subscriptionId" in params else None
        self._terminated(state, state.unsubscribe(number), now)
        return {}

    def _terminated(self, state: WsSession, ended: list[int], now: int) -> None:
        for number in ended:
            event = msgspec.json.encode(EventStreamTerminated(event_ms=now // state.unit))
            state.connection.send(b'{"subscriptionId":%d,"event":%b}' % (number, event))
        if not state.subscriptions:
            self.events.forget(state)

    # ---- answers

    def _answer(
        self, state: WsSession, identity: bytes, body: object, operation: Operation | None, *, show: bool
    ) -> None:
        result = encode(body, state.unit)
        limits = self._limits(state, operation) if show else b""
        frame = b'{"id":%b,"status":200,"result":%b%b}' % (identity, result, limits)
        if operation is not None and operation.signed:
            self._api.books.send_after_commit(state.connection, frame)
        else:
            state.connection.send(frame)

    def _fail(
        self, state: WsSession, identity: bytes, error: ApiError, operation: Operation | None, *, show: bool = True
    ) -> None:
        limits = self._limits(state, operation) if show else b""
        body = encode(self._error(error), state.unit)
        frame = b'{"id":%b,"status":%d,"error":%b%b}' % (identity, error.http_status, body, limits)
        if operation is not None and operation.signed:
            self._api.books.send_after_commit(state.connection, frame)
        else:
            state.connection.send(frame)
        if error.http_status == 418:
            state.connection.close(POLICY, "banned for too many requests")

    def _error(self, error: ApiError) -> dict[str, object]:
        """What REST says in Retry-After is here a time."""
        if error.retry_after is None:
            return error.body()
        now = self._api.wall()
        again = Time(now + error.retry_after * 1_000_000_000)
        return error.body() | {"data": {"serverTime": Time(now), "retryAfter": again}}

    def _limits(self, state: WsSession, operation: Operation | None) -> bytes:
        rows: list[Row] = []
        if operation is not None and operation.security is Security.TRADE and state.key is not None:
            rows += self._api.limits.orders(state.key.account).rows(self._api.wall())
        return b',"rateLimits":' + msgspec.json.encode([*rows, state.address.row()])


def run_now(work: Awaitable[object]) -> object:
    """The result of a coroutine that does not wait. One that waits must be marked `slow`."""
    coroutine = cast("Coroutine[None, None, object]", work)
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise RuntimeError("an operation waited without being marked slow")


async def guarded(api: Api, operation: Operation, params: Params, account: int) -> object:
    """Run a handler; what it did not foresee becomes -1000 and is logged, without the parameters."""
    try:
        return await operation.handler(api, params, account)
    except ApiError:
        raise
    except Exception as error:
        log.error("operation failed", operation=operation.path or operation.ws, error=repr(error), exc_info=True)
        raise ApiError(Code.UNKNOWN) from error
