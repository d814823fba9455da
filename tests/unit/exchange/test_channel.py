"""The conflated depth of one symbol: an event covers no ids that it does not hold."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.exchange.desk_house import House

from qbtc.core.binance.messages import DepthUpdate
from qbtc.core.binance.sbe import DepthDiffEvent, decode_sbe
from qbtc.exchange.fanout import Client, Hub
from qbtc.exchange.streams_channel import Channel, Merged


def update(ms: int, number: int, price: str, quantity: str, first: int = 0) -> DepthUpdate:
    return DepthUpdate(
        event="depthUpdate", event_ms=ms, symbol="BTCUSDT", first=first or number, last=number,
        bids=[(price, quantity)], asks=[],
    )  # fmt: skip


@pytest.mark.parametrize("sbe", [False, True])
def test_who_comes_back_between_two_events_gets_no_event_over_what_it_missed(sbe: bool) -> None:
    heard: list[bytes] = []
    hubs = Hub(), Hub()
    channel = Channel(House().market, *hubs)
    hub = hubs[sbe]

    def join() -> Client:
        client = Client(heard.append)
        hub.add(client)
        hub.subscribe(client, ["btcusdt@depth"])
        return client

    client = join()
    channel.on_depth(update(1000, 1, "100.00000000", "5.00000000"))
    channel.on_depth(update(1010, 2, "100.00000000", "4.00000000"))
    hub.remove(client)
    channel.on_depth(update(1020, 3, "100.00000000", "9.00000000"))
    join()
    heard.clear()
    channel.on_depth(update(1040, 4, "99.00000000", "1.00000000"))
    channel.pulse(3000)
    assert [_ids(frame, sbe) for frame in heard] == [(4, 4)]


def _ids(frame: bytes, sbe: bool) -> tuple[int, int]:
    if sbe:
        found = decode_sbe(frame)
        assert isinstance(found, DepthDiffEvent)
        return found.first_id, found.last_id
    body: dict[str, Any] = json.loads(frame)
    return body["U"], body["u"]


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(1, 2), st.integers(0, 9)), min_size=1, max_size=40))
def test_every_id_of_an_event_was_an_id_of_a_diff(steps: list[tuple[int, int, int]]) -> None:
    """Some diffs skip an id, as after a gap; none is lost and none is invented."""
    out: list[DepthUpdate] = []
    merged, ms, number, known = Merged(1000, out.append), 0, 0, set[int]()
    for wait, step, size in steps:
        ms, number = ms + wait, number + step
        known.add(number)
        merged.add(update(ms, number, "100", str(size)))
    merged.pulse(ms + 2000)
    covered = [n for event in out for n in range(event.first, event.last + 1)]
    assert covered == sorted(known)
