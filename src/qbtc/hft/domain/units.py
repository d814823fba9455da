"""Exact money: prices, quantities and amounts as integers of 1e-8, and back to decimal strings.

A product of price and quantity is an integer of 1e-16. Floats never enter here.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

DIGITS = 8
ONE: int = 10**DIGITS


def units(text: str | Decimal) -> int:
    """A decimal string as an integer of 1e-8. Raises ValueError if it has more digits or is no finite number."""
    try:
        scaled = Decimal(text) * ONE
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a decimal number") from None
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ValueError(f"{text!r} has more than {DIGITS} decimals or is not finite")
    return int(scaled)


def text(value: int, digits: int = DIGITS) -> str:
    """An integer of 10**-digits as a plain decimal string without trailing zeros."""
    sign, rest = ("-", -value) if value < 0 else ("", value)
    whole, part = divmod(rest, 10**digits)
    decimals = f"{part:0{digits}d}".rstrip("0")
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def money(value: int) -> str:
    """An amount of 1e-16 (price times quantity) as a decimal string, cut to 1e-8 towards zero."""
    return text((abs(value) // ONE) * (1 if value >= 0 else -1))


def number(value: int) -> float:
    """For statistics and charts only."""
    return value / ONE
