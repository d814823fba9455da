"""Circuits of qudits: closed forms, NumPy's Kronecker products, Cirq, channels, sampling, refusals."""

import json
import os
import subprocess
import tracemalloc
from functools import reduce
from math import prod

import numpy as np
import pytest
from bench.peers.environment import python_of
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.core.hilbert.batches import haar_unitaries, random_channel
from qbtc.qcs.domain.noise.channels import depolarising
from qbtc.qcs.domain.qudits import (
    Channel,
    Circuit,
    Gate,
    Measure,
    TooLarge,
    clock,
    controlled_sum,
    density,
    fourier,
    givens,
    probabilities,
    sample,
    shift,
    state,
)

RNG = np.random.default_rng


def ghz(size: int, count: int = 3) -> Circuit:
    sums = [controlled_sum((size, size), 0, k) for k in range(1, count)]
    return Circuit((size,) * count, (fourier(size, 0), *sums))


def full_matrix(matrix: np.ndarray, targets: tuple[int, ...], dims: tuple[int, ...]) -> np.ndarray:
    """The operator on the whole space, element by element."""
    out = np.zeros((prod(dims), prod(dims)), dtype=complex)
    for column in np.ndindex(*dims):
        source = np.ravel_multi_index([column[t] for t in targets], [dims[t] for t in targets])
        for row in range(len(matrix)):
            digits = list(column)
            for t, digit in zip(targets, np.unravel_index(row, [dims[t] for t in targets]), strict=True):
                digits[t] = digit
            out[np.ravel_multi_index(digits, dims), np.ravel_multi_index(column, dims)] += matrix[row, source]
    return out


def random_circuit(seed: int, dims: tuple[int, ...], gates: int = 6) -> tuple[Circuit, list[np.ndarray]]:
    rng, operations, matrices = RNG(seed), [], []
    for _ in range(gates):
        targets = tuple(rng.permutation(len(dims))[: rng.integers(1, 3)].tolist())
        matrix = haar_unitaries(1, prod(dims[t] for t in targets), rng)[0]
        operations.append(Gate.of(matrix, *targets))
        matrices.append(full_matrix(matrix, targets, dims))
    return Circuit(dims, tuple(operations)), matrices


@pytest.mark.parametrize("size", [2, 3, 5, 13, 26])
def test_a_ghz_state_has_equal_amplitudes_on_equal_levels(size):
    expected = np.zeros((size,) * 3)
    expected[(range(size),) * 3] = 1 / np.sqrt(size)
    np.testing.assert_allclose(state(ghz(size)), expected.ravel(), atol=1e-14)


@given(seed=st.integers(0, 2**32 - 1), dims=st.lists(st.integers(2, 4), min_size=2, max_size=4).map(tuple))
@settings(max_examples=examples(25), deadline=None)
def test_circuits_of_mixed_dimension_agree_with_kronecker_products(seed, dims):
    circuit, matrices = random_circuit(seed, dims)
    start = np.eye(circuit.size)[:, 0]
    expected = reduce(lambda psi, u: u @ psi, matrices, start)
    np.testing.assert_allclose(state(circuit), expected, atol=1e-13)
    np.testing.assert_allclose(density(circuit), np.outer(expected, expected.conj()), atol=1e-13)


@pytest.mark.parametrize("size", [2, 3, 7, 26])
def test_the_generalised_paulis_obey_weyl_and_fourier_turns_one_into_the_other(size):
    rng = RNG(size)
    prepare = Gate.of(haar_unitaries(1, size, rng)[0], 0)
    omega = np.exp(2j * np.pi / size)
    zx, xz = (
        state(Circuit((size,), (prepare, *pair)))
        for pair in ((shift(size, 0), clock(size, 0)), (clock(size, 0), shift(size, 0)))
    )
    np.testing.assert_allclose(zx, omega * xz, atol=1e-13)
    fx = state(Circuit((size,), (prepare, shift(size, 0), fourier(size, 0))))
    zf = state(Circuit((size,), (prepare, fourier(size, 0), clock(size, 0))))
    np.testing.assert_allclose(fx, zf, atol=1e-13)


def test_the_controlled_sum_adds_the_control_to_a_target_of_another_size():
    for a, b in np.ndindex(3, 5):
        operations = (shift(3, 0, a), shift(5, 1, b), controlled_sum((3, 5), 0, 1))
        assert np.argmax(np.abs(state(Circuit((3, 5), operations)))) == a * 5 + (a + b) % 5


