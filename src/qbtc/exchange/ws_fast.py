"""The short way for `order.place` and `order.cancel` of a logged-on session: typed decode, no copies, answer by template.

It takes only requests of the usual form (LIMIT, LIMIT_MAKER and MARKET by quantity, no signature of their own) and
leaves every other one, also every one that something is wrong with, to the general way, which knows the codes.
What both accept they answer alike.
"""

from __future__ import annotations

from functools import partial

import msgspec

from ..core.binance.errors import ApiError
from ..core.binance.wire import encode
from ..core.market.engine.layout import Kind, Side, Stp, Tif
from ..core.market.instrument import Instrument, OffGrid, render, units
from .access import permitted
from .api_orders import cancelled, placement
from .limits import OrderCount
from .model import NewOrder, OrderView
from .operation import Api, Security
from .params import CLIENT_ID, DECIMAL, MICROSECONDS_FROM
from .ws_session import WsSession

MOST_CACHED = 50_000
WINDOW_US = 5_000_000
_SIDES = {"BUY": Side.BUY, "SELL": Side.SELL}
_KINDS = {"LIMIT": Kind.LIMIT, "LIMIT_MAKER": Kind.LIMIT_MAKER, "MARKET": Kind.MARKET}
_TIFS = {"GTC": Tif.GTC, "IOC": Tif.IOC, "FOK": Tif.FOK}
_STPS = {mode.name: mode for mode in Stp}
_ANSWERS = frozenset({"ACK", "RESULT", "FULL"})


