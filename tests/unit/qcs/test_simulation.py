"""`qbtc.qcs.simulate`: text to counts, the same for the same seed, and errors that name the fault."""

import numpy as np
import pytest

import qbtc.qcs
from qbtc.qcs import simulate
from qbtc.qcs.domain.noise.model import MOST_CHANNELS, TooMuchNoise
from qbtc.qcs.domain.noise.reading import BadNoise
from qbtc.qcs.domain.qasm import QasmError
from qbtc.qcs.domain.simulators.protocol import (
    Expectation,
    Hermitian,
    PauliSum,
    PauliTerm,
    Probabilities,
    TooMuchMemory,
)
from qbtc.qcs.simulation import How, answered, prepared

GHZ = (
    'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\ncreg a[1];\ncreg b[2];\nh q[0];\ncx q[0],q[1];\ncx q[1],q[2];\n'
)
MEASURED = GHZ + "measure q[0]->a[0];\nmeasure q[1]->b[0];\nmeasure q[2]->b[1];"


def test_bits_read_last_register_first_with_a_space():
    assert set(simulate(MEASURED, seed=1).counts) == {"00 0", "11 1"}


def test_the_same_seed_gives_the_same_counts_and_another_does_not():
    assert simulate(MEASURED, seed=7).counts == simulate(MEASURED, seed=7).counts
    assert len({tuple(simulate(MEASURED, seed=s).counts.items()) for s in range(8)}) > 1


def test_a_drawn_seed_is_told_and_repeats_the_run():
    first = simulate(MEASURED)
    assert simulate(MEASURED, seed=first.seed).counts == first.counts


def test_probabilities_come_when_asked_for():
    assert simulate(MEASURED, seed=1).probabilities is None
    assert simulate(MEASURED, seed=1, exact=True).probabilities == pytest.approx({"00 0": 0.5, "11 1": 0.5})


def test_precision_and_engine_can_be_named():
    assert simulate(MEASURED, how=How(precision="single")).engine == "statevector-single"
    with pytest.raises(ValueError, match="no engine 'none'"):
        simulate(MEASURED, how=How(engine="none"))


def test_a_circuit_is_read_once():
    assert prepared(MEASURED) is prepared(MEASURED)


def test_faults_are_named():
    with pytest.raises(QasmError, match="unknown gate 'foo'"):
        simulate("OPENQASM 2.0;\nqreg q[1];\nfoo q[0];")
    with pytest.raises(ValueError, match="0 shots; a whole number from 1"):
        simulate(MEASURED, shots=0)
    for nothing in (None, b"OPENQASM 2.0;", ["h q;"]):
        with pytest.raises(ValueError, match="OpenQASM text is needed"):
            simulate(nothing)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        qbtc.qcs.nothing  # noqa: B018


ZZ = PauliSum((PauliTerm(1.0, ((0, "Z"), (1, "Z"))),))


@pytest.mark.parametrize(
    "task",
    [
        Expectation((PauliSum((PauliTerm(1.0, ((20, "X"),)),)),)),
        Expectation((ZZ, Hermitian(np.eye(2, dtype=complex), (3,)))),
        Probabilities((0, 7)),
        Probabilities((-1,)),
    ],
)
def test_a_qubit_that_is_not_there_is_refused_and_not_read_from_foreign_memory(task):
    with pytest.raises(ValueError, match=r"there is no qubit .*; the circuit has 3, numbered from 0"):
        answered(prepared(GHZ), task, How(1))


def test_a_choice_made_for_one_observable_is_not_taken_for_another():
    ready = prepared(GHZ + "// of its own")
    how = How(1, engine="stabiliser")
    assert answered(ready, Expectation((ZZ,)), how).outcome.values == (1.0,)
    with pytest.raises(ValueError, match="expectation values of Pauli strings only"):
        answered(ready, Expectation((Hermitian(np.eye(2, dtype=complex), (0,)),)), how)
    free = answered(ready, Expectation((Hermitian(np.eye(2, dtype=complex), (0,)),)), How(1))
    assert free.outcome.values == pytest.approx((1.0,))


def test_observables_that_are_none_are_refused():
    with pytest.raises(ValueError, match="a finite number, not nan"):
        PauliTerm(float("nan"))
    with pytest.raises(ValueError, match="a qubit appears twice"):
        Hermitian(np.eye(4, dtype=complex), (1, 1))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"shots": 0}, "0 shots; a whole number from 1 to"),
        ({"shots": 2.5}, "2.5 shots; a whole number"),
        ({"shots": 10**20}, "shots; a whole number from 1 to 1000000000000"),
        ({"seed": -1}, "the seed is -1; a whole number from 0 is allowed"),
        ({"seed": 1.5}, "the seed is 1.5; a whole number"),
    ],
)
def test_numbers_that_fit_nothing_are_refused_in_words(given, said):
    with pytest.raises(ValueError, match=said):
        simulate(MEASURED, **given)


def test_no_thread_is_too_few():
    with pytest.raises(ValueError, match="0 threads; at least 1"):
        How(threads=0)


WIDE = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[12];\ncreg c[2];\nh q;\nmeasure q[0]->c[0];'


@pytest.mark.parametrize("source", [MEASURED + "h q[0]; measure q[0]->a[0];", WIDE])
def test_shots_that_are_drawn_one_by_one_are_refused_before_they_take_memory(source):
    with pytest.raises(TooMuchMemory, match="100000000000 shots that are drawn one by one"):
        simulate(source, shots=10**11, how=How(engine="statevector"))


def test_a_mark_of_byte_order_means_nothing():
    assert simulate("\ufeff" + MEASURED, seed=1).counts == simulate(MEASURED, seed=1).counts


FLIP = {"channel": {"kind": "bit-flip", "p": 0.01}}


def test_noise_of_too_many_channels_is_refused_before_it_is_made():
    long = GHZ + "x q[0];" * 1200
    assert MOST_CHANNELS < 1200 * 1000
    with pytest.raises(TooMuchNoise, match="over 1000000 channels"):
        simulate(long + "cx q[0],q[1];", noise={"idle": [FLIP] * 1000})


@pytest.mark.parametrize("p", [10**400, float("inf"), float("nan"), "0.1", True])
def test_a_probability_that_is_no_number_is_bad_noise(p):
    with pytest.raises(BadNoise, match=r"gates\[0\].channel.p must be a finite number, not "):
        simulate(MEASURED, noise={"gates": [{"channel": {"kind": "bit-flip", "p": p}}]})


def test_json_that_never_stops_opening_is_bad_noise():
    from qbtc.qcs.domain.noise.reading import noise_model

    with pytest.raises(BadNoise, match="nested too deeply"):
        noise_model("[" * 100_000)
