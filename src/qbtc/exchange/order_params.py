"""Parameters of one order into a NewOrder: what each type needs and may have, precision, grid. Pure.

The table of rest-api.md, with a prefix for the orders of a list (`aboveType`, `workingPrice`, ...). Filters, balances
and the book are the books' business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..core.binance.errors import (
    ICEBERG_EXCEEDS,
    NO_PEGS,
    STP_NOT_ALLOWED,
    ApiError,
    Code,
    either,
    filter_failure,
    illegal,
    missing,
    not_required,
)
from ..core.market.engine.layout import Kind, Side, Stp, Tif
from ..core.market.instrument import Instrument
from .model import NewOrder
from .params import Params, choice, client_id, decimal, integer, member

ANSWERS = ("ACK", "RESULT", "FULL")
LEAST_STRATEGY_TYPE = 1_000_000
MOST_TRAILING = 2**31 - 1

FIELDS = (
    "timeInForce", "quantity", "quoteOrderQty", "price", "stopPrice", "trailingDelta", "icebergQty", "strategyId",
    "strategyType", "pegPriceType", "pegOffsetType", "pegOffsetValue",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rule:
    """What an order type needs and what it may have; the rest of the price fields is refused."""

    needs: frozenset[str]
    may: frozenset[str] = frozenset()
    trigger: bool = False


_RULES = {
    Kind.LIMIT: _Rule(frozenset({"timeInForce", "quantity", "price"}), frozenset({"icebergQty"})),
    Kind.MARKET: _Rule(frozenset(), frozenset({"quantity", "quoteOrderQty"})),
    Kind.LIMIT_MAKER: _Rule(frozenset({"quantity", "price"}), frozenset({"icebergQty"})),
    Kind.STOP_LOSS: _Rule(frozenset({"quantity"}), trigger=True),
    Kind.TAKE_PROFIT: _Rule(frozenset({"quantity"}), trigger=True),
    Kind.STOP_LOSS_LIMIT: _Rule(
        frozenset({"timeInForce", "quantity", "price"}), frozenset({"icebergQty"}), trigger=True
    ),
    Kind.TAKE_PROFIT_LIMIT: _Rule(
        frozenset({"timeInForce", "quantity", "price"}), frozenset({"icebergQty"}), trigger=True
    ),
}
_PRICED = ("timeInForce", "price", "icebergQty", "quoteOrderQty", "stopPrice", "trailingDelta")


@dataclass(frozen=True, slots=True)
class Names:
    """What the parameters of one order are called; fields not named keep their own name."""

    names: Mapping[str, str]

    def __call__(self, field: str) -> str:
        return self.names.get(field, field)

    @classmethod
    def prefixed(cls, prefix: str, *, shared: Mapping[str, str] | None = None) -> Names:
        """`above` gives aboveType, abovePrice, ...; `shared` names what the orders of a list have in common."""
        fields = ("type", "side", "clientOrderId", *FIELDS)
        return cls({name: prefix + name[0].upper() + name[1:] for name in fields} | dict(shared or {}))


PLAIN = Names({"clientOrderId": "newClientOrderId"})


def new_order(params: Params, instrument: Instrument, names: Names = PLAIN) -> NewOrder:
    """Raises ApiError with the code that Binance gives."""
    side = member(params, names("side"), Side, Code.INVALID_SIDE)
    if side is None:
        raise missing(names("side"))
    kind = member(params, names("type"), Kind, Code.INVALID_ORDER_TYPE)
    if kind is None:
        raise missing(names("type"))
    rule = _RULES[kind]
    _refuse_pegs(params, names)
    _check_combination(params, rule, names)
    lots, budget = _amounts(params, instrument, kind, names)
    return NewOrder(
        side=side,
        kind=kind,
        tif=member(params, names("timeInForce"), Tif, Code.INVALID_TIF) or Tif.GTC,
        stp=stp_mode(params),
        tick=ticks(params, instrument, names("price")) if "price" in rule.needs else 0,
        lots=lots,
        budget=budget,
        stop_tick=ticks(params, instrument, names("stopPrice")) if params.get(names("stopPrice")) else 0,
        trailing=_trailing(params, names("trailingDelta")),
        iceberg=_iceberg(params, instrument, lots, names),
        strategy_id=integer(params, names("strategyId"), 0),
        strategy_type=_strategy_type(params, names("strategyType")),
        client_id=client_id(params, names("clientOrderId")),
    )


def stp_mode(params: Params) -> Stp:
    """TRANSFER is a mode of Binance's that no symbol here allows (faqs/stp_faq.md says how it is refused)."""
    if params.get("selfTradePreventionMode") == "TRANSFER":
        raise ApiError(Code.INVALID_MESSAGE, STP_NOT_ALLOWED)
    return member(params, "selfTradePreventionMode", Stp) or Stp.NONE


