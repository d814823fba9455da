"""The density-matrix engine against plain NumPy, the state vector and closed forms."""

import numpy as np
import pytest
from tests.unit.qcs.simulators.making import program, random_gates, reference
from tests.unit.qcs.simulators.test_engine import assert_near, counts, gate, running

from qbtc.core.hilbert.coherence import entropy
from qbtc.qcs.domain.noise.channels import amplitude_damping, depolarising, thermal_relaxation
from qbtc.qcs.domain.program import Channel, Condition, Measure, Reset
from qbtc.qcs.domain.simulators.density import DensityMatrix
from qbtc.qcs.domain.simulators.mixed import partial_trace, purity, von_neumann
from qbtc.qcs.domain.simulators.protocol import (
    Cost,
    Expectation,
    FinalState,
    Gradient,
    Hermitian,
    PauliSum,
    PauliTerm,
    Probabilities,
    Refusal,
    Shots,
    TooMuchMemory,
)
from qbtc.qcs.domain.simulators.reference import density_after

ENGINE = DensityMatrix()
PAIR = [gate("h", 0), gate("cx", 0, 1)]


def final(n: int, ops: list, **limits) -> np.ndarray:
    return ENGINE.run(program(n, ops), FinalState(), running(**limits)).state


def noisy(n: int, count: int, seed: int) -> list:
    rng, ops = np.random.default_rng(seed), []
    for g in random_gates(n, count, seed):
        ops += [g, Channel("one", thermal_relaxation(50, 40, 3, 0.1), (g.targets[0],))]
        if n > 1:
            ops.append(Channel("two", depolarising(0.05, 4), tuple(rng.permutation(n)[:2].tolist())))
    return [*ops, Reset(0), *random_gates(n, 3, seed + 1)]


@pytest.mark.parametrize(("n", "seed"), [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)])
def test_random_noisy_circuits_end_in_the_state_of_plain_numpy(n, seed):
    ops = noisy(n, 12, seed)
    np.testing.assert_allclose(final(n, ops), density_after(n, ops), atol=1e-12)


def test_without_noise_it_is_the_projector_on_the_state_vector():
    gates = random_gates(4, 30, 9)
    psi = reference(4, gates)
    np.testing.assert_allclose(final(4, gates), np.outer(psi, psi.conj()), atol=1e-12)


def test_distributions_and_expectations_are_those_of_the_matrix():
    ops = noisy(3, 10, 21)
    rho = density_after(3, ops)
    p = ENGINE.run(program(3, ops), Probabilities((2, 0)), running()).distribution
    whole = np.diag(rho).real
    assert p == pytest.approx(
        [sum(whole[i] for i in range(8) if (i >> 2 & 1, i & 1) == (w & 1, w >> 1)) for w in range(4)]
    )
    y, z, x = np.array([[0, -1j], [1j, 0]]), np.diag([1, -1]), np.array([[0, 1], [1, 0]])
    matrix = np.kron(z, np.kron(x, y))
    term = PauliSum((PauliTerm(0.5, ((0, "Y"), (1, "X"), (2, "Z"))), PauliTerm(2.0)))
    same = Hermitian(np.kron(y, z).astype(complex), (2, 0))
    found = ENGINE.run(program(3, ops), Expectation((term, same)), running()).values
    other = np.trace(rho @ np.kron(z, np.kron(np.eye(2), y))).real
    assert found[0] == pytest.approx(0.5 * np.trace(rho @ matrix).real + 2)
    assert found[1] == pytest.approx(other)


def test_a_depolarised_bell_pair_has_the_fidelity_of_the_formula():
    for p in (0.0, 0.1, 0.7, 1.0):
        rho = final(2, [*PAIR, Channel("d", depolarising(p, 4), (0, 1))])
        bell = np.array([1, 0, 0, 1]) / np.sqrt(2)
        assert (bell @ rho @ bell).real == pytest.approx(1 - 3 * p / 4)
        assert purity(rho) == pytest.approx((1 - p) ** 2 + (1 - (1 - p) ** 2) / 4)


def test_one_half_of_a_bell_pair_is_maximally_mixed():
    rho = final(2, PAIR)
    part = partial_trace(rho, (1,))
    np.testing.assert_allclose(part, np.eye(2) / 2, atol=1e-15)
    assert (von_neumann(rho), von_neumann(part)) == pytest.approx((0, 1), abs=1e-12)
    assert von_neumann(part) == pytest.approx(float(entropy(part)))


def test_qubits_are_kept_in_the_order_asked_for():
    rho = final(3, [gate("x", 2), gate("h", 0)])
    assert np.diag(partial_trace(rho, (2, 0))).real == pytest.approx([0, 0.5, 0, 0.5])
    with pytest.raises(ValueError, match="different numbers from 0 to 2"):
        partial_trace(rho, (0, 0))


def test_shots_through_noise_have_exact_probabilities_beside_them():
    circuit = program(1, [gate("x", 0), Channel("a", amplitude_damping(0.3), (0,))], measured=True)
    found = ENGINE.run(circuit, Shots(20_000), running())
    assert found.probabilities == pytest.approx({0: 0.3, 1: 0.7})
    assert_near(found.counts, {0: 0.3, 1: 0.7})


def test_a_measured_bit_decides_what_follows_shot_by_shot_and_on_average():
    ops = [
        gate("h", 0),
        Channel("a", amplitude_damping(0.5), (0,)),
        Measure(0, 0),
        gate("x", 1, condition=Condition(0, 1, 1)),
    ]
    assert_near(counts(program(2, [*ops, Measure(1, 1)]), engine=ENGINE), {0: 0.75, 3: 0.25})
    assert np.diag(final(2, ops)).real == pytest.approx([0.75, 0, 0, 0.25])


def test_a_measurement_that_nobody_reads_only_takes_coherence():
    ops = [gate("h", 0), Measure(0, 0), gate("h", 0)]
    np.testing.assert_allclose(final(1, ops), np.eye(2) / 2, atol=1e-14)


def test_a_qubit_measured_reset_and_used_again_has_both_bits():
    ops = [gate("h", 0), Measure(0, 0), Reset(0), gate("x", 0), Measure(0, 1)]
    assert_near(counts(program(1, ops, bits=2), engine=ENGINE), {2: 0.5, 3: 0.5})


def test_what_it_cannot_do_is_refused_with_the_reason():
    circuit = program(2, PAIR)
    assert isinstance(ENGINE.cost(circuit, Gradient(PauliSum(()))), Refusal)
    assert isinstance(ENGINE.cost(circuit, FinalState()), Cost)
    assert "at most 15 qubits" in ENGINE.cost(program(16, []), FinalState()).why
    with pytest.raises(TooMuchMemory, match="2 qubits"):
        final(2, PAIR, memory=100)
