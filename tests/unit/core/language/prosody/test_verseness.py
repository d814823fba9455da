"""The probability that a text is verse, and the document of a scanned text."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core.language.prosody.english_verse import PASSAGES
from tests.unit.core.language.prosody.spanish_verse import POEMS

from qbtc.core.language.prosody import scan
from qbtc.core.language.prosody.document import measured, resonated, scansion
from qbtc.core.language.prosody.verseness import MEASURES, TABLES, logistic, measures, probability

SONNET = """Shall I compare thee to a summer's day?
Thou art more lovely and more temperate:
Rough winds do shake the darling buds of May,
And summer's lease hath all too short a date;"""
REDONDILLA = "Hombres necios que acusáis\na la mujer sin razón,\nsin ver que sois la ocasión\nde lo mismo que culpáis"
MANUAL = """The configuration of the package is kept in a
file of the system, and if it is changed by the
administrator the new one will be installed beside it
with another name, so that no setting is lost in an
upgrade of the distribution; see the manual for the
complete list of the options that are allowed."""
PROSA = """El sistema de archivos se monta al arrancar el
equipo, y si no se encuentra la tabla de particiones se
muestra un mensaje de error que el administrador puede
consultar en el registro. Para más información consulte la
página del manual correspondiente, donde se describen
todas las opciones que están disponibles."""


def test_verse_is_probable_and_prose_in_lines_is_not() -> None:
    assert (probability(scan(SONNET, "en")) or 0) > 0.8
    assert (probability(scan(REDONDILLA, "es")) or 0) > 0.8
    assert (probability(scan(MANUAL, "en")) or 1) < 0.2
    assert (probability(scan(PROSA, "es")) or 1) < 0.2


def test_stanzas_of_forms_that_the_table_was_not_fitted_on_are_verse_too() -> None:
    found = [probability(scan(poem.text, "es")) or 0 for poem in POEMS.values()]
    assert sum(chance > 0.5 for chance in found) / len(found) >= 0.9  # measured: 21 of 22
    found = [probability(scan(passage.text, "en")) or 0 for passage in PASSAGES]
    assert sum(chance > 0.5 for chance in found) / len(found) >= 0.9


def test_a_single_line_is_not_judged() -> None:
    assert probability(scan("Verde que te quiero verde", "es")) is None
    with pytest.raises(ValueError, match="at least 2"):
        measures(scan("Verde que te quiero verde", "es"))


def test_a_probability_is_the_logistic_of_its_measures_and_the_table() -> None:
    poem = scan(SONNET, "en")
    first, *weights = TABLES["en"]
    found = measures(poem)
    assert list(found) == list(MEASURES)
    x = first + sum(w * found[name] for w, name in zip(weights, MEASURES, strict=True))
    assert probability(poem) == pytest.approx(1 / (1 + math.exp(-x)))
    assert logistic(-1000) == 0


@given(st.lists(st.text("aeiou bcdst\u0301,'", max_size=30), max_size=6), st.sampled_from(["en", "es"]))
def test_any_text_has_a_document_that_is_json_and_a_probability_within_bounds(texts: list[str], language: str) -> None:
    poem = scan("\n".join(texts), language)
    document = scansion(poem) | measured(poem, np.random.default_rng(1), permutations=5)
    assert json.loads(json.dumps(document, allow_nan=False))["language"] == language
    chance = document["verse_probability"]
    assert chance is None or (isinstance(chance, float) and 0 <= chance <= 1)


def test_a_resonance_says_what_each_text_has_with_itself() -> None:
    one = scan("\n\n".join([SONNET] * 2), "en")
    found = resonated(one, scan(SONNET, "en"), np.random.default_rng(1), permutations=19)
    within = found["within"]
    assert isinstance(within, list)
    assert isinstance(within[0], float)
    assert 0 < within[0] <= 1
    assert within[1] is None
    assert found["p"] == 1 or isinstance(found["p"], float)
