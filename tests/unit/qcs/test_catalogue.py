"""Catalogues: filters, distance in time, what is gone, and the limit."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core.hilbert.search.test_mixed_index import densities
from tests.unit.core.hilbert.search.test_pure_index import assert_exact, states

from qbtc.core.hilbert import signed_overlap
from qbtc.core.hilbert.search import pure
from qbtc.qcs.domain.catalogue import NANOSECONDS_A_BAR, Catalogue
from qbtc.qcs.domain.entries import Asked, Entry, Filter
from qbtc.qcs.domain.nearest import nearest

SYMBOLS = ("AAA", "BBB", "CCC")


def entries(rng: np.random.Generator, count: int) -> list[Entry]:
    psi = states(rng, count)
    return [
        Entry(UUID(int=i), psi[i], SYMBOLS[int(rng.integers(3))], int(rng.integers(60)) * NANOSECONDS_A_BAR)
        for i in range(count)
    ]


def greedy(rows: list[Entry], asked: Asked, k: int) -> list[UUID]:
    """The best, then the best of those far enough from all before, and so on: one look at every row in order."""
    taken: list[Entry] = []
    for row in sorted(rows, key=lambda e: -signed_overlap(asked.state, e.state)):
        near = [e for e in taken if e.symbol == row.symbol and abs(e.at - row.at) < asked.apart * NANOSECONDS_A_BAR]
        itself = row.symbol == asked.symbol and abs(row.at - asked.at) < asked.apart * NANOSECONDS_A_BAR
        if not near and not itself and row.state_id != asked.state_id and len(taken) < k:
            taken.append(row)
    return [e.state_id for e in taken]


@given(st.integers(0, 2**32), st.integers(1, 200), st.integers(1, 12), st.integers(0, 30))
def test_moments_apart_are_taken_greedily_from_the_best(seed, count, k, apart):
    rng = np.random.default_rng(seed)
    rows, catalogue = entries(rng, count), Catalogue(1000)
    catalogue.add(rows)
    own = rows[int(rng.integers(count))]
    asked = Asked(own.state, apart=apart, state_id=own.state_id, symbol=own.symbol, at=own.at)
    assert [hit.state_id for hit in nearest(catalogue.pure, asked, k)] == greedy(rows, asked, k)


def test_symbols_and_times_narrow_what_may_be_found():
    rows, catalogue = entries(np.random.default_rng(1), 300), Catalogue(1000)
    catalogue.add(rows)
    wanted = Filter(("AAA", "CCC", "ZZZ"), 10 * NANOSECONDS_A_BAR, 30 * NANOSECONDS_A_BAR)
    found = {hit.state_id for hit in nearest(catalogue.pure, Asked(rows[0].state, wanted=wanted), 300)}
    assert found == {e.state_id for e in rows if e.symbol != "BBB" and wanted.since <= e.at < wanted.until}
    assert nearest(catalogue.pure, Asked(rows[0].state, wanted=Filter(("ZZZ",))), 5) == []


def test_what_was_forgotten_is_not_found_and_a_stale_position_forgets_nothing():
    rows, catalogue = entries(np.random.default_rng(2), 20), Catalogue(1000)
    catalogue.add(rows)
    catalogue.pure.forget(3, rows[3].state_id)
    catalogue.pure.forget(4, rows[5].state_id)
    catalogue.pure.forget(99, rows[5].state_id)
    found = {hit.state_id for hit in nearest(catalogue.pure, Asked(rows[0].state), 20)}
    assert found == {e.state_id for e in rows} - {rows[3].state_id}


def test_states_without_information_are_left_out_and_bad_norms_are_named():
    good, bad, none = (Entry(UUID(int=i), s) for i, s in enumerate((np.eye(26)[0], 2 * np.eye(26)[1], np.zeros(26))))
    catalogue = Catalogue(1000)
    assert catalogue.add([good, bad, none]) == [bad.state_id]
    assert len(catalogue.pure) == 1


def test_over_the_limit_the_oldest_go_and_the_rest_is_found_where_it_was(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pure, "CHUNK", 256)
    rows, catalogue = entries(np.random.default_rng(3), 1000), Catalogue(400)
    for first in range(0, 1000, 90):
        catalogue.add(rows[first : first + 90])
    assert catalogue.dropped == 768
    kept = rows[768:]
    asked = Asked(rows[5].state)
    assert [hit.state_id for hit in nearest(catalogue.pure, asked, 20)] == greedy(kept, asked, 20)


@given(st.integers(0, 2**32), st.sampled_from(["signed", "fidelity"]))
def test_an_index_of_many_small_chunks_is_as_exact(seed, by):
    rng = np.random.default_rng(seed)
    psi = states(rng, 900)
    psi[rng.integers(0, 900, 300)] = psi[int(rng.integers(900))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pure, "CHUNK", 256)
        assert_exact(psi, psi[0], 9, by, rng.random(900) < 0.8)


def test_vectors_and_matrices_answer_either_question_by_fidelity():
    rng = np.random.default_rng(4)
    psi, rho, catalogue = states(rng, 30), densities(rng, 30, 26, 5), Catalogue(1000)
    catalogue.add([Entry(UUID(int=i), s) for i, s in enumerate([*psi, *rho])])
    for state in (psi[0], rho[0]):
        asked = Asked(state, "fidelity")
        vectors, matrices = nearest(catalogue.pure, asked, 30), nearest(catalogue.mixed, asked, 30)
        assert (len(vectors), len(matrices)) == (30, 30)
        assert [hit.mixed for hit in vectors + matrices] == [False] * 30 + [True] * 30
        assert all(0 <= hit.score <= 1 + 1e-12 for hit in vectors + matrices)
    own = Asked(rho[0], "fidelity", state_id=UUID(int=30))
    assert UUID(int=30) not in [hit.state_id for hit in nearest(catalogue.mixed, own, 30)]


def test_of_matrices_the_newest_are_kept_and_found_where_they_are():
    rho, catalogue = densities(np.random.default_rng(5), 60, 26, 4), Catalogue(1000, matrices=20)
    for i in range(60):
        catalogue.add([Entry(UUID(int=i), rho[i], "AAA", i)])
    assert 20 <= len(catalogue.mixed) <= 25
    found = nearest(catalogue.mixed, Asked(rho[50], "fidelity"), 60)
    assert found[0].state_id == UUID(int=50)
    assert {hit.state_id.int for hit in found} == set(range(60 - len(catalogue.mixed), 60))
