"""What is known of words: lists, inflection, passages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.language.text26 import passage
from qbtc.core.language.text26.inflection import forms
from qbtc.core.language.text26.lexicons import Mark, affect, categories, read
from qbtc.core.language.text26.passage import KEPT, form


@pytest.mark.parametrize(
    ("word", "kind", "language", "some"),
    [
        ("rely", "v", "en", {"relied", "relying"}),
        ("drop", "v", "en", {"dropped", "dropping", "drops"}),
        ("guarantee", "v", "en", {"guaranteed", "guaranteeing"}),
        ("agree", "n", "en", {"agrees"}),
        ("basic", "a", "en", {"basically"}),
        ("confiar", "v", "es", {"confiamos", "confiaré", "confiado", "confiasen"}),
        ("rechazar", "v", "es", {"rechacé", "rechazo", "rechacen"}),
        ("arriesgar", "v", "es", {"arriesgué", "arriesgaba"}),
        ("crecer", "v", "es", {"creció", "crecerían"}),
        ("traición", "n", "es", {"traiciones"}),
        ("turbio", "a", "es", {"turbias", "turbiamente"}),
        ("maybe", "", "en", {"maybe"}),
    ],
)
def test_a_word_is_inflected_as_its_language_does(word: str, kind: str, language: str, some: set[str]) -> None:
    assert some <= set(forms(word, kind, language))  # type: ignore[arg-type]


def test_an_unknown_kind_of_word_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(ValueError, match="'run' is marked /x; allowed are /v, /n and /a"):
        forms("run", "x", "en")
    with pytest.raises(ValueError, match="does not end in -ar, -er or -ir"):
        forms("casa", "v", "es")


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_language_knows_at_least_1500_rated_and_1500_listed_words(language: str) -> None:
    assert len(affect(language)) >= 1500 and len(categories(language)) >= 1500  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["affect_en.tsv", "affect_es.tsv", "categories_en.txt", "categories_es.txt"])
def test_each_list_begins_with_its_source_and_licence(name: str) -> None:
    from importlib.resources import files

    head = files("qbtc.core.language.text26").joinpath("lexicons", name).read_text("utf-8").splitlines()[0]
    assert head.startswith("#") and "Apache-2.0" in head
    assert next(read(name))


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_rating_is_between_minus_one_and_one(language: str) -> None:
    assert all(-1 <= x <= 1 for rating in affect(language).values() for x in rating)  # type: ignore[arg-type]


def test_a_word_typed_without_its_accent_is_found_unless_that_is_another_word() -> None:
    known = categories("es")
    assert known["prometio"] & Mark.COMMITMENT
    assert known["él"] & Mark.PRONOUN and "el" not in known and not known.get("si", Mark.NONE) & Mark.PRONOUN


@pytest.mark.parametrize(
    ("written", "mark"),
    [
        ("don't", Mark.NEGATION),
        ("can’t", Mark.MODAL | Mark.NEGATION),
        ("I'll", Mark.FIRST | Mark.MODAL),
        ("Maybe", Mark.HEDGE),
    ],
)
def test_contractions_are_what_their_parts_are(written: str, mark: Mark) -> None:
    assert form(written, "en").mark & mark == mark


def test_phrases_count_as_one() -> None:
    assert passage("it is sort of cold", "en").count(Mark.HEDGE) == 1
    assert passage("tal vez hace frío", "es").count(Mark.HEDGE) == 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Today Maria came", 1),
        ("Maria came", 0),
        ("we sold BTC and ETH", 2),
        ("GO HOME NOW PLEASE", 0),
        ("I think I'm right", 0),
        ("in New York City and Paris", 2),
    ],
)
def test_names_are_runs_of_capitals_that_grammar_does_not_ask_for(text: str, names: int) -> None:
    assert sum(s.names for s in passage(text, "en").sentences) == names


@pytest.mark.parametrize(
    ("text", "clauses"),
    [("I came, I saw.", 2), ("I came, and I saw.", 2), ("It rose because we bought", 2), ("60,000 sold, ok", 2)],
)
def test_clauses_begin_after_marks_and_at_conjunctions(text: str, clauses: int) -> None:
    assert sum(s.clauses for s in passage(text, "en").sentences) == clauses


def test_wrapped_prose_is_not_verse_and_short_lines_begun_anew_are() -> None:
    assert not passage("this is a text that a program\nhas wrapped at some place or\nother for a screen", "en").verse
    assert passage("Roses are red,\nviolets are blue", "en").verse


def test_a_word_of_any_length_costs_little() -> None:
    assert form("x" * 100_000, "es").beats == ""
    assert form.cache_info().maxsize == KEPT


@given(st.text(max_size=200))
def test_sentences_divide_the_words_without_gap_or_overlap(text: str) -> None:
    found = passage(text)
    ends = [0, *(s.stop for s in found.sentences)]
    assert [s.start for s in found.sentences] == ends[:-1] and ends[-1] == len(found.words)
    assert all(1 <= s.clauses <= s.stop - s.start for s in found.sentences)