def test_a_givens_rotation_turns_two_levels_and_no_other():
    turned = state(Circuit((26,), (givens(26, (0, 7), 0, angle=2.0, phase=0.5),)))
    assert turned[0] == pytest.approx(np.cos(1))
    assert turned[7] == pytest.approx(np.exp(0.5j) * np.sin(1))
    assert np.abs(turned[[k for k in range(26) if k not in (0, 7)]]).max() == 0
    with pytest.raises(ValueError, match="two different ones from 0 to 25"):
        givens(26, (3, 3), 0, angle=1.0)


def test_a_channel_on_one_of_two_qudits_is_its_kraus_sum():
    rng = RNG(3)
    kraus = random_channel(3, 4, rng)
    circuit, matrices = random_circuit(1, (3, 4), gates=3)
    rho = reduce(lambda r, u: u @ r @ u.conj().T, matrices, np.diag(np.eye(12)[0]).astype(complex))
    expected = sum(full_matrix(k, (1,), (3, 4)) @ rho @ full_matrix(k, (1,), (3, 4)).conj().T for k in kraus)
    noisy = Circuit((3, 4), (*circuit.operations, Channel(kraus, (1,))))
    np.testing.assert_allclose(density(noisy), expected, atol=1e-13)
    assert np.trace(density(noisy)) == pytest.approx(1, abs=1e-13)


def test_an_unread_measurement_dephases():
    rho = density(Circuit((3, 3), (fourier(3, 0), controlled_sum((3, 3), 0, 1), Measure(0))))
    np.testing.assert_allclose(rho, np.diag(np.eye(3).ravel() / 3), atol=1e-14)


def test_samples_of_a_ghz_state_agree_with_each_other_and_are_uniform():
    circuit = ghz(5)
    counts = sample(Circuit(circuit.dims, (*circuit.operations, Measure(2), Measure(0))), 10_000, RNG(0))
    assert all(a == b for a, b in counts)
    assert sum(counts.values()) == 10_000
    assert sum((n - 2000) ** 2 / 2000 for n in counts.values()) < 20


def test_trajectories_of_noise_and_mid_circuit_measurement_follow_the_density_matrix():
    kraus = random_channel(2, 3, RNG(4))
    operations = (fourier(3, 0), controlled_sum((3, 2), 0, 1), Channel(kraus, (0,)))
    expected = np.diag(density(Circuit((3, 2), operations))).real
    counts = sample(Circuit((3, 2), (*operations, Measure(0), Measure(1))), 4000, RNG(5))
    found = np.array([counts[divmod(k, 2)] for k in range(6)])
    assert np.sum((found - 4000 * expected) ** 2 / (4000 * expected + 1e-9)) < 25
    twice = sample(Circuit((3,), (fourier(3, 0), Measure(0), Measure(0), shift(3, 0), Measure(0))), 200, RNG(6))
    assert all(a == b and c == (a + 1) % 3 for a, b, c in twice)


def test_probabilities_of_some_qudits_are_marginals_in_the_order_asked():
    psi = state(random_circuit(9, (2, 3, 4))[0])
    weights = (np.abs(psi) ** 2).reshape(2, 3, 4)
    np.testing.assert_allclose(probabilities(psi, (2, 3, 4), (2, 0)), weights.sum(axis=1).T.ravel(), atol=1e-15)


def test_what_would_not_fit_is_refused_before_memory_is_taken():
    with pytest.raises(TooLarge, match="at most 536870912 are allowed"):
        state(Circuit((26,) * 12, ()))
    with pytest.raises(TooLarge, match="at most 1000"):
        density(Circuit((26,), ()), limit=1000)
    with pytest.raises(TooLarge):
        sample(Circuit((1000,) * 5, (Measure(0),)), 1, RNG(0))


