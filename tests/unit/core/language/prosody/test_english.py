"""English words, feet and rhyme: verses whose metre is known, and what must hold for any line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.language.prosody import scan
from qbtc.core.language.prosody.english import divide
from qbtc.core.language.prosody.english.sounds import rhyme

SONNET = """Shall I compare thee to a summer's day?
Thou art more lovely and more temperate:
Rough winds do shake the darling buds of May,
And summer's lease hath all too short a date;"""


@pytest.mark.parametrize(
    ("word", "syllables", "stress"),
    [
        ("away", 2, 1), ("nation", 2, 0), ("electricity", 5, 2), ("poetic", 3, 1), ("table", 2, 0), ("walked", 1, 0), ("wanted", 2, 0),
        ("houses", 2, 0), ("lovely", 2, 0), ("photography", 4, 1), ("heaven", 2, 0), ("engineer", 3, 2), ("become", 2, 1),
    ],
)  # fmt: skip
def test_words_have_their_syllables_and_stress(word: str, syllables: int, stress: int) -> None:
    found = divide(word)
    assert (len(found.syllables), found.stress) == (syllables, stress)


@given(st.text("abcdefghijklmnopqrstuvwxyz'", min_size=1, max_size=20))
def test_the_syllables_of_any_word_are_its_letters(word: str) -> None:
    found = divide(word)
    assert "".join(found.syllables) == word
    assert 0 <= found.stress < len(found.syllables)


def test_a_quatrain_of_a_sonnet_is_iambic_pentameter() -> None:
    lines = scan(SONNET, "en").lines
    assert [(line.syllables, line.stresses, line.verse, line.foot) for line in lines] == [
        (10, "-+-+-+-+-+", "pentameter", "iambic")
    ] * 4


def test_triple_feet_are_told_from_double_ones() -> None:
    (line,) = scan("And the sheen of their spears was like stars on the sea", "en").lines
    assert (line.foot, line.verse) == ("anapaestic", "tetrameter")


def test_prose_has_no_foot() -> None:
    (line,) = scan("Administrative responsibilities notwithstanding, committees occasionally deliberate", "en").lines
    assert (line.foot, line.verse) == ("", "")


@pytest.mark.parametrize(("one", "other"), [("night", "white"), ("day", "they"), ("weak", "seek")])
def test_endings_that_sound_alike_rhyme_however_they_are_spelt(one: str, other: str) -> None:
    assert rhyme(one) == rhyme(other)
    assert rhyme(one) != rhyme("stone")


@given(st.lists(st.text("abcdeiouy ’'-.,\tß7é", max_size=30), max_size=6))
def test_any_text_has_one_line_for_each_that_is_not_blank(texts: list[str]) -> None:
    poem = scan("\n".join(texts), "en")
    assert [line.text for line in poem.lines] == [text.strip() for text in texts if text.strip()]
    for line in poem.lines:
        assert line.syllables == len(line.stresses) == len(line.units)
        assert all(line.text[unit.start : unit.end] == unit.text for unit in line.units)
