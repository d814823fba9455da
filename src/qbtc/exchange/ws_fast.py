"""The short way for `order.place` and `order.cancel` of a logged-on session: one typed decode, answers by template.

It takes only requests of the usual form (LIMIT, LIMIT_MAKER and MARKET by quantity, no signature of their own) and
leaves every other one, also every one that something is wrong with, to the general way, which knows the codes.
What both accept they answer alike.
"""

from __future__ import annotations

import msgspec

from ..core.binance.errors import ApiError
from ..core.binance.wire import TimeUnit, encode
from ..core.market.engine.layout import Kind, Side, Stp, Tif
from ..core.market.instrument import Instrument, OffGrid, render, units
from .access import permitted
from .api_orders import placement
from .bodies import cancelled_body, tif_word
from .limits import Allowance, OrderCount
from .model import NewOrder, OrderView, default_name
from .operation import Api, Security
from .params import CLIENT_ID, DECIMAL, MICROSECONDS_FROM
from .ws_call import UNREADABLE
from .ws_session import WsSession

MOST_CACHED = 50_000
MOST_ID = 2**63 - 1
SECOND = 1_000_000_000
_SIDES = {"BUY": Side.BUY, "SELL": Side.SELL}
_KINDS = {"LIMIT": Kind.LIMIT, "LIMIT_MAKER": Kind.LIMIT_MAKER, "MARKET": Kind.MARKET}
Parts = tuple[bytes | int, ...]
"""What goes into a template."""
PLAIN = (Kind.LIMIT, Kind.LIMIT_MAKER)
_TIFS = {"": Tif.GTC, "GTC": Tif.GTC, "IOC": Tif.IOC, "FOK": Tif.FOK}
_STPS = {mode.name: mode for mode in Stp}
_ANSWERS = frozenset({"", "ACK", "RESULT", "FULL"})
_match_name = CLIENT_ID.match


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


class PlaceCall(msgspec.Struct, tag_field="method", tag="order.place", gc=False):
    params: Place
    id: int | str | None = None


class CancelCall(msgspec.Struct, tag_field="method", tag="order.cancel", gc=False):
    params: Cancel
    id: int | str | None = None


_decode = msgspec.json.Decoder(PlaceCall | CancelCall).decode
_encode = msgspec.json.Encoder().encode


class Grid:
    """One symbol: its decimals as ticks and lots, remembered by their text (the same few thousand come again and
    again), and its answers as templates."""

    def __init__(self, item: Instrument) -> None:
        self.item = item
        self._ticks: dict[str, int] = {}
        self._lots: dict[str, int] = {}
        head = f'{{"id":%b,"status":200,"result":{{"symbol":"{item.symbol}","orderId":%d,"orderListId":-1,'
        self.gone = (
            f'{{"id":%b,"status":200,"result":{{"symbol":"{item.symbol}","origClientOrderId":"%b","orderId":%d,'
            '"orderListId":-1,"clientOrderId":"%b","transactTime":%d,"price":"%b","origQty":"%b","executedQty":"%b",'
            '"origQuoteOrderQty":"%b","cummulativeQuoteQty":"%b","status":"%b","timeInForce":"%b","type":"%b",'
            '"side":"%b","selfTradePreventionMode":"%b"}'
        ).encode()
        self.ack = f'{head}"clientOrderId":"%b","transactTime":%d}}'.encode()
        self.resting = (
            f'{head}"clientOrderId":"%b","transactTime":%d,"price":"%b","origQty":"%b","executedQty":"0.00000000",'
            '"origQuoteOrderQty":"%b","cummulativeQuoteQty":"0.00000000","status":"%b","timeInForce":"%b","type":"%b",'
            '"side":"%b","workingTime":%d%b,"selfTradePreventionMode":"%b"}'
        ).encode()

    def ticks(self, text: str) -> int:
        """0 if it is not on the grid."""
        found = self._ticks.get(text)
        return found if found is not None else _steps(self._ticks, text, self.item.tick_units)

    def lots(self, text: str) -> int:
        found = self._lots.get(text)
        return found if found is not None else _steps(self._lots, text, self.item.lot_units)


