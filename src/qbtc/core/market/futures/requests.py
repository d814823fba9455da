"""Order parameters from the wire into checked requests, with the futures codes. Pure; what needs the account or the
market (position side, margin, price bands) is the venue's."""

from __future__ import annotations

from dataclasses import dataclass

from ...binance.errors import ApiError, Code
from .contracts import Contract, places
from .errors import FCode, error, not_required
from .wire import MS, UNIT, Params, choice, client_id, decimal, flag, integer, required

ORDER_KINDS = ("LIMIT", "MARKET")
ALGO_KINDS = ("STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET")
TIFS = ("GTC", "IOC", "FOK", "GTX", "GTD")
STPS = ("NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH")
MATCHES = ("NONE", *(f"{kind}{level}" for kind in ("OPPONENT", "QUEUE") for level in ("", "_5", "_10", "_20")))
WORKING = ("CONTRACT_PRICE", "MARK_PRICE")
FAR = 253_402_300_799_000


@dataclass(frozen=True, slots=True)
class NewOrder:
    """A well-formed order; integers of 1e-8. `leg` empty: not sent. `origin` is the algo type that became it."""

    symbol: str
    side: int
    leg: str
    kind: str
    tif: str
    stp: str
    match: str
    price: int
    quantity: int
    reduce: bool
    gtd: int
    client_id: str | None
    answer: str = "ACK"
    reduce_sent: bool = False
    origin: str = ""
    close: bool = False
    algo_id: int = 0
    stop: int = 0
    working: str = "CONTRACT_PRICE"
    protect: bool = False


@dataclass(frozen=True, slots=True)
class NewAlgo:
    symbol: str
    side: int
    leg: str
    kind: str
    tif: str
    stp: str
    match: str
    price: int
    quantity: int
    trigger: int
    activate: int
    rate: int
    working: str
    protect: bool
    reduce: bool
    close: bool
    gtd: int
    client_id: str | None


def new_order(params: Params, contract: Contract, now: int) -> NewOrder:
    """Raises ApiError with the code that Binance gives."""
    kind = required(params, "type")
    if kind in ALGO_KINDS:
        raise error(FCode.ALGO_SERVICE)
    if kind not in ORDER_KINDS:
        raise ApiError(Code.INVALID_ORDER_TYPE)
    if flag(params, "closePosition"):
        raise error(FCode.ALGO_SERVICE)
    tif = _tif(params, kind)
    match = _match(params, kind)
    return NewOrder(
        symbol=contract.symbol,
        side=side(params),
        leg=leg(params),
        kind=kind,
        tif=tif,
        stp=_stp(params),
        match=match,
        price=_price(params, contract, kind, match),
        quantity=quantity(params, contract, market=kind == "MARKET"),
        reduce=flag(params, "reduceOnly"),
        reduce_sent=bool(params.get("reduceOnly")),
        gtd=_gtd(params, tif, now),
        client_id=client_id(params, "newClientOrderId"),
        answer=_answer(params),
    )


def new_algo(params: Params, contract: Contract, now: int) -> NewAlgo:
    if required(params, "algoType") != "CONDITIONAL":
        raise ApiError(Code.INVALID_PARAMETER, "Data sent for parameter 'algoType' is not valid.")
    kind = required(params, "type")
    if kind not in ALGO_KINDS:
        raise ApiError(Code.INVALID_ORDER_TYPE)
    close = flag(params, "closePosition")
    _check_close(params, kind, close)
    limit = kind in ("STOP", "TAKE_PROFIT")
    tif = choice(params, "timeInForce", TIFS, "GTC")
    match = _match(params, "LIMIT" if limit else "MARKET")
    trailing = kind == "TRAILING_STOP_MARKET"
    return NewAlgo(
        symbol=contract.symbol,
        side=side(params),
        leg=leg(params),
        kind=kind,
        tif=tif,
        stp=_stp(params),
        match=match,
        price=_price(params, contract, "LIMIT", match) if limit else 0,
        quantity=0 if close else quantity(params, contract, market=not limit),
        trigger=0 if trailing else _trigger(params, contract, "triggerPrice"),
        activate=_trigger(params, contract, "activatePrice") if params.get("activatePrice") else 0,
        rate=_callback(params) if trailing else 0,
        working=_working(params),
        protect=flag(params, "priceProtect"),
        reduce=flag(params, "reduceOnly"),
        close=close,
        gtd=_gtd(params, tif, now),
        client_id=client_id(params, "clientAlgoId"),
    )


