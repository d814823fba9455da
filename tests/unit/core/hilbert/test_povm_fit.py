"""Fitted effects are a POVM, learn what is there, and are the base rates where nothing is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples
from tests.unit.core.hilbert.making import drawn, matrices, povm, vectors

from qbtc.core.hilbert.povm_fit import base_rates, fit_povm, probabilities

seeds = st.integers(0, 2**31)


@settings(max_examples=examples(40), deadline=None)
@given(seeds, st.integers(2, 6), st.integers(2, 4), st.booleans())
def test_effects_are_positive_and_complete_to_rounding_and_the_ascent_never_falls(seed, size, outcomes, mixed):
    rng = np.random.default_rng(seed)
    states = matrices(rng, 30, size) if mixed else vectors(rng, 30, size)
    fit = fit_povm(states, rng.integers(0, outcomes, size=30), outcomes, pull=0.01, steps=20)
    assert np.abs(fit.effects.sum(axis=0) - np.eye(size)).max() < 1e-12
    assert np.linalg.eigvalsh(fit.effects).min() > -1e-13
    assert np.all(np.diff(fit.values) >= 0)


@settings(max_examples=examples(20))
@given(seeds, st.integers(2, 6), st.integers(2, 4))
def test_probabilities_are_born_s_rule_for_vectors_and_matrices(seed, size, outcomes):
    rng = np.random.default_rng(seed)
    effects, psi, rho = povm(rng, outcomes, size), vectors(rng, 5, size), matrices(rng, 5, size)
    np.testing.assert_allclose(
        probabilities(psi, effects), np.einsum("ti,yij,tj->ty", psi.conj(), effects, psi).real, atol=1e-13
    )
    np.testing.assert_allclose(probabilities(rho, effects), np.einsum("tij,yji->ty", rho, effects).real, atol=1e-13)


def test_the_effects_that_made_the_data_are_found_again():
    rng = np.random.default_rng(0)
    truth, psi = povm(rng, 3, 3), vectors(rng, 20_000, 3)
    fit = fit_povm(psi, drawn(rng, probabilities(psi, truth)), 3, pull=0.0, steps=200)
    assert np.abs(fit.effects - truth).max() < 0.05


def test_of_basis_states_it_learns_the_table_of_shares():
    rng = np.random.default_rng(1)
    seen, outcomes = rng.integers(0, 3, size=3000), rng.integers(0, 2, size=3000)
    fit = fit_povm(np.eye(3, dtype=complex)[seen], outcomes, 2, pull=0.0, steps=200)
    table = [outcomes[seen == i].mean() for i in range(3)]
    np.testing.assert_allclose(np.diag(fit.effects[1]).real, table, atol=1e-3)


def test_a_strong_pull_gives_the_base_rates_for_every_state():
    rng = np.random.default_rng(2)
    psi, outcomes = vectors(rng, 400, 5), rng.integers(0, 3, size=400)
    effects = fit_povm(psi, outcomes, 3, pull=1e4).effects
    rates = base_rates(outcomes, 3)
    assert np.abs(probabilities(vectors(rng, 50, 5), effects) - rates).max() < 1e-3


def test_outcomes_that_do_not_depend_on_the_state_gain_nothing_on_new_data():
    rng = np.random.default_rng(3)
    psi, outcomes = vectors(rng, 4000, 4), rng.integers(0, 2, size=4000)
    p = probabilities(vectors(rng, 4000, 4), fit_povm(psi, outcomes, 2, pull=1.0).effects)
    fresh = rng.integers(0, 2, size=4000)
    assert -np.log(p[np.arange(4000), fresh]).mean() > np.log(2) - 1e-3


@pytest.mark.parametrize(
    ("outcomes", "count", "says"),
    [
        ([0, 1], 2, "one a state"),
        ([0, 1, 2], 2, r"allowed are 0\.\.1"),
        ([0, 0, 0], 1, "at least two"),
        ([0, -1, 1], 2, "-1"),
    ],
)
def test_outcomes_that_do_not_fit_are_refused_with_what_is_allowed(outcomes, count, says):
    with pytest.raises(ValueError, match=says):
        fit_povm(np.ones((3, 2)), np.array(outcomes), count)


def test_an_outcome_that_was_never_seen_keeps_its_pseudo_count_and_breaks_nothing():
    rng = np.random.default_rng(0)
    states = rng.normal(size=(60, 3)) + 1j * rng.normal(size=(60, 3))
    effects = fit_povm(states, rng.integers(0, 2, size=60), 3).effects
    np.testing.assert_allclose(effects.sum(axis=0), np.eye(3), atol=1e-9)
    assert 0 < probabilities(states, effects)[:, 2].mean() < 0.05
