"""BM25 by hand and by property."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.retrieval import Bm25Index


def index_of(*documents: str) -> Bm25Index:
    index = Bm25Index()
    for document in documents:
        index.add(document.split())
    return index


def test_score_is_the_formula() -> None:
    index = index_of("a a b", "b c", "c c c c")
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    expected = idf * 2 * 2.2 / (2 + 1.2 * (1 - 0.75 + 0.75 * 3 / 3))
    assert index.scores(["a"])[0] == pytest.approx(expected, abs=1e-12)
    assert list(index.scores(["a"])[1:]) == [0.0, 0.0]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    index = index_of("rare common", "common other", "common thing")
    assert index.scores(["rare"])[0] > index.scores(["common"])[0]


def test_a_repeated_query_word_counts_once() -> None:
    index = index_of("a b", "c")
    assert index.scores(["a", "a"])[0] == index.scores(["a"])[0]


def test_a_removed_document_is_not_found_and_leaves_the_statistics() -> None:
    index = index_of("a b", "a c", "d e")
    index.remove(0)
    index.remove(0)
    fresh = index_of("a c", "d e")
    assert len(index) == 2
    assert index.scores(["a"])[0] == 0.0
    assert index.scores(["a", "c"])[1] == pytest.approx(fresh.scores(["a", "c"])[0])


def test_an_empty_index_and_an_unknown_word_find_nothing() -> None:
    assert len(Bm25Index().scores(["a"])) == 0
    assert not index_of("a").scores(["z"]).any()


words = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=8)


@given(st.lists(words, min_size=1, max_size=12), words, st.data())
def test_removing_equals_never_having_added(documents: list[list[str]], query: list[str], data: st.DataObject) -> None:
    index = Bm25Index()
    for document in documents:
        index.add(document)
    gone = data.draw(st.sets(st.sampled_from(range(len(documents)))))
    for slot in gone:
        index.remove(slot)
    rebuilt = Bm25Index()
    kept = [d for i, d in enumerate(documents) if i not in gone]
    for document in kept:
        rebuilt.add(document)
    alive = [s for i, s in enumerate(index.scores(query)) if i not in gone]
    assert alive == pytest.approx(list(rebuilt.scores(query)))
    assert all(score >= 0 for score in alive)
