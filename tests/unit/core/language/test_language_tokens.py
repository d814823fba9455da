"""Tokens, sentences and folding."""

from __future__ import annotations

import pytest

from qbtc.core.language import fold, sentences, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Volatilidad Ñandú ÉXITO", "volatilidad nandu exito"),
        ("straße", "strasse"),
    ],
)
def test_folding_removes_case_and_accents(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't stop!", ["don", "stop"]),
        ("Melanie's kids", ["melanie", "kids"]),
        ("61,234.5 USDT", ["61234.5", "usdt"]),
        ("state-of-the-art", ["state", "of", "the", "art"]),
        ("¿Qué pasó?", ["que", "paso"]),
        ("snake_case", ["snake", "case"]),
        ("", []),
        ("... !!! —", []),
    ],
)
def test_tokens_are_words_and_whole_numbers(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_sentences_end_at_punctuation_but_not_inside_numbers() -> None:
    assert sentences("It rose 3.5 percent. Then it fell! ¿Por qué? No se sabe.") == [
        "It rose 3.5 percent.",
        "Then it fell!",
        "¿Por qué?",
        "No se sabe.",
    ]
