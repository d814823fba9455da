"""Numbers with their units as English and Spanish texts write them, brought to one unit a dimension. Pure and exact.

    "90 minutes" and "1.5 h"  ->  5400 s        "3 km" -> 3000 m        "25 bp" and "0.25 %" -> 1/400
    "61,234.5" and "61.234,5" -> 61234.5        "twenty" and "veinte" -> 20

A lone separator before exactly three digits ("1,234", "1.234") reads as thousands or as a decimal, by country. With the
language known it is read in that language's way, otherwise both values are kept: `Quantity.values` are all readings.
Money is its own dimension a currency; no exchange rate is known here. A number written in words is read up to twenty, and by tens to ninety.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from .detect import Language, detect
from .tokens import fold


@dataclass(frozen=True, slots=True)
class Quantity:
    """All readings of a number in the base unit of its dimension ("" without one), and where it stands in the folded text."""

    values: frozenset[Fraction]
    dimension: str
    start: int
    end: int

    def agrees(self, other: Quantity) -> bool:
        """Whether both may be the same quantity: the same dimension and a reading in common."""
        return self.dimension == other.dimension and not self.values.isdisjoint(other.values)


_UNITS: Final = {
    "s": (
        ("1/1000", "ms milliseconds millisecond milisegundos milisegundo"),
        ("1", "s sec secs second seconds segundo segundos"),
        ("60", "min mins minute minutes minuto minutos"),
        ("3600", "h hr hrs hour hours hora horas"),
        ("86400", "day days dia dias"),
        ("604800", "week weeks semana semanas"),
    ),
    "month": (("1", "month months mes meses"), ("12", "year years yr yrs ano anos")),
    "m": (
        ("1/1000", "mm"),
        ("1/100", "cm"),
        ("1", "m metre metres meter meters metro metros"),
        ("1000", "km kms kilometre kilometres kilometer kilometers kilometro kilometros"),
        ("1609344/1000", "mile miles milla millas"),
    ),
    "kg": (
        ("1/1000", "g gram grams gramo gramos"),
        ("1", "kg kgs kilo kilos kilogram kilograms kilogramo kilogramos"),
        ("45359237/100000000", "lb lbs pound pounds libra libras"),
    ),
    "share": (
        ("1/100", "% percent pct por_ciento"),
        ("1/10000", "bp bps pb"),
        ("1/100", "percentage_points puntos_porcentuales"),
    ),
    "USD": (("1", "$ usd usdt dollar dollars dolar dolares"),),
    "EUR": (("1", "€ eur euro euros"),),
    "BTC": (("1", "btc bitcoin bitcoins"), ("1/100000000", "sat sats satoshi satoshis")),
    "ETH": (("1", "eth ether"),),
}
_UNIT: Final = {
    name.replace("_", " "): (dimension, Fraction(scale))
    for dimension, rows in _UNITS.items()
    for scale, names in rows
    for name in names.split()
}
_WORDS: Final = {
    word: number
    for number, words in (
        *enumerate(
            (
                "zero cero", "one uno", "two dos", "three tres", "four cuatro", "five cinco", "six seis", "seven siete",
                "eight ocho", "nine nueve", "ten diez", "eleven once", "twelve doce", "thirteen trece", "fourteen catorce",
                "fifteen quince", "sixteen dieciseis", "seventeen diecisiete", "eighteen dieciocho", "nineteen diecinueve",
                "twenty veinte",
            )
        ),
        *zip(
            range(30, 100, 10),
            (
                "thirty treinta", "forty cuarenta", "fifty cincuenta", "sixty sesenta", "seventy setenta", "eighty ochenta",
                "ninety noventa",
            ),
            strict=True,
        ),
    )
    for word in words.split()
}  # fmt: skip
_MULTIPLES: Final = {
    "k": 1_000,
    "thousand": 1_000,
    "mil": 1_000,
    "million": 10**6,
    "millon": 10**6,
    "millones": 10**6,
    "millions": 10**6,
}
_NUMBER: Final = re.compile(
    r"(?P<before>[$€]\s?)?(?<![\w.,])(?P<sign>[-+−]?)(?P<number>\d[\d.,]*\d|\d|(?:" + "|".join(_WORDS) + r")\b)"
    r"(?P<many>\s?k\b|\s(?:thousand|mil|millions?|millon(?:es)?)\b)?"
    r"(?:\s?-?(?P<unit>" + "|".join(re.escape(u) for u in sorted(_UNIT, key=len, reverse=True)) + r")(?!\w))?(?!\w)"
)


def quantities(text: str, language: Language | None = None) -> list[Quantity]:
    """The quantities of a text in order. Without a language, the text's own by its function words, else both readings."""
    known = language or detect(text)
    return [_read(match, known) for match in _NUMBER.finditer(fold(text))]


def _read(match: re.Match[str], language: Language | None) -> Quantity:
    dimension, scale = _UNIT.get(match["unit"] or (match["before"] or "").strip(), ("", Fraction(1)))
    many = _MULTIPLES[match["many"].strip()] if match["many"] else 1
    sign = -1 if match["sign"] in ("-", "−") else 1
    read = _WORDS.get(match["number"])
    plain = {Fraction(read)} if read is not None else _readings(match["number"], language)
    return Quantity(frozenset(sign * value * many * scale for value in plain), dimension, match.start(), match.end())


def _readings(digits: str, language: Language | None) -> set[Fraction]:
    """`1,234.5` one value; `1,234` one by language, two without; `1,23` a decimal in either."""
    signs = [c for c in digits if c in ".,"]
    if len(set(signs)) == 2:
        return {_plain(digits, decimal=signs[-1])}
    if not signs:
        return {Fraction(digits)}
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits) is not None
    if len(signs) > 1 or not grouped:
        return {_plain(digits, decimal="" if len(signs) > 1 else signs[0])}
    thousands = {"en": ",", "es": "."}
    if language is None:
        return {_plain(digits, decimal=""), _plain(digits, decimal=signs[0])}
    return {_plain(digits, decimal="" if thousands[language] == signs[0] else signs[0])}


def _plain(digits: str, *, decimal: str) -> Fraction:
    whole, _, part = digits.rpartition(decimal) if decimal else (digits, "", "")
    return Fraction(re.sub(r"[.,]", "", whole) + ("." + re.sub(r"[.,]", "", part) if part else ""))