def _steps(known: dict[str, int], text: str, step: int) -> int:
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


def limits_template(allowed: Allowance) -> bytes:
    """`rateLimits` of a trading answer, with places for its three counts."""
    rows = (("ORDERS", "SECOND", 10, allowed.orders_10s), ("ORDERS", "DAY", 1, allowed.orders_long))
    shape = '{"rateLimitType":"%s","interval":"%s","intervalNum":%d,"limit":%d,"count":%%d}'
    texts = [shape % row for row in (*rows, ("REQUEST_WEIGHT", "MINUTE", 1, allowed.weight))]
    return f',"rateLimits":[{",".join(texts)}]'.encode()


class Fast:
    def __init__(self, api: Api) -> None:
        self._api = api
        self._grids: dict[str, Grid] = {}
        self._limits = limits_template(api.limits.allowed)

    def take(self, state: WsSession, message: bytes, now: int) -> bool:
        """Handle the request and return True, or leave it as it is and return False."""
        keys, key = self._api.keys, state.key
        if key is None or not state.may_trade:
            return False
        if now >= keys.checked + SECOND:
            keys.refresh(now)
        found = keys.find(key.api_key)
        if found is not key:
            if found is None or not permitted(found, Security.TRADE):
                return False
            state.log_on(found, may_trade=True)
        try:
            call = _decode(message)
        except UNREADABLE:
            return False
        if type(call) is PlaceCall:
            return self._place(state, call.id, call.params, now)
        return self._cancel(state, call.id, call.params, now)

    def _place(self, state: WsSession, identity: int | str | None, asked: Place, now: int) -> bool:
        grid = self._grids.get(asked.symbol) or self._learn(asked.symbol)
        order = _order(asked, grid) if grid is not None else None
        if order is None or grid is None or state.key is None or not _timely(asked.timestamp, asked.recvWindow, now):
            return False
        api, account = self._api, state.key.account
        counted = api.limits.orders(account)
        if state.address.full(now):
            return False
        state.address.spend(1, now)
        answer, at = asked.newOrderRespType or ("ACK" if order.kind is Kind.LIMIT_MAKER else "FULL"), api.now()
        parts: Parts
        try:
            counted.check(1, now)
        except ApiError as error:
            self._fail(state, identity, error, counted)
            return True
        counted.short += 1  # first, so that a fill takes it off again
        counted.long += 1
        try:
            if answer == "ACK":
                number = api.books.enter(account, asked.symbol, order, at)
                name = (order.client_id or default_name(number)).encode()
                shape, parts = grid.ack, (_encode(identity), number, name, at // state.unit)
            else:
                view = api.books.place(account, asked.symbol, order, at)
                shape, parts = self._answer(view, grid, identity, answer, state.unit)
        except ApiError as error:
            counted.take_back(1)
            self._fail(state, identity, error, counted)
            return True
        self._send(state, shape, parts, counted)
        return True

    def _learn(self, symbol: str) -> Grid | None:
        item = self._api.books.instruments.get(symbol)
        if item is None:
            return None
        self._grids[symbol] = found = Grid(item)
        return found

    def _answer(
        self, view: OrderView, grid: Grid, identity: int | str | None, answer: str, unit: TimeUnit
    ) -> tuple[bytes, Parts]:
        """Of RESULT or FULL."""
        head = (_encode(identity), view.order_id, view.client_id.encode(), view.updated // unit)
        if view.filled or view.prevented or not view.open or view.stp is Stp.EXPIRE_MAKER:
            return b'{"id":%b,"status":200,"result":%b', (
                head[0],
                encode(placement(self._api.books, view, answer), unit),
            )
        item = view.instrument
        words = (view.status.name, tif_word(view), view.kind.name, view.side.name)
        return grid.resting, (
            *head,
            item.price_text(view.tick).encode(),
            item.quantity_text(view.lots).encode(),
            render(view.budget).encode(),
            *(word.encode() for word in words),
            view.worked // unit if view.worked else -1,
            b',"fills":[]' if answer == "FULL" else b"",
            view.stp.name.encode(),
        )

    def _cancel(self, state: WsSession, identity: int | str | None, asked: Cancel, now: int) -> bool:
        api, key, name = self._api, state.key, asked.newClientOrderId
        usual = bool(asked.orderId) is not bool(asked.origClientOrderId) and name and _match_name(name)
        if key is None or not usual or asked.orderId > MOST_ID or not _timely(asked.timestamp, asked.recvWindow, now):
            return False
        if asked.orderId:
            order = api.books.order(key.account, asked.symbol, order_id=asked.orderId)
        else:
            order = api.books.order(key.account, asked.symbol, client_id=asked.origClientOrderId)
        if order is None or not order.open or order.instrument.symbol != asked.symbol:
            return False
        counted = api.limits.orders(key.account)
        if state.address.full(now):
            return False
        state.address.spend(1, now)
        try:
            after = api.books.cancel(key.account, order.order_id, api.now(), name)
        except ApiError as error:
            self._fail(state, identity, error, counted)
            return True
        counted.check(0, now)
        self._send(state, *self._cancelled(after, order.client_id, name, identity, state.unit), counted)
        return True

    def _cancelled(
        self, view: OrderView, original: str, name: str, identity: int | str | None, unit: TimeUnit
    ) -> tuple[bytes, Parts]:
        grid = self._grids.get(view.instrument.symbol) or self._learn(view.instrument.symbol)
        if (
            grid is None
            or view.kind not in PLAIN
            or view.list_id
            or view.iceberg
            or view.strategy_id
            or view.strategy_type
        ):
            body = encode(cancelled_body(view, original, name), unit)
            return b'{"id":%b,"status":200,"result":%b', (_encode(identity), body)
        item = view.instrument
        amounts = item.price_text(view.tick), item.quantity_text(view.lots), item.quantity_text(view.filled)
        words = render(view.budget), render(view.quote_filled), view.status.name, tif_word(view)
        texts = [text.encode() for text in (*amounts, *words, view.kind.name, view.side.name, view.stp.name)]
        head = _encode(identity), original.encode(), view.order_id, name.encode(), view.updated // unit
        return grid.gone, (*head, *texts)

    def _fail(self, state: WsSession, identity: int | str | None, error: ApiError, counted: OrderCount) -> None:
        parts = (_encode(identity), error.http_status, encode(error.body()))
        self._send(state, b'{"id":%b,"status":%d,"error":%b', parts, counted)

    def _send(self, state: WsSession, shape: bytes, parts: Parts, counted: OrderCount) -> None:
        frame = shape % parts
        if state.show_limits:
            frame += self._limits % (counted.short, counted.long, state.address.weight)
        self._api.books.send_after_commit(state.connection, frame + b"}")


def _order(asked: Place, grid: Grid) -> NewOrder | None:
    """None if it is not of the usual form."""
    kind, side, tif = _KINDS.get(asked.type), _SIDES.get(asked.side), _TIFS.get(asked.timeInForce)
    stp, price, name = _STPS.get(asked.selfTradePreventionMode), asked.price, asked.newClientOrderId
    if kind is None or side is None or tif is None or stp is None or asked.newOrderRespType not in _ANSWERS:
        return None
    if (asked.timeInForce == "") is (kind is Kind.LIMIT) or (price == "") is not (kind is Kind.MARKET):
        return None
    lots, tick = grid.lots(asked.quantity), grid.ticks(price) if price else 0
    if lots <= 0 or (tick <= 0 and price) or (name and not _match_name(name)):
        return None
    return NewOrder(side, kind, tif, stp, tick, lots, client_id=name or None)


def _timely(sent: int, window_ms: int, now: int) -> bool:
    late = now // 1_000 - sent if sent >= MICROSECONDS_FROM else (now // 1_000_000 - sent) * 1_000
    return -1_000_000 < late <= window_ms * 1_000 and 0 <= window_ms <= 60_000
