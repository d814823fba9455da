"""The trajectory engine against the density matrix, the state vector and closed forms.

Seeds are fixed, so a test that passes always passes; a level is the chance that another seed would have failed it.
"""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare
from tests.every import every
from tests.unit.qcs.simulators.making import haar, program, random_gates
from tests.unit.qcs.simulators.test_density import noisy
from tests.unit.qcs.simulators.test_engine import gate, running

from qbtc.qcs.domain.noise.channels import (
    amplitude_damping,
    depolarising,
    generalised_amplitude_damping,
    over_rotation,
    readout,
    thermal_relaxation,
)
from qbtc.qcs.domain.noise.forms import apply
from qbtc.qcs.domain.noise.model import GateNoise, NoiseModel, QubitNoise
from qbtc.qcs.domain.program import Channel, Condition, Measure, Reset, Unitary
from qbtc.qcs.domain.qasm import parse
from qbtc.qcs.domain.simulators.choice import NoEngine, choose
from qbtc.qcs.domain.simulators.density import DensityMatrix
from qbtc.qcs.domain.simulators.engines import engines
from qbtc.qcs.domain.simulators.protocol import (
    Cost,
    Expectation,
    FinalState,
    Hermitian,
    PauliSum,
    PauliTerm,
    Probabilities,
    Refusal,
    Shots,
    TooMuchMemory,
)
from qbtc.qcs.domain.simulators.statevector import StateVector
from qbtc.qcs.domain.simulators.trajectories import Trajectories
from qbtc.qcs.domain.simulators.trajectories.unravelling import choice

ENGINE, EXACT = Trajectories(), DensityMatrix()
LEVEL = 1e-6


def z(*qubits: int) -> PauliSum:
    return PauliSum((PauliTerm(1.0, tuple((q, "Z") for q in qubits)),))


def assert_same_distribution(found: dict[int, int], expected: dict[int, float]) -> None:
    """Pearson's chi-square at `LEVEL`; words expected less than five times are taken together."""
    shots = sum(found.values())
    assert not {word for word in found if expected.get(word, 0.0) < 1e-12}
    pairs = sorted((p * shots, found.get(word, 0)) for word, p in expected.items())
    rare, rest = [pair for pair in pairs if pair[0] < 5], [pair for pair in pairs if pair[0] >= 5]
    if sum(p for p, _ in rare) >= 1e-9 * shots:
        rest.append((sum(p for p, _ in rare), sum(n for _, n in rare)))
    assert len(rest) == 1 or chisquare([n for _, n in rest], [p for p, _ in rest]).pvalue > LEVEL


def compared(circuit, shots: int = 20_000, seed: int = 1, **limits) -> None:
    exact = EXACT.run(circuit, Shots(1000), running()).probabilities
    found = ENGINE.run(circuit, Shots(shots), running(seed, **limits)).counts
    assert sum(found.values()) == shots
    assert_same_distribution(found, exact)


@pytest.mark.parametrize(("n", "seed"), [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6)])
def test_counts_of_random_noisy_circuits_have_the_distribution_of_the_density_matrix(n, seed):
    compared(program(n, noisy(n, 12, seed), measured=True), seed=seed)


@settings(max_examples=15)
@given(st.integers(1, 3), st.integers(1, 4), st.integers(0, 10_000))
def test_any_channel_on_any_qubits_is_unravelled(width, n, seed):
    rng = np.random.default_rng(seed)
    width = min(width, n)
    size = 1 << width
    isometry = haar(3 * size, rng)[:, :size].reshape(3, size, size)
    targets = tuple(rng.permutation(n)[:width].tolist())
    ops = [*random_gates(n, 5, seed), Channel("any", isometry, targets), *random_gates(n, 5, seed + 1)]
    compared(program(n, ops, measured=True), 5000, seed)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 12])
