"""Reading parameters of a request: text to checked values, with Binance's codes and messages. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from enum import IntEnum
from typing import TypeVar
from urllib.parse import unquote_plus

from ..core.binance.errors import ApiError, Code, empty, illegal, invalid, missing
from ..core.market.instrument import OffGrid, units

Params = Mapping[str, str]
E = TypeVar("E", bound=IntEnum)
CLIENT_ID = re.compile(r"^[a-zA-Z0-9-_.:/]{1,36}\Z")
SYMBOL = re.compile(r"^[\w-]{1,20}\Z")
DECIMAL = re.compile(r"^[0-9]{1,20}(\.[0-9]{1,20})?\Z")
_INTEGER = re.compile(r"^[0-9]{1,20}\Z")
MOST = 2**63 - 1
MICROSECONDS_FROM = 10**14
"""A timestamp above this is in microseconds: as milliseconds it would be after the year 5000."""


def required(params: Params, name: str) -> str:
    value = params.get(name, "")
    if value == "":
        raise missing(name)
    return value


def optional(params: Params, name: str) -> str | None:
    """None if not sent. Raises ApiError -1105 if sent empty."""
    value = params.get(name)
    if value == "":
        raise empty(name)
    return value


def integer(params: Params, name: str, default: int | None = None) -> int:
    text = optional(params, name) if default is not None else required(params, name)
    if text is None:
        return default or 0
    if not _INTEGER.match(text):
        raise illegal(name, "^[0-9]{1,20}$")
    if int(text) > MOST:
        raise ApiError(Code.PARAM_OVERFLOW, f"Parameter '{name}' overflowed.")
    return int(text)


def limit(params: Params, default: int, most: int) -> int:
    """`limit`: above the maximum it is the maximum, as at Binance."""
    chosen = integer(params, "limit", default)
    if chosen < 1:
        raise invalid("limit")
    return min(chosen, most)


def boolean(params: Params, name: str, default: bool = False) -> bool:
    text = optional(params, name)
    if text is None:
        return default
    if text.lower() not in ("true", "false"):
        raise invalid(name)
    return text.lower() == "true"


def member(params: Params, name: str, kind: type[E], code: Code = Code.INVALID_PARAMETER) -> E | None:
    """An enum value by its name; None if not sent."""
    text = optional(params, name)
    if text is None:
        return None
    found = kind.__members__.get(text)
    if found is None:
        raise invalid(name) if code is Code.INVALID_PARAMETER else ApiError(code)
    return found


def choice(params: Params, name: str, allowed: Collection[str], default: str | None = None) -> str | None:
    text = optional(params, name)
    if text is None:
        return default
    if text not in allowed:
        raise invalid(name)
    return text


def decimal(params: Params, name: str) -> int:
    """A plain positive decimal as an integer of 1e-8. Raises ApiError -1102, -1100, -1108 or -1111."""
    text = required(params, name)
    if not DECIMAL.match(text):
        raise illegal(name, r"^([0-9]{1,20})(\.[0-9]{1,20})?$")
    try:
        found = units(text)
    except OffGrid:
        raise ApiError(Code.BAD_PRECISION, f"Parameter '{name}' has too much precision.") from None
    if found > MOST:
        raise ApiError(Code.PARAM_OVERFLOW, f"Parameter '{name}' overflowed.")
    if found == 0:
        raise invalid(name)
    return found


def client_id(params: Params, name: str) -> str | None:
    text = optional(params, name)
    if text is not None and not CLIENT_ID.match(text):
        raise illegal(name, CLIENT_ID.pattern)
    return text


def symbol(params: Params, name: str = "symbol") -> str:
    text = required(params, name)
    if not SYMBOL.match(text):
        raise illegal(name, SYMBOL.pattern)
    return text


def moment(params: Params, name: str) -> int | None:
    """A time parameter (milliseconds or microseconds) in nanoseconds."""
    if name not in params:
        return None
    value = integer(params, name)
    return value * 1_000 if value >= MICROSECONDS_FROM else value * 1_000_000


def period(params: Params, hours: int = 24) -> tuple[int | None, int | None]:
    """`startTime` and `endTime`. Raises ApiError -1127 if they are more than `hours` apart."""
    start, end = moment(params, "startTime"), moment(params, "endTime")
    if start is not None and end is not None:
        if end < start:
            raise ApiError(Code.INVALID_PARAMETER, "Start time is greater than end time.")
        if end - start > hours * 3_600_000_000_000:
            raise ApiError(Code.MORE_THAN_XX_HOURS, f"More than {hours} hours between startTime and endTime.")
    return start, end


def texts(params: Params, name: str) -> list[str] | None:
    """A JSON array of strings, as `symbols=["A","B"]`. Raises ApiError -1100, -1130 or -1151."""
    text = optional(params, name)
    if text is None:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise illegal(name, r'^\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}\]$') from None
    if not isinstance(found, list) or not found or not all(isinstance(item, str) for item in found):
        raise invalid(name)
    if len(set(found)) != len(found):
        raise ApiError(Code.DUPLICATE_SYMBOLS)
    return found


def parse(query: str, body: str = "") -> dict[str, str]:
    """Query and form parameters; what the query has wins. Raises ApiError -1101 on duplicates, -1100 on bad text."""
    found = _pairs(body)
    found.update(_pairs(query))
    return found


def _pairs(text: str) -> dict[str, str]:
    parts = [part for part in text.split("&") if part]
    found: dict[str, str] = {}
    for part in parts:
        name, _, value = part.partition("=")
        try:
            found[unquote_plus(name, errors="strict")] = unquote_plus(value, errors="strict")
        except UnicodeDecodeError:
            raise ApiError(Code.ILLEGAL_CHARS, "Illegal characters found in a parameter.") from None
    if len(found) != len(parts):
        raise ApiError(Code.TOO_MANY_PARAMETERS, "Duplicate values for a parameter detected.")
    return found


def check_known(params: Params, known: Collection[str]) -> None:
    """Refuse what the operation does not read. Raises ApiError -1101 or -1104."""
    unknown = [name for name in params if name not in known]
    if not unknown:
        return
    sent = len(params)
    if sent > len(known):
        raise ApiError(Code.TOO_MANY_PARAMETERS, f"Too many parameters; expected '{len(known)}' and received '{sent}'.")
    read = sent - len(unknown)
    raise ApiError(
        Code.UNREAD_PARAMETERS, f"Not all sent parameters were read; read '{read}' parameter(s) but was sent '{sent}'."
    )
