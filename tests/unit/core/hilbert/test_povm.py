"""Channels keep states valid, POVM updates reduce to Bayes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.hilbert import check_density, coherence_report
from qbtc.core.hilbert.povm import is_complete, markov_kraus, predict, update

seeds = st.integers(0, 2**31)


def mixed(rng: np.random.Generator, size: int) -> np.ndarray:
    a = rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size))
    rho = a @ a.conj().T
    return rho / np.trace(rho).real


def povm(rng: np.random.Generator, size: int, outcomes: int) -> np.ndarray:
    raw = np.stack([mixed(rng, size) for _ in range(outcomes)])
    values, vectors = np.linalg.eigh(raw.sum(axis=0))
    whiten = vectors @ np.diag(values**-0.5) @ vectors.conj().T
    return whiten @ raw @ whiten


@given(seeds, st.integers(2, 26), st.integers(2, 5))
def test_the_update_is_bayes_rule_when_all_is_diagonal(seed, size, outcomes):
    rng = np.random.default_rng(seed)
    prior, likelihood = rng.dirichlet(np.ones(size)), rng.dirichlet(np.ones(outcomes), size=size).T
    for y in range(outcomes):
        p, after = update(np.diag(prior).astype(complex), np.diag(likelihood[y]).astype(complex))
        assert abs(p - prior @ likelihood[y]) < 1e-13
        assert np.abs(after - np.diag(prior * likelihood[y] / (prior @ likelihood[y]))).max() < 1e-13


@given(seeds, st.integers(2, 8), st.integers(2, 4))
def test_outcome_probabilities_sum_to_one_and_states_stay_valid(seed, size, outcomes):
    rng = np.random.default_rng(seed)
    rho, effects = mixed(rng, size), povm(rng, size, outcomes)
    total = 0.0
    for effect in effects:
        p, after = update(rho, effect)
        check_density(after, size=size)
        total += float(p)
    assert total == pytest.approx(1, abs=1e-12)


@given(seeds, st.integers(2, 6))
def test_the_channel_of_a_markov_chain_moves_probabilities_as_the_chain_does(seed, size):
    rng = np.random.default_rng(seed)
    chain, prior = rng.dirichlet(np.ones(size), size=size), rng.dirichlet(np.ones(size))
    kraus = markov_kraus(chain)
    assert is_complete(kraus)
    np.testing.assert_allclose(predict(np.diag(prior).astype(complex), kraus), np.diag(prior @ chain), atol=1e-14)


@given(seeds, st.integers(2, 6))
def test_a_channel_preserves_trace_and_positivity_and_a_classical_one_leaves_no_coherence(seed, size):
    rng = np.random.default_rng(seed)
    out = predict(mixed(rng, size), markov_kraus(rng.dirichlet(np.ones(size), size=size)))
    check_density(out, size=size)
    assert coherence_report(out).l1 == pytest.approx(0, abs=1e-12)


def test_an_impossible_outcome_is_refused():
    with pytest.raises(ValueError, match="probability 0"):
        update(np.diag([1.0, 0]).astype(complex), np.diag([0.0, 1]).astype(complex))


def test_an_effect_that_is_not_positive_is_refused():
    with pytest.raises(ValueError, match="must be positive"):
        update(np.eye(2) / 2, np.diag([1.0, -0.5]).astype(complex))


def test_rows_that_do_not_sum_to_one_are_no_chain():
    with pytest.raises(ValueError, match="sum to 1"):
        markov_kraus(np.array([[0.5, 0.4], [0.5, 0.5]]))
