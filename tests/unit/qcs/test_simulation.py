"""`qbtc.qcs.simulate`: text to counts, the same for the same seed, and errors that name the fault."""

import pytest

import qbtc.qcs
from qbtc.qcs import simulate
from qbtc.qcs.domain.qasm import QasmError
from qbtc.qcs.simulation import How, prepared

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
    with pytest.raises(ValueError, match="0 shots; at least 1"):
        simulate(MEASURED, shots=0)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        qbtc.qcs.nothing  # noqa: B018
