"""Each of the 26 text features against a value worked out by hand; the words used are rated or listed in lexicons/."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbtc.contracts.basis26 import INDEX, LETTERS
from qbtc.core.language.text26 import EXTRACTORS, VERSIONS, Around, measure, passage
from qbtc.core.language.text26.characters import Trigrams
from qbtc.core.language.text26.extractors import Extractor
from qbtc.core.language.text26.shapes import dfa

ALTERNATING = "Go on. Stop. " * 8
"""Fluctuations of lengths 2, 1, 2, 1: F^2(4) = 0.2, F^2(5) = 0.24, F^2(6) = (1.5 - 1.5^2 / 17.5) / 6, in units of one scale."""


def fluctuation_slope() -> float:
    x = np.log([4.0, 5.0, 6.0])
    y = np.log([0.2, 0.24, (1.5 - 1.5**2 / 17.5) / 6]) / 2
    return float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())


CASES = {
    "A": ("love war", (0.9 - 0.8) / 2),
    "B": ("love war", (0.5 + 0.7) / 2),
    "C": ("love war", (0.3 - 0.2) / 2),
    "D": ("a a a a a a a a a a", 2.0),  # a run ends at every second word, both ways
    "E": ("up up down left", 1.5),
    "F": ("maybe the table is not in the room today sir", 20.0),
    "H": (ALTERNATING, fluctuation_slope() - 0.5),
    "I": ("Yes. Who? No. No.", 0.5),
    "K": ("One. Two. Three. Four five six.", 1.3125 / 0.75**2 - 3),
    "L": ("the dog sees the cat", 0.6),
    "M": ("I hate war. I love peace.", 1.7),
    "O": ("we must go and they will sign the paper today", 30.0),
    "P": ("tiger tiger tiger", 1.0),  # beats on syllables 0, 2, 4
    "Q": ("I came, I saw, I won.", -2.0),
    "R": ("to be or not to be", 0.2),
    "S": ("love love war", -1 / math.sqrt(2)),  # two equal and one lower
    "T": ("the liar and the thief robbed a loyal man today", 20.0),
    "U": ("the risk is unclear to us all right now sir", 20.0),
    "V": ("one two three four five", math.log(5)),
    "W": ("I gave you my book", 2 / 3),
    "X": ("Today Maria met John Smith in New York City", 300 / 9),
    "Y": ("profits rose but then fell and one lost all gains", 10.0),
    "Z": ("Why? Because. Who?", 0.5),
}
SPANISH = {
    "A": ("amor guerra", (0.9 - 0.8) / 2),
    "F": ("quizá la mesa no está en la sala hoy señor", 20.0),
    "I": ("Sí. ¿Quién? No. No.", 0.5),
    "O": ("debemos ir y ellos van a firmar el papel hoy", 30.0),
    "P": ("casa casa casa", 1.0),
    "Q": ("vine, vi, vencí", -1.0),
    "T": ("el mentiroso y el ladrón robaron a un hombre leal", 20.0),
    "U": ("el riesgo es incierto para nosotros aquí y ahora mismo", 20.0),
    "W": ("yo te di mi libro", 2 / 3),
    "X": ("Hoy María vio a Juan Pérez en Nueva York", 300 / 9),
    "Y": ("las ganancias subieron pero luego cayeron y uno ganó dinero", 20.0),
    "Z": ("En la casa del amor,\nvive sola una flor", 1.0),
}


def value(letter: str, text: str, language: str) -> float:
    extract: Extractor = EXTRACTORS[letter]
    found = extract(passage(text, language), Around())  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize("letter", CASES)
def test_an_english_text_has_the_feature_worked_out_by_hand(letter: str) -> None:
    text, expected = CASES[letter]
    assert value(letter, text, "en") == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("letter", SPANISH)
def test_a_spanish_text_has_the_feature_worked_out_by_hand(letter: str) -> None:
    text, expected = SPANISH[letter]
    assert value(letter, text, "es") == pytest.approx(expected, abs=1e-9)


def test_surprisal_interpolates_trigrams_bigrams_and_letters_as_witten_and_bell_do() -> None:
    model = Trigrams({"  a": 3, "  b": 1, " a ": 4})
    a, blank = (3 + 3 / 64) / (8 + 3), (4 + 3 / 64) / (8 + 3)
    first = (3 + 2 * (3 + 2 * a) / (4 + 2)) / (4 + 2)
    second = (4 + (4 + blank) / (4 + 1)) / (4 + 1)
    assert model.bits("a") == pytest.approx(-math.log2(first) - math.log2(second))


def test_gap_is_the_mean_surprisal_of_letters_and_of_what_ends_a_word() -> None:
    from qbtc.core.language.text26.characters import trigrams

    model = trigrams("en")
    assert value("G", "the cat 42", "en") == pytest.approx((model.bits("the") + model.bits("cat")) / 8)


def test_scrambled_letters_surprise_more_than_words() -> None:
    assert value("G", "the house of my mother", "en") + 1 < value("G", "hte uoesh fo ym rtohem", "en")


def test_joint_is_the_cosine_to_the_centroid() -> None:
    around = Around(np.array([1.0, 0.0]), np.array([1.0, 1.0]))
    assert EXTRACTORS["J"](passage("x"), around) == pytest.approx(1 / math.sqrt(2))
    assert EXTRACTORS["J"](passage("x"), Around()) is None


def test_white_noise_has_a_fluctuation_exponent_near_a_half_and_a_walk_near_three_halves() -> None:
    noise = np.random.default_rng(3).normal(size=4000)
    assert dfa(list(noise)) == pytest.approx(0.5, abs=0.06)
    assert dfa(list(np.cumsum(noise))) == pytest.approx(1.5, abs=0.1)


def test_every_letter_but_n_has_an_extractor_and_every_letter_a_version() -> None:
    assert set(EXTRACTORS) == set(LETTERS) - {"N"}
    assert set(VERSIONS) == set(LETTERS)


def test_a_text_without_words_has_no_features() -> None:
    assert np.isnan(measure(passage("?! … 🙂"))).all()


def test_one_word_is_too_little_for_shapes_of_many() -> None:
    missing = {letter for letter in LETTERS if np.isnan(measure(passage("hello"))[INDEX[letter]])}
    assert {"D", "H", "J", "K", "M", "N", "R", "S", "W", "Z"} <= missing


BOUNDS = {
    **dict.fromkeys("ABCIJ", (-1.0, 1.0)),
    **dict.fromkeys("LPRWZ", (0.0, 1.0)),
    "F": (0.0, math.inf),
    "G": (0.0, 30.0),
}


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["en", "es", None]))
def test_whatever_the_text_each_feature_is_masked_or_within_its_bounds(text: str, language: str | None) -> None:
    found = measure(passage(text, language))  # type: ignore[arg-type]
    assert not np.isinf(found).any()
    for letter, (low, high) in BOUNDS.items():
        number = found[INDEX[letter]]
        assert np.isnan(number) or low <= number <= high, letter


WORDS = st.lists(
    st.sampled_from(
        ["we", "may", "lose", "trust,", "gain", "money.", "Maria", "never", "lies?", "love", "hate", "and", "so", "on"]
    ),
    min_size=1,
)


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_rates_means_and_shares_do_not_change_when_a_text_is_said_twice(words: list[str]) -> None:
    text = " ".join(words).rstrip(",?") + "."
    once, twice = (measure(passage(t, "en")) for t in (text, f"{text}\n\n{text}"))
    for letter in "ABCEFGILTUWXYQO":
        i = INDEX[letter]
        assert np.isnan(once[i]) == np.isnan(twice[i])
        assert np.isnan(once[i]) or once[i] == pytest.approx(twice[i]), letter
