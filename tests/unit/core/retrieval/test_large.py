"""The compiled loops say the same as NumPy, to the last bit."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import MonkeyPatch

from qbtc.cio.domain.segment import Entry, Segment
from qbtc.core.retrieval import bm25

words = st.sampled_from("abcdefgh")
documents = st.lists(st.tuples(st.lists(words, max_size=9), st.sampled_from(["s", "t", None])), min_size=1, max_size=30)


def built(rows: list[tuple[list[str], str | None]], gone: set[int]) -> Segment:
    segment = Segment()
    segment.add_all([Entry(f"m{i}", terms, "ab"[i % 2], "note", session) for i, (terms, session) in enumerate(rows)])
    for slot in gone:
        segment.remove(f"m{slot}")
    return segment


@settings(deadline=None)
@given(documents, st.lists(words, max_size=6), st.integers(0, 12), st.sampled_from([None, "a"]), st.data())
def test_the_best_documents_and_the_shares_of_sessions_are_the_same(
    rows: list[tuple[list[str], str | None]], query: list[str], limit: int, scope: str | None, data: st.DataObject
) -> None:
    segment = built(rows, data.draw(st.sets(st.sampled_from(range(len(rows))))))
    slots, postings = np.arange(len(rows)), segment.terms.postings(query)
    seen = []
    for least in (10**9, 0, 0):
        with MonkeyPatch.context() as patch:
            patch.setattr(bm25, "LARGE", least)
            best = segment.best(query, scope=scope, kinds=(), limit=limit)
            seen.append((list(best.items()), segment.session_words(slots, postings).tolist()))
    assert seen[0] == seen[1] == seen[2]


def test_it_stays_the_same_when_documents_come_after_a_search() -> None:
    with MonkeyPatch.context() as patch:
        patch.setattr(bm25, "LARGE", 0)
        index = bm25.Bm25Index()
        for n in range(200):
            index.add(["a", "b" if n % 3 else "c", *["d"] * (n % 5)])
            found, scores = index.best(["a", "c", "d"], 7)
            expected = index.scores(["a", "c", "d"])
            order = np.lexsort((np.arange(n + 1), -expected))[:7]
            assert found.tolist() == order.tolist()
            assert scores.tolist() == expected[order].tolist()