def test_without_noise_expectation_values_are_those_of_the_state_vector(n):
    rng = np.random.default_rng(n)
    circuit = program(n, random_gates(n, 60, n))
    terms = [tuple((q, "XYZ"[rng.integers(3)]) for q in range(n) if rng.random() < 0.7) for _ in range(8)]
    wanted = Expectation(tuple(PauliSum((PauliTerm(1.0, t),)) for t in terms), shots=2)
    found = ENGINE.run(circuit, wanted, running())
    assert found.values == pytest.approx(StateVector().run(circuit, wanted, running()).values, abs=1e-11)
    assert max(found.errors) < 1e-6


@pytest.mark.parametrize("seed", range(3))
def test_means_are_within_five_of_their_errors_of_the_exact_values(seed):
    circuit = program(4, noisy(4, 15, seed))
    matrix = Hermitian(np.kron(np.diag([1.0, -1]), np.array([[0, 1], [1, 0]])).astype(complex), (3, 1))
    wanted = Expectation((z(0), z(1, 2), matrix), shots=4000)
    exact, found = EXACT.run(circuit, wanted, running()), ENGINE.run(circuit, wanted, running(seed))
    errors = np.abs(np.subtract(exact.values, found.values)) / (np.array(found.errors) + 1e-9)
    assert errors.max() < 5
    assert max(found.errors) < 1 / np.sqrt(4000)
    p = EXACT.run(circuit, Probabilities((2, 0)), running()).distribution
    estimated = ENGINE.run(circuit, Probabilities((2, 0), shots=4000), running(seed))
    assert np.abs(estimated.distribution - p).max() < 5 * estimated.notes["largest_error"]


def test_excited_qubits_decay_by_the_closed_form_far_beyond_a_density_matrix():
    n, steps = 16, 6
    ops = [gate("x", q) for q in range(n)]
    ops += [Channel("d", amplitude_damping(0.1), (q,)) for _ in range(steps) for q in range(n)]
    found = ENGINE.run(program(n, ops), Expectation((z(0), z(3, 12), z(5, 6, 7)), shots=600), running())
    one = 1 - 2 * 0.9**steps
    assert np.abs(np.subtract(found.values, [one, one**2, one**3]) / np.array(found.errors)).max() < 5


def test_a_coherence_decays_by_t2_and_a_population_by_t1():
    t1, t2, time = 50.0, 30.0, 20.0
    ops = [gate("h", 0), Channel("t", thermal_relaxation(t1, t2, time), (0,))]
    x = PauliSum((PauliTerm(1.0, ((0, "X"),)),))
    found = ENGINE.run(program(1, ops), Expectation((x, z(0)), shots=20_000), running())
    expected = [np.exp(-time / t2), 1 - np.exp(-time / t1)]
    assert np.abs(np.subtract(found.values, expected) / found.errors).max() < 5


def test_a_wide_ghz_state_with_depolarised_gates_keeps_the_parity_of_the_formula():
    n, p = 14, 0.01
    ops: list = [gate("h", 0), gate("t", 0), gate("tdg", 0)]
    for q in range(n - 1):
        ops += [gate("cx", q, q + 1), Channel("d", depolarising(p, 4), (q, q + 1))]
    found = ENGINE.run(program(n, ops), Expectation((z(n - 2, n - 1),), shots=4000), running())
    assert abs(found.values[0] - (1 - p)) < 5 * found.errors[0]


def test_measurement_inside_with_noise_and_conditions_parts_the_shots_rightly():
    damped = Channel("d", generalised_amplitude_damping(0.3, 0.2), (0,))
    ops = [
        gate("ry", 0, angles=(1.1,)),
        damped,
        Measure(0, 0),
        gate("x", 1, condition=Condition(0, 1, 1)),
        Channel("conditional", amplitude_damping(0.4), (1,), Condition(0, 1, 1)),
        gate("h", 0),
        Reset(0, Condition(0, 2, 0)),
    ]
    circuit = program(2, [*ops, Measure(0, 1), Measure(1, 2)], bits=3)
    excited = np.sin(0.55) ** 2
    one = excited * (1 - 0.3 * 0.8) + (1 - excited) * 0.3 * 0.2
    expected = {0: 1 - one, 1: one * 0.5 * 0.4, 3: one * 0.5 * 0.4, 5: one * 0.5 * 0.6, 7: one * 0.5 * 0.6}
    assert_same_distribution(ENGINE.run(circuit, Shots(20_000), running()).counts, expected)