def answer_kind(params: Params, kind: Kind) -> str:
    """`newOrderRespType`, or its default for the order type."""
    default = "FULL" if kind in (Kind.LIMIT, Kind.MARKET) else "ACK"
    return choice(params, "newOrderRespType", ANSWERS, default) or default


def ticks(params: Params, instrument: Instrument, name: str) -> int:
    """A price on the grid. Raises ApiError -1013 PRICE_FILTER."""
    found, rest = divmod(decimal(params, name), instrument.tick_units)
    if rest:
        raise filter_failure("PRICE_FILTER")
    return found


def quantity(params: Params, instrument: Instrument, name: str) -> int:
    """A quantity in lots. Raises ApiError -1013 LOT_SIZE."""
    found, rest = divmod(decimal(params, name), instrument.lot_units)
    if rest:
        raise filter_failure("LOT_SIZE")
    return found


def _refuse_pegs(params: Params, names: Names) -> None:
    kind = choice_of(params, names("pegPriceType"), ("PRIMARY_PEG", "MARKET_PEG"), Code.INVALID_PEG_PRICE_TYPE)
    offset = choice_of(params, names("pegOffsetType"), ("PRICE_LEVEL",), Code.INVALID_PEG_OFFSET_TYPE)
    if kind or offset or params.get(names("pegOffsetValue")):
        raise ApiError(Code.NEW_ORDER_REJECTED, NO_PEGS)


def choice_of(params: Params, name: str, allowed: tuple[str, ...], code: Code) -> str | None:
    text = params.get(name) or None
    if text is not None and text not in allowed:
        raise ApiError(code)
    return text


def _check_combination(params: Params, rule: _Rule, names: Names) -> None:
    allowed = rule.needs | rule.may | ({"stopPrice", "trailingDelta"} if rule.trigger else set())
    for field in _PRICED:
        if field not in allowed and params.get(names(field)):
            raise not_required(names(field))
    for field in ("timeInForce", "quantity", "price"):
        if field in rule.needs and not params.get(names(field)):
            raise missing(names(field))
    if rule.trigger and not params.get(names("stopPrice")) and not params.get(names("trailingDelta")):
        raise either(names("stopPrice"), names("trailingDelta"))


def _amounts(params: Params, instrument: Instrument, kind: Kind, names: Names) -> tuple[int, int]:
    lots, quote = names("quantity"), names("quoteOrderQty")
    if kind is not Kind.MARKET or not params.get(quote):
        if kind is Kind.MARKET and not params.get(lots):
            raise either(lots, quote)
        return quantity(params, instrument, lots), 0
    if params.get(lots):
        raise not_required(quote)
    return 0, decimal(params, quote)


def _trailing(params: Params, name: str) -> int:
    found = integer(params, name, 0)
    if found > MOST_TRAILING:
        raise filter_failure("TRAILING_DELTA")
    return found


def _iceberg(params: Params, instrument: Instrument, lots: int, names: Names) -> int:
    name = names("icebergQty")
    if not params.get(name):
        return 0
    if params.get(names("timeInForce"), "GTC") != "GTC":
        raise ApiError(Code.UNKNOWN_ORDER_COMPOSITION)
    found = quantity(params, instrument, name)
    if found > lots:
        raise ApiError(Code.NEW_ORDER_REJECTED, ICEBERG_EXCEEDS)
    return found


def _strategy_type(params: Params, name: str) -> int:
    if name not in params:
        return 0
    found = integer(params, name)
    if found < LEAST_STRATEGY_TYPE:
        raise ApiError(Code.BAD_STRATEGY_TYPE)
    if found >= 2**31:
        raise illegal(name, "1000000 to 2147483647")
    return found
