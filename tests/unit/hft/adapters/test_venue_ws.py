"""The user stream of a spot venue, on a server of the test's own."""

from __future__ import annotations

import asyncio
import json

import pytest
import websockets
from pydantic import SecretStr

from qbtc.hft.adapters.venue_rest import Rest
from qbtc.hft.adapters.venue_ws import user_stream
from qbtc.hft.ports import NoAnswer, UserEvent

KEY = SecretStr("key")
POSITION = {"e": "outboundAccountPosition", "E": 1, "u": 1, "B": []}
ENDED = {"e": "eventStreamTerminated", "E": 2}


async def subscribed(socket: websockets.ServerConnection) -> None:
    """Confirms the subscription, tells of one event, ends the stream and leaves the connection open."""
    await socket.recv()
    await socket.send(json.dumps({"id": "user", "status": 200, "result": {"subscriptionId": 0}}))
    for event in (POSITION, ENDED):
        await socket.send(json.dumps({"subscriptionId": 0, "event": event}))
    await socket.wait_closed()


async def test_a_stream_that_the_venue_ends_is_a_connection_that_has_ended() -> None:
    heard: list[UserEvent] = []
    async with websockets.serve(subscribed, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        rest = Rest("http://127.0.0.1:1", KEY, KEY)
        with pytest.raises(NoAnswer, match="ended"):
            await asyncio.wait_for(
                user_stream(url, rest, KEY, KEY, on_up=lambda: None, on_event=heard.append), timeout=5
            )
        await rest.close()
    assert len(heard) == 1
