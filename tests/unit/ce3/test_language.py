"""The language of an answer is that of the question."""

from __future__ import annotations

import pytest

from qbtc.ce3.domain.language import language_of, word
from qbtc.ce3.domain.slots import unknown_symbol


@pytest.mark.parametrize("text", ["Compra 0.01 btc a 60000", "ayuda", "hola", "para todo", "Vende medio bitcoin", "precio btc", "régimen btc"])
def test_short_spanish_is_answered_in_spanish(text: str) -> None:
    assert language_of(text) == "es"


@pytest.mark.parametrize("text", ["buy 0.01 btc at 60000", "help", "hi", "stop trading", "btc price", "BTCUSDT", "", "42"])
def test_english_and_what_says_nothing_is_answered_in_english(text: str) -> None:
    assert language_of(text) == "en"


def test_names_of_the_system_are_words_of_the_language() -> None:
    assert (word("trend_down", "es"), word("trend_down", "en"), word("BTCUSDT", "es")) == ("tendencia bajista", "trend down", "BTCUSDT")


@pytest.mark.parametrize(
    ("text", "name"),
    [("price of XYZ", "XYZ"), ("precio de XYZUSDT", "XYZUSDT"), ("price of BTC", None), ("what is my PNL", None), ("price of gold", None),
     ("what is the UTC time", None)],
)  # fmt: skip
def test_a_symbol_that_nobody_knows_is_named(text: str, name: str | None) -> None:
    assert unknown_symbol(text, ("BTCUSDT", "ETHUSDT")) == name