class Place(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """Parameters of the usual `order.place`."""

    symbol: str
    side: str
    type: str
    quantity: str
    timestamp: int
    price: str = ""
    timeInForce: str = ""  # noqa: N815
    newClientOrderId: str = ""  # noqa: N815
    newOrderRespType: str = ""  # noqa: N815
    selfTradePreventionMode: str = "NONE"  # noqa: N815
    recvWindow: int = 5_000  # noqa: N815


class Cancel(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """Parameters of the usual `order.cancel`."""

    symbol: str
    timestamp: int
    orderId: int = 0  # noqa: N815
    origClientOrderId: str = ""  # noqa: N815
    newClientOrderId: str = ""  # noqa: N815
    recvWindow: int = 5_000  # noqa: N815


_place = msgspec.json.Decoder(Place)
_cancel = msgspec.json.Decoder(Cancel)


class Grid:
    """Decimals of one symbol as ticks and lots, remembered by their text: the same few thousand come again and again."""

    def __init__(self, item: Instrument) -> None:
        self.item = item
        self._ticks: dict[str, int] = {}
        self._lots: dict[str, int] = {}

    def ticks(self, text: str) -> int:
        """0 if it is not on the grid."""
        found = self._ticks.get(text)
        return found if found is not None else self._keep(self._ticks, text, self.item.tick_units)

    def lots(self, text: str) -> int:
        found = self._lots.get(text)
        return found if found is not None else self._keep(self._lots, text, self.item.lot_units)

    @staticmethod
    def _keep(known: dict[str, int], text: str, step: int) -> int:
        if not DECIMAL.match(text):
            return 0
        try:
            steps, rest = divmod(units(text), step)
        except OffGrid:
            return 0
        if rest or steps >= 2**62:
            return 0
        if len(known) >= MOST_CACHED:
            known.clear()
        known[text] = steps
        return steps


class Fast:
    def __init__(self, api: Api) -> None:
        self._api = api
        self._grids: dict[str, Grid] = {}

    def take(self, state: WsSession, method: str, identity: msgspec.Raw, raw: msgspec.Raw, now: int) -> bool:
        """Handle the request and return True, or leave it as it is and return False."""
        if state.key is None or not (method == "order.place" or method == "order.cancel"):  # noqa: PLR1714
            return False
        keys = self._api.keys
        keys.refresh(now)
        if keys.find(state.key.api_key) is not state.key or not permitted(state.key, Security.TRADE):
            return False
        try:
            if method == "order.place":
                return self._place(state, identity, _place.decode(raw), now)
            return self._cancel(state, identity, _cancel.decode(raw), now)
        except msgspec.DecodeError:
            return False

    def _place(self, state: WsSession, identity: msgspec.Raw, asked: Place, now: int) -> bool:
        order, grid, key = self._order(asked), self._grids.get(asked.symbol), state.key
        if order is None or grid is None or key is None or not _timely(asked.timestamp, asked.recvWindow, now):
            return False
        counted = self._api.limits.orders(key.account)
        answer = asked.newOrderRespType or ("ACK" if order.kind is Kind.LIMIT_MAKER else "FULL")
        try:
            state.address.spend(1, now)
            counted.check(1, now)
            view = self._api.books.place(key.account, asked.symbol, order, self._api.now())
        except ApiError as error:
            self._fail(state, identity, error, counted, now)
            return True
        counted.add(1, now)
        result = self._result(view, answer, state)
        self._send(state, b'{"id":%b,"status":200,"result":%b%b}', (bytes(identity), result), counted, now)
        return True

    def _order(self, asked: Place) -> NewOrder | None:
        """None if it is not of the usual form."""
        kind, side, grid = _KINDS.get(asked.type), _SIDES.get(asked.side), self._grid(asked.symbol)
        tif, stp = _TIFS.get(asked.timeInForce or "GTC"), _STPS.get(asked.selfTradePreventionMode)
        if kind is None or side is None or grid is None or tif is None or stp is None:
            return None
        if bool(asked.timeInForce) is not (kind is Kind.LIMIT) or bool(asked.price) is (kind is Kind.MARKET):
            return None
        name = asked.newClientOrderId
        if (name and not CLIENT_ID.match(name)) or (asked.newOrderRespType and asked.newOrderRespType not in _ANSWERS):
            return None
        lots, tick = grid.lots(asked.quantity), grid.ticks(asked.price) if asked.price else 0
        if lots <= 0 or (tick <= 0 and kind is not Kind.MARKET):
            return None
        return NewOrder(side, kind, tif, stp, tick, lots, client_id=name or None)

    def _grid(self, symbol: str) -> Grid | None:
        found = self._grids.get(symbol)
        if found is None and symbol in self._api.books.instruments:
            found = self._grids[symbol] = Grid(self._api.books.instruments[symbol])
        return found

    def _cancel(self, state: WsSession, identity: msgspec.Raw, asked: Cancel, now: int) -> bool:
        key, books = state.key, self._api.books
        name = asked.newClientOrderId
        usual = bool(asked.orderId) is not bool(asked.origClientOrderId) and name and CLIENT_ID.match(name)
        if key is None or not usual or not _timely(asked.timestamp, asked.recvWindow, now):
            return False
        order = (
            books.order(key.account, asked.symbol, order_id=asked.orderId)
            if asked.orderId
            else books.order(key.account, asked.symbol, client_id=asked.origClientOrderId)
        )
        if order is None or not order.open or order.instrument.symbol != asked.symbol:
            return False
        counted = self._api.limits.orders(key.account)
        try:
            state.address.spend(1, now)
            result = encode(cancelled(self._api, key.account, order, name, None), state.unit)
        except ApiError as error:
            self._fail(state, identity, error, counted, now)
            return True
        self._send(state, b'{"id":%b,"status":200,"result":%b%b}', (bytes(identity), result), counted, now)
        return True

    # ---- answers

    def _result(self, view: OrderView, answer: str, state: WsSession) -> bytes:
        item, unit = view.instrument, state.unit
        if answer != "ACK" and (view.filled or view.prevented or not view.open):
            return encode(placement(self._api.books, view, answer), unit)
        head = (
            f'{{"symbol":"{item.symbol}","orderId":{view.order_id},"orderListId":-1,'
            f'"clientOrderId":"{view.client_id}","transactTime":{view.updated // unit}'
        )
        if answer == "ACK":
            return f"{head}}}".encode()
        fills = ',"fills":[]' if answer == "FULL" else ""
        return (
            f'{head},"price":"{item.price_text(view.tick)}","origQty":"{item.quantity_text(view.lots)}",'
            f'"executedQty":"0.00000000","origQuoteOrderQty":"{render(view.budget)}",'
            f'"cummulativeQuoteQty":"0.00000000","status":"{view.status.name}","timeInForce":"{view.tif.name}",'
            f'"type":"{view.kind.name}","side":"{view.side.name}",'
            f'"workingTime":{view.worked // unit if view.worked else -1}{fills},'
            f'"selfTradePreventionMode":"{view.stp.name}"}}'
        ).encode()

    def _fail(self, state: WsSession, identity: msgspec.Raw, error: ApiError, counted: OrderCount, now: int) -> None:
        parts = (bytes(identity), error.http_status, encode(error.body()))
        self._send(state, b'{"id":%b,"status":%d,"error":%b%b}', parts, counted, now)

    def _send(
        self, state: WsSession, shape: bytes, parts: tuple[bytes | int, ...], counted: OrderCount, now: int
    ) -> None:
        limits = _limits(state, counted, now) if state.show_limits else b""
        self._api.books.after_commit(partial(state.connection.send, shape % (*parts, limits)))


def _timely(sent: int, window_ms: int, now: int) -> bool:
    late = now // 1_000 - sent if sent >= MICROSECONDS_FROM else (now // 1_000_000 - sent) * 1_000
    return -1_000_000 < late <= window_ms * 1_000 and 0 <= window_ms <= 60_000


def _limits(state: WsSession, counted: OrderCount, now: int) -> bytes:
    counted.check(0, now)
    allowed = counted.allowed
    return (
        f',"rateLimits":[{{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":{allowed.orders_10s},'
        f'"count":{counted.short}}},{{"rateLimitType":"ORDERS","interval":"DAY","intervalNum":1,'
        f'"limit":{allowed.orders_day},"count":{counted.day}}},{{"rateLimitType":"REQUEST_WEIGHT",'
        f'"interval":"MINUTE","intervalNum":1,"limit":{allowed.weight},"count":{state.address.weight}}}]'
    ).encode()