def _check_close(params: Params, kind: str, close: bool) -> None:
    if not close:
        return
    if kind not in ("STOP_MARKET", "TAKE_PROFIT_MARKET"):
        text = f"Target strategy invalid for orderType {kind},closePosition true"
        raise ApiError(-4136, text)
    if params.get("quantity"):
        raise error(FCode.CLOSE_QUANTITY)
    if params.get("reduceOnly"):
        raise not_required("reduceonly")


def side(params: Params) -> int:
    text = required(params, "side")
    if text not in ("BUY", "SELL"):
        raise ApiError(Code.INVALID_SIDE)
    return 1 if text == "BUY" else -1


def leg(params: Params) -> str:
    text = params.get("positionSide", "")
    if text not in ("", "BOTH", "LONG", "SHORT"):
        raise error(FCode.POSITION_SIDE)
    return text


def quantity(params: Params, contract: Contract, *, market: bool = False) -> int:
    required(params, "quantity")
    found = decimal(params, "quantity") or 0
    if found <= 0:
        raise error(FCode.QTY_ZERO)
    if found % 10 ** (8 - places(contract.step)):
        raise error(FCode.PRECISION)
    if found < contract.step:
        raise error(FCode.QTY_MIN)
    if found > (contract.market_max_quantity if market else contract.max_quantity):
        raise error(FCode.QTY_MAX)
    if found % contract.step:
        raise error(FCode.QTY_STEP)
    return found


def check_price(found: int, contract: Contract) -> int:
    if found <= 0 or found < contract.tick:
        raise error(FCode.PRICE_MIN)
    if found > contract.max_price:
        raise error(FCode.PRICE_MAX)
    if found % 10 ** (8 - places(contract.tick)):
        raise error(FCode.PRECISION)
    if found % contract.tick:
        raise error(FCode.PRICE_TICK)
    return found


def _price(params: Params, contract: Contract, kind: str, match: str) -> int:
    if kind == "MARKET":
        if params.get("price"):
            raise not_required("price")
        return 0
    if match != "NONE":
        if params.get("price"):
            raise not_required("price")
        return 0
    required(params, "price")
    return check_price(decimal(params, "price") or 0, contract)


def _trigger(params: Params, contract: Contract, name: str) -> int:
    required(params, name)
    return check_price(decimal(params, name) or 0, contract)


def _callback(params: Params) -> int:
    """A percentage of 0.1 to 10 as a rate in 1e-8."""
    required(params, "callbackRate")
    percent = decimal(params, "callbackRate") or 0
    if not UNIT // 10 <= percent <= 10 * UNIT or percent % (UNIT // 100):
        raise error(FCode.CALLBACK_RATE)
    return percent // 100


def _tif(params: Params, kind: str) -> str:
    text = params.get("timeInForce", "")
    if kind == "MARKET":
        if text:
            raise not_required("timeinforce")
        return "GTC"
    if required(params, "timeInForce") not in TIFS:
        raise ApiError(Code.INVALID_TIF)
    return text


def _gtd(params: Params, tif: str, now: int) -> int:
    """`goodTillDate` in ns, cut to seconds; 0 without GTD."""
    if tif != "GTD":
        if params.get("goodTillDate", "") not in ("", "0"):
            raise not_required("goodtilldate")
        return 0
    sent = integer(params, "goodTillDate")
    if not now // MS + 600_000 < sent < FAR:
        raise error(FCode.GOOD_TILL)
    return sent // 1000 * 1000 * MS


def _match(params: Params, kind: str) -> str:
    text = params.get("priceMatch", "") or "NONE"
    if text not in MATCHES:
        raise error(FCode.PRICE_MATCH)
    if text != "NONE" and kind == "MARKET":
        raise error(FCode.PRICE_MATCH_TYPE)
    return text


def _stp(params: Params) -> str:
    text = params.get("selfTradePreventionMode", "") or "EXPIRE_MAKER"
    if text not in STPS:
        raise error(FCode.STP)
    return text


def _working(params: Params) -> str:
    text = params.get("workingType", "") or "CONTRACT_PRICE"
    if text not in WORKING:
        raise error(FCode.WORKING_TYPE)
    return text


def _answer(params: Params) -> str:
    text = params.get("newOrderRespType", "") or "ACK"
    if text not in ("ACK", "RESULT"):
        raise error(FCode.NEW_ORDER_RESP_TYPE)
    return text
