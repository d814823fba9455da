"""Channels: complete sets, closed forms, conversions there and back, distances."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.core.hilbert.batches import superoperator
from qbtc.core.hilbert.coherence import entropy, shannon
from qbtc.qcs.domain.noise import channels, forms
from qbtc.qcs.domain.noise.distance import average_gate_fidelity, diamond_bounds, pauli_diamond

P = st.floats(0, 1)


def random_state(d: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    rho = a @ a.conj().T
    return rho / np.trace(rho)


def every(p: float, q: float) -> list[np.ndarray]:
    made = [
        getattr(channels, name)(p)
        for name in ("bit_flip", "phase_flip", "bit_phase_flip", "amplitude_damping", "reset")
    ]
    made += [channels.depolarising(p, d) for d in (2, 3, 4)] + [channels.dephasing(p, d) for d in (2, 5)]
    made += [channels.generalised_amplitude_damping(p, q), channels.thermal_relaxation(5, 1 + 9 * q, 4 * p, q)]
    return [
        *made,
        channels.readout(p, q),
        channels.over_rotation("ZX", 6 * p),
        channels.pauli({"XY": p / 2, "ZI": q / 2}),
    ]


@settings(max_examples=examples(40), deadline=None)
@given(P, P, st.integers(0, 99))
def test_every_channel_is_complete_and_keeps_states_states(p, q, seed):
    for kraus in every(p, q):
        assert channels.kraus(kraus) is not None
        rho = forms.apply(kraus, random_state(kraus.shape[-1], seed))
        assert np.trace(rho).real == pytest.approx(1)
        assert np.linalg.eigvalsh(rho)[0] > -1e-12


@settings(max_examples=examples(40), deadline=None)
@given(P, P, st.integers(0, 99))
def test_no_channel_moves_two_states_apart(p, q, seed):
    for kraus in every(p, q):
        difference = random_state(kraus.shape[-1], seed) - random_state(kraus.shape[-1], seed + 1)
        before = np.abs(np.linalg.eigvalsh(difference)).sum()
        assert np.abs(np.linalg.eigvalsh(forms.apply(kraus, difference))).sum() <= before + 1e-12


@pytest.mark.parametrize("kraus", every(0.3, 0.2), ids=str)
def test_forms_are_the_same_channel(kraus):
    d = kraus.shape[-1]
    rho = random_state(d, 3)
    expected = forms.apply(kraus, rho)
    matrix = superoperator(kraus)
    np.testing.assert_allclose((matrix @ rho.ravel()).reshape(d, d), expected, atol=1e-12)
    np.testing.assert_allclose(forms.reshuffled(matrix), forms.choi(kraus), atol=1e-12)
    np.testing.assert_allclose(forms.apply(forms.canonical(kraus), rho), expected, atol=1e-12)
    assert len(forms.canonical(kraus)) <= d * d


def test_composition_and_tensor_product_are_those_of_the_maps():
    a, b = channels.amplitude_damping(0.3), channels.bit_flip(0.2)
    rho, sigma = random_state(2, 1), random_state(2, 2)
    np.testing.assert_allclose(forms.apply(forms.compose(a, b), rho), forms.apply(b, forms.apply(a, rho)), atol=1e-14)
    both = forms.apply(forms.tensor(a, b), np.kron(sigma, rho))
    np.testing.assert_allclose(both, np.kron(forms.apply(b, sigma), forms.apply(a, rho)), atol=1e-14)


def test_relaxation_decays_by_t1_and_coherence_by_t2():
    plus, one = np.full((2, 2), 0.5), np.diag([0.0, 1])
    kraus = channels.thermal_relaxation(50.0, 70.0, 20.0, excited=0.1)
    assert forms.apply(kraus, one)[1, 1].real == pytest.approx(0.1 + 0.9 * np.exp(-20 / 50))
    assert forms.apply(kraus, plus)[0, 1].real == pytest.approx(0.5 * np.exp(-20 / 70))


@pytest.mark.parametrize("d", [2, 3, 4])
def test_depolarising_mixes_with_the_identity(d):
    rho = random_state(d, 5)
    np.testing.assert_allclose(
        forms.apply(channels.depolarising(0.3, d), rho), 0.7 * rho + 0.3 * np.eye(d) / d, atol=1e-14
    )


def test_pauli_transfer_matrices_have_their_closed_forms():
    assert np.diag(forms.pauli_transfer(channels.depolarising(0.3))) == pytest.approx([1, 0.7, 0.7, 0.7])
    damped = forms.pauli_transfer(channels.amplitude_damping(0.36))
    np.testing.assert_allclose(damped, [[1, 0, 0, 0], [0, 0.8, 0, 0], [0, 0, 0.8, 0], [0.36, 0, 0, 0.64]], atol=1e-14)


def test_the_probabilities_of_a_pauli_channel_are_found_again():
    p = forms.pauli_probabilities(channels.pauli({"XZ": 0.1, "YI": 0.2}))
    assert dict(zip(forms.pauli_strings(2), p, strict=True)) == pytest.approx(
        dict.fromkeys(forms.pauli_strings(2), 0.0) | {"II": 0.7, "XZ": 0.1, "YI": 0.2}
    )
    assert forms.pauli_probabilities(channels.amplitude_damping(0.1)) is None


def test_fidelities_and_diamond_norms_have_their_closed_forms():
    one, other = channels.depolarising(0.3), channels.bit_flip(0.1)
    assert average_gate_fidelity(one) == pytest.approx(1 - 0.3 / 2)
    assert average_gate_fidelity(channels.over_rotation("X", 0.2)) == pytest.approx((2 * np.cos(0.1) ** 2 + 1) / 3)
    assert diamond_bounds(one, other) == pytest.approx((pauli_diamond(one, other),) * 2)
    assert pauli_diamond(one, other) == pytest.approx(abs(0.775 - 0.9) + 0.025 + 0.15)
    low, high = diamond_bounds(channels.amplitude_damping(0.3), channels.depolarising(0))
    assert 0 < low < high <= 2


def test_dephasing_lowers_relative_entropy_of_coherence():
    rho = random_state(4, 8)
    states = [forms.apply(channels.dephasing(p, 4), rho) for p in (0, 0.2, 0.6, 1)]
    values = [float(shannon(np.diag(state).real) - entropy(state)) for state in states]
    assert values == sorted(values, reverse=True)
    assert values[-1] == pytest.approx(0, abs=1e-12)


def test_a_probability_that_rounding_took_above_one_is_one():
    above = 1 + 4e-13
    for kraus, certain in (
        (channels.dephasing(above), channels.dephasing(1.0)),
        (channels.amplitude_damping(above), channels.amplitude_damping(1.0)),
        (channels.reset(above), channels.reset(1.0)),
        (channels.readout(above, 0.0), channels.readout(1.0, 0.0)),
        (channels.bit_flip(above), channels.bit_flip(1.0)),
    ):
        np.testing.assert_allclose(forms.choi(kraus), forms.choi(certain), atol=1e-12)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: channels.bit_flip(1.5), "between 0 and 1"),
        (lambda: channels.dephasing(1 + 1e-6), "between 0 and 1"),
        (lambda: channels.over_rotation("X", float("nan")), "angle must be a finite number"),
        (lambda: channels.thermal_relaxation(1e-320, 1e-320, 1), "T1 and T2"),
        (lambda: channels.depolarising(1.4), "between 0 and 1.33333"),
        (lambda: channels.thermal_relaxation(1, 3, 1), "at most 2 T1"),
        (lambda: channels.pauli({"X": 0.7, "Z": 0.6}), "add up to 1.3"),
        (lambda: channels.pauli({"X": 0.1, "ZZ": 0.1}), "same length"),
        (lambda: channels.over_rotation("Q", 1), "made of I, X, Y and Z"),
        (lambda: channels.kraus([np.eye(2) * 0.9]), "not trace preserving"),
        (lambda: forms.kraus_of_choi(np.diag([1.0, 0, 0, -1])), "not completely positive"),
    ],
)
def test_what_is_no_channel_is_refused(make, why):
    with pytest.raises(ValueError, match=why):
        make()
