"""Figures, abbreviations and letters as the words that are read."""

from __future__ import annotations

from typing import Final

_SMALL_TEXT: Final = """
cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete
dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho
veintinueve
"""
_TENS_TEXT: Final = "- - - treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_HUNDREDS_TEXT: Final = """
- ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos
"""
_LETTERS_TEXT: Final = "be ce de efe ge hache jota ka ele eme ene eñe pe cu erre ese te uve uvedoble equis zeta"
_SMALL: Final = tuple(_SMALL_TEXT.split())
_TENS: Final = tuple(_TENS_TEXT.split())
_HUNDREDS: Final = tuple(_HUNDREDS_TEXT.split())
CARDINALS: Final = frozenset((*_SMALL, *_TENS, *_HUNDREDS, "un", "una", "cien", "mil", "veintiún")) - {"-", "cero"}
LARGEST: Final = 999_999_999
_LETTERS: Final = dict(zip("bcdfghjklmnñpqrstvwxz", _LETTERS_TEXT.split(), strict=True))
ABBREVIATIONS: Final = {
    "sr": "señor", "sra": "señora", "srta": "señorita", "dr": "doctor", "dra": "doctora", "d": "don", "dª": "doña", "fr": "fray",
    "etc": "etcétera", "ud": "usted", "uds": "ustedes", "vd": "usted", "pág": "página", "núm": "número", "sto": "santo", "sta": "santa",
}  # fmt: skip


def cardinal(number: int) -> list[str]:
    """The words of 0 to `LARGEST`. Raises ValueError beyond."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not from 0 to {LARGEST:,}")
    millions, rest = divmod(number, 1_000_000)
    thousands, units = divmod(rest, 1000)
    words: list[str] = []
    if millions:
        words += ["un", "millón"] if millions == 1 else [*_before_noun(millions), "millones"]
    if thousands:
        words += ["mil"] if thousands == 1 else [*_before_noun(thousands), "mil"]
    return words + _under_thousand(units) if units or not words else words


def _before_noun(number: int) -> list[str]:
    """Uno loses its o before mil and millones."""
    words = _under_thousand(number)
    words[-1] = {"uno": "un", "veintiuno": "veintiún"}.get(words[-1], words[-1])
    return words


def _under_thousand(number: int) -> list[str]:
    if number == 100:
        return ["cien"]
    hundreds, rest = divmod(number, 100)
    return ([_HUNDREDS[hundreds]] if hundreds else []) + (_under_hundred(rest) if rest or not hundreds else [])


def _under_hundred(number: int) -> list[str]:
    if number < 30:
        return [_SMALL[number]]
    tens, units = divmod(number, 10)
    return [_TENS[tens], "y", _SMALL[units]] if units else [_TENS[tens]]


def read(text: str) -> list[str]:
    """The words of a token without a vowel, of figures or of an abbreviation: 21, sr, BBC, XIV stays letters."""
    if text.isdecimal():
        short = len(text) <= len(str(LARGEST))
        return cardinal(int(text)) if short else [word for digit in text for word in cardinal(int(digit))]
    if text in ABBREVIATIONS:
        return [ABBREVIATIONS[text]]
    return [_LETTERS[letter] for letter in text if letter in _LETTERS]
