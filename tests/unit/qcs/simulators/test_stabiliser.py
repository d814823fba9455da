"""The stabiliser engine against the exact engines, on circuits that all of them can run."""

import numpy as np
import pytest
from scipy.stats import chisquare
from tests.unit.qcs.simulators.making import program
from tests.unit.qcs.simulators.test_engine import assert_near, counts, gate, haar, running

from qbtc.qcs.domain.noise.channels import amplitude_damping, depolarising, pauli
from qbtc.qcs.domain.program import Channel, Condition, Measure, Reset, Unitary
from qbtc.qcs.domain.simulators.choice import choose
from qbtc.qcs.domain.simulators.clifford import clifford
from qbtc.qcs.domain.simulators.density import DensityMatrix
from qbtc.qcs.domain.simulators.engines import engines
from qbtc.qcs.domain.simulators.protocol import Cost, Expectation, FinalState, PauliSum, PauliTerm, Shots, Unsupported
from qbtc.qcs.domain.simulators.stabiliser import Stabiliser
from qbtc.qcs.domain.simulators.statevector import StateVector

ENGINE = Stabiliser()
EXACT = DensityMatrix()
NAMES = ("h", "s", "sdg", "x", "y", "z", "cx", "cz", "cy", "swap")


def random_cliffords(n: int, count: int, seed: int) -> list:
    rng = np.random.default_rng(seed)
    names = [NAMES[i] for i in rng.integers(len(NAMES), size=count)]
    wide = {"cx", "cz", "cy", "swap"}
    return [gate(name, *rng.permutation(n)[: 1 + (name in wide)].tolist()) for name in names]


def noisy(n: int, count: int, seed: int) -> list:
    rng, ops = np.random.default_rng(seed), []
    for g in random_cliffords(n, count, seed):
        two = tuple(rng.permutation(n)[:2].tolist())
        ops += [
            g,
            Channel("p", pauli({"X": 0.02, "Y": 0.01, "Z": 0.05}), two[:1]),
            Channel("d", depolarising(0.03, 4), two),
        ]
    return ops


def random_sum(n: int, seed: int) -> PauliSum:
    rng = np.random.default_rng(seed)
    terms = [[(q, "XYZ"[c]) for q, c in enumerate(rng.integers(4, size=n)) if c < 3] for _ in range(30)]
    return PauliSum(tuple(PauliTerm(float(rng.normal()), tuple(t)) for t in terms))


def agree(found: dict[int, int], p: np.ndarray) -> None:
    """Chi-square at one in a million; nothing where the probability is 0."""
    seen = np.array([found.get(i, 0) for i in range(len(p))])
    possible = p > 1e-12
    assert not seen[~possible].any()
    if possible.sum() > 1:
        assert chisquare(seen[possible], p[possible] / p[possible].sum() * seen.sum()).pvalue > 1e-6


def exact(circuit) -> np.ndarray:
    p = np.zeros(1 << circuit.n_bits)
    for word, value in EXACT.run(circuit, Shots(1), running()).probabilities.items():
        p[word] = value
    return p


@pytest.mark.parametrize("seed", range(4))
def test_shots_of_random_noisy_clifford_circuits_follow_the_density_matrix(seed):
    circuit = program(4, noisy(4, 25, seed), measured=True)
    agree(counts(circuit, engine=ENGINE), exact(circuit))


@pytest.mark.parametrize("seed", range(4))
def test_expectation_values_through_noise_are_those_of_the_density_matrix(seed):
    circuit = program(4, [*noisy(4, 15, seed), Reset(2), *random_cliffords(4, 8, seed + 9)])
    task = Expectation((random_sum(4, seed), PauliSum((PauliTerm(3.0),))))
    found = ENGINE.run(circuit, task, running()).values
    assert found == pytest.approx(EXACT.run(circuit, task, running()).values, abs=1e-10)


@pytest.mark.parametrize("seed", range(4))
def test_exact_probabilities_without_noise_are_those_of_the_state_vector(seed):
    circuit = program(5, random_cliffords(5, 30, seed), measured=True)
    ours = ENGINE.run(circuit, Shots(1), running()).probabilities
    assert ours == pytest.approx(StateVector().run(circuit, Shots(1), running()).probabilities)


