"""Public streams: who hears which stream. A frame is encoded once per form that somebody hears, then fanned out as bytes.

Pure fan-out over `send` functions: no sockets, no clock. A form is raw or combined, in milliseconds or microseconds.
Which names exist is said by `stream_names`; what is in a frame by `streams`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from ..core.binance.wire import TimeUnit, encode

MARKET_STREAM = "!market@qbtc"
MAX_STREAMS = 1024
Payload = msgspec.Struct | dict[str, object] | list[dict[str, object]]
Send = Callable[[bytes], None]
Form = tuple[bool, bool]
"""(combined, microseconds)"""
_encode = msgspec.json.Encoder().encode


class Client:
    """One connection. `combined` may change while it lives."""

    __slots__ = ("_combined", "_hub", "micro", "send", "streams")

    def __init__(self, send: Send, *, combined: bool = False, micro: bool = False) -> None:
        self.send = send
        self.micro = micro
        self.streams: dict[str, None] = {}
        self._combined = combined
        self._hub: Hub | None = None

    @property
    def form(self) -> Form:
        return self._combined, self.micro

    @property
    def combined(self) -> bool:
        return self._combined

    def set_combined(self, value: bool) -> None:
        hub, names = self._hub, list(self.streams)
        if hub is not None:
            hub.unsubscribe(self, names)
        self._combined = value
        if hub is not None:
            hub.join(self, names)


class Hub:
    def __init__(self) -> None:
        self._topics: dict[str, dict[Form, dict[Client, Send]]] = {}
        self._clients: set[Client] = set()
        self.last: dict[str, Payload] = {}
        self.published = 0
        self.changed: Callable[[], None] = lambda: None
        """Called when somebody begins or ceases to hear something."""

    def add(self, client: Client) -> None:
        client._hub = self
        self._clients.add(client)

    def join(self, client: Client, streams: Iterable[str]) -> None:
        for stream in streams:
            client.streams[stream] = None
            self._topics.setdefault(stream, {}).setdefault(client.form, {})[client] = client.send
        self.changed()

    def subscribe(self, client: Client, streams: list[str]) -> None:
        """As `join`, and a stream of state says at once what it is."""
        self.join(client, streams)
        for stream in streams:
            if stream in self.last:
                client.send(framed(stream, self.last[stream], client.form))

    def unsubscribe(self, client: Client, streams: Iterable[str]) -> None:
        for stream in streams:
            client.streams.pop(stream, None)
            forms = self._topics.get(stream, {})
            forms.get(client.form, {}).pop(client, None)
            if not any(forms.values()):
                self._topics.pop(stream, None)
        self.changed()

    def remove(self, client: Client) -> None:
        self.unsubscribe(client, list(client.streams))
        self._clients.discard(client)

    def wanted(self, stream: str) -> bool:
        return stream in self._topics

    @property
    def streams(self) -> Iterable[str]:
        """All that somebody hears."""
        return self._topics.keys()

    def keep(self, stream: str, payload: Payload) -> None:
        """Publish a state: whoever subscribes later gets it at once."""
        self.last[stream] = payload
        self.publish(stream, payload)

    def publish(self, stream: str, payload: Payload) -> None:
        self.published += 1
        topic = self._topics.get(stream)
        if topic is None:
            return
        for form, clients in topic.items():
            if clients:
                frame = framed(stream, payload, form)
                for send in clients.values():
                    send(frame)

    def publish_bytes(self, stream: str, frame: bytes) -> None:
        """A frame that has one form only."""
        self.published += 1
        for clients in self._topics.get(stream, {}).values():
            for send in clients.values():
                send(frame)

    def broadcast(self, stream: str, payload: Payload) -> None:
        """To every connection, whatever it subscribed to."""
        for client in tuple(self._clients):
            client.send(framed(stream, payload, client.form))

    @property
    def clients(self) -> int:
        return len(self._clients)


def framed(stream: str, payload: Payload, form: Form) -> bytes:
    combined, micro = form
    if isinstance(payload, msgspec.Struct):
        body = _encode(in_microseconds(payload)) if micro else _encode(payload)
    else:
        body = encode(payload, TimeUnit.MICROSECOND if micro else TimeUnit.MILLISECOND)
    return b'{"stream":"%b","data":%b}' % (stream.encode(), body) if combined else body


def in_microseconds(frame: msgspec.Struct) -> dict[str, object]:
    """A trade or depth frame, whose times are milliseconds, with microseconds."""
    body: dict[str, object] = msgspec.to_builtins(frame)
    return body | {name: value * 1000 for name in ("E", "T") if isinstance(value := body.get(name), int)}
