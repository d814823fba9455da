"""The WebSocket hub as a pure core: publishers and clients in, frames out, no sockets and no clock.

The shell (adapters/ws.py) feeds `receive` with what browsers say, sets `client.busy` while a socket takes no more,
and calls `tick` up to sixty times a second; `tick` returns at most one frame a client. Clients with the same
subscriptions share one `Profile`, and so the very same frame object: a frame is joined from items that were encoded
once per channel and rate, never per client.

A client that is new, or was busy, is served on its own until it stands where its lanes stand: the hub knows its
position in each channel (one number) and sends the latest state, a whole book picture and the log items in between.
One that falls too far behind in a log is closed with a resume token, while the ring still has what it lacks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from qbtc.web.domain.channels import BookChannel, Channel, Level, LogChannel, StateChannel
from qbtc.web.domain.clients import Client, Close, Limits, Profile, Resume, Subscription, TokenBucket
from qbtc.web.domain.names import ChannelClass, channel_key, classify
from qbtc.web.domain.protocol import RATES, Ping, ProtocolError, ResumeToken, Subscribe, Unsubscribe, parse

NEVER = 1 << 62
C = TypeVar("C", bound=Channel)


@dataclass(slots=True)
class Tick:
    """What the shell has to do: send each frame, close each connection."""

    frames: list[tuple[Client, bytes]] = field(default_factory=list)
    closes: list[Close] = field(default_factory=list)


class Hub:
    """`epoch` names this run of the hub; `new_token` makes unguessable strings."""

    def __init__(self, *, epoch: str, new_token: Callable[[], str], limits: Limits | None = None) -> None:
        self.epoch, self.limits = epoch, limits or Limits()
        self.clients: dict[int, Client] = {}
        self._new_token = new_token
        self._channels: dict[str, Channel] = {}
        self._logs_made = 0
        self._dirty: dict[int, dict[str, Channel]] = {rate: {} for rate in RATES}
        self._slots = dict.fromkeys(RATES, -1)
        self._ticks = 0
        self._profiles: dict[tuple[tuple[str, int], ...], Profile] = {}
        self._special: dict[int, Client] = {}
        self._resumes: dict[str, Resume] = {}
        self._closes: list[Close] = []

    # ---- publishing

    def set_state(self, name: str, value: bytes) -> None:
        """`value` is the encoded JSON of the latest value. Raises TypeError for a name of another class."""
        channel = self._publishable(name, name, StateChannel)
        channel.set(value)
        self._mark(channel)

    def set_book(self, name: str, bids: Iterable[Level], asks: Iterable[Level]) -> None:
        channel = self._publishable(name, name, BookChannel)
        channel.set(bids, asks)
        self._mark(channel)

    def append(self, name: str, value: bytes, *, key: str | None = None) -> int:
        """Add one encoded JSON item to a log; `key` is that of a private copy. Returns its offset."""
        channel = self._publishable(name, key or name, LogChannel)
        offset = channel.append(value)
        self._mark(channel)
        return offset

    def _publishable(self, name: str, key: str, kind: type[C]) -> C:
        channel = self._channel(name, key)
        if not isinstance(channel, kind):
            raise TypeError(f"{name!r} is a {type(channel).__name__}, not a {kind.__name__}")
        return channel

    def _channel(self, name: str, key: str) -> Channel:
        found = self._channels.get(key)
        if found is None:
            found = self._channels[key] = self._new_channel(name, key)
        return found

    def _new_channel(self, name: str, key: str) -> Channel:
        match classify(name):
            case ChannelClass.STATE:
                return StateChannel(name, key)
            case ChannelClass.BOOK:
                return BookChannel(name, key)
            case ChannelClass.LOG:
                self._logs_made += 1
                limits = self.limits
                return LogChannel(
                    name, key, f"{self.epoch}.{self._logs_made}", capacity=limits.log_items, max_bytes=limits.log_bytes
                )
        raise ValueError(f"there is no channel {name!r}")

    def _mark(self, channel: Channel) -> None:
        for rate in channel.lanes:
            self._dirty[rate][channel.key] = channel

    def peek_state(self, name: str) -> object:
        """The latest value of a state channel, decoded; None when there is none."""
        channel = self._channels.get(name)
        return json.loads(channel.item)["v"] if isinstance(channel, StateChannel) and not channel.empty else None

    def peek_log(self, name: str, limit: int) -> list[object]:
        """The newest items of a public log, oldest first."""
        channel = self._channels.get(name)
        if not isinstance(channel, LogChannel):
            return []
        part = channel.between(max(channel.start, channel.end - limit), channel.end)
        return [item["v"] for item in json.loads(b"[%b]" % part)]

    # ---- clients

    def connect(self, client_id: int, user: str, now: int, *, expires: int = NEVER) -> Client:
        """A new connection of `user`; it is closed when its session expires. Times are Unix milliseconds."""
        bucket = TokenBucket(self.limits.message_burst, self.limits.messages_per_second, now)
        client = self.clients[client_id] = Client(client_id, user, expires, bucket)
        self._tell(client, {"k": "hello", "session": str(client_id), "epoch": self.epoch})
        return client

    def disconnect(self, client: Client) -> None:
        """Forget a connection; doing it twice is harmless."""
        if self.clients.pop(client.id, None) is None:
            return
        self._leave_profile(client)
        self._special.pop(client.id, None)
        for name in list(client.subs):
            self._drop(client, name)

    def receive(self, client: Client, text: str, now: int) -> None:
        """What a browser said. Answers come with the next tick; too many messages end the connection."""
        if client.id not in self.clients:
            return
        if not client.bucket.take(now) or len(client.outbox) >= self.limits.outbox:
            rate = self.limits.messages_per_second
            self._close(client, 4008, f"too many messages: at most {rate:g} a second are taken")
            return
        try:
            self._obey(client, text, now)
        except ProtocolError as error:
            self._tell(client, _problem(error))

    def _obey(self, client: Client, text: str, now: int) -> None:
        match parse(text):
            case Subscribe() as wanted:
                self._subscribe(client, wanted)
            case Unsubscribe(channel):
                if channel in client.subs:
                    self._set_apart(client)
                    self._drop(client, channel)
            case Ping():
                self._tell(client, {"k": "pong"})
            case ResumeToken(token):
                self._resume(client, token, now)

    def _tell(self, client: Client, item: dict[str, object]) -> None:
        self._set_apart(client)
        client.outbox.append(json.dumps(item, separators=(",", ":")).encode())

    def _subscribe(self, client: Client, wanted: Subscribe) -> None:
        name = wanted.channel
        if name not in client.subs and len(client.subs) >= self.limits.subscriptions:
            raise ProtocolError(
                f"a connection has at most {self.limits.subscriptions} subscriptions",
                field="channel",
                allowed=f"<= {self.limits.subscriptions}",
                channel=name,
            )
        behind = self._set_apart(client)
        stood = behind.get(name) if name in client.subs else None
        self._drop(client, name)
        channel = self._channel(name, channel_key(name, client.user))
        lane = channel.lane(wanted.rate)
        lane.users += 1
        client.subs[name] = Subscription(channel, wanted.rate)
        behind[name] = -1
        if isinstance(channel, LogChannel):
            start = channel.start_for(lane, wanted.epoch, wanted.offset, self.limits.backlog)
            behind[name] = start if stood is None else stood

    def _drop(self, client: Client, name: str) -> None:
        subscription = client.subs.pop(name, None)
        if subscription is None:
            return
        if client.behind is not None:
            client.behind.pop(name, None)
        channel = subscription.channel
        channel.leave(subscription.rate)
        if not channel.lanes and channel.empty:
            self._channels.pop(channel.key, None)

    def _resume(self, client: Client, token: str, now: int) -> None:
        kept = self._resumes.pop(token, None)
        if kept is None or kept.user != client.user or kept.expires < now:
            raise ProtocolError(
                "the resume token is not valid (any more)",
                field="token",
                allowed="subscribe again with epoch and offset",
            )
        for name, rate, epoch, last in kept.positions:
            self._subscribe(client, Subscribe(name, rate, epoch, last))

    # ---- being apart: served on its own until it stands where its lanes stand

    def _set_apart(self, client: Client, tick: int = -1) -> dict[str, int]:
        """Note where the client stands (before the flush of `tick`, which it did not get) and serve it on its own."""
        if client.behind is None:
            client.behind = {name: sub.lane.position_before(tick) for name, sub in client.subs.items()}
            self._leave_profile(client)
            self._special[client.id] = client
        return client.behind

    def _leave_profile(self, client: Client) -> None:
        profile, client.profile = client.profile, None
        if profile is None:
            return
        profile.clients.pop(client.id, None)
        if not profile.clients:
            del self._profiles[profile.key]

    def _join_profile(self, client: Client) -> None:
        del self._special[client.id]
        client.behind = None
        key = tuple(sorted((sub.channel.key, sub.rate) for sub in client.subs.values()))
        profile = self._profiles.get(key)
        if profile is None:
            profile = self._profiles[key] = Profile(key)
        profile.clients[client.id] = client
        client.profile = profile

    def _close(self, client: Client, code: int, reason: str) -> None:
        self.disconnect(client)
        self._closes.append(Close(client, code, reason))

    # ---- ticking

    def tick(self, now: int) -> Tick:
        """Everything due at `now` (Unix milliseconds): one frame for each client that has something to hear."""
        self._ticks += 1
        due = [rate for rate in RATES if self._is_due(rate, now)]
        encoded = {rate: self._flush(rate) for rate in due if self._dirty[rate]}
        out, head = Tick(), b'{"t":%d,"items":[' % now
        if encoded:
            self._share(encoded, head, out)
        for client in list(self._special.values()):
            if not client.busy:
                self._serve(client, head, out)
        if 1 in due:
            self._housekeep(now)
        out.closes, self._closes = self._closes, []
        return out

    @property
    def fastest(self) -> int:
        """The tick rate that the present clients need; 20 Hz is enough to answer a new one at once."""
        return max((rate for profile in self._profiles.values() for rate in profile.channels), default=20)

    def _is_due(self, rate: int, now: int) -> bool:
        slot = now * rate // 1000
        if slot == self._slots[rate]:
            return False
        self._slots[rate] = slot
        return True

    def _flush(self, rate: int) -> dict[str, bytes]:
        dirty, self._dirty[rate] = self._dirty[rate], {}
        encoded = {}
        for key, channel in dirty.items():
            lane = channel.lanes.get(rate)
            item = channel.flush(lane, self._ticks) if lane is not None else b""
            if item:
                encoded[key] = item
        return encoded

    def _share(self, encoded: dict[int, dict[str, bytes]], head: bytes, out: Tick) -> None:
        stalled: list[Client] = []
        for profile in self._profiles.values():
            parts = profile.parts(encoded)
            if not parts:
                continue
            frame = b"%b%b]}" % (head, b",".join(parts))
            for client in profile.clients.values():
                if client.busy:
                    stalled.append(client)
                else:
                    out.frames.append((client, frame))
        for client in stalled:
            self._set_apart(client, self._ticks)

    def _serve(self, client: Client, head: bytes, out: Tick) -> None:
        parts, client.outbox = client.outbox, []
        behind = client.behind
        if behind is None:
            return
        level = True
        for name, position in behind.items():
            sub = client.subs[name]
            lane = sub.lane
            item = sub.channel.missed(lane, position)
            if item:
                parts.append(item)
            behind[name] = max(position, lane.position)
            level = level and behind[name] == lane.position
        if parts:
            out.frames.append((client, b"%b%b]}" % (head, b",".join(parts))))
        if level:
            self._join_profile(client)

    # ---- once a second

    def _housekeep(self, now: int) -> None:
        for client in [c for c in self.clients.values() if c.expires <= now]:
            self._close(client, 4001, "session-expired")
        for client in [c for c in self._special.values() if self._lags(c)]:
            self._close(client, 4009, self._resume_token(client, now))
        self._resumes = {token: kept for token, kept in self._resumes.items() if kept.expires >= now}
        self._forget_logs()

    def _lags(self, client: Client) -> bool:
        for name, position in (client.behind or {}).items():
            channel = client.subs[name].channel
            if isinstance(channel, LogChannel) and channel.end - position > self.limits.lag_items and client.busy:
                return True
        return False

    def _resume_token(self, client: Client, now: int) -> str:
        behind = client.behind or {}
        positions = tuple(
            (name, sub.rate, sub.channel.epoch, behind[name] - 1)
            if isinstance(sub.channel, LogChannel)
            else (name, sub.rate, None, None)
            for name, sub in client.subs.items()
        )
        token = self._new_token()
        if len(self._resumes) < self.limits.resumes:
            self._resumes[token] = Resume(client.user, now + self.limits.resume_ms, positions)
        return token

    def _forget_logs(self) -> None:
        """Drop the oldest logs that nobody reads when there are too many (a turn log for each conversation)."""
        logs = [channel for channel in self._channels.values() if isinstance(channel, LogChannel)]
        surplus = len(logs) - self.limits.logs
        for channel in [c for c in logs if not c.lanes][: max(surplus, 0)]:
            del self._channels[channel.key]


def _problem(error: ProtocolError) -> dict[str, object]:
    problem = {
        "type": "urn:qbtc:problem:bad-message",
        "title": "The message is not valid",
        "status": 400,
        "detail": error.detail,
        "field": error.field,
        "allowed": error.allowed,
    }
    return {"c": error.channel or "", "k": "error", "v": problem}
