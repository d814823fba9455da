"""The test texts of the archetypes: as many as stated, of one length, none twice.

Only `test.jsonl` is read here: these texts were written apart from those that a classifier may learn from.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from itertools import combinations

import pytest

TWELVE = ["innocent", "orphan", "caregiver", "warrior", "seeker", "destroyer"]
TWELVE += ["lover", "creator", "ruler", "magician", "sage", "jester"]
WANTED = dict.fromkeys(TWELVE, 15) | {"none": 50}
NEAR = 0.1  # of the shorter text's runs of three words
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])


def names(stems: str) -> dict[str, re.Pattern[str]]:
    """The stem of each archetype's name in one language, in the order of TWELVE."""
    return {label: re.compile(rf"\b{stem}", re.IGNORECASE) for label, stem in zip(TWELVE, stems.split(), strict=True)}


NAMES = {
    "en": names(r"innocen orphan caregiv warrior seek destroy lov(e|er|ing)\b creat rule magic sage\b jest"),
    "es": names(
        r"inocen huérfan cuid guerr busc destru am(ante|or)\b crea gobern mag(o|a|ia)\b sabi(o|a|duría)\b buf[oó]n"
    ),
}


def lines(language: str) -> Iterator[dict[str, str]]:
    raw = (files("qbtc.cio.domain") / "archetypes" / "data" / language / "test.jsonl").read_bytes()
    return (json.loads(line) for line in raw.decode("utf-8").splitlines())


def texts(language: str) -> list[str]:
    return [line["text"] for line in lines(language)]


def runs(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def shared(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    return len(one & other) / min(len(one), len(other))


@LANGUAGES
def test_every_archetype_has_fifteen_texts_and_none_has_fifty(language: str) -> None:
    assert Counter(line["label"] for line in lines(language)) == WANTED


@LANGUAGES
def test_a_line_holds_a_label_and_a_text_and_nothing_else(language: str) -> None:
    assert {frozenset(line) for line in lines(language)} == {frozenset({"label", "text"})}


@LANGUAGES
def test_a_text_is_a_paragraph_of_30_to_110_words(language: str) -> None:
    assert [text for text in texts(language) if not 30 <= len(text.split()) <= 110] == []


@LANGUAGES
def test_no_text_comes_twice_or_nearly_so(language: str) -> None:
    pairs = combinations([(text, runs(text)) for text in texts(language)], 2)
    assert [(one, other) for (one, a), (other, b) in pairs if shared(a, b) > NEAR] == []


@LANGUAGES
def test_no_text_names_the_archetype_it_is_labelled_with(language: str) -> None:
    named = [
        line
        for line in lines(language)
        if line["label"] in TWELVE and NAMES[language][line["label"]].search(line["text"])
    ]
    assert named == []
