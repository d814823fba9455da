"""Between wire text and integers of 1e-8: rendering and reading of request parameters. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from ...binance.errors import ApiError, Code, illegal, missing
from .errors import FCode, error

Params = Mapping[str, str]
Json = dict[str, object]
MS = 1_000_000
UNIT = 10**8
WEEK = 7 * 86_400 * 10**9
FAR = 1 << 62
T = TypeVar("T")
CLIENT_ID = re.compile(r"^[.A-Z:/a-z0-9_-]{1,36}\Z")
_DECIMAL = re.compile(r"^-?[0-9]{1,20}(\.[0-9]{1,20})?\Z")
_INTEGER = re.compile(r"^[0-9]{1,18}\Z")


def dec(value: int, places: int = 8) -> str:
    """An integer of 1e-8 as decimal text; digits beyond `places` are cut."""
    whole, fraction = divmod(abs(value), UNIT)
    text = f"{whole}.{fraction:08d}"[: len(str(whole)) + 1 + places] if places else str(whole)
    return f"-{text}" if value < 0 else text


def plain(value: int) -> str:
    """As `dec`, without trailing zeros: `0`, `12.5`."""
    text = dec(value)
    return text.rstrip("0").rstrip(".")


def required(params: Params, name: str) -> str:
    text = params.get(name, "")
    if text == "":
        raise missing(name)
    return text


def integer(params: Params, name: str, default: int | None = None) -> int:
    text = params.get(name, "")
    if text == "" and default is not None:
        return default
    if not _INTEGER.match(required(params, name)):
        raise illegal(name, "^[0-9]{1,20}$")
    return int(text)


def flag(params: Params, name: str, default: bool = False) -> bool:
    text = params.get(name, "")
    if text == "":
        return default
    if text.lower() not in ("true", "false"):
        raise invalid(name)
    return text.lower() == "true"


def choice(params: Params, name: str, allowed: Collection[str], default: str) -> str:
    text = params.get(name, "") or default
    if text not in allowed:
        raise invalid(name)
    return text


def decimal(params: Params, name: str) -> int | None:
    """As an integer of 1e-8, None if absent. Raises ApiError -1102, -1100 or -1111."""
    text = params.get(name, "")
    if text == "":
        return None
    if not _DECIMAL.match(text):
        raise illegal(name, r"^([0-9]{1,20})(\.[0-9]{1,20})?$")
    whole, _, fraction = text.lstrip("-").partition(".")
    if fraction[8:].strip("0"):
        raise error(FCode.PRECISION)
    found = int(whole) * UNIT + int(fraction[:8].ljust(8, "0"))
    return -found if text.startswith("-") else found


def client_id(params: Params, name: str) -> str | None:
    text = params.get(name, "")
    if text and not CLIENT_ID.match(text):
        raise error(FCode.CLIENT_ID)
    return text or None


def invalid(name: str) -> ApiError:
    return ApiError(Code.INVALID_PARAMETER, f"Data sent for parameter '{name}' is not valid.")


def limit(params: Params, default: int, most: int) -> int:
    chosen = integer(params, "limit", default)
    if not 1 <= chosen <= most:
        raise invalid("limit")
    return chosen


def window(params: Params, now: int, *, bounded: bool = True) -> tuple[int, int]:
    """`startTime` and `endTime` in ns, both inclusive. Of one alone the other is a week away; without both it is the
    last week. Raises ApiError -1023, or -4165 if they are `bounded` and more than a week apart."""
    start = integer(params, "startTime") * MS if params.get("startTime") else None
    end = integer(params, "endTime") * MS + MS - 1 if params.get("endTime") else None
    if start is not None and end is not None:
        if start > end:
            raise error(FCode.START_AFTER_END)
        if bounded and end - start >= WEEK + MS:
            raise error(FCode.INTERVAL)
        return start, end
    if start is not None:
        return start, start + WEEK if bounded else FAR
    return (end if end is not None else now) - WEEK, end if end is not None else FAR


def timed(params: Params) -> bool:
    """Whether a window was asked for."""
    return bool(params.get("startTime") or params.get("endTime"))


def page(rows: Sequence[T], count: int, *, oldest: bool) -> Sequence[T]:
    """The first `count` of rows that are oldest first, or the last."""
    return rows[:count] if oldest else rows[-count:]
