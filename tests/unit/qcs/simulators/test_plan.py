"""Planned passes against the gate-by-gate NumPy reference: every gate, every precision, blocks, threads and fusion."""

import numpy as np
import pytest
from tests.every import every
from tests.sizes import examples
from tests.unit.qcs.simulators.making import haar, random_gates, reference

from qbtc.qcs.domain.program import Unitary
from qbtc.qcs.domain.qasm.gates import QELIB1
from qbtc.qcs.domain.simulators import plan as planning
from qbtc.qcs.domain.simulators.plan import Plan, zero_state

SIZES = (1, 2, 3, 4, 5, 6)
SEEDS = range(examples(8))


def planned(n: int, gates: list, dtype=np.complex128, **options) -> np.ndarray:
    return Plan(n, gates, dtype, **options).run(zero_state(n, dtype))


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(planning, "BLOCK", {np.dtype(np.complex128): 5, np.dtype(np.complex64): 6})


@pytest.mark.parametrize("name", sorted(QELIB1))
def test_every_gate_is_its_matrix_on_random_targets(name):
    rng = np.random.default_rng(2)
    gate = QELIB1[name]
    for n in range(gate.qubits, 7):
        places = tuple(rng.permutation(n)[: gate.qubits].tolist())
        matrix = gate.matrix(*rng.uniform(-7, 7, gate.parameters))
        ops = [*random_gates(n, 8, n), Unitary(name, matrix, places[gate.controls :], places[: gate.controls])]
        np.testing.assert_allclose(planned(n, ops), reference(n, ops), atol=1e-12)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("seed", SEEDS)
def test_random_circuits_equal_the_reference(n, seed):
    gates = random_gates(n, 40, seed)
    np.testing.assert_allclose(planned(n, gates), reference(n, gates), atol=1e-12)


@pytest.mark.parametrize("n", SIZES[1:])
@pytest.mark.parametrize("seed", SEEDS)
def test_single_precision_is_right_to_one_in_a_hundred_thousand(n, seed):
    gates = random_gates(n, 40, seed)
    np.testing.assert_allclose(planned(n, gates, np.complex64), reference(n, gates), atol=1e-5)


@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
@pytest.mark.parametrize("seed", SEEDS)
def test_states_over_many_blocks_equal_the_reference(dtype, seed, small_blocks):
    gates = random_gates(9, 60, seed)
    np.testing.assert_allclose(
        planned(9, gates, dtype), reference(9, gates), atol=1e-12 if dtype == np.complex128 else 1e-5
    )


@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
@pytest.mark.parametrize("seed", SEEDS)
def test_large_states_with_their_longer_rows_equal_the_reference(dtype, seed, small_blocks, monkeypatch):
    monkeypatch.setattr(planning, "LARGE", 9)
    assert planning.block(9, 2, np.dtype(dtype)) == (6 if dtype == np.complex128 else 7, 3)
    gates = random_gates(9, 60, seed)
    np.testing.assert_allclose(
        planned(9, gates, dtype), reference(9, gates), atol=1e-12 if dtype == np.complex128 else 1e-5
    )


@pytest.mark.parametrize("seed", range(examples(30)))
def test_phases_flips_and_exchanges_in_any_order_are_one_table(seed):
    rng = np.random.default_rng(seed)
    plus = [Unitary("ry", QELIB1["ry"].matrix(0.3 + q), (q,)) for q in range(5)]
    gates = []
    for name in rng.choice(["x", "rz", "cx", "swap", "cz", "ccx"], 40).tolist():
        gate = QELIB1[name]
        places = tuple(rng.permutation(5)[: gate.qubits].tolist())
        matrix = gate.matrix(*rng.uniform(-7, 7, gate.parameters))
        gates.append(Unitary(name, matrix, places[gate.controls :], places[: gate.controls]))
    np.testing.assert_allclose(planned(5, plus + gates), reference(5, plus + gates), atol=1e-12)


def test_two_threads_give_the_same_bits_as_one():
    gates = random_gates(16, 40, 3)
    one = planned(16, gates)
    two = Plan(16, gates).run(zero_state(16), threads=2)
    assert one.tobytes() == two.tobytes()


@pytest.mark.parametrize("seed", SEEDS)
def test_gates_give_the_same_state_with_and_without_fusion(seed):
    gates = random_gates(5, 60, seed)
    np.testing.assert_allclose(planned(5, gates, fused=False), planned(5, gates), atol=1e-12)


def test_the_norm_stays_one_over_thousands_of_gates():
    gates = random_gates(4, 3000, 9)
    assert np.linalg.norm(planned(4, gates)) == pytest.approx(1, abs=1e-10)


@every("n, layers, dtype", [(3, 400, np.complex64), (5, 1000, np.complex128), (12, 300, np.complex128), (12, 60, np.complex64)])
def test_thousands_of_large_rotations_neither_overflow_nor_vanish(n, layers, dtype):
    """Each divides out a cosine; that of a Hadamard gate is 1/sqrt(2), and 2^1024 is more than a double holds."""
    layer = [Unitary("h", QELIB1["h"].matrix(), (q,)) for q in range(n)]
    ring = [Unitary("cx", QELIB1["cx"].matrix(), ((q + 1) % n,), (q,)) for q in range(n)]
    gates = (layer + ring) * layers
    back = [Unitary(g.name, g.matrix, g.targets, g.controls) for g in reversed(gates)]
    tilted = [Unitary("ry", QELIB1["ry"].matrix(0.3 + q), (q,)) for q in range(n)]
    found = planned(n, [*tilted, *gates, *back], dtype)
    np.testing.assert_allclose(found, reference(n, tilted), atol=1e-3 if dtype == np.complex64 else 1e-10)


@every("matrix", [[[1, 0], [2e-14, 1]], [[1, 2e-14], [0, 1]], [[0, 1], [1, 2e-14]], [[2e-14, 1], [1, 0]]])
def test_matrices_that_rounding_left_uneven_zeros_in_are_taken_for_what_they_mean(matrix):
    gate = np.array(matrix, dtype=np.complex128)
    for controls in ((), (1,)):
        ops = [*random_gates(3, 10, 5), Unitary("rounded", gate, (0,), controls)]
        np.testing.assert_allclose(planned(3, ops), reference(3, ops), atol=1e-12)


@pytest.mark.parametrize("pattern", [[(0, 3), (1, 2)], [(1, 2)], [(0, 3)]])
def test_matrices_that_mix_equal_or_opposite_bits_keep_their_meaning(pattern):
    rng = np.random.default_rng(4)
    matrix = np.eye(4, dtype=complex)
    for pair in pattern:
        matrix[np.ix_(pair, pair)] = haar(2, rng)
    for controls in ((), (1,), (1, 3)):
        gates = [*random_gates(5, 10, 1), Unitary("mixed", matrix, (4, 2), controls)]
        np.testing.assert_allclose(planned(5, gates), reference(5, gates), atol=1e-12)


def test_amplitudes_too_small_for_single_precision_become_zero():
    gates = [
        Unitary("ry", np.array([[np.cos(1e-3), -np.sin(1e-3)], [np.sin(1e-3), np.cos(1e-3)]], complex), (q,))
        for q in range(15)
    ]
    state = planned(15, gates, np.complex64).view(np.float32)
    assert not np.any((state != 0) & (np.abs(state) < np.finfo(np.float32).tiny))
    np.testing.assert_allclose(np.linalg.norm(state), 1, atol=1e-5)


def test_the_deadline_is_looked_at_between_passes():
    def stop() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        Plan(3, random_gates(3, 5, 1)).run(zero_state(3), check=stop)
