"""Every problem that a service may answer with has its words in both dictionaries of the page."""

from __future__ import annotations

import importlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import qbtc
from qbtc.hft.domain.risk import RULES
from qbtc.kit.errors import QbtcError

WORDS = Path(__file__).resolve().parents[3] / "ui/src/i18n"
SOURCE = Path(qbtc.__file__).parent
NAMES_A_PROBLEM = re.compile(r"^    slug[,: ]", re.MULTILINE)


def kinds(root: type[QbtcError]) -> Iterator[type[QbtcError]]:
    yield root
    for child in root.__subclasses__():
        yield from kinds(child)


def known() -> list[type[QbtcError]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if NAMES_A_PROBLEM.search(path.read_text()):
            importlib.import_module(".".join(("qbtc", *path.relative_to(SOURCE).with_suffix("").parts)))
    return [kind for kind in dict.fromkeys(kinds(QbtcError)) if kind.__module__.startswith("qbtc.")]


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_stable_type_has_a_title_in_both_languages(language: str) -> None:
    words = json.loads((WORDS / f"{language}.json").read_text())
    assert {kind.slug for kind in known()} - words["problem"].keys() == set()
    assert {rule.name for rule in RULES} - words["refusal"].keys() == set()


def test_the_english_title_is_the_one_of_the_code() -> None:
    words = json.loads((WORDS / "en.json").read_text())["problem"]
    shared = Counter(kind.slug for kind in known())
    for kind in known():
        if "slug" in vars(kind) and shared[kind.slug] == 1:
            assert words[kind.slug] == kind.title, kind.slug
