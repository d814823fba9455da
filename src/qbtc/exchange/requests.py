"""Order parameters from the wire into a checked request: types, grids and filters, with Binance's codes. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from ..core.binance.errors import ApiError, Code, filter_failure, illegal, missing
from ..core.market.book import Side
from ..core.market.instrument import Instrument, OffGrid, units
from ..core.market.orders import Kind, SelfTrade, TimeInForce

Params = Mapping[str, str]
E = TypeVar("E", bound=StrEnum)
CLIENT_ID = re.compile(r"^[\.A-Z\:/a-z0-9_-]{1,36}$")
_NUMBER = re.compile(r"^[0-9]{1,20}(\.[0-9]{1,20})?$")
MAX_PRICE = Decimal(1_000_000)
MAX_QUANTITY = Decimal(92_000_000)


@dataclass(frozen=True, slots=True)
class Limits:
    min_notional: Decimal
    max_notional: Decimal


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """A well-formed order; `tick` 0 for MARKET, `lots` 0 for MARKET by `quote`."""

    symbol: str
    side: Side
    kind: Kind
    tif: TimeInForce
    stp: SelfTrade
    tick: int
    lots: int
    quote: Decimal
    client_id: str | None
    answer: str


def required(params: Params, name: str) -> str:
    value = params.get(name, "")
    if value == "":
        raise missing(name)
    return value


def integer(params: Params, name: str, default: int | None = None) -> int:
    text = params.get(name, "")
    if text == "":
        if default is None:
            raise missing(name)
        return default
    if not re.fullmatch(r"[0-9]{1,19}", text):
        raise illegal(name, "^[0-9]{1,20}$")
    return int(text)


def order_request(params: Params, instrument: Instrument, limits: Limits) -> OrderRequest:
    """Raises ApiError with the code that Binance gives."""
    side = _side(required(params, "side"))
    kind = _member(required(params, "type"), Kind, Code.INVALID_ORDER_TYPE)
    stp = _member(params.get("selfTradePreventionMode", "NONE"), SelfTrade, Code.INVALID_PARAMETER)
    tick, lots, quote = _amounts(params, instrument, kind)
    request = OrderRequest(
        symbol=instrument.symbol,
        side=side,
        kind=kind,
        tif=_tif(params, kind),
        stp=stp,
        tick=tick,
        lots=lots,
        quote=quote,
        client_id=_client_id(params),
        answer=params.get("newOrderRespType", "ACK" if kind is Kind.LIMIT_MAKER else "FULL"),
    )
    if request.answer not in ("ACK", "RESULT", "FULL"):
        raise ApiError(Code.INVALID_PARAMETER, "Data sent for parameter 'newOrderRespType' is not valid.")
    if tick:
        check_notional(instrument.notional(tick, lots), limits)
    return request


def check_notional(value: Decimal, limits: Limits) -> None:
    if not limits.min_notional <= value <= limits.max_notional:
        raise filter_failure("NOTIONAL")


def _side(text: str) -> Side:
    if text not in Side.__members__:
        raise ApiError(Code.INVALID_SIDE)
    return Side[text]


def _member(text: str, kind: type[E], code: Code) -> E:
    try:
        return kind(text)
    except ValueError:
        raise ApiError(code) from None


def _tif(params: Params, kind: Kind) -> TimeInForce:
    text = params.get("timeInForce", "")
    if kind is Kind.LIMIT:
        return _member(required(params, "timeInForce"), TimeInForce, Code.INVALID_TIF)
    if text:
        raise ApiError(Code.UNREAD_PARAMETERS, "Parameter 'timeInForce' sent when not required.")
    return TimeInForce.GTC if kind is Kind.LIMIT_MAKER else TimeInForce.IOC


def _amounts(params: Params, instrument: Instrument, kind: Kind) -> tuple[int, int, Decimal]:
    if kind is Kind.MARKET:
        return _market_amounts(params, instrument)
    if params.get("quoteOrderQty"):
        raise ApiError(Code.PARAM_NOT_REQUIRED, "Parameter 'quoteOrderQty' sent when not required.")
    price, quantity = _decimal(params, "price"), _decimal(params, "quantity")
    return _ticks(instrument, price), _lots(instrument, quantity), Decimal(0)


def _market_amounts(params: Params, instrument: Instrument) -> tuple[int, int, Decimal]:
    if params.get("price"):
        raise ApiError(Code.PARAM_NOT_REQUIRED, "Parameter 'price' sent when not required.")
    given = [name for name in ("quantity", "quoteOrderQty") if params.get(name)]
    if not given:
        raise ApiError(
            Code.MANDATORY_PARAM, "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!"
        )
    if len(given) == 2:
        raise ApiError(Code.PARAM_NOT_REQUIRED, "Parameter 'quoteOrderQty' sent when not required.")
    if given == ["quantity"]:
        return 0, _lots(instrument, _decimal(params, "quantity")), Decimal(0)
    quote = Decimal(_decimal(params, "quoteOrderQty"))
    if not quote:
        raise illegal("quoteOrderQty", "a positive decimal")
    return 0, 0, quote


def _decimal(params: Params, name: str) -> str:
    text = required(params, name)
    if not _NUMBER.match(text):
        raise illegal(name, r"^([0-9]{1,20})(\.[0-9]{1,20})?$")
    try:
        units(text)
    except OffGrid:
        raise ApiError(Code.BAD_PRECISION, f"Parameter '{name}' has too much precision.") from None
    return text


def _ticks(instrument: Instrument, price: str) -> int:
    try:
        ticks = instrument.to_ticks(price)
    except OffGrid:
        ticks = 0
    if ticks <= 0 or Decimal(price) > MAX_PRICE:
        raise filter_failure("PRICE_FILTER")
    return ticks


def _lots(instrument: Instrument, quantity: str) -> int:
    try:
        lots = instrument.to_lots(quantity)
    except OffGrid:
        lots = 0
    if lots <= 0 or Decimal(quantity) > MAX_QUANTITY:
        raise filter_failure("LOT_SIZE")
    return lots


def _client_id(params: Params) -> str | None:
    text = params.get("newClientOrderId", "")
    if text and not CLIENT_ID.match(text):
        raise illegal("newClientOrderId", CLIENT_ID.pattern)
    return text or None
