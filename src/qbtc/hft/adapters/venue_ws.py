"""Streams of a Binance-shaped venue: market data by picows, spot user data by the WebSocket API."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence

import picows
import websockets
from pydantic import SecretStr

from qbtc.core.binance.messages import MalformedFrame
from qbtc.core.binance.signing import signed_params
from qbtc.core.binance.user_data import EventStreamTerminated, decode_user_event
from qbtc.kit.logs import get_logger

from ..ports import Frame, NoAnswer, UserEvent, VenueError
from .venue_http import VenueHttp

log = get_logger(__name__)

MARKET_STREAM = "!market@qbtc"
KINDS = ("depth@100ms", "trade", "bookTicker")
MAX_MESSAGE = 16_000_000


class _Listener(picows.WSListener):
    """Hands every data frame on; a fault in the engine closes the connection instead of vanishing in a callback."""

    def __init__(self, on_frame: Frame) -> None:
        self._on_frame = on_frame
        self.error: Exception | None = None

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if frame.msg_type not in (picows.WSMsgType.TEXT, picows.WSMsgType.BINARY):
            return
        try:
            self._on_frame(frame.get_payload_as_bytes())
        except Exception as error:
            self.error = error
            transport.disconnect()


def stream_names(symbols: Sequence[str], kinds: Sequence[str] = KINDS) -> list[str]:
    return [f"{symbol.lower()}@{kind}" for symbol in symbols for kind in kinds]


def stream_url(base_url: str, names: Sequence[str]) -> str:
    return f"{base_url.rstrip('/')}/stream?streams={'/'.join(names)}"


async def market_stream(url: str, on_frame: Frame) -> None:
    """Deliver frames until the connection ends. Raises NoAnswer if it cannot be made, or what `on_frame` raised."""
    try:
        transport, listener = await picows.ws_connect(
            lambda: _Listener(on_frame),
            url,
            max_frame_size=MAX_MESSAGE,
            enable_auto_ping=True,
            auto_ping_idle_timeout=10,
            auto_ping_reply_timeout=5,
        )
    except (OSError, picows.WSError, TimeoutError) as error:
        raise NoAnswer(f"market stream: {type(error).__name__}: {error}") from None
    try:
        await transport.wait_disconnected()
    finally:
        transport.disconnect(graceful=False)
    if isinstance(listener, _Listener) and listener.error is not None:
        raise listener.error


async def user_stream(
    url: str,
    rest: VenueHttp,
    key: SecretStr,
    secret: SecretStr,
    *,
    on_up: Callable[[], None],
    on_event: Callable[[UserEvent], None],
) -> None:
    """Subscribe with a signature and deliver events until the connection ends, or the venue ends the subscription on a
    connection that stays up. Raises NoAnswer."""
    try:
        async with websockets.connect(url, max_size=MAX_MESSAGE, compression=None) as socket:
            params = signed_params(
                {"apiKey": key.get_secret_value(), "timestamp": rest.timestamp()}, secret.get_secret_value()
            )
            await socket.send(
                json.dumps({"id": "user", "method": "userDataStream.subscribe.signature", "params": params})
            )
            early = await _subscribed(socket)
            on_up()
            for frame in early:
                _deliver(frame, on_event)
            async for frame in socket:
                _deliver(frame, on_event)
    except (OSError, websockets.WebSocketException, TimeoutError) as error:
        raise NoAnswer(f"user stream: {type(error).__name__}: {error}") from None


async def _subscribed(socket: websockets.ClientConnection) -> list[str | bytes]:
    """Wait for the answer to the subscription; events that came before it are returned, not lost."""
    early: list[str | bytes] = []
    async with asyncio.timeout(5):
        while True:
            frame = await socket.recv()
            body = json.loads(frame)
            if body.get("id") != "user":
                early.append(frame)
                continue
            if body.get("status") != 200:
                fault = body.get("error") or {}
                raise VenueError(int(fault.get("code", -1000)), str(fault.get("msg", "the subscription was refused")))
            return early


def _deliver(frame: str | bytes, on_event: Callable[[UserEvent], None]) -> None:
    try:
        event = decode_user_event(frame)
    except MalformedFrame as error:
        log.warning("a user data frame was not understood", error=str(error))
        return
    if isinstance(event, EventStreamTerminated):
        raise NoAnswer("user stream: the venue has ended it")
    if event is not None:
        on_event(event)
