"""Futures on the exchange's port: REST routes, WebSocket endpoints, and spot's books as their liquidity.

The one module here that knows how the rest of the exchange is put together.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...core.binance.errors import ApiError
from ...core.market.instrument import units
from ..limits import Limits
from ..market_data_tape import Tape
from ..operation import Api
from ..passed_over import PassedOver
from ..rest import Asked, respond
from ..server import Choose, Served
from ..settings import ExchangeSettings, PaperSettings
from ..sockets import Handshake
from ..streams_channel import Market as SpotMarket
from .gate import Gate
from .liquidity import LEVELS, Priced, SpotTrade
from .operations import OPERATIONS, Operation
from .recording import FuturesRecording
from .service import Futures, Setup, Source
from .streams import is_futures

MAX_BODY = 64 * 1024
WS_API = "/ws-fapi/v1"


class SpotSource:
    """One spot symbol behind `liquidity.SpotBook`."""

    def __init__(self, market: SpotMarket, tape: Callable[[], Tape], clock: Callable[[], int]) -> None:
        self._market = market
        self._tape = tape
        self._clock = clock

    def levels(self, count: int) -> tuple[list[Priced], list[Priced]]:
        body = self._market.snapshot(min(count, LEVELS), self._clock())
        return _priced(body.bids), _priced(body.asks)

    def trades_after(self, trade_id: int) -> list[SpotTrade]:
        item = self._market.instrument
        return [
            SpotTrade(row.trade_id, row.tick * item.tick_units, row.lots * item.lot_units, -1 if row.buyer_is_maker else 1)
            for row in self._tape().recent(1000, trade_id + 1)
        ]  # fmt: skip

    def last_trade(self) -> int:
        last = self._tape().last
        return last.trade_id if last is not None else 0


def _priced(rows: list[tuple[str, str]]) -> list[Priced]:
    return [(units(price), units(quantity)) for price, quantity in rows]


def build(folder: Path, api: Api, settings: ExchangeSettings, paper: PaperSettings) -> Futures:
    """The futures venue beside the spot venue of `api`. Raises FuturesJournalError or BadRecording."""
    recording = FuturesRecording(settings.futures_data) if settings.futures_data else None
    setup = Setup(
        folder=folder,
        wallet=units(f"{paper.futures_wallet:f}"),
        clock=api.session.clock,
        wall=api.wall,
        keys=api.keys,
        limits=Limits(settings.futures_allowance),
        sources=lambda: {symbol: _source(api, symbol) for symbol in sorted(api.markets)},
        frames=recording.frames if recording else None,
        passed=PassedOver(api.session.notes),
        symbols=recording.symbols if recording else (),
    )
    return Futures(setup)


def _source(api: Api, symbol: str) -> Source:
    market = api.markets[symbol]
    return Source(market.instrument, SpotSource(market, lambda: api.streams.tape(symbol), api.now))


def routes(gate: Gate) -> list[Route]:
    return [Route(op.path, _endpoint(gate, op), methods=[op.method]) for op in OPERATIONS]


def _endpoint(gate: Gate, operation: Operation) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        now, headers = gate.wall(), dict[str, str]()
        address = request.client.host if request.client else "local"
        try:
            asked = Asked(request.url.query, await _body(request), request.headers, address, now)
            params, used = gate.read(operation, asked)
            headers["X-MBX-USED-WEIGHT-1M"] = str(used)
            account = gate.account(operation, params, asked)
            body = await gate.run(operation, params, account, now)
            if operation.orders:
                headers |= gate.order_headers(account, now)
            return respond(body, headers=headers)
        except ApiError as error:
            if error.retry_after is not None:
                headers["Retry-After"] = str(error.retry_after)
            return respond(error.body(), error.http_status, headers)

    return endpoint


async def _body(request: Request) -> str:
    parts, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            raise ApiError(-1101, f"Request body is larger than {MAX_BODY} bytes.")
        parts.append(chunk)
    try:
        return b"".join(parts).decode()
    except UnicodeDecodeError:
        raise ApiError(-1100, "The request body is not UTF-8 text.") from None


def choose(before: Choose, futures: Futures) -> Choose:
    """Futures paths to their endpoints, all others as before."""
    gate, streams, ws_api = futures.gate, futures.streams, futures.ws_api

    def chosen(handshake: Handshake) -> Served:
        path = handshake.path.rstrip("/")
        if path == WS_API:
            return Served(ws_api)
        if is_futures(path):
            gate.limits.address(handshake.address).connect(gate.wall())
            return Served(streams)
        return before(handshake)

    return chosen
