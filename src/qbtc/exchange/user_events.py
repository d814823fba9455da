"""Who hears which account: user data events to the subscriptions of WebSocket API sessions, after their commit.

An event is rendered when it happens, since its balances are those of that moment, and only if somebody listens.
"""

from __future__ import annotations

import time

import msgspec

from ..core.binance.user_data import EventStreamTerminated
from ..core.binance.wire import TimeUnit
from .events import account_position, balance_update, execution_report, list_status
from .model import Heard, ListView, Moved, Report
from .operation import Api
from .ws_session import WsSession

_encode = msgspec.json.Encoder().encode


class UserEvents:
    def __init__(self, api: Api) -> None:
        self._api = api
        self._sessions: set[WsSession] = set()
        self._number = time.time_ns() // 1_000_000
        """Execution ids go on from the clock, so that they grow over restarts too."""

    def watch(self, session: WsSession) -> None:
        self._sessions.add(session)

    def forget(self, session: WsSession) -> None:
        self._sessions.discard(session)

    def listens(self, account: int) -> bool:
        """Whether a session has subscribed to the account."""
        return any(row.account == account for session in self._sessions for row in session.subscriptions.values())

    def hear(self, report: Heard) -> None:
        """What the books report, in order (`Books.on_report`)."""
        if isinstance(report, Report):
            self._count_fill(report)
        if self._sessions:
            self._spread(report)

    def _count_fill(self, report: Report) -> None:
        trade = report.trade
        if trade is not None and trade.lots == report.order.filled:
            self._api.limits.orders(report.account).filled(self._api.wall(), maker=trade.maker)

    def _spread(self, report: Heard) -> None:
        account = report.orders[0].account if isinstance(report, ListView) else report.account
        rendered: dict[TimeUnit, list[bytes]] = {}
        self._number += 1
        self._api.keys.refresh(self._api.wall())
        for session in self._sessions:
            self._drop_revoked(session)
            numbers = [n for n, row in session.subscriptions.items() if row.account == account]
            if numbers and session.unit not in rendered:
                rendered[session.unit] = self._render(report, session.unit)
            for number in numbers:
                self._send(session, number, rendered[session.unit])

    def _drop_revoked(self, session: WsSession) -> None:
        """Subscriptions of keys that are gone end, and hear so."""
        for number in [n for n, row in session.subscriptions.items() if self._api.keys.find(row.api_key) is None]:
            del session.subscriptions[number]
            event = _encode(EventStreamTerminated(event_ms=self._api.wall() // session.unit))
            session.connection.send(b'{"subscriptionId":%d,"event":%b}' % (number, event))

    def _render(self, report: Heard, unit: TimeUnit) -> list[bytes]:
        if isinstance(report, ListView):
            return [_encode(list_status(report, unit))]
        if isinstance(report, Moved):
            position = account_position(self._api.books, report.account, [report.asset], report.time // unit)
            return [_encode(balance_update(report, unit)), _encode(position)]
        assets = [report.order.instrument.base, report.order.instrument.quote]
        position = account_position(self._api.books, report.account, assets, report.time // unit)
        return [_encode(execution_report(report, self._number, unit)), _encode(position)]

    def _send(self, session: WsSession, number: int, events: list[bytes]) -> None:
        frames = [b'{"subscriptionId":%d,"event":%b}' % (number, event) for event in events]

        def send() -> None:
            if number in session.subscriptions:
                session.connection.send_all(frames)

        self._api.books.after_commit(send)
