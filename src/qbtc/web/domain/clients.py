"""What the hub knows of a connection: subscriptions, what it still has to be told, where it stands when it lags."""

from __future__ import annotations

from dataclasses import dataclass

from qbtc.web.domain.channels import Channel, Lane


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one connection and of the hub; what is beyond is refused or closed, never queued."""

    subscriptions: int = 200
    messages_per_second: float = 20
    message_burst: int = 200
    outbox: int = 256
    backlog: int = 200
    log_items: int = 2000
    log_bytes: int = 4 << 20
    lag_items: int = 1000
    logs: int = 2000
    resumes: int = 1000
    resume_ms: int = 60_000


class TokenBucket:
    """`burst` at once, `rate` a second in the long run; times are milliseconds."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, burst: int, rate: float, now: int) -> None:
        self._burst, self._rate, self._left, self._at = burst, rate, float(burst), now

    def take(self, now: int) -> bool:
        self._left = min(self._burst, self._left + (now - self._at) * self._rate / 1000)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


@dataclass(frozen=True, slots=True)
class Subscription:
    channel: Channel
    rate: int

    @property
    def lane(self) -> Lane:
        return self.channel.lanes[self.rate]


class Profile:
    """All clients with the same subscriptions; `channels` is keyed by rate."""

    __slots__ = ("channels", "clients", "key")

    def __init__(self, key: tuple[tuple[str, int], ...]) -> None:
        self.key = key
        self.clients: dict[int, Client] = {}
        self.channels: dict[int, list[str]] = {}
        for channel, rate in key:
            self.channels.setdefault(rate, []).append(channel)

    def parts(self, encoded: dict[int, dict[str, bytes]]) -> list[bytes]:
        """The encoded items of this tick that these clients asked for."""
        found: list[bytes] = []
        for rate, items in encoded.items():
            wanted = self.channels.get(rate)
            if wanted:
                found.extend(items[key] for key in wanted if key in items)
        return found


class Client:
    """One connection. The shell sets `busy`; everything else is the hub's.

    `behind` is None while the client stands where its lanes stand. Otherwise it holds its position by channel name, and
    the client is served on its own until it has caught up.
    """

    __slots__ = ("behind", "bucket", "busy", "expires", "id", "outbox", "profile", "subs", "user")

    def __init__(self, client_id: int, user: str, expires: int, bucket: TokenBucket) -> None:
        self.id, self.user, self.expires, self.bucket = client_id, user, expires, bucket
        self.busy = False
        self.subs: dict[str, Subscription] = {}
        self.profile: Profile | None = None
        self.outbox: list[bytes] = []
        self.behind: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """A connection to close. Codes: 4001 session over, 4008 too many messages, 4009 too slow (`reason` is a resume token)."""

    client: Client
    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Where a client stood that was closed for being slow: (channel, rate, epoch, last offset) each."""

    user: str
    expires: int
    positions: tuple[tuple[str, int, str | None, int | None], ...]