def test_a_channel_of_many_operators_needs_no_more_memory_than_the_refusal_promises():
    """The 676 operators of depolarising noise on 26 levels must not be 676 states at a time."""
    circuit = Circuit((26, 26), (fourier(26, 0), Channel(depolarising(0.3, 26), (0,)), Measure(0)))
    tracemalloc.start()
    rho = density(circuit)
    counts = sample(circuit, 20, RNG(1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_allclose(np.diag(rho).real.reshape(26, 26).sum(axis=1), 1 / 26, atol=1e-12)
    assert sum(counts.values()) == 20
    assert peak < 8 * rho.nbytes


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Circuit((), ()), "at least one qudit"),
        (lambda: Circuit((1, 3), ()), "at least 2 levels"),
        (lambda: Circuit((3,), (shift(3, 1),)), "operation 0 acts on .*from 0 to 0"),
        (lambda: Circuit((3,), (shift(4, 0),)), "has size 4; its targets .* have 3 levels"),
        (lambda: Circuit((3, 3), (controlled_sum((3, 3), 1, 1),)), "different qudits"),
        (lambda: Gate.of(np.ones((2, 2)), 0), "not unitary"),
        (lambda: Gate.of(np.ones((2, 3)), 0), "must be square"),
        (lambda: Channel(np.ones((1, 2, 2), dtype=complex), (0,)), "sum K"),
        (lambda: state(Circuit((3,), (Measure(0),))), "a vector has no Measure"),
        (lambda: sample(Circuit((3,), ()), 1, RNG(0)), "nothing is measured"),
        (lambda: sample(Circuit((3,), (Measure(0),)), 0, RNG(0)), "0 shots; allowed are 1 to"),
        (lambda: sample(Circuit((3,), (Measure(0),)), 1.5, RNG(0)), "1.5 shots; allowed are 1 to"),
        (lambda: givens(3, (0, 1), 0, angle=float("nan")), "angle is nan; it must be finite"),
        (lambda: givens(3, (0, 1), 0, angle=1.0, phase=float("inf")), "phase is inf; it must be finite"),
        (lambda: Gate.of(np.ones((0, 0)), 0), "must be square"),
        (lambda: Gate.of(np.full((2, 2), np.nan), 0), "not unitary"),
        (lambda: Channel([[[1, 0], [0, np.nan]]], (0,)), "sum K"),
        (lambda: Circuit((2.5, 3), ()), "dimensions are .*whole"),
        (lambda: Circuit((3,), (Measure(0.0),)), "operation 0 acts on .*from 0 to 0"),
        (lambda: probabilities(np.eye(9)[0], (3, 3), (0, 0)), "qudits are .*different .*0 to 1"),
        (lambda: probabilities(np.eye(9)[0], (3, 3), (2,)), "qudits are .*different .*0 to 1"),
        (lambda: probabilities(np.eye(8)[0], (3, 3), (0,)), "8 amplitudes; .* have 9"),
    ],
)
def test_a_circuit_that_makes_no_sense_is_refused_in_words(make, message):
    with pytest.raises(ValueError, match=message):
        make()


CIRQ = """
import json, sys, numpy as np, cirq
answers = []
for dims, gates in json.load(sys.stdin):
    qs = [cirq.LineQid(i, d) for i, d in enumerate(dims)]
    ops = []
    for targets, real, imaginary in gates:
        shape = tuple(dims[t] for t in targets)
        ops.append(cirq.MatrixGate(np.array(real) + 1j * np.array(imaginary), qid_shape=shape)(*(qs[t] for t in targets)))
    simulator = cirq.Simulator(dtype=np.complex128)
    psi = simulator.simulate(cirq.Circuit(ops), qubit_order=qs).final_state_vector
    answers.append([psi.real.tolist(), psi.imag.tolist()])
json.dump(answers, sys.stdout)
"""


@pytest.mark.skipif("QBTC_QUANTUM" not in os.environ, reason="QBTC_QUANTUM: the peers' environment is not here")
def test_random_circuits_agree_with_cirq():
    circuits = [random_circuit(sum(dims), dims, gates=5)[0] for dims in ((3, 4, 2), (26, 3), (2, 5, 3))]
    asked = [
        (
            c.dims,
            [(op.targets, op.operator.matrix.real.tolist(), op.operator.matrix.imag.tolist()) for op in c.operations],
        )
        for c in circuits
    ]
    python = python_of("quantum", os.environ["QBTC_QUANTUM"])
    done = subprocess.run([python, "-c", CIRQ], input=json.dumps(asked), capture_output=True, text=True, check=True)
    for circuit, (real, imaginary) in zip(circuits, json.loads(done.stdout), strict=True):
        np.testing.assert_allclose(state(circuit), np.array(real) + 1j * np.array(imaginary), rtol=0, atol=1e-10)
