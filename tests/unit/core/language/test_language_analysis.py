"""Language guess, stems and search terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.language import Language, analyse, detect, query_terms, stem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What did they buy when the market fell?", "en"),
        ("¿Qué compraron cuando cayó el mercado?", "es"),
        ("BTCUSDT", None),
        ("", None),
    ],
)
def test_language_is_guessed_from_function_words_and_never_forced(text: str, expected: Language | None) -> None:
    assert detect(text) == expected


@pytest.mark.parametrize(
    ("language", "family"),
    [
        ("en", ["stop", "stops", "stopped", "stopping"]),
        ("en", ["study", "studies", "studied", "studying"]),
        ("en", ["hope", "hoped", "hoping"]),
        ("en", ["box", "boxes"]),
        ("es", ["posicion", "posiciones"]),
        ("es", ["comprar", "compro", "comprado", "comprando", "compraron"]),
        ("es", ["voz", "voces"]),
        ("es", ["subio", "subieron", "subida"]),
    ],
)
def test_inflections_of_one_word_share_a_stem(language: Language, family: list[str]) -> None:
    assert len({stem(word, language) for word in family}) == 1


@pytest.mark.parametrize(("language", "words"), [("en", ["bonus", "bone"]), ("es", ["mercado", "merced"])])
def test_different_words_keep_different_stems(language: Language, words: list[str]) -> None:
    assert len({stem(word, language) for word in words}) == len(words)


def test_numbers_and_short_words_are_not_stemmed() -> None:
    assert [stem(w, "en") for w in ("61234.5", "gas", "2024s")] == ["61234.5", "gas", "2024s"]


def test_function_words_are_no_search_terms() -> None:
    assert query_terms("what is it with the") == []
    assert query_terms("qué es lo de la") == []


def test_a_spanish_query_without_accents_finds_the_accented_text() -> None:
    stored = analyse("La volatilidad subió después de las órdenes del corredor.")
    assert {"volatilidad", "corredor"} <= set(stored)
    assert set(query_terms("volatilidad ordenes")) & set(stored) >= {"volatilidad"}
    assert any(term in stored for term in query_terms("ordenes"))


def test_a_one_word_query_finds_texts_of_both_languages() -> None:
    assert set(query_terms("positions")) & set(analyse("The positions were closed and we left."))
    assert set(query_terms("posiciones")) & set(analyse("Las posiciones se cerraron y nos fuimos."))


@given(st.text(max_size=200))
def test_any_text_can_be_analysed_and_finds_itself(text: str) -> None:
    terms = analyse(text)
    assert all(terms)
    if terms and detect(text):
        assert set(query_terms(text)) & set(terms)
