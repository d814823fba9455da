"""Phones, slant rhyme and sound texture: what is near in the mouth is near here, and chance is told from art."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.language.prosody import scan
from qbtc.core.language.prosody.phones import CONSONANTS, SLANT, VOWELS, closeness, distance
from qbtc.core.language.prosody.slant import slants
from qbtc.core.language.prosody.texture import texture
from qbtc.core.language.prosody.voices import spanish

PHONES = st.text(sorted([*VOWELS, *CONSONANTS]), max_size=6)


@given(PHONES, PHONES)
def test_closeness_is_symmetric_bounded_and_one_for_the_same_sounds_only(one: str, other: str) -> None:
    found = closeness(one, other)
    assert found == pytest.approx(closeness(other, one))
    assert 0 <= found <= 1
    assert (found == 1) == (one == other and one != "")


@given(*[st.sampled_from(sorted([*VOWELS, *CONSONANTS]))] * 3)
def test_the_distance_of_phones_is_a_metric_on_vowels_and_on_consonants(a: str, b: str, c: str) -> None:
    if len({a in VOWELS, b in VOWELS, c in VOWELS}) == 1:
        assert distance(a, c) <= distance(a, b) + distance(b, c) + 1e-12
        assert distance(a, b) <= 1


def test_consonants_that_differ_by_voice_are_nearer_than_those_that_differ_by_place_and_manner() -> None:
    assert distance("t", "d") < distance("t", "m")
    assert distance("s", "z") < distance("s", "k")


@pytest.mark.parametrize(
    ("word", "phones", "stress"),
    [
        ("guerra", "geRa", 1), ("ciego", "θiego", 2), ("rosa", "Rosa", 1), ("caballo", "kabaʎo", 3), ("niño", "niɲo", 1),
        ("hacha", "aCa", 0), ("ley", "lei", 1), ("mayo", "majo", 1), ("quiso", "kiso", 1), ("vergüenza", "bergwenθa", 5), ("pero", "pero", 1),
    ],
)  # fmt: skip
def test_spanish_words_sound_as_in_castile(word: str, phones: str, stress: int) -> None:
    found = spanish(word)
    assert (found.phones.replace("gu", "gw"), found.stress) == (phones, stress)


def test_lines_that_nearly_rhyme_are_paired_and_those_that_rhyme_are_not() -> None:
    poem = scan("We came at last upon a field\nthe moon was high and cold\nwhatever in our hands we held\nthe winter took for gold", "en")
    assert [(pair.first, pair.second) for pair in slants(poem)] == [(0, 2)]
    assert slants(poem)[0].closeness >= SLANT
    rhymed = scan("The night is cold\nthe knight is bold", "en")
    assert slants(rhymed) == []


def test_spanish_slant_rhyme_hears_the_mouth_not_the_letters() -> None:
    poem = scan("Vuelve despacio la tarde\nsobre los campos de enero\ny el viento dice su arte\nal oído de la piedra", "es")
    assert (0, 2) in [(pair.first, pair.second) for pair in slants(poem)]


ALLITERATED = "\n".join(
    ["full fathom five thy father", "bright burning bonfires beckon", "cold careless kings keep counting", "such sad soft silver songs"]
)


def test_alliteration_within_lines_is_denser_than_the_same_words_dealt_at_random() -> None:
    found = texture(scan(ALLITERATED, "en"), np.random.default_rng(1))["alliteration"]
    assert found.density > 2 * found.expected
    assert found.p <= 0.01


def test_the_p_of_words_dealt_at_random_is_uniform_enough() -> None:
    rng = np.random.default_rng(3)
    words = ALLITERATED.split() * 3
    low = 0
    for _ in range(120):
        dealt = rng.permutation(words)
        text = "\n".join(" ".join(dealt[i : i + 5]) for i in range(0, len(dealt), 5))
        low += texture(scan(text, "en"), rng, permutations=39)["alliteration"].p <= 0.1
    assert 2 <= low <= 26


def test_a_text_without_two_stressed_words_in_a_line_has_no_texture() -> None:
    assert texture(scan("of the\nsun", "en"), np.random.default_rng(1)) == {}


def test_a_word_said_again_is_not_a_texture() -> None:
    assert texture(scan("sun sun sun", "en"), np.random.default_rng(1))["assonance"].density == 0
