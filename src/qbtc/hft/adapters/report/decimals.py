"""Numbers and times as people of a language read them."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from ...domain.statistics.words import SWAPPED, span
from .texts import Words

DASH = "—"


def number(value: float, decimals: int, words: Words) -> str:
    """With separators of thousands; a minus sign that is one."""
    if not math.isfinite(value):
        return DASH
    text = f"{value:,.{decimals}f}"
    text = text.removeprefix("-") if float(text.replace(",", "")) == 0 else text.replace("-", "\u2212")
    return text.translate(SWAPPED) if words.lang == "es" else text


def digits(value: float, wanted: int) -> int:
    """Decimals that show so many digits, 8 at most."""
    return min(max(wanted - 1 - math.floor(math.log10(abs(value))), 0), 8) if value else 0


def plain(value: float, words: Words) -> str:
    """Five digits without zeros at the end, and no fewer than the whole number."""
    if not math.isfinite(value):
        return DASH
    decimals = digits(value, 5)
    shown = f"{value:.{decimals}f}"
    return number(value, len(shown.rstrip("0").partition(".")[2]) if decimals else 0, words)


def amount(value: float, words: Words) -> str:
    """Money: two decimals from 100 on, four from 1 on, below that four digits."""
    if not math.isfinite(value):
        return DASH
    size = abs(value)
    return number(value, 2 if size >= 100 or size == 0 else 4 if size >= 1 else max(digits(value, 4), 4), words)


def value(of: float, unit: str, words: Words) -> str:
    """A statistic by its unit."""
    if unit == "n":
        return number(of, 0, words)
    if unit == "share":
        return number(100 * of, 2, words)
    if unit == "bp":
        return number(of, 3, words)
    return amount(of, words) if unit in ("quote", "price") else plain(of, words)


def moment(ns: int) -> str:
    """UTC to the second."""
    return datetime.fromtimestamp(ns / 1e9, UTC).strftime("%Y-%m-%d %H:%M:%S")


def length(ns: float, words: Words) -> str:
    """`2.5 h` or `2,5 h`."""
    return span(ns, words.lang)
