"""One connection to the WebSocket API: who is logged on, what it is subscribed to, how it wants its answers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from ..core.binance.errors import ApiError, Code
from ..core.binance.wire import Time, TimeUnit, time_unit
from .keys import Key
from .limits import Address

if TYPE_CHECKING:
    from .sockets import Session

MOST_SUBSCRIPTIONS = 65_535
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Subscription:
    account: int
    by_logon: bool
    api_key: str


@dataclass(slots=True, eq=False)
class WsSession:
    connection: Session
    address: Address
    connected: int
    unit: TimeUnit = TimeUnit.MILLISECOND
    show_limits: bool = True
    key: Key | None = None
    may_trade: bool = False
    authorized: int = 0
    subscriptions: dict[int, Subscription] = field(default_factory=dict)
    next_subscription: int = 0

    @classmethod
    def of(cls, connection: Session, address: Address, now: int) -> WsSession:
        """As the URL asks: `timeUnit`, `returnRateLimits`. Raises ApiError -1194."""
        asked: Mapping[str, list[str]] = parse_qs(connection.query)
        unit = time_unit(asked.get("timeUnit", [""])[-1])
        show = asked.get("returnRateLimits", ["true"])[-1].lower() != "false"
        return cls(connection, address, now, unit, show)

    def status(self, now: int) -> Json:
        """`session.status`."""
        return {
            "apiKey": self.key.api_key if self.key else None,
            "authorizedSince": Time(self.authorized) if self.key else None,
            "connectedSince": Time(self.connected),
            "returnRateLimits": self.show_limits,
            "serverTime": Time(now),
            "userDataStream": any(row.by_logon for row in self.subscriptions.values()),
        }

    def subscribe(self, account: int, api_key: str, *, by_logon: bool) -> int:
        """A new subscription's id. Raises ApiError -2035 if the account is subscribed to, -2042 after 65,535."""
        if any(row.account == account for row in self.subscriptions.values()):
            raise ApiError(Code.SUBSCRIPTION_ACTIVE)
        if self.next_subscription > MOST_SUBSCRIPTIONS:
            raise ApiError(Code.MAXIMUM_SUBSCRIPTIONS)
        number, self.next_subscription = self.next_subscription, self.next_subscription + 1
        self.subscriptions[number] = Subscription(account, by_logon, api_key)
        return number

    def unsubscribe(self, number: int | None) -> list[int]:
        """Ids that ended: one, or all. Raises ApiError -2036 if there is no such subscription."""
        ended = list(self.subscriptions) if number is None else [number]
        if not ended or any(one not in self.subscriptions for one in ended):
            raise ApiError(Code.SUBSCRIPTION_INACTIVE)
        for one in ended:
            del self.subscriptions[one]
        return ended

    def log_on(self, key: Key, *, may_trade: bool) -> None:
        """The session's key, also when the registry holds it anew."""
        self.key, self.may_trade = key, may_trade

    def logout(self) -> list[int]:
        """Forget the key; ids of the subscriptions that ended with it."""
        self.key, self.may_trade, self.authorized = None, False, 0
        ended = [number for number, row in self.subscriptions.items() if row.by_logon]
        for number in ended:
            del self.subscriptions[number]
        return ended
