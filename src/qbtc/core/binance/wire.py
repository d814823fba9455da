"""JSON as the venue writes it: times in the unit that the client asked for. Pure.

A body holds `Time` (nanoseconds) wherever a time stands; the encoder turns it into milliseconds or microseconds
(`X-MBX-TIME-UNIT`, `timeUnit=`). Other integers pass unchanged.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NoReturn

import msgspec

from .errors import ApiError, Code


class Time(int):
    """Nanoseconds since 1970 that become milliseconds or microseconds when encoded. -1 stays -1: not yet."""

    __slots__ = ()


class TimeUnit(IntEnum):
    """How many nanoseconds one unit is."""

    MILLISECOND = 1_000_000
    MICROSECOND = 1_000


def _unknown(value: object) -> NoReturn:
    raise NotImplementedError(f"{type(value).__name__} cannot be written as JSON")


def _in_milliseconds(value: object) -> int:
    return _scaled(value, TimeUnit.MILLISECOND) if isinstance(value, Time) else _unknown(value)


def _in_microseconds(value: object) -> int:
    return _scaled(value, TimeUnit.MICROSECOND) if isinstance(value, Time) else _unknown(value)


def _scaled(value: Time, unit: TimeUnit) -> int:
    return int(value) // unit if value >= 0 else -1


_encoders = {
    TimeUnit.MILLISECOND: msgspec.json.Encoder(enc_hook=_in_milliseconds),
    TimeUnit.MICROSECOND: msgspec.json.Encoder(enc_hook=_in_microseconds),
}


def encode(body: object, unit: TimeUnit = TimeUnit.MILLISECOND) -> bytes:
    """Compact JSON of a body."""
    return _encoders[unit].encode(body)


def time_unit(text: str | None) -> TimeUnit:
    """The unit that a header or a URL asks for; in upper or lower case. Raises ApiError -1194."""
    if not text:
        return TimeUnit.MILLISECOND
    if text not in ("MICROSECOND", "microsecond", "MILLISECOND", "millisecond"):
        raise ApiError(Code.INVALID_TIME_UNIT)
    return TimeUnit[text.upper()]
