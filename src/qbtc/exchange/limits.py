"""What a client may ask for in a time: request weight and raw requests per address, connections, unfilled orders per
account. Intervals are aligned to the clock, as Binance's are. Pure: times are passed in, in nanoseconds.

Whoever goes on after a 429 is banned (418): first for two minutes, then twice as long each time, at most three days.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..core.binance.errors import ApiError, Code

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
FIVE_MINUTES = 5 * MINUTE
DAY = 86_400 * SECOND
MAKER_CREDIT = 5
"""How many orders a first fill as maker takes off the count; as taker it is one (faqs/order_count_decrement.md)."""

Row = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Allowance:
    """Figures of one venue."""

    weight: int = 6_000
    raw: int = 61_000
    connections: int = 300
    orders_10s: int = 100
    orders_long: int = 200_000
    patience: int = 60
    """Requests refused with 429 within a minute before an address is banned."""
    long: int = DAY
    """The longer interval in which orders are counted: a day, or a minute as for futures."""

    @property
    def interval(self) -> str:
        return "DAY" if self.long == DAY else "MINUTE"

    def rows(self) -> list[Row]:
        """`rateLimits` of exchangeInfo."""
        return [
            _row("REQUEST_WEIGHT", "MINUTE", 1, self.weight),
            _row("ORDERS", "SECOND", 10, self.orders_10s),
            _row("ORDERS", self.interval, 1, self.orders_long),
            _row("RAW_REQUESTS", "MINUTE", 5, self.raw),
        ]


def _row(kind: str, interval: str, number: int, limit: int) -> Row:
    return {"rateLimitType": kind, "interval": interval, "intervalNum": number, "limit": limit}


class Address:
    """What one address has used in the running intervals."""

    __slots__ = (
        "allowed", "banned_until", "connections", "connections_from", "minute", "raw", "raw_from", "refused", "strikes",
        "weight",
    )  # fmt: skip

    def __init__(self, allowed: Allowance) -> None:
        self.allowed = allowed
        self.minute = self.raw_from = self.connections_from = 0
        self.weight = self.raw = self.connections = self.refused = self.strikes = 0
        self.banned_until = 0

    def spend(self, weight: int, now: int) -> int:
        """Count a request; returns the weight used in this minute. Raises ApiError -1003 (429 or 418)."""
        if now < self.banned_until:
            raise self._banned(now)
        if now >= self.minute + MINUTE:
            self._turn(now)
        self.weight += weight
        self.raw += 1
        if self.weight > self.allowed.weight or self.raw > self.allowed.raw:
            raise self._refuse(now)
        return self.weight

    def full(self, now: int) -> bool:
        """Whether a request of weight 1 would be refused."""
        if now >= self.minute + MINUTE:
            return now < self.banned_until
        return now < self.banned_until or self.weight >= self.allowed.weight or self.raw >= self.allowed.raw

    def connect(self, now: int) -> None:
        """Count a connection attempt. Raises ApiError -1034 or, while banned, -1003."""
        if now < self.banned_until:
            raise self._banned(now)
        if now >= self.connections_from + FIVE_MINUTES:
            self.connections_from, self.connections = now - now % FIVE_MINUTES, 0
        self.connections += 1
        if self.connections > self.allowed.connections:
            raise ApiError(Code.TOO_MANY_CONNECTIONS)

    def row(self) -> Row:
        return _row("REQUEST_WEIGHT", "MINUTE", 1, self.allowed.weight) | {"count": self.weight}

    def _turn(self, now: int) -> None:
        self.minute, self.weight, self.refused = now - now % MINUTE, 0, 0
        if now >= self.raw_from + FIVE_MINUTES:
            self.raw_from, self.raw = now - now % FIVE_MINUTES, 0

    def _refuse(self, now: int) -> ApiError:
        self.refused += 1
        if self.refused > self.allowed.patience:
            self.banned_until = now + min(2 * MINUTE << self.strikes, 3 * DAY)
            self.strikes += 1
            return self._banned(now)
        by_weight = self.weight > self.allowed.weight
        ends = self.minute + MINUTE if by_weight else self.raw_from + FIVE_MINUTES
        text = (
            f"Too much request weight used; current limit is {self.allowed.weight} request weight per 1 MINUTE."
            " Please use WebSocket Streams for live updates to avoid polling the API."
            if by_weight
            else f"Too many requests; current limit is {self.allowed.raw} requests per 5 MINUTE."
        )
        return _after(ApiError(Code.TOO_MANY_REQUESTS, text), ends - now)

    def _banned(self, now: int) -> ApiError:
        text = (
            f"Way too much request weight used; IP banned until {self.banned_until // 1_000_000}."
            " Please use WebSocket Streams for live updates to avoid bans."
        )
        return _after(ApiError(Code.TOO_MANY_REQUESTS, text, status=418), self.banned_until - now)


def _after(error: ApiError, wait: int) -> ApiError:
    error.retry_after = -(-wait // SECOND)
    return error


class OrderCount:
    """Unfilled orders of one account in the running ten seconds and the running day (or minute)."""

    __slots__ = ("allowed", "long", "long_from", "short", "short_from")

    def __init__(self, allowed: Allowance) -> None:
        self.allowed = allowed
        self.short = self.long = self.short_from = self.long_from = 0

    def check(self, orders: int, now: int, *, long: int | None = None) -> None:
        """Raises ApiError -1015 if so many more orders (`long`: in the longer interval) are too many. Counts nothing."""
        self._turn(now)
        if self.short + orders > self.allowed.orders_10s:
            raise _too_many(self.allowed.orders_10s, "10 SECOND")
        if self.long + (orders if long is None else long) > self.allowed.orders_long:
            raise _too_many(self.allowed.orders_long, f"1 {self.allowed.interval}")

    def add(self, orders: int, now: int, *, long: int | None = None) -> None:
        self._turn(now)
        self.short += orders
        self.long += orders if long is None else long

    def take_back(self, orders: int) -> None:
        """Orders that were added and then refused."""
        self.short = max(self.short - orders, 0)
        self.long = max(self.long - orders, 0)

    def filled(self, now: int, *, maker: bool) -> None:
        """An order traded for the first time."""
        self._turn(now)
        credit = MAKER_CREDIT if maker else 1
        self.short = max(self.short - credit, 0)
        self.long = max(self.long - credit, 0)

    def rows(self, now: int) -> list[Row]:
        self._turn(now)
        return [
            _row("ORDERS", "SECOND", 10, self.allowed.orders_10s) | {"count": self.short},
            _row("ORDERS", self.allowed.interval, 1, self.allowed.orders_long) | {"count": self.long},
        ]

    def _turn(self, now: int) -> None:
        if now >= self.short_from + 10 * SECOND:
            self.short_from, self.short = now - now % (10 * SECOND), 0
            if now >= self.long_from + self.allowed.long:
                self.long_from, self.long = now - now % self.allowed.long, 0


def _too_many(limit: int, interval: str) -> ApiError:
    return ApiError(Code.TOO_MANY_ORDERS, f"Too many new orders; current limit is {limit} orders per {interval}.")


@dataclass(slots=True)
class Limits:
    """All counters of the venue."""

    allowed: Allowance = field(default_factory=Allowance)
    addresses: dict[str, Address] = field(default_factory=dict)
    accounts: dict[int, OrderCount] = field(default_factory=dict)

    def address(self, name: str) -> Address:
        found = self.addresses.get(name)
        if found is None:
            found = self.addresses[name] = Address(self.allowed)
        return found

    def orders(self, account: int) -> OrderCount:
        found = self.accounts.get(account)
        if found is None:
            found = self.accounts[account] = OrderCount(self.allowed)
        return found
