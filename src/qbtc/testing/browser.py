"""A browser in front of the hub, without a socket: it keeps what the frames say, as the front end does."""

from __future__ import annotations

import itertools
import json
from typing import Any

from qbtc.web.domain.clients import Client, Limits
from qbtc.web.domain.hub import Hub


def make_hub(**limits: Any) -> Hub:
    tokens = itertools.count()
    return Hub(epoch="e1", new_token=lambda: f"token{next(tokens)}", limits=Limits(**limits))


class Browser:
    """One page: sockets come and go, what it knows stays."""

    def __init__(self, hub: Hub, user: str = "ann") -> None:
        self.hub, self.user = hub, user
        self.client: Client | None = None
        self.rates: dict[str, int] = {}
        self.states: dict[str, Any] = {}
        self.books: dict[str, dict[str, dict[str, str]]] = {}
        self.sequences: dict[str, int] = {}
        self.logs: dict[str, list[Any]] = {}
        self.resume: dict[str, tuple[str, int]] = {}
        self.lost: list[tuple[str, int, int]] = []
        self.errors: list[dict[str, Any]] = []
        self.frames = 0
        self.kinds: list[str] = []

    def connect(self, client_id: int, now: int, **more: Any) -> None:
        self.client = self.hub.connect(client_id, self.user, now, **more)
        for channel, rate in self.rates.items():
            self.subscribe(channel, rate, now)

    def cut(self) -> None:
        if self.client is not None:
            self.hub.disconnect(self.client)
            self.client = None

    def say(self, now: int = 0, **message: Any) -> None:
        assert self.client is not None
        self.hub.receive(self.client, json.dumps(message), now)

    def subscribe(self, channel: str, rate: int = 20, now: int = 0) -> None:
        self.rates[channel] = rate
        epoch, offset = self.resume.get(channel, (None, None))
        known = {"epoch": epoch, "offset": offset} if epoch is not None else {}
        self.say(now, op="sub", channel=channel, rate=rate, **known)

    def read(self, frame: bytes) -> None:
        self.frames += 1
        for item in json.loads(frame)["items"]:
            self.kinds.append(item["k"])
            getattr(self, f"_{item['k']}")(item)

    def _hello(self, item: dict[str, Any]) -> None:
        assert item["epoch"] == self.hub.epoch

    def _pong(self, item: dict[str, Any]) -> None:
        assert item == {"k": "pong"}

    def _state(self, item: dict[str, Any]) -> None:
        self.states[item["c"]] = item["v"]

    def _snap(self, item: dict[str, Any]) -> None:
        self.books[item["c"]] = {side: dict(item["v"][side]) for side in ("bids", "asks")}
        self.sequences[item["c"]] = item["seq"]

    def _delta(self, item: dict[str, Any]) -> None:
        assert item["seq"] == self.sequences[item["c"]] + 1, "a gap in the deltas"
        self.sequences[item["c"]] = item["seq"]
        for side in ("bids", "asks"):
            for price, quantity in item["v"][side]:
                if quantity == "0":
                    del self.books[item["c"]][side][price]
                else:
                    self.books[item["c"]][side][price] = quantity

    def _log(self, item: dict[str, Any]) -> None:
        channel, epoch, offset = item["c"], item["epoch"], item["offset"]
        before = self.resume.get(channel)
        if before is not None and before[0] == epoch:
            assert offset == before[1] + 1, f"{channel}: {offset} came after {before[1]}"
        self.resume[channel] = (epoch, offset)
        self.logs.setdefault(channel, []).append(item["v"])

    def _lost(self, item: dict[str, Any]) -> None:
        self.lost.append((item["c"], item["from"], item["to"]))
        self.resume[item["c"]] = (item["epoch"], item["to"])

    def _error(self, item: dict[str, Any]) -> None:
        self.errors.append(item)


def tick(hub: Hub, now: int, *browsers: Browser) -> list[tuple[int, str]]:
    """Tick, hand every frame to its browser, and return (code, reason) of what was closed."""
    by_id = {b.client.id: b for b in browsers if b.client is not None}
    result = hub.tick(now)
    seen = [client.id for client, _ in result.frames]
    assert len(seen) == len(set(seen)), "more than one frame for a client"
    for client, frame in result.frames:
        assert not client.busy, "a frame for a client that takes none"
        if client.id in by_id:
            by_id[client.id].read(frame)
    return [(close.code, close.reason) for close in result.closes]