@pytest.mark.parametrize("value", [0, 1])
@pytest.mark.parametrize("name", ["x", "y", "z"])
def test_a_pauli_gate_behind_one_bit_is_as_in_the_density_matrix(name, value):
    ops = [gate("h", 0), gate("h", 1), Measure(0, 0), gate(name, 1, condition=Condition(0, 1, value)), gate("h", 1)]
    ops += [gate("s", 1), Measure(1, 1)]
    theirs = counts(program(2, ops), 400_000, EXACT)
    assert_near(counts(program(2, ops), engine=ENGINE), {word: n / 400_000 for word, n in theirs.items()})


def test_other_feedback_is_followed_shot_by_shot():
    ops = [gate("h", 0), Measure(0, 0), gate("h", 1, condition=Condition(0, 1, 1)), Measure(1, 1)]
    assert_near(counts(program(2, ops), 2000, ENGINE), {0: 0.5, 1: 0.25, 3: 0.25})


def test_a_channel_of_three_qubits_is_drawn_by_its_probabilities():
    p = {"XXI": 0.2, "IZX": 0.3, "YYY": 0.1}
    circuit = program(3, [Channel("p", pauli(p), (0, 1, 2))], measured=True)
    assert_near(counts(circuit, engine=ENGINE), {0: 0.4, 3: 0.2, 4: 0.3, 7: 0.1})


def test_a_clifford_gate_is_recognised_by_value_up_to_a_phase():
    named = clifford(np.exp(0.7j) * gate("h", 0).matrix).to_tableau()
    assert (str(named.x_output(0)), str(named.z_output(0))) == ("+Z", "+X")
    assert clifford(np.diag([1, np.exp(1j * np.pi / 4)])) is None
    assert clifford(np.diag([1, np.exp(1e-4j)])) is None
    assert clifford(haar(4, np.random.default_rng(1))) is None
    assert clifford(gate("rz", 0, angles=(np.pi / 2,)).matrix) is not None


@pytest.mark.parametrize(
    ("op", "why"),
    [
        (gate("t", 3), "gate t on qubit 3 is not Clifford"),
        (gate("ccx", 0, 1, 2), "gate ccx on qubits 0, 1, 2 is not Clifford"),
        (Channel("damp", amplitude_damping(0.1), (1,)), "channel damp on qubit 1 is no mixture of Pauli matrices"),
    ],
)
def test_what_is_not_clifford_is_refused_by_name_and_qubit(op, why):
    circuit = program(4, [op], measured=True)
    assert ENGINE.cost(circuit, Shots(1)).why == why
    with pytest.raises(Unsupported, match=why):
        ENGINE.run(circuit, Shots(1), running())


def test_a_thousand_qubits_agree_with_each_other():
    circuit = program(1000, [gate("h", 0), *[gate("cx", q, q + 1) for q in range(999)]], measured=True)
    found = ENGINE.run(circuit, Shots(1000), running())
    whole = (1 << 1000) - 1
    assert_near(found.counts, {0: 0.5, whole: 0.5})
    assert found.probabilities == {0: 0.5, whole: 0.5}
    z = PauliSum((PauliTerm(2.0, ((0, "Z"), (999, "Z"))), PauliTerm(1.0, tuple((q, "X") for q in range(1000)))))
    assert ENGINE.run(circuit, Expectation((z,)), running()).values == (3.0,)


def test_the_same_seed_gives_the_same_counts():
    circuit = program(4, noisy(4, 10, 1), measured=True)
    assert counts(circuit, 500, ENGINE, seed=5) == counts(circuit, 500, ENGINE, seed=5)


def test_the_choice_takes_each_engine_where_it_is_the_cheapest_that_can():
    def chosen(circuit, task=None) -> str:
        task = task or Shots(100)
        return choose(engines(), circuit, task, memory=1 << 30).engine.name

    noise = Channel("damp", amplitude_damping(0.1), (1,))
    assert chosen(program(3, [gate("h", 0)], measured=True)) == "statevector"
    assert chosen(program(3, [gate("h", 0), noise], measured=True)) == "density"
    assert chosen(program(3, [gate("h", 0), noise]), FinalState()) == "density"
    assert chosen(program(60, [gate("h", 0)], measured=True)) == "stabiliser"
    assert isinstance(ENGINE.cost(program(60, noisy(4, 5, 1), measured=True), Shots(5)), Cost)


def test_a_controlled_pauli_of_any_matrix_is_known():
    circuit = program(2, [gate("x", 0), Unitary("mine", np.diag([1, -1]) * 1j, (1,), (0,))], measured=True)
    assert counts(circuit, 10, ENGINE) == {1: 10}
