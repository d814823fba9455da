"""Binance's error codes: the ones this house sends or must understand, and the exception that carries one.

Codes and names: binance/binance-spot-api-docs, errors.md. `ApiError` is what the venue raises to answer
`{"code", "msg"}` and what a client raises on such an answer.
"""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    UNKNOWN = -1000
    DISCONNECTED = -1001
    UNAUTHORIZED = -1002
    TOO_MANY_REQUESTS = -1003
    SERVER_BUSY = -1008
    INVALID_MESSAGE = -1013
    TOO_MANY_ORDERS = -1015
    SERVICE_SHUTTING_DOWN = -1016
    UNSUPPORTED_OPERATION = -1020
    INVALID_TIMESTAMP = -1021
    INVALID_SIGNATURE = -1022
    ILLEGAL_CHARS = -1100
    TOO_MANY_PARAMETERS = -1101
    MANDATORY_PARAM = -1102
    UNKNOWN_PARAM = -1103
    UNREAD_PARAMETERS = -1104
    PARAM_EMPTY = -1105
    PARAM_NOT_REQUIRED = -1106
    BAD_PRECISION = -1111
    NO_DEPTH = -1112
    INVALID_TIF = -1115
    INVALID_ORDER_TYPE = -1116
    INVALID_SIDE = -1117
    BAD_INTERVAL = -1120
    BAD_SYMBOL = -1121
    BAD_COMBINATION = -1128
    INVALID_PARAMETER = -1130
    INVALID_JSON = -1135
    NEW_ORDER_REJECTED = -2010
    CANCEL_REJECTED = -2011
    NO_SUCH_ORDER = -2013
    BAD_API_KEY_FORMAT = -2014
    REJECTED_KEY = -2015


DEFAULT_TEXT: dict[Code, str] = {
    Code.UNKNOWN: "An unknown error occurred while processing the request.",
    Code.SERVICE_SHUTTING_DOWN: "This service is no longer available.",
    Code.UNSUPPORTED_OPERATION: "This operation is not supported.",
    Code.INVALID_TIMESTAMP: "Timestamp for this request is outside of the recvWindow.",
    Code.INVALID_SIGNATURE: "Signature for this request is not valid.",
    Code.NO_DEPTH: "No orders on book for symbol.",
    Code.INVALID_TIF: "Invalid timeInForce.",
    Code.INVALID_ORDER_TYPE: "Invalid orderType.",
    Code.INVALID_SIDE: "Invalid side.",
    Code.BAD_INTERVAL: "Invalid interval.",
    Code.BAD_SYMBOL: "Invalid symbol.",
    Code.INVALID_JSON: "Invalid JSON Request",
    Code.CANCEL_REJECTED: "Unknown order sent.",
    Code.NO_SUCH_ORDER: "Order does not exist.",
    Code.BAD_API_KEY_FORMAT: "API-key format invalid.",
    Code.REJECTED_KEY: "Invalid API-key, IP, or permissions for action.",
}

INSUFFICIENT_BALANCE = "Account has insufficient balance for requested action."
DUPLICATE_ORDER = "Duplicate order sent."
WOULD_MATCH = "Order would immediately match and take."
MARKET_CLOSED = "Market is closed."

_HTTP: dict[Code, int] = {
    Code.TOO_MANY_REQUESTS: 429,
    Code.UNAUTHORIZED: 401,
    Code.REJECTED_KEY: 401,
    Code.BAD_API_KEY_FORMAT: 401,
    Code.UNKNOWN: 500,
    Code.SERVICE_SHUTTING_DOWN: 503,
}


class ApiError(Exception):
    """An answer `{"code", "msg"}`. `http_status` is what REST sends with it."""

    def __init__(self, code: Code | int, msg: str | None = None) -> None:
        self.code = int(code)
        known = Code(code) if code in Code._value2member_map_ else None
        self.msg = msg or (DEFAULT_TEXT.get(known, known.name) if known else f"error {code}")
        self.http_status = _HTTP.get(known, 400) if known else 400
        super().__init__(f"{self.code}: {self.msg}")

    def body(self) -> dict[str, int | str]:
        return {"code": self.code, "msg": self.msg}


def missing(parameter: str) -> ApiError:
    return ApiError(
        Code.MANDATORY_PARAM, f"Mandatory parameter '{parameter}' was not sent, was empty/null, or malformed."
    )


def illegal(parameter: str, legal: str) -> ApiError:
    return ApiError(
        Code.ILLEGAL_CHARS, f"Illegal characters found in parameter '{parameter}'; legal range is '{legal}'."
    )


def filter_failure(name: str) -> ApiError:
    return ApiError(Code.INVALID_MESSAGE, f"Filter failure: {name}")
