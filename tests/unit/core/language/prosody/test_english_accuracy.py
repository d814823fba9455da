"""English scansion against lines marked by hand, and the table of sounds against what is known of its words."""

from __future__ import annotations

import pytest
from tests.unit.core.language.prosody.english_verse import PASSAGES

from qbtc.core.language.prosody import scan
from qbtc.core.language.prosody.english import divide
from qbtc.core.language.prosody.english.phones import known, stresses, table
from qbtc.core.language.prosody.english.sounds import rhyme
from qbtc.core.language.prosody.phones import CONSONANTS, VOWELS
from qbtc.core.language.prosody.rhythm import periodicity


def test_most_lines_have_the_beats_that_were_marked_by_hand() -> None:
    pairs = [
        (line, beats)
        for passage in PASSAGES
        for line, beats in zip(scan(passage.text, "en").lines, passage.beats, strict=True)
    ]
    assert sum(line.syllables == len(beats) for line, beats in pairs) / len(pairs) >= 0.92  # measured: 0.946
    assert sum(line.stresses == beats for line, beats in pairs) / len(pairs) >= 0.88  # measured: 0.911


def test_every_entry_of_the_table_is_made_of_known_phones_and_most_are_divided_into_as_many_syllables() -> None:
    assert len(table()) > 8_500
    signs = set(VOWELS) | set(CONSONANTS) | set("',")
    assert {word for word, sounds in table().items() if set(sounds) - signs} == set()
    spoken = {word: len(stresses(sounds)) for word, sounds in table().items() if stresses(sounds)}
    assert sum(len(divide(word).syllables) == count for word, count in spoken.items()) / len(spoken) > 0.98


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("heav'n", "h'ɛvn"), ("flow'd", "fl'Od"), ("lovers'", "l'ʌvɝz"), ("maketh", "m'Akɪθ"), ("busily", "b'ɪzili"),
        ("o'er", "'ɔr"), ("desire", "dɪz'Ir"), ("xylograph", None),
    ],
)  # fmt: skip
def test_old_spellings_and_endings_sound_as_their_stem(word: str, sounds: str | None) -> None:
    assert known(word) == sounds


@pytest.mark.parametrize(
    ("one", "other"), [("love", "above"), ("eternity", "free"), ("ornament", "lent"), ("hour", "flower"), ("you", "through")]
)  # fmt: skip
def test_words_rhyme_by_their_sound(one: str, other: str) -> None:
    assert rhyme(one) == rhyme(other)


@pytest.mark.parametrize(
    ("one", "other"), [("love", "prove"), ("through", "though"), ("word", "lord"), ("daughter", "laughter")]
)
def test_words_that_only_look_alike_do_not_rhyme(one: str, other: str) -> None:
    assert rhyme(one) != rhyme(other)


def test_verse_may_leave_weak_syllables_unspoken() -> None:
    (line,) = scan("Brought death into the pow'r of heaven alone", "en").lines
    assert (line.verse, line.syllables) == ("pentameter", 10)
    assert "heaven" in [unit.text for unit in line.units]


def test_the_period_is_that_of_the_words_accents_and_not_of_the_foot_that_was_fitted() -> None:
    poem = scan("Rough winds do shake the darling buds of June\nAnd summer's lease hath all too short a date", "en")
    assert [line.stresses for line in poem.lines] == ["-+-+-+-+-+"] * 2
    assert poem.lines[0].accents == "++-+-+-+-+"
    assert 0.5 < (periodicity(poem) or 0) < 1
