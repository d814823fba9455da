"""Fitted channels are channels to rounding, find what made the data, and gain nothing where there is nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples
from tests.unit.core.hilbert.making import drawn, kraus, matrices, moved, vectors

from qbtc.core.hilbert import check_density
from qbtc.core.hilbert.channel_fit import Channel, choose_rank, fit_channel, score
from qbtc.core.hilbert.povm import is_complete, predict

seeds = st.integers(0, 2**31)


@settings(max_examples=examples(30), deadline=None)
@given(seeds, st.integers(2, 6), st.integers(1, 4), st.booleans())
def test_a_fit_is_completely_positive_and_trace_preserving_to_rounding(seed, size, rank, mixed):
    rng = np.random.default_rng(seed)
    states = matrices(rng, 12, size) if mixed else vectors(rng, 12, size)
    channel = fit_channel(states[:-1], states[1:], rank=rank, rounds=2, steps=10).channel
    total = np.einsum("kji,kjl->il", channel.kraus.conj(), channel.kraus)
    assert np.abs(total - np.eye(size)).max() < 1e-12
    assert channel.free + channel.same + channel.noise == pytest.approx(1, abs=1e-12)
    assert is_complete(channel.operators())
    for rho in channel.apply(matrices(rng, 3, size)):
        check_density(rho, size=size, tolerance=1e-12)


@settings(max_examples=examples(20), deadline=None)
@given(seeds, st.integers(2, 5), st.integers(1, 3))
def test_apply_adjoint_and_operators_are_one_channel(seed, size, rank):
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(3)).tolist()
    channel = Channel(kraus(rng, rank, size), *weights)
    rho, effect = matrices(rng, 2, size)
    np.testing.assert_allclose(channel.apply(rho), predict(rho, channel.operators()), atol=1e-13)
    forward, backward = np.trace(channel.apply(rho) @ effect), np.trace(rho @ channel.adjoint(effect))
    assert forward == pytest.approx(backward, abs=1e-13)


@settings(max_examples=examples(20), deadline=None)
@given(seeds, st.integers(2, 5), st.integers(1, 3))
def test_more_rounds_never_lower_the_likelihood(seed, size, rank):
    rng = np.random.default_rng(seed)
    states = vectors(rng, 40, size)
    assert np.all(np.diff(fit_channel(states[:-1], states[1:], rank=rank, rounds=4, steps=5).path) >= -1e-12)


@pytest.mark.parametrize("size", [4, 26])
def test_the_unitary_that_made_the_data_is_found_again(size):
    rng = np.random.default_rng(1)
    truth = Channel(kraus(rng, 1, size), 1.0, 0.0, 0.0)
    before, fresh = vectors(rng, 2000, size), vectors(rng, 500, size)
    fit = fit_channel(before, moved(rng, truth.kraus, before)).channel
    after = moved(rng, truth.kraus, fresh)
    assert score(truth, fresh, after) - score(fit, fresh, after) < 0.03
    rho = matrices(rng, 20, size)
    assert np.abs(fit.apply(rho) - truth.apply(rho)).max() < 0.01


def test_the_noisy_channel_that_made_the_data_is_found_again_from_what_its_likelihood_describes():
    """States drawn by rejection from d <phi| E(psi) |phi> dphi."""
    rng = np.random.default_rng(1)
    truth = Channel(kraus(rng, 2, 3), 0.8, 0.2, 0.0)
    before, after = vectors(rng, 2, 60_000 * 3).reshape(2, -1, 3)
    before /= np.linalg.norm(before, axis=1, keepdims=True)
    after /= np.linalg.norm(after, axis=1, keepdims=True)
    density = np.einsum(
        "ti,tij,tj->t", after.conj(), truth.apply(before[:, :, None] * before[:, None, :].conj()), after
    )
    kept = rng.random(len(density)) < density.real
    fit = fit_channel(before[kept], after[kept], rank=2).channel
    rho = matrices(rng, 20, 3)
    assert np.abs(fit.apply(rho) - truth.apply(rho)).max() < 0.05


def test_the_held_out_likelihood_chooses_the_kraus_rank_that_made_the_data():
    rng = np.random.default_rng(2)
    before = vectors(rng, 3000, 3)
    chosen = choose_rank(before, moved(rng, kraus(rng, 2, 3), before), ranks=(1, 2))
    assert chosen.rank == 2
    assert chosen.scores[2] > chosen.scores[1] + 0.05


def test_states_without_any_order_are_predicted_by_noise_alone():
    rng = np.random.default_rng(3)
    states = vectors(rng, 3000, 4)
    chosen = choose_rank(states[:-1], states[1:], ranks=(1,))
    assert -0.03 < chosen.scores[1] < 0.01
    rho = matrices(rng, 5, 4)
    assert np.abs(chosen.fit.channel.apply(rho) - np.eye(4) / 4).max() < 0.12


def test_states_that_stay_are_predicted_to_stay():
    states = np.repeat(vectors(np.random.default_rng(4), 60, 5), 20, axis=0)
    channel = fit_channel(states[:-1], states[1:]).channel
    rho = matrices(np.random.default_rng(5), 10, 5)
    assert np.abs(channel.apply(rho) - rho).max() < 0.1


def test_of_basis_states_it_learns_the_transition_matrix_of_the_markov_chain():
    rng = np.random.default_rng(6)
    chain = np.array([[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.0, 0.5, 0.5]])
    path = [0]
    for _ in range(6000):
        path.append(int(drawn(rng, chain[path[-1]][None])[0]))
    basis = np.eye(3, dtype=complex)[path]
    channel = fit_channel(basis[:-1], basis[1:], rank=3, rounds=6).channel
    counts = np.zeros((3, 3))
    np.add.at(counts, (path[:-1], path[1:]), 1)
    learnt = [np.diag(channel.apply(np.diag(row).astype(complex))).real for row in np.eye(3)]
    assert np.abs(np.array(learnt) - counts / counts.sum(axis=1, keepdims=True)).max() < 0.01


def test_rows_of_mixed_states_weigh_as_often_as_they_would_be_drawn():
    rng = np.random.default_rng(7)
    psi, other = vectors(rng, 200, 3), vectors(rng, 200, 3)
    pure = psi[:, :, None] * psi[:, None, :].conj()
    other_pure = other[:, :, None] * other[:, None, :].conj()
    channel = Channel(kraus(rng, 2, 3), 0.7, 0.2, 0.1)
    assert score(channel, pure, other_pure) == pytest.approx(score(channel, psi, other), abs=1e-10)


def test_intensities_do_not_matter_and_the_uninformed_channel_scores_zero():
    rng = np.random.default_rng(8)
    psi, length = vectors(rng, 50, 4), rng.uniform(0.1, 9, size=(50, 1))
    blind = Channel(kraus(rng, 1, 4), 0.0, 0.0, 1.0)
    assert score(blind, psi[:-1], psi[1:]) == pytest.approx(0, abs=1e-12)
    one, two = fit_channel(psi[:-1], psi[1:]), fit_channel((psi * length)[:-1], (psi * length)[1:])
    np.testing.assert_allclose(one.channel.kraus, two.channel.kraus, atol=1e-6)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (np.ones((3, 2)), np.ones((2, 2)), "must be as many"),
        (np.ones((0, 2)), np.ones((0, 2)), "no steps"),
        (np.zeros((3, 2)), np.ones((3, 2)), "state 0 is zero"),
        (np.ones((3, 2, 4)), np.ones((3, 2, 4)), r"allowed are \(T, d\) and \(T, d, d\)"),
        (np.full((3, 2), np.nan), np.ones((3, 2)), "not finite"),
    ],
)
def test_what_is_no_series_of_states_is_refused_with_what_is(before, after, says):
    with pytest.raises(ValueError, match=says):
        fit_channel(before, after)


def test_an_impossible_rank_and_too_few_steps_are_refused():
    states = np.eye(2)
    with pytest.raises(ValueError, match=r"1 to d\^2 = 4"):
        fit_channel(states, states, rank=5)
    with pytest.raises(ValueError, match="too few to hold out"):
        choose_rank(states, states)