def test_a_qubit_read_wrongly_and_used_again_is_followed_by_classical_control():
    model = NoiseModel((GateNoise(amplitude_damping(0.2), "x"),), (), (QubitNoise(readout(0.05, 0.2)),))
    circuit = model.applied(program(2, [gate("x", 0), Measure(0, 0), gate("cx", 0, 1), Measure(1, 1)], bits=2))
    one = 0.8
    expected = {
        read | other << 1: sum(
            (one if true else 1 - one)
            * (0.2, 0.05)[not true] ** (read != true)
            * (0.8, 0.95)[not true] ** (read == true)
            * ((0.8 if other else 0.2) if true else (0.05 if other else 0.95))
            for true in (0, 1)
        )
        for read in (0, 1)
        for other in (0, 1)
    }
    assert sum(expected.values()) == pytest.approx(1)
    assert_same_distribution(ENGINE.run(circuit, Shots(20_000), running()).counts, expected)


def test_a_wrong_readout_costs_no_trajectory_of_its_own():
    n = 15
    ops = [op for q in range(n) for op in (gate("h", q), Channel("readout", readout(0.1, 0.3), (q,)))]
    found = ENGINE.run(program(n, ops, measured=True), Shots(20_000), running()).counts
    ones = np.array([sum(k for word, k in found.items() if word >> q & 1) for q in range(n)])
    assert np.abs(ones / 20_000 - 0.4).max() < 5 * np.sqrt(0.24 / 20_000)


def test_classical_control_is_followed_as_the_density_matrix_follows_it():
    source = """OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c;
    ry(1.0) q[0]; c[0] = measure q[0];
    if (c[0]) { ry(0.7) q[1]; } else { h q[1]; }
    c[1] = measure q[1];"""
    model = NoiseModel((GateNoise(amplitude_damping(0.3)), GateNoise(depolarising(0.1))))
    circuit = model.applied(parse(source))
    exact = EXACT.run(circuit, Shots(400_000), running()).counts
    found = ENGINE.run(circuit, Shots(20_000), running()).counts
    for word in range(4):
        assert abs(found[word] / 20_000 - exact[word] / 400_000) < 5 * np.sqrt(0.25 / 20_000)


def test_the_same_seed_gives_the_same_counts_on_any_number_of_threads():
    circuit = program(6, noisy(6, 20, 3), measured=True)
    runs = [ENGINE.run(circuit, Shots(2000), running(5, threads=t)).counts for t in (1, 2, 3)]
    assert runs[0] == runs[1] == runs[2]
    assert runs[0] != ENGINE.run(circuit, Shots(2000), running(6)).counts


def test_few_states_live_at_a_time_however_many_shots_part():
    n, shots = 13, 256
    ops = [op for q in range(n) for op in (gate("h", q), Channel("d", depolarising(0.9), (q,)))]
    circuit = replace(program(n, [*ops, *ops]), ops=(*ops, *ops))
    ENGINE.run(circuit, Expectation((z(0),), shots=2), running())
    tracemalloc.start()
    ENGINE.run(circuit, Expectation((z(0),), shots=shots), running())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < (16 << n) * (shots.bit_length() + 3)


def test_too_large_a_state_is_refused_before_it_is_taken():
    circuit = program(30, [gate("h", 0), Channel("d", amplitude_damping(0.1), (0,))], measured=True)
    tracemalloc.start()
    with pytest.raises(TooMuchMemory, match="30 qubits"):
        ENGINE.run(circuit, Shots(10), running())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def test_states_and_gradients_are_refused_with_the_reason():
    refusal = ENGINE.cost(program(1, [gate("h", 0)]), FinalState())
    assert isinstance(refusal, Refusal)
    assert "neither a state nor a gradient" in refusal.why


