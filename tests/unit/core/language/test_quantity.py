"""Numbers with units, English and Spanish."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from tests.every import every

from qbtc.core.language.quantity import quantities


@every(
    "one, other",
    [
        ("90 minutes", "1.5 h"),
        ("hora y media: 90 minutos", "90 min"),
        ("3 km", "3,000 metres"),
        ("25 bp", "0.25 %"),
        ("25 pb", "0,25 por ciento"),
        ("61,234.5 USDT", "61.234,5 dólares"),
        ("$1.5 million", "1,500,000 usd"),
        ("10k", "10,000"),
        ("twenty dogs", "veinte perros"),
        ("-4 %", "−4 percent"),
        ("2 years", "24 meses"),
        ("0.001 btc", "100,000 sats"),
    ],
)
def test_one_quantity_in_two_spellings_agrees(one: str, other: str) -> None:
    assert quantities(one)[0].agrees(quantities(other)[0])


@every(
    "one, other",
    [
        ("5 km", "5 miles"),
        ("5 kg", "5 km"),
        ("1.5 h", "15 h"),
        ("4 %", "-4 %"),
        ("20 euros", "20 dollars"),
        ("7", "7 s"),
    ],
)
def test_different_quantities_do_not_agree(one: str, other: str) -> None:
    assert not quantities(one)[0].agrees(quantities(other)[0])


def test_a_lone_separator_is_read_in_the_language_of_the_text_and_both_ways_without_one() -> None:
    assert quantities("1,234")[0].values == {Fraction(1234), Fraction("1.234")}
    assert quantities("the price of the house is 1,234")[0].values == {Fraction(1234)}
    assert quantities("el precio de la casa es 1,234")[0].values == {Fraction("1.234")}
    assert quantities("1,234", "es")[0].values == {Fraction("1.234")}


@every("text", ["", "una casa", "room 12a", "BTCUSDT", "x2"])
def test_what_is_no_number_of_its_own_is_no_quantity(text: str) -> None:
    assert quantities(text) == []


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_a_number_with_both_separators_is_read_exactly_in_either_country(number: object) -> None:
    english = f"{number:,.2f}"
    spanish = english.translate(str.maketrans(",.", ".,"))
    if "," in english:
        expected = {Fraction(str(number))}
        assert quantities(english)[0].values == quantities(spanish)[0].values == expected
