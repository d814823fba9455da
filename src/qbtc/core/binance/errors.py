"""Binance's error codes: the ones this house sends or must understand, and the exception that carries one.

Codes and names: binance/binance-spot-api-docs, errors.md. `ApiError` is what the venue raises to answer
`{"code", "msg"}` and what a client raises on such an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class Code(IntEnum):
    UNKNOWN = -1000
    DISCONNECTED = -1001
    UNAUTHORIZED = -1002
    TOO_MANY_REQUESTS = -1003
    SERVER_BUSY = -1008
    INVALID_MESSAGE = -1013
    UNKNOWN_ORDER_COMPOSITION = -1014
    TOO_MANY_ORDERS = -1015
    SERVICE_SHUTTING_DOWN = -1016
    UNSUPPORTED_OPERATION = -1020
    INVALID_TIMESTAMP = -1021
    INVALID_SIGNATURE = -1022
    TOO_MANY_CONNECTIONS = -1034
    ILLEGAL_CHARS = -1100
    TOO_MANY_PARAMETERS = -1101
    MANDATORY_PARAM = -1102
    UNKNOWN_PARAM = -1103
    UNREAD_PARAMETERS = -1104
    PARAM_EMPTY = -1105
    PARAM_NOT_REQUIRED = -1106
    PARAM_OVERFLOW = -1108
    BAD_PRECISION = -1111
    NO_DEPTH = -1112
    TIF_NOT_REQUIRED = -1114
    INVALID_TIF = -1115
    INVALID_ORDER_TYPE = -1116
    INVALID_SIDE = -1117
    BAD_INTERVAL = -1120
    BAD_SYMBOL = -1121
    INVALID_SYMBOL_STATUS = -1122
    INVALID_LISTEN_KEY = -1125
    MORE_THAN_XX_HOURS = -1127
    BAD_COMBINATION = -1128
    INVALID_PARAMETER = -1130
    BAD_STRATEGY_TYPE = -1134
    INVALID_JSON = -1135
    INVALID_TICKER_TYPE = -1139
    INVALID_CANCEL_RESTRICTIONS = -1145
    DUPLICATE_SYMBOLS = -1151
    OCO_ORDER_TYPE = -1158
    OCO_ICEBERG_TIF = -1160
    BUY_OCO_LIMIT_MUST_BE_BELOW = -1165
    SELL_OCO_LIMIT_MUST_BE_ABOVE = -1166
    BOTH_OCO_ORDERS_CANNOT_BE_LIMIT = -1168
    INVALID_TIME_UNIT = -1194
    BUY_OCO_STOP_LOSS_MUST_BE_ABOVE = -1196
    SELL_OCO_STOP_LOSS_MUST_BE_BELOW = -1197
    BUY_OCO_TAKE_PROFIT_MUST_BE_BELOW = -1198
    SELL_OCO_TAKE_PROFIT_MUST_BE_ABOVE = -1199
    INVALID_PEG_PRICE_TYPE = -1210
    INVALID_PEG_OFFSET_TYPE = -1211
    SYMBOL_DOES_NOT_MATCH_STATUS = -1220
    OPO_WORKING_MUST_BE_BUY = -1222
    OPO_PENDING_MUST_BE_SELL = -1223
    PENDING_PARAM_NOT_REQUIRED = -1225
    NEW_ORDER_REJECTED = -2010
    CANCEL_REJECTED = -2011
    NO_SUCH_ORDER = -2013
    BAD_API_KEY_FORMAT = -2014
    REJECTED_KEY = -2015
    CANCEL_REPLACE_PARTIALLY_FAILED = -2021
    CANCEL_REPLACE_FAILED = -2022
    SUBSCRIPTION_ACTIVE = -2035
    SUBSCRIPTION_INACTIVE = -2036
    ORDER_AMEND_REJECTED = -2038
    CLIENT_ORDER_ID_INVALID = -2039
    MAXIMUM_SUBSCRIPTIONS = -2042
    NO_REFERENCE_PRICE = -2043


DEFAULT_TEXT: dict[Code, str] = {
    Code.UNKNOWN: "An unknown error occurred while processing the request.",
    Code.UNKNOWN_ORDER_COMPOSITION: "Unsupported order combination.",
    Code.SERVICE_SHUTTING_DOWN: "This service is no longer available.",
    Code.UNSUPPORTED_OPERATION: "This operation is not supported.",
    Code.INVALID_TIMESTAMP: "Timestamp for this request is outside of the recvWindow.",
    Code.INVALID_SIGNATURE: "Signature for this request is not valid.",
    Code.TOO_MANY_CONNECTIONS: "Too many connections; current limit is 300 connections per 5 MINUTE.",
    Code.NO_DEPTH: "No orders on book for symbol.",
    Code.TIF_NOT_REQUIRED: "TimeInForce parameter sent when not required.",
    Code.INVALID_TIF: "Invalid timeInForce.",
    Code.INVALID_ORDER_TYPE: "Invalid orderType.",
    Code.INVALID_SIDE: "Invalid side.",
    Code.BAD_INTERVAL: "Invalid interval.",
    Code.BAD_SYMBOL: "Invalid symbol.",
    Code.INVALID_SYMBOL_STATUS: "Invalid symbolStatus.",
    Code.BAD_COMBINATION: "Combination of optional parameters invalid.",
    Code.BAD_STRATEGY_TYPE: "strategyType was less than 1000000.",
    Code.INVALID_JSON: "Invalid JSON Request",
    Code.INVALID_TICKER_TYPE: "Invalid ticker type.",
    Code.INVALID_CANCEL_RESTRICTIONS: "Invalid cancelRestrictions",
    Code.DUPLICATE_SYMBOLS: "Symbol is present multiple times in the list.",
    Code.OCO_ORDER_TYPE: "Order type not supported in OCO.",
    Code.BUY_OCO_LIMIT_MUST_BE_BELOW: "A limit order in a buy OCO must be below.",
    Code.SELL_OCO_LIMIT_MUST_BE_ABOVE: "A limit order in a sell OCO must be above.",
    Code.BOTH_OCO_ORDERS_CANNOT_BE_LIMIT: "At least one OCO order must be contingent.",
    Code.INVALID_TIME_UNIT: "Invalid value for time unit; expected either MICROSECOND or MILLISECOND.",
    Code.BUY_OCO_STOP_LOSS_MUST_BE_ABOVE: "A stop loss order in a buy OCO must be above.",
    Code.SELL_OCO_STOP_LOSS_MUST_BE_BELOW: "A stop loss order in a sell OCO must be below.",
    Code.BUY_OCO_TAKE_PROFIT_MUST_BE_BELOW: "A take profit order in a buy OCO must be below.",
    Code.SELL_OCO_TAKE_PROFIT_MUST_BE_ABOVE: "A take profit order in a sell OCO must be above.",
    Code.INVALID_PEG_PRICE_TYPE: "Invalid pegPriceType.",
    Code.INVALID_PEG_OFFSET_TYPE: "Invalid pegOffsetType.",
    Code.SYMBOL_DOES_NOT_MATCH_STATUS: "The symbol's status does not match the requested symbolStatus.",
    Code.OPO_WORKING_MUST_BE_BUY: "Working order in an OPO list must be a bid.",
    Code.OPO_PENDING_MUST_BE_SELL: "Pending orders in an OPO list must be asks.",
    Code.CANCEL_REJECTED: "Unknown order sent.",
    Code.NO_SUCH_ORDER: "Order does not exist.",
    Code.BAD_API_KEY_FORMAT: "API-key format invalid.",
    Code.REJECTED_KEY: "Invalid API-key, IP, or permissions for action.",
    Code.CANCEL_REPLACE_PARTIALLY_FAILED: "Order cancel-replace partially failed.",
    Code.CANCEL_REPLACE_FAILED: "Order cancel-replace failed.",
    Code.SUBSCRIPTION_ACTIVE: "User Data Stream subscription already active.",
    Code.SUBSCRIPTION_INACTIVE: "User Data Stream subscription not active.",
    Code.CLIENT_ORDER_ID_INVALID: "Client order ID is not correct for this order ID.",
    Code.MAXIMUM_SUBSCRIPTIONS: "Maximum subscription ID reached for this connection.",
    Code.NO_REFERENCE_PRICE: "This symbol doesn't have a reference price.",
}

INSUFFICIENT_BALANCE = "Account has insufficient balance for requested action."
DUPLICATE_ORDER = "Duplicate order sent."
WOULD_MATCH = "Order would immediately match and take."
WOULD_TRIGGER = "Order would trigger immediately."
MARKET_CLOSED = "Market is closed."
OCO_BAD_PRICES = "The relationship of the prices for the orders is not correct."
ICEBERG_EXCEEDS = "IcebergQty exceeds QTY."
ZERO_VALUE = "Price * QTY is zero or less."
CANCEL_RESTRICTED = "Order was not canceled due to cancel restrictions."
AMEND_INCREASE = "Order amend (quantity increase) is not supported."
NO_CHANGE = "The requested action would change no state; rejecting."
STP_NOT_ALLOWED = "This symbol does not allow the specified self-trade prevention mode."
NO_PEGS = "Pegged orders are not supported for this symbol."
NO_OPO = "OPO orders are not supported for this symbol."

REJECT_REASONS = {
    INSUFFICIENT_BALANCE: "INSUFFICIENT_BALANCES",
    WOULD_TRIGGER: "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY",
    WOULD_MATCH: "WOULD_MATCH_IMMEDIATELY",
    OCO_BAD_PRICES: "OCO_BAD_PRICES",
}
"""Field `r` of an execution report by the message of the refusal (user-data-stream.md)."""

_HTTP: dict[Code, int] = {
    Code.TOO_MANY_REQUESTS: 429,
    Code.TOO_MANY_ORDERS: 429,
    Code.TOO_MANY_CONNECTIONS: 429,
    Code.UNAUTHORIZED: 401,
    Code.REJECTED_KEY: 401,
    Code.BAD_API_KEY_FORMAT: 401,
    Code.UNKNOWN: 500,
    Code.SERVICE_SHUTTING_DOWN: 503,
    Code.CANCEL_REPLACE_PARTIALLY_FAILED: 409,
}


class ApiError(Exception):
    """An answer `{"code", "msg"}`. `http_status` is what REST sends with it, `data` more to say (cancel-replace)."""

    def __init__(
        self,
        code: Code | int,
        msg: str | None = None,
        *,
        status: int | None = None,
        data: Mapping[str, object] | None = None,
    ) -> None:
        self.code = int(code)
        known = Code(code) if code in Code._value2member_map_ else None
        self.msg = msg or (DEFAULT_TEXT.get(known, known.name) if known else f"error {code}")
        self.http_status = status or (_HTTP.get(known, 400) if known else 400)
        self.data = data
        self.retry_after: int | None = None
        super().__init__(f"{self.code}: {self.msg}")

    def body(self) -> dict[str, object]:
        found: dict[str, object] = {"code": self.code, "msg": self.msg}
        return found if self.data is None else found | {"data": self.data}


def missing(parameter: str) -> ApiError:
    return ApiError(
        Code.MANDATORY_PARAM, f"Mandatory parameter '{parameter}' was not sent, was empty/null, or malformed."
    )


def either(first: str, second: str) -> ApiError:
    """One of two parameters must be sent."""
    return ApiError(Code.MANDATORY_PARAM, f"Param '{first}' or '{second}' must be sent, but both were empty/null!")


def empty(parameter: str) -> ApiError:
    return ApiError(Code.PARAM_EMPTY, f"Parameter '{parameter}' was empty.")


def not_required(parameter: str) -> ApiError:
    return ApiError(Code.PARAM_NOT_REQUIRED, f"Parameter '{parameter}' sent when not required.")


def illegal(parameter: str, legal: str) -> ApiError:
    return ApiError(
        Code.ILLEGAL_CHARS, f"Illegal characters found in parameter '{parameter}'; legal range is '{legal}'."
    )


def invalid(parameter: str) -> ApiError:
    return ApiError(Code.INVALID_PARAMETER, f"Data sent for parameter '{parameter}' is not valid.")


def filter_failure(name: str) -> ApiError:
    return ApiError(Code.INVALID_MESSAGE, f"Filter failure: {name}")