def test_the_choice_goes_from_density_matrix_to_trajectories_to_stabilisers_and_says_why():
    def noised(n: int, name: str, kraus) -> Cost | object:
        ops = [gate("h", 0)]
        for q in range(n - 1):
            ops += [gate("cx", q, q + 1), gate(name, q + 1), Channel("noise", kraus, (q,))]
        return choose(engines(), program(n, ops, measured=True), Shots(1000), memory=1 << 30)

    small = noised(4, "t", amplitude_damping(0.01))
    large = noised(18, "t", amplitude_damping(0.01))
    clifford = noised(18, "s", depolarising(0.01))
    assert [c.engine.name for c in (small, large, clifford)] == ["density", "trajectories", "stabiliser"]
    assert "18 qubits: about" in large.why
    assert "1000 shots" in large.why
    with pytest.raises(NoEngine):
        choose(engines(), program(2, [gate("h", 0)]), FinalState(), memory=1 << 30, wanted="trajectories")


def test_an_exact_answer_is_preferred_to_an_estimate():
    circuit = program(8, noisy(8, 10, 1))
    assert choose(engines(), circuit, Expectation((z(0),)), memory=1 << 30).engine.name == "density"


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_least_probabilities_hold_for_every_state_and_the_channel_stays_the_same(seed):
    rng = np.random.default_rng(seed)
    kraus = [
        thermal_relaxation(50, 60, rng.uniform(0, 80), rng.uniform(0, 0.5)),
        depolarising(rng.uniform(0, 1)),
        haar(6, rng)[:, :2].reshape(3, 2, 2),
        over_rotation("X", rng.uniform(0, 3)),
    ][seed % 4]
    found = choice(kraus)
    psi = haar(2, rng)[0]
    rho = np.outer(psi, psi.conj())
    p = np.einsum("kab,bc,kac->k", found.kraus, rho, found.kraus.conj()).real
    assert np.all(p >= found.sure[:-1] - 1e-9)
    assert found.sure.sum() == pytest.approx(1)
    np.testing.assert_allclose(apply(found.kraus, rho), apply(kraus, rho), atol=1e-9)


@every("count, width", [(300, 1), (3000, 1), (300, 2), (3, 5), (1100, 5)])
def test_channels_of_any_number_of_operators_on_any_number_of_qubits_are_unravelled(count, width):
    rng = np.random.default_rng(count)
    size = 1 << width
    first = haar(2 * size, rng)[:, :size].reshape(2, size, size)
    kraus = np.repeat(first, count // 2, axis=0) / np.sqrt(count // 2)
    targets = tuple(rng.permutation(6)[:width].tolist())
    compared(program(6, [*random_gates(6, 6, 3), Channel("many", kraus, targets)], measured=True), 3000)


def test_mixtures_of_unitaries_are_decided_without_a_look_at_the_state():
    for kraus in (depolarising(0.3), depolarising(0.3, 4), over_rotation("XY", 0.3)):
        assert choice(kraus).sure[-1] == 0
    assert choice(amplitude_damping(0.01)).sure == pytest.approx([0.99, 0, 0.01])


def test_a_gate_is_computed_together_with_the_damping_behind_it():
    from qbtc.qcs.domain.simulators.trajectories.unravelling import Unravelling

    damped = [gate("h", 0), gate("t", 0), Channel("d", amplitude_damping(0.1), (0,))]
    flipped = [gate("h", 0), gate("t", 0), Channel("d", depolarising(0.1), (0,))]
    assert [len(Unravelling().tables(ops)[0]) for ops in (damped, flipped)] == [1, 2]
    assert isinstance(damped[0], Unitary)
