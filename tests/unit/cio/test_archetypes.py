"""Archetypes: the shipped texts are sound, the fit is a minimum, and a reading is a distribution over thirteen labels."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from tests.every import every

from qbtc.cio.domain.archetypes import LABELS, NONE, Classifier, archetypes, classifier
from qbtc.cio.domain.archetypes.classifier import MOST, TEMPERATURES, codes
from qbtc.cio.domain.archetypes.examples import Part, alike, examples
from qbtc.cio.domain.archetypes.regression import fit, likelihood, probabilities, temperature
from qbtc.cio.domain.archetypes.scores import scores
from qbtc.core.language.detect import Language

LANGUAGES: tuple[Language, ...] = ("en", "es")
PARTS: tuple[tuple[Part, int, int], ...] = (("train", 20, 100), ("dev", 15, 50))
SIZES = [(language, *part) for language in LANGUAGES for part in PARTS]


@every("language, part, each, none", SIZES)
def test_every_label_has_its_number_of_texts_in_their_language(
    language: Language, part: Part, each: int, none: int
) -> None:
    shown = examples(language, part)
    assert Counter(one.label for one in shown) == {label: none if label == NONE else each for label in LABELS}
    assert all(len(one.text.split()) in range(38, 91) for one in shown if one.label != NONE)


@every("language", LANGUAGES)
def test_no_two_texts_of_train_and_dev_are_near_duplicates(language: Language) -> None:
    texts = [one.text for part in ("train", "dev") for one in examples(language, part)]  # type: ignore[arg-type]
    assert list(alike(texts, above=0.1)) == []


def test_a_text_with_one_word_changed_is_found_to_be_a_near_duplicate() -> None:
    text = examples("en", "train")[0].text
    changed = " ".join(["morning", *text.split()[1:]])
    found = list(alike([text, examples("en", "train")[1].text, changed], above=0.5))
    assert [(i, j) for i, j, _ in found] == [(0, 2)]


def noise(rows: int, columns: int, classes: int, seed: int) -> tuple[csr_array, np.ndarray]:
    draw = np.random.default_rng(seed)
    return csr_array(draw.normal(size=(rows, columns))), draw.integers(classes, size=rows)


def loss(points: np.ndarray, labels: np.ndarray, weights: np.ndarray, bias: np.ndarray, ridge: float) -> float:
    return likelihood(points @ weights + bias, labels) + ridge / 2 * float((weights**2).sum())


@settings(max_examples=15, deadline=None)
@given(st.integers(4, 20), st.integers(2, 30), st.integers(0, 2**32 - 1))
def test_no_step_away_from_the_fit_lowers_the_loss(rows: int, columns: int, seed: int) -> None:
    points, labels = noise(rows, columns, 3, seed)
    found, draw = fit(points, labels, 3, 0.1), np.random.default_rng(seed)
    best = loss(points.toarray(), labels, found.weights, found.bias, 0.1)
    for _ in range(5):
        away = found.weights + 0.01 * draw.normal(size=found.weights.shape)
        assert loss(points.toarray(), labels, away, found.bias, 0.1) > best - 1e-7


def test_a_fit_without_rows_or_without_a_ridge_is_refused() -> None:
    points, labels = noise(4, 2, 3, 1)
    with pytest.raises(ValueError, match="ridge is 0"):
        fit(points, labels, 3, 0)
    with pytest.raises(ValueError, match="4 rows with 3 labels"):
        fit(points, labels[:3], 3, 1)


@given(st.floats(0.2, 5.0))
@settings(max_examples=10, deadline=None)
def test_the_temperature_that_made_the_labels_is_found_again(true: float) -> None:
    draw = np.random.default_rng(7)
    logits = 3 * draw.normal(size=(4000, 5))
    chosen = (probabilities(logits, true).cumsum(axis=1) > draw.random((4000, 1))).argmax(axis=1)
    assert temperature(logits, chosen) == pytest.approx(true, rel=0.15)


def test_scores_of_known_probabilities_are_the_ones_worked_out_by_hand() -> None:
    sure = np.array([[0.85, 0.15], [0.75, 0.25], [0.45, 0.55], [0.15, 0.85]])
    found = scores(sure, np.array([0, 1, 1, 1]))
    assert (found.accuracy, found.number) == (0.75, 4)
    assert found.macro_f1 == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert found.ece == pytest.approx((2 * 0.15 + 0.75 + 0.45) / 4)


@cache
def fitted(language: Language) -> Classifier:
    return classifier(language)


@every("language", LANGUAGES)
def test_dev_is_read_far_better_than_by_chance_and_neutral_texts_nearly_always(language: Language) -> None:
    shown = examples(language, "dev")
    found = fitted(language).probabilities([one.text for one in shown])
    labels = codes(shown)
    told = labels != LABELS.index(NONE)
    right = found.argmax(axis=1) == labels
    assert right[told].mean() > 2 / 12
    assert right[~told].mean() > 0.9


@every("language", LANGUAGES)
def test_the_shipped_temperature_is_the_one_that_dev_gives(language: Language) -> None:
    shown = examples(language, "dev")
    logits = fitted(language).logits([one.text for one in shown])
    assert TEMPERATURES[language] == pytest.approx(temperature(logits, codes(shown)), rel=0.1)


@settings(max_examples=5, deadline=None)
@given(st.text(max_size=40))
def test_any_text_with_a_word_gives_a_distribution(text: str) -> None:
    found = archetypes(f"{text} ship").probabilities
    assert tuple(found) == LABELS
    assert sum(found.values()) == pytest.approx(1)
    assert min(found.values()) >= 0


def test_the_same_text_gives_the_same_numbers_whatever_is_read_beside_it() -> None:
    texts = [one.text for one in examples("en", "dev")[:3]]
    alone = [fitted("en").probabilities([text])[0] for text in texts]
    assert np.allclose(alone, fitted("en").probabilities(texts))


def test_the_language_is_told_from_the_text_or_taken_as_given() -> None:
    assert archetypes("El patrón se ató al timón y cortamos el palo.").language == "es"
    assert archetypes("The skipper lashed himself to the wheel.").language == "en"
    assert archetypes("Zzz", "es").language == "es"


@every("text, said", [("", "no words"), ("?! …", "no words"), ("a " * MOST, "at most 100,000")])
def test_a_text_that_cannot_be_read_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        archetypes(text)
